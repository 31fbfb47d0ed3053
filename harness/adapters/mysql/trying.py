"""Indexes tried: their size, how values are spread, and copies of a table with all indexes or all but one."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pymysql.err import MySQLError

from harness.adapters.mysql import define
from harness.adapters.mysql.connection import Connection, rows, run
from harness.adapters.mysql.names import qualified, quoted
from harness.design.model import Index
from harness.trying import Copies, Spread

LOOKED_AT = 200_000
"""Rows that are grouped to see how values are spread."""

FREQUENT = 30

STAGE = "harness_rows"


def statements(index: Index) -> tuple[str, str]:
    """What makes an index, and what takes it away again."""
    return define.statement(index), f"DROP INDEX {quoted(str(index.name))} ON {qualified(index.entity)}"


def analyse(connection: Connection, entity: str) -> None:
    """InnoDB keeps its statistics by itself, but some seconds later."""
    rows(connection, f"ANALYZE TABLE {qualified(entity)}")


def size(connection: Connection, entity: str, index: str) -> int:
    """Bytes of an index, from InnoDB's persistent statistics; 0 when the user may not read them."""
    try:
        found = rows(
            connection,
            "SELECT s.stat_value * @@innodb_page_size AS n FROM mysql.innodb_index_stats s WHERE s.database_name = "
            "DATABASE() AND s.table_name = %s AND s.index_name = %s AND s.stat_name = 'size'",
            [entity, index],
        )
    except MySQLError:
        return 0
    return int(found[0]["n"]) if found else 0


def spread(connection: Connection, entity: str, field: str) -> Spread | None:
    """Of the first rows, which stand in no order that matters here."""
    column = quoted(field)
    found = rows(
        connection,
        f"SELECT CAST({column} AS CHAR) AS value, COUNT(*) AS n FROM "
        f"(SELECT {column} FROM {qualified(entity)} LIMIT {LOOKED_AT}) AS s GROUP BY 1 ORDER BY 2 DESC, 1",
    )
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
            f"INSERT INTO {_copy(copy)} ({self.fields}) SELECT {self.fields} FROM {STAGE} "
            f"WHERE harness_n > {first} AND harness_n <= {first + self.rows}"
        )
        started = time.perf_counter()
        run(self.connection, text)
        return time.perf_counter() - started


def _copy(number: int) -> str:
    return f"harness_copy_{number}"


@contextmanager
def copies(connection: Connection, entity: str, without: Sequence[str], parts: int, count: int) -> Iterator[Copies]:
    """Tables made LIKE the original, which have its indexes under their names, and no foreign keys."""
    fields = ", ".join(quoted(row["name"]) for row in _columns(connection, entity))
    made = range(len(without) + 1)
    try:
        run(
            connection,
            f"CREATE TABLE {STAGE} (harness_n BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY) "
            f"SELECT {fields} FROM {qualified(entity)} LIMIT {parts * count}",
        )
        there = int(rows(connection, f"SELECT COUNT(*) AS n FROM {STAGE}")[0]["n"])
        for number in made:
            run(connection, f"CREATE TABLE {_copy(number)} LIKE {qualified(entity)}")
            if number:
                run(connection, f"ALTER TABLE {_copy(number)} DROP INDEX {quoted(without[number - 1])}")
        yield _Copies(connection, fields, there // count, count)
    finally:
        if connection.open:
            run(connection, f"DROP TABLE IF EXISTS {', '.join((STAGE, *(_copy(number) for number in made)))}")


def _columns(connection: Connection, entity: str) -> list[dict[str, str]]:
    """Columns that can be written."""
    return rows(
        connection,
        "SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND "
        "TABLE_NAME = %s AND COALESCE(GENERATION_EXPRESSION, '') = '' ORDER BY ORDINAL_POSITION",
        [entity],
    )
