"""Values drawn from the rows that are there, the same for the same seed, quick on large tables too."""

import random
from collections.abc import Sequence

from harness.adapters.mysql.connection import Connection, rows
from harness.adapters.mysql.names import qualified, quoted

FEW_ROWS = 20_000
"""Tables up to this many rows (as estimated) are looked at whole; of larger ones only keys drawn by chance."""

KEYS_PER_ROW = 4
MOST_KEYS = 1 << 62
NUMBERS = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year"})
BYTES = frozenset({"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"})


def sample(
    connection: Connection, entity: str, fields: Sequence[str], count: int, seed: int
) -> tuple[tuple[str, ...], ...]:
    """Up to ``count`` rows of literals, in an order that the seed shuffles; rows with a NULL in them are left out."""
    columns = _columns(connection, entity)
    types = {column["name"]: column["type"] for column in columns}
    key = [column for column in columns if column["key"] == "PRI"]
    literals = ", ".join(f"{_literal(quoted(field), types.get(field, ''))} AS f{n}" for n, field in enumerate(fields))
    present = " AND ".join(f"s.{quoted(field)} IS NOT NULL" for field in fields)
    apart = ", ".join(f"s.{quoted(column['name'])}" for column in key or columns)  # what tells rows apart
    place = f"SHA2(CONCAT_WS(CHAR(31), {int(seed)}, {apart}), 224)"
    query = f"SELECT {literals} FROM {qualified(entity)} AS s WHERE {present}%s ORDER BY {place} LIMIT {int(count)}"
    drawn = _drawn(connection, entity, key, (count, seed))
    found = rows(connection, query.replace("%s", drawn, 1))
    if drawn and len(found) < count:  # the keys have gaps
        found = rows(connection, query.replace("%s", "", 1))
    return tuple(tuple(row.values()) for row in found)


def _columns(connection: Connection, entity: str) -> list[dict[str, str]]:
    """Their names and types, and which are the primary key's. One look: MariaDB opens tables for each."""
    return rows(
        connection,
        "SELECT column_name AS name, LOWER(data_type) AS type, column_key AS `key` FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name = %s ORDER BY ordinal_position",
        [entity],
    )


def _literal(column: str, type_: str) -> str:
    """The value of a column as SQL. A sign could be read with what stands before it, so only digits are left bare."""
    if type_ in NUMBERS:
        return f"IF(s.{column} >= 0, CAST(s.{column} AS CHAR), CONCAT('(', s.{column}, ')'))"
    if type_ in BYTES:
        return f"CONCAT('x''', HEX(s.{column}), '''')"
    if type_ == "bit":
        return f"CONCAT('b''', BIN(s.{column}), '''')"
    return f"QUOTE(CAST(s.{column} AS CHAR CHARACTER SET utf8mb4))"


def _drawn(connection: Connection, entity: str, key: Sequence[dict[str, str]], of: tuple[int, int]) -> str:
    """A condition that takes some rows by chance, where a whole number numbers them and there are many."""
    count, seed = of
    if len(key) != 1 or not key[0]["type"].endswith("int"):
        return ""
    name = quoted(key[0]["name"])
    (span,) = rows(connection, f"SELECT MIN({name}) AS low, MAX({name}) AS high FROM {qualified(entity)}")
    wanted = max(FEW_ROWS // 10, KEYS_PER_ROW * count)
    if span["low"] is None or not FEW_ROWS < span["high"] - span["low"] < MOST_KEYS:
        return ""
    keys = random.Random(seed).sample(range(span["low"], span["high"] + 1), wanted)
    return f" AND s.{name} IN ({', '.join(map(str, keys))})"


def count(connection: Connection, entity: str) -> int:
    """Rows of an entity."""
    return int(rows(connection, f"SELECT COUNT(*) AS n FROM {qualified(entity)}")[0]["n"])
