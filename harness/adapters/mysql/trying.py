"""Indexes tried: their size, how values are spread, and copies of a table with all indexes or all but one."""

from collections.abc import Sequence
from dataclasses import dataclass

from pymysql.err import MySQLError

import harness.trying
from harness.adapters.mysql import define
from harness.adapters.mysql.connection import Connection, rows, run
from harness.adapters.mysql.inspect import query
from harness.adapters.mysql.names import qualified, quoted
from harness.design.model import Index
from harness.trying import LOOKED_AT, STAGE, Spread


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
    """How the values of a column are spread."""
    column = quoted(field)
    found = rows(
        connection,
        f"SELECT CAST({column} AS CHAR) AS value, COUNT(*) AS n FROM "
        f"(SELECT {column} FROM {qualified(entity)} LIMIT {LOOKED_AT}) AS s GROUP BY 1 ORDER BY 2 DESC, 1",
    )
    return harness.trying.spread([(row["value"], int(row["n"])) for row in found])


@dataclass(frozen=True, slots=True)
class Building:
    """Copies made LIKE the original, which have its indexes under their names, and no foreign keys."""

    connection: Connection
    entity: str
    fields: str

    def stage(self, count: int) -> int:
        """See ``Building.stage``."""
        run(
            self.connection,
            f"CREATE TABLE {STAGE} (harness_n BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY) "
            f"SELECT {self.fields} FROM {qualified(self.entity)} LIMIT {count}",
        )
        return int(rows(self.connection, f"SELECT COUNT(*) AS n FROM {STAGE}")[0]["n"])

    def copy(self, name: str, without: str | None) -> None:
        """See ``Building.copy``."""
        run(self.connection, f"CREATE TABLE {name} LIKE {qualified(self.entity)}")
        if without is not None:
            run(self.connection, f"ALTER TABLE {name} DROP INDEX {quoted(without)}")

    def write(self, name: str, first: int, count: int) -> None:
        """See ``Building.write``."""
        run(
            self.connection,
            f"INSERT INTO {name} ({self.fields}) SELECT {self.fields} FROM {STAGE} "
            f"WHERE harness_n > {first} AND harness_n <= {first + count}",
        )

    def drop(self, names: Sequence[str]) -> None:
        """See ``Building.drop``."""
        if self.connection.open:
            run(self.connection, f"DROP TABLE IF EXISTS {', '.join((STAGE, *names))}")


def building(connection: Connection, entity: str) -> Building:
    """What makes copies of a table; only columns that can be written count."""
    return Building(
        connection, entity, ", ".join(quoted(row["name"]) for row in rows(connection, query("stored"), [entity]))
    )
