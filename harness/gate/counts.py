"""The query for production's row counts, whose answer as CSV is what the gate takes."""

from harness.design.dialect import family
from harness.errors import InputError

QUERIES = {
    "postgresql": """COPY (
  SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS "table",
         greatest(c.reltuples, 0)::bigint AS rows
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
) TO STDOUT WITH (FORMAT csv, HEADER)""",
    "mysql": """SELECT table_name AS `table`, table_rows AS `rows` FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 1""",
    "mongodb": """print("table,rows"); db.getCollectionNames().sort().forEach(
  (name) => print(name + "," + db.getCollection(name).estimatedDocumentCount()))""",
}
"""Estimates that the server has already: none of these reads a table."""


def counts_query(engine: str | None) -> str:
    """The query whose answer, as CSV, is what ``--counts`` takes."""
    if engine is None:
        raise InputError("--counts-query: name the engine with --engine")
    known = family(engine)
    if known not in QUERIES:
        raise InputError(f"--engine {engine}: no such engine (there is: {', '.join(QUERIES)}, mariadb)")
    return QUERIES[known]
