"""Indexes that are not there, for the planner alone: the extension hypopg, where the server has it.

It is made in a transaction that is rolled back, so that the database stays as it was. What hypopg supposes lies in the
memory of the session and outlives that, so it is taken back by name.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg

from harness.adapters.postgresql import define
from harness.adapters.postgresql.connection import Connection, rows, run
from harness.adapters.postgresql.explain import bare, explained, undone
from harness.adapters.postgresql.names import literal
from harness.design.model import Index

EXTENSION = "hypopg"
PLACE = "harness_supposed"


def supposed(connection: Connection, text: str, indexes: Sequence[Index]) -> tuple[bool | None, ...]:
    """See ``Supposing.supposed``. An expression has no statistics before its index is there, so it is not judged."""
    unknown = (None,) * len(indexes)
    if not indexes or not _offered(connection):
        return unknown
    statement, _ = bare(text)
    try:
        with undone(connection):
            run(connection, f"CREATE SCHEMA {PLACE}")
            run(connection, f"CREATE EXTENSION {EXTENSION} WITH SCHEMA {PLACE}")
            return tuple(_taken(connection, statement, index) for index in indexes)
    except psycopg.Error:  # not a superuser, who alone may make it; or a library of another version
        return unknown


def _offered(connection: Connection) -> bool:
    return bool(rows(connection, f"SELECT 1 AS n FROM pg_catalog.pg_available_extensions WHERE name = '{EXTENSION}'"))


def _taken(connection: Connection, statement: str, index: Index) -> bool | None:
    if any(key.expression for key in index.keys):
        return None
    try:
        with undone(connection), _there(connection, index) as name:
            plan = explained(connection, statement, execute=False)
            return any(node.index == name for node in plan.walk())
    except psycopg.Error:
        return None


@contextmanager
def _there(connection: Connection, index: Index) -> Iterator[str]:
    """The name that the planner gives the index while inside."""
    text = literal(define.statement(index))
    made = f"SELECT indexrelid, indexname AS name FROM {PLACE}.hypopg_create_index({text})"
    found = rows(connection, made)[0]
    try:
        yield str(found["name"])
    finally:
        with suppress(psycopg.Error):
            rows(connection, f"SELECT {PLACE}.hypopg_drop_index({found['indexrelid']}) AS gone")
