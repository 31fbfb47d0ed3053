"""A digest of a table's rows, made by the server.

``CHECKSUM TABLE`` is of no use: MariaDB's may leave stored generated columns unread, and add up whatever the row's
buffer has in their place (MDEV-22943; 10.11.19 does, 11.8.9 does not): the sum of a restored table is another one after
a SELECT. ``MD5`` is of no use either: MySQL 9.7 has it only where a component is installed.
"""

from harness.adapters.mysql.connection import Connection, rows
from harness.adapters.mysql.inspect import query
from harness.adapters.mysql.names import quoted

SPATIAL = frozenset(
    {"geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
     "geometrycollection", "geomcollection"}
)  # fmt: skip
LONG = SPATIAL | {f"{size}{kind}" for size in ("tiny", "", "medium", "long") for kind in ("text", "blob")} | {
    "json", "vector"
}  # fmt: skip
"""Types whose values do not count for the limit of a row's size; the values of all others make less than 64 KiB."""


def digest(connection: Connection, entity: str) -> str:
    """See ``Digesting.digest``: the number of rows, and the sum of a 64-bit hash of each.

    Virtual columns are left out: their values follow from the others', or, with MariaDB's ``RAND()``, from nothing.
    """
    columns = rows(connection, query("kept"), [entity])
    row = ", ".join(_part(quoted(column["name"]), column["type"]) for column in columns) or "''"
    hashed = f"CAST(CONV(LEFT(SHA2(CONCAT({row}), 256), 16), 16, 10) AS UNSIGNED)"
    (found,) = rows(connection, f"SELECT COUNT(*) AS n, SUM({hashed}) AS h FROM {quoted(entity)}")
    return f"{found['n']} rows, {found['h'] or 0}"


def _part(column: str, kind: str) -> str:
    """A value with its length before it, or a dash for NULL: no two rows are written alike."""
    value = _exact(column, kind.lower())
    return f"COALESCE(CONCAT(LENGTH({value}), ':', {value}), '-')"


def _exact(column: str, kind: str) -> str:
    """The value as bytes, whatever its character set and collation.

    A FLOAT is printed with six digits, unless it is made a DOUBLE. A DOUBLE is printed exactly, unless it is cast: a
    cast cuts it to 22 characters (MySQL 9.7). A long value is hashed by itself: what is longer than
    max_allowed_packet, a cast or CONCAT would make NULL.
    """
    if kind == "float":
        return f"CAST({column} AS DOUBLE)"
    if kind == "double":
        return column
    return f"SHA2({column}, 256)" if kind in LONG else f"CAST({column} AS BINARY)"
