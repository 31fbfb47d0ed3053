"""Values for placeholders that stand against no column: of the type that the server itself takes them for.

``websearch_to_tsquery('english', $2)`` wants a text, ``tstzrange($1, $2)`` two moments: PREPARE finds out which
(https://www.postgresql.org/docs/current/view-pg-prepared-statements.html).
"""

from collections.abc import Iterator

import psycopg
from postgast import pg_query_pb2 as pb
from postgast import walk

from harness.adapters.postgresql import grammar, placeholders
from harness.adapters.postgresql.connection import Connection, rows

NAME = "harness_supplied"

LITERALS = {
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "real", "double precision"), "10"),
    "boolean": "true",
    "interval": "'7 days'",
    "uuid": "'00000000-0000-4000-8000-000000000000'",
    "json": "'{}'",
    "jsonb": "'{}'",
}
MOMENTS = {
    "date": ("(CURRENT_DATE - 7)", "CURRENT_DATE"),
    "timestamp without time zone": ("(LOCALTIMESTAMP - INTERVAL '7 days')", "LOCALTIMESTAMP"),
    "timestamp with time zone": ("(CURRENT_TIMESTAMP - INTERVAL '7 days')", "CURRENT_TIMESTAMP"),
}
"""The first of a query, and all later ones, since two are mostly the ends of a period."""


def supplied(connection: Connection, text: str) -> tuple[str, ...]:
    """A literal for each placeholder of a query, in their order; none where the server refuses the query."""
    rewritten = placeholders.numbered(text).text
    try:
        numbers = _numbers(grammar.parse(rewritten))
        with connection.transaction(force_rollback=True):
            connection.execute(f"PREPARE {NAME} AS {rewritten}".encode())
            query = "SELECT parameter_types::text[] AS types FROM pg_catalog.pg_prepared_statements WHERE name = %s"
            found = rows(connection, query, [NAME])
            connection.execute(f"DEALLOCATE {NAME}".encode())
    except (grammar.Unparsable, psycopg.Error):
        return ()
    types = found[0]["types"] if found else []
    return tuple(_literals([types[number - 1] for number in numbers])) if max(numbers, default=0) <= len(types) else ()


def _numbers(parsed: grammar.Parsed) -> list[int]:
    held = [node for _, node in walk(parsed.tree) if isinstance(node, pb.ParamRef)]
    return [node.number for node in sorted(held, key=lambda node: node.location)]


def _literals(types: list[str]) -> Iterator[str]:
    begun = False
    for type_ in types:
        if type_ in MOMENTS:
            yield MOMENTS[type_][begun]
            begun = True
        else:
            yield LITERALS.get(type_, "'{}'" if type_.endswith("[]") else "'10'")
