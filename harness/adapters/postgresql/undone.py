"""A transaction in which rows are changed to see what becomes of others, and which is taken back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from harness.adapters.postgresql.connection import Connection, answering, rows, run
from harness.adapters.postgresql.names import qualified, quoted
from harness.adapters.postgresql.refusal import refusal
from harness.design.model import Statement
from harness.facts import Refusal
from harness.source import Source

LOOSENING = """
WITH kept AS (SELECT to_regclass(name) AS id FROM unnest(%s::text[]) AS kept (name))
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0
AND NOT (conrelid IN (SELECT id FROM kept) AND confrelid IN (SELECT id FROM kept))
UNION ALL
SELECT format('ALTER TABLE %%s DISABLE TRIGGER USER', oid::regclass)
FROM pg_class
WHERE relkind = 'r' AND relhastriggers AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
AND oid NOT IN (SELECT id FROM kept)
"""
"""The statements that keep foreign keys and triggers of all tables but some from speaking (``pg_constraint``)."""


class Undone:
    """See ``Asking``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, text: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """See ``Asking.ask``."""
        return [tuple(row.values()) for row in rows(self._connection, text, list(values))]

    def change(self, text: str, values: Sequence[object] = ()) -> Refusal | None:
        """See ``Asking.change``."""
        try:
            with answering(self._connection):
                self._connection.execute(text, list(values))
        except psycopg.Error as error:
            return refusal(error, Statement(text, Source("", 1, 1)))
        return None

    def lax(self, *, on: bool, within: Sequence[str]) -> str | None:
        """See ``Asking.lax``: a superuser may work as replication does, which fires no trigger of a foreign key.

        Anybody else drops, for this transaction, the keys that lead out of those tables or into them, and turns off
        the triggers of users on the others: the owner of a table may.
        """
        try:
            with self._connection.transaction():
                run(self._connection, f"SET LOCAL session_replication_role = {'replica' if on else 'origin'}")
        except psycopg.errors.InsufficientPrivilege:
            return self._loosened([self.name(each) for each in within]) if on else None
        return None

    def _loosened(self, within: list[str]) -> str | None:
        try:
            for (statement,) in self.ask(LOOSENING, [within]):
                run(self._connection, str(statement))
        except psycopg.Error as error:
            return error.diag.message_primary or "not allowed"
        return None

    def name(self, name: str) -> str:
        """See ``Asking.name``."""
        return qualified(name) if "." in name else quoted(name)


@contextmanager
def undone(connection: Connection) -> Iterator[Undone]:
    """See ``Transacting.undone``."""
    run(connection, "BEGIN")
    try:
        run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
        yield Undone(connection)
    finally:
        if not connection.broken:
            run(connection, "ROLLBACK")
