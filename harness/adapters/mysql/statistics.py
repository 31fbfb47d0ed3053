"""What the planner knows of tables, for their copies: without it, it might take other ways there.

A server of ours draws no statistics unless it is told to. MySQL's may be written, and are read when a table is opened
after FLUSH TABLES (https://dev.mysql.com/doc/refman/8.4/en/innodb-persistent-stats.html). MariaDB 10.11 and 11.8 go on
with those that a table was made with; there they are drawn anew.
"""

from collections.abc import Sequence

from pymysql.constants import ER
from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, code, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.names import literal, quoted

DENIED = frozenset(
    {ER.DBACCESS_DENIED_ERROR, ER.TABLEACCESS_DENIED_ERROR, ER.COLUMNACCESS_DENIED_ERROR,
     ER.SPECIFIC_ACCESS_DENIED_ERROR}
)  # fmt: skip
"""Error numbers of a user without rights to the server's own tables, or to FLUSH."""

BUSY = frozenset({ER.LOCK_WAIT_TIMEOUT, ER.LOCK_DEADLOCK})
"""The server writes statistics of its own at the same moment."""

KEPT = {
    "innodb_table_stats": "table_name, last_update, n_rows, clustered_index_size, sum_of_other_index_sizes",
    "innodb_index_stats": "table_name, index_name, last_update, stat_name, stat_value, sample_size, stat_description",
}


def share(target: Connection, flavour: Flavour, source: str, tables: Sequence[str], copied: Sequence[str]) -> None:
    """Give the ``tables`` of the connection's database the statistics that they have in the database ``source``.

    Where that cannot be, they are drawn anew for those that were ``copied``: an import has drawn them already.
    """
    written = bool(tables) and flavour.reads_statistics and _written(target, source, tables)
    if copied and not written:
        run(target, f"ANALYZE TABLE {', '.join(map(quoted, copied))}")


def _written(target: Connection, source: str, tables: Sequence[str]) -> bool:
    """Write them; False when the user has no rights to the server's own tables, or others write them."""
    try:
        for table, columns in KEPT.items():
            run(
                target,
                f"REPLACE INTO mysql.{table} (database_name, {columns}) "
                f"SELECT DATABASE(), {columns} FROM mysql.{table} WHERE database_name = {literal(source)}",
            )
        run(target, f"FLUSH TABLES {', '.join(map(quoted, tables))}")
    except MySQLError as error:
        if code(error) not in DENIED | BUSY:
            raise
        return False
    return True
