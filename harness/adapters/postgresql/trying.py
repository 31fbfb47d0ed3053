"""Indexes tried: their size, how values are spread, and copies of a table with all indexes or all but one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

import harness.trying
from harness.adapters.postgresql import define
from harness.adapters.postgresql.connection import Connection, rows, run
from harness.adapters.postgresql.names import literal, qualified, quoted
from harness.design.model import Index
from harness.trying import LOOKED_AT, STAGE, Spread

PLACE = re.compile(r"^CREATE (UNIQUE )?INDEX .*? ON (?:ONLY )?.*? USING ", re.DOTALL)
"""How ``pg_get_indexdef`` begins."""


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
    """How the values of a column are spread; None for a type that cannot be grouped."""
    column = quoted(field)
    try:
        found = rows(
            connection,
            f"SELECT {column}::text AS value, pg_catalog.count(*) AS n FROM "
            f"(SELECT {column} FROM {qualified(entity)} LIMIT {LOOKED_AT}) AS s GROUP BY 1 ORDER BY 2 DESC, 1",
        )
    except psycopg.errors.UndefinedFunction:
        return None
    return harness.trying.spread([(row["value"], int(row["n"])) for row in found])


@dataclass(frozen=True, slots=True)
class Building:
    """Ordinary tables, whose writes go to the log as those of the original do; the rows come from a temporary one."""

    connection: Connection
    entity: str
    fields: str

    def stage(self, count: int) -> int:
        """See ``Building.stage``."""
        run(
            self.connection,
            f"CREATE TEMPORARY TABLE {STAGE} AS SELECT pg_catalog.row_number() OVER () AS harness_n, s.* FROM "
            f"(SELECT {self.fields} FROM {qualified(self.entity)} LIMIT {count}) AS s",
        )
        there = int(rows(self.connection, f"SELECT pg_catalog.count(*) AS n FROM {STAGE}")[0]["n"])
        run(self.connection, f"CREATE INDEX ON {STAGE} (harness_n)")
        return there

    def copy(self, name: str, without: str | None) -> None:
        """See ``Building.copy``."""
        like = "INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS"
        run(self.connection, f"CREATE TABLE {name} (LIKE {qualified(self.entity)} {like})")
        found = rows(
            self.connection,
            "SELECT c.relname AS name, pg_catalog.pg_get_indexdef(i.indexrelid) AS text FROM pg_catalog.pg_index i "
            "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass ORDER BY i.indexrelid",
            [qualified(self.entity)],
        )
        for row in (row for row in found if row["name"] != without):
            text = PLACE.sub(lambda m: f"CREATE {m[1] or ''}INDEX ON {name} USING ", row["text"], count=1)
            run(self.connection, text)

    def write(self, name: str, first: int, count: int) -> None:
        """See ``Building.write``."""
        run(
            self.connection,
            f"INSERT INTO {name} ({self.fields}) OVERRIDING SYSTEM VALUE SELECT {self.fields} FROM {STAGE} "
            f"WHERE harness_n > {first} AND harness_n <= {first + count}",
        )

    def drop(self, names: Sequence[str]) -> None:
        """See ``Building.drop``."""
        if not self.connection.broken:
            run(self.connection, f"DROP TABLE IF EXISTS {', '.join((STAGE, *names))}")


def building(connection: Connection, entity: str) -> Building:
    """What makes copies of a table; only columns that can be written count."""
    found = rows(
        connection,
        "SELECT attname AS name FROM pg_catalog.pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [qualified(entity)],
    )
    return Building(connection, entity, ", ".join(quoted(row["name"]) for row in found))
