"""Rows put aside in a namespace of their own, and how they are compared there."""

import re
from collections.abc import Sequence

from psycopg.rows import tuple_row

from harness.adapters.postgresql.connection import Connection, answering
from harness.adapters.postgresql.names import qualified, quoted
from harness.keeping import ASIDE, Dialect

BUILT_IN = re.compile(
    r"(?:smallint|integer|bigint|numeric|real|double precision|boolean|money|oid|uuid|text|character|character varying"
    r"|bytea|bit|bit varying|date|interval|jsonb?|xml|inet|cidr|macaddr8?|(?:int[48]|num|tsz?|date)(?:multi)?range"
    r"|tstzrange|timestamp|time)(?:\(\d+(?:,-?\d+)?\))?(?: with(?:out)? time zone)?(?:\[\])*"
)
"""Types that no migration drops, as the catalog prints them."""


def _kept(value: str, type_: str) -> str:
    return value if BUILT_IN.fullmatch(type_) else f"({value})::text"


COMPARED = {
    "integer": "numeric", "decimal": "numeric", "float": "numeric", "date": "timestamptz", "timestamp": "timestamptz",
    "time": "timetz",
}  # fmt: skip
"""Types in which quantities of a kind are compared, by family. By way of their texts: a copy may be one already."""


DIALECT = Dialect(
    name=quoted,
    entity=qualified,
    aside=lambda name: f"{ASIDE}.{quoted(name)}",
    text=lambda value, family: f"({value})::text",  # noqa: ARG005  (every type has one)
    value=lambda value, family: f"({value})::text::{COMPARED[family]}",
    kept=_kept,
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
