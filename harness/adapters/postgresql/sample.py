"""Values drawn from the rows that are there, the same for the same seed, quick on large tables too."""

from collections.abc import Sequence

from harness.adapters.postgresql.connection import Connection, rows
from harness.adapters.postgresql.names import qualified, quoted

ALL_PAGES = 512
"""Tables up to this many pages are looked at whole; of larger ones only pages drawn by chance."""

PAGES_PER_ROW = 4

NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision", "boolean"})
"""Types whose plain text is a literal. Negative numbers and NaN are quoted, as ``>-5`` or ``--5`` would not parse."""


def sample(
    connection: Connection, entity: str, fields: Sequence[str], count: int, seed: int
) -> tuple[tuple[str, ...], ...]:
    """Up to ``count`` rows of literals, shuffled by the seed; rows with a NULL among them are left out."""
    literals = ", ".join(f"{_literal(quoted(field))} AS f{number}" for number, field in enumerate(fields))
    present = " AND ".join(f"{quoted(field)} IS NOT NULL" for field in fields)
    tablesample = _tablesample(connection, entity, count, seed)
    # A view has no physical rows, so its own text tells them apart; a partition's oid differs from copy to copy.
    place = "s::text" if tablesample is None else "s.tableoid::regclass::text || s.ctid::text"
    found = rows(
        connection,
        f"SELECT {literals} FROM {qualified(entity)} AS s {tablesample or ''} WHERE {present} "
        f"ORDER BY pg_catalog.hashtextextended({place}, {int(seed)}), {place} LIMIT {int(count)}",
    )
    return tuple(tuple(row.values()) for row in found)


def _literal(column: str) -> str:
    numbers = ", ".join(f"'{name}'" for name in sorted(NUMBERS))
    return (
        f"CASE WHEN pg_catalog.pg_typeof({column})::text IN ({numbers}) AND {column}::text ~ '^([0-9.]+|true|false)$' "
        f"THEN {column}::text ELSE pg_catalog.quote_literal({column}::text) END"
    )


def _tablesample(connection: Connection, entity: str, count: int, seed: int) -> str | None:
    """The clause for a table; empty to look at all of it; None for what cannot be sampled."""
    found = rows(
        connection,
        "SELECT c.relkind IN ('r', 'p', 'm') AS stored, (SELECT sum(pg_catalog.pg_relation_size(t.relid)) "
        "FROM (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid) UNION SELECT c.oid) t) / 8192 AS pages "
        "FROM pg_catalog.pg_class c WHERE c.oid = %s::regclass",
        [qualified(entity)],
    )[0]
    if not found["stored"]:
        return None
    wanted, pages = max(ALL_PAGES, PAGES_PER_ROW * count), int(found["pages"])
    if pages <= wanted:
        return ""
    return f"TABLESAMPLE SYSTEM ({100 * wanted / pages:.6f}) REPEATABLE ({int(seed)})"


def count(connection: Connection, entity: str) -> int:
    """Rows of an entity."""
    return int(rows(connection, f"SELECT pg_catalog.count(*) AS n FROM {qualified(entity)}")[0]["n"])
