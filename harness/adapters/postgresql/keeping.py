"""Rows put aside in a namespace of their own, and how they are compared there."""

from collections.abc import Sequence

from psycopg.rows import tuple_row

from harness.adapters.postgresql.connection import Connection, answering
from harness.adapters.postgresql.names import qualified, quoted
from harness.keeping import ASIDE, Dialect

DIALECT = Dialect(
    name=quoted,
    entity=qualified,
    aside=lambda name: f"{ASIDE}.{quoted(name)}",
    text=lambda value, family: f"({value})::text",  # noqa: ARG005  (every type has one)
    number=lambda text: f"(pg_catalog.hashtextextended({text}, 0) & 9223372036854775807)",
    copying=lambda name, key: f"CREATE UNLOGGED TABLE {name} AS",  # noqa: ARG005  (hashed when joined)
    before=(f"CREATE SCHEMA IF NOT EXISTS {ASIDE}",),
    after=("SET client_min_messages = error", f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE"),
)


HASHED = "256MB"
"""Room for the keys of some millions of rows: where they do not fit, ``NOT EXISTS … OR …`` goes through the whole copy
for each row, which takes minutes from some hundred thousand rows on."""


def ask(connection: Connection, text: str) -> Sequence[tuple[object, ...]]:
    """See ``Keeping.ask``."""
    with answering(connection), connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{HASHED}'")
        cursor.execute(text)
        return cursor.fetchall() if cursor.description else []
