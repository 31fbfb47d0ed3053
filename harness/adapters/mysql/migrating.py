"""The connection that migrations run on: one after another, each as if it were the first on it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, answering, opened, reset
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.grammar import Cursor, Lexeme, code
from harness.design.model import Statement
from harness.errors import ServerError
from harness.servers.model import Address

PLAIN = ("ALTER", "CREATE", "DROP", "RENAME", "TRUNCATE", "INSERT", "REPLACE", "UPDATE", "DELETE")
"""First words of statements of which a reset leaves nothing: the default database and roles outlive one."""

GRACE_S = 10
"""How much later than who looks on the server ends a statement."""


class Migrating:
    """Opened when it is first needed; given back in the state of a new one, or anew where a reset would not do."""

    def __init__(self, database: Address, flavour: Flavour) -> None:
        self.database = database
        self._flavour = flavour
        self._idle: Connection | None = None

    def __enter__(self) -> Self:
        """Nothing is opened yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what is idle."""
        self._closed(self._idle)

    @contextmanager
    def connection(self, statements: Sequence[Statement], timeout_s: float) -> Iterator[Connection]:
        """A connection for these statements, with no setting, lock or temporary table of those before them.

        What takes longer than ``timeout_s`` is ended by who looks on, and by the server should that one be gone.
        """
        limit_s = timeout_s + GRACE_S
        own = self._renewed(limit_s) or opened(self.database, self._flavour, limit_s=limit_s)
        self._idle = None
        try:
            yield own
        except BaseException:
            self._closed(own)
            raise
        if all(Cursor(opening(statement)).take(*PLAIN) for statement in statements):
            self._idle = own
        else:
            self._closed(own)

    def _renewed(self, limit_s: float) -> "Connection | None":
        if self._idle is None:
            return None
        try:
            with answering(self._idle):
                reset(self._idle, self._flavour, limit_s=limit_s)
        except (MySQLError, ServerError):
            self._closed(self._idle)
            return None
        return self._idle

    def _closed(self, connection: "Connection | None") -> None:
        if connection is not None and connection.open:
            with suppress(MySQLError, OSError):
                connection.close()


def opening(statement: Statement) -> Sequence[Lexeme]:
    """What a statement begins with; the rest of a long one is not read."""
    return code(statement.text[:200])
