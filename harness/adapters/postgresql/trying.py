"""Indexes tried: their size, how values are spread, and copies of a table with all indexes or all but one."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from harness.adapters.postgresql import define
from harness.adapters.postgresql.connection import Connection, rows, run
from harness.adapters.postgresql.names import literal, qualified, quoted
from harness.design.model import Index
from harness.trying import Copies, Spread

LOOKED_AT = 200_000
"""Rows that are grouped to see how values are spread."""

FREQUENT = 30

PLACE = re.compile(r"^CREATE (UNIQUE )?INDEX .*? ON (?:ONLY )?.*? USING ", re.DOTALL)
"""How ``pg_get_indexdef`` begins."""

STAGE = "harness_rows"


def statements(index: Index) -> tuple[str, str]:
    """What makes an index, and what takes it away again."""
    namespace = qualified(index.entity).rpartition(".")[0]
    return define.statement(index), f"DROP INDEX {namespace}.{quoted(str(index.name))}"


def analyse(connection: Connection, entity: str) -> None:
    """Statistics, of expressions too: those of an index on one come only with ANALYZE."""
    run(connection, f"ANALYZE {qualified(entity)}")


def size(connection: Connection, entity: str, index: str) -> int:
    """Bytes of an index, which stands in its table's namespace."""
    namespace = qualified(entity).rpartition(".")[0]
    name = f"{namespace}.{quoted(index)}"
    return int(rows(connection, f"SELECT pg_catalog.pg_relation_size({literal(name)}::regclass) AS n")[0]["n"])


def spread(connection: Connection, entity: str, field: str) -> Spread | None:
    """Of the first rows, which stand in no order that matters here."""
    column = quoted(field)
    try:
        found = rows(
            connection,
            f"SELECT {column}::text AS value, pg_catalog.count(*) AS n FROM "
            f"(SELECT {column} FROM {qualified(entity)} LIMIT {LOOKED_AT}) AS s GROUP BY 1 ORDER BY 2 DESC, 1",
        )
    except psycopg.errors.UndefinedFunction:
        return None
    frequent = tuple((str(row["value"]), int(row["n"])) for row in found[:FREQUENT] if row["value"] is not None)
    return Spread(sum(int(row["n"]) for row in found), len(found), frequent)


@dataclass(slots=True)
class _Copies:
    """The copies are named ``harness_copy_n``."""

    connection: Connection
    fields: str
    parts: int
    rows: int

    def write(self, copy: int, part: int) -> float:
        """See ``Copies.write``."""
        first = part * self.rows
        text = (
            f"INSERT INTO {_copy(copy)} ({self.fields}) OVERRIDING SYSTEM VALUE SELECT {self.fields} FROM {STAGE} "
            f"WHERE harness_n > {first} AND harness_n <= {first + self.rows}"
        )
        started = time.perf_counter()
        run(self.connection, text)
        return time.perf_counter() - started


def _copy(number: int) -> str:
    return f"harness_copy_{number}"


@contextmanager
def copies(connection: Connection, entity: str, without: Sequence[str], parts: int, count: int) -> Iterator[Copies]:
    """Ordinary tables, whose writes go to the log as those of the original do; the rows come from a temporary one."""
    fields = ", ".join(quoted(row["name"]) for row in _columns(connection, entity))
    made = range(len(without) + 1)
    try:
        run(
            connection,
            f"CREATE TEMPORARY TABLE {STAGE} AS SELECT pg_catalog.row_number() OVER () AS harness_n, s.* FROM "
            f"(SELECT {fields} FROM {qualified(entity)} LIMIT {parts * count}) AS s",
        )
        there = int(rows(connection, f"SELECT pg_catalog.count(*) AS n FROM {STAGE}")[0]["n"])
        run(connection, f"CREATE INDEX ON {STAGE} (harness_n)")
        for number in made:
            _make(connection, entity, _copy(number), without[number - 1] if number else None)
        yield _Copies(connection, fields, there // count, count)
    finally:
        if not connection.broken:
            run(connection, f"DROP TABLE IF EXISTS {', '.join((STAGE, *(_copy(number) for number in made)))}")


def _columns(connection: Connection, entity: str) -> list[dict[str, str]]:
    """Columns that can be written."""
    return rows(
        connection,
        "SELECT attname AS name FROM pg_catalog.pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [qualified(entity)],
    )


def _make(connection: Connection, entity: str, name: str, without: str | None) -> None:
    run(
        connection,
        f"CREATE TABLE {name} (LIKE {qualified(entity)} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS)",
    )
    found = rows(
        connection,
        "SELECT c.relname AS name, pg_catalog.pg_get_indexdef(i.indexrelid) AS text FROM pg_catalog.pg_index i "
        "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass ORDER BY i.indexrelid",
        [qualified(entity)],
    )
    for row in found:
        if row["name"] != without:
            run(connection, PLACE.sub(lambda m: f"CREATE {m[1] or ''}INDEX ON {name} USING ", row["text"], count=1))
