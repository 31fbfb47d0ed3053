"""A transaction in which rows are changed to see what becomes of others, and which is taken back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, answering, rows, run
from harness.adapters.mysql.names import qualified
from harness.adapters.mysql.refusal import refusal
from harness.design.model import Statement
from harness.facts import Refusal
from harness.source import Source


class Undone:
    """See ``Asking``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, text: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """See ``Asking.ask``."""
        return [tuple(row.values()) for row in rows(self._connection, text, list(values))]

    def change(self, text: str, values: Sequence[object] = ()) -> Refusal | None:
        """See ``Asking.change``. InnoDB looks at every foreign key at once."""
        try:
            with answering(self._connection), self._connection.cursor() as cursor:
                cursor.execute(text, list(values))
        except MySQLError as error:
            return refusal(error, Statement(text, Source("", 1, 1)))
        return None

    def lax(self, *, on: bool, within: Sequence[str]) -> str | None:  # noqa: ARG002
        """See ``Asking.lax``."""
        run(self._connection, f"SET SESSION foreign_key_checks = {0 if on else 1}")
        return None

    def name(self, name: str) -> str:
        """See ``Asking.name``. A percent sign would be a parameter's to the driver."""
        return qualified(name).replace("%", "%%")


@contextmanager
def undone(connection: Connection) -> Iterator[Undone]:
    """See ``Transacting.undone``."""
    run(connection, "START TRANSACTION")
    try:
        yield Undone(connection)
    finally:
        if connection.open:
            run(connection, "ROLLBACK")
            run(connection, "SET SESSION foreign_key_checks = 1")
