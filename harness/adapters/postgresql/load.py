"""Rows by COPY."""

from collections.abc import Iterable

import psycopg

from harness.adapters.postgresql.connection import Connection, answering
from harness.adapters.postgresql.copy_text import texts
from harness.adapters.postgresql.names import qualified, quoted
from harness.design.model import Entity
from harness.engine import Unsatisfied
from harness.facts import Batch, Refusal
from harness.source import Source

NOWHERE = Source("", 1, 1)
"""Generated rows stand on no line."""


def load(connection: Connection, entity: Entity, batches: Iterable[Batch]) -> int:
    """Rows written; all of them or, with ``Unsatisfied``, none."""
    written = 0
    try:
        with answering(connection), connection.transaction():
            for batch in batches:
                _copy(connection, entity, batch)
                written += batch.rows
    except psycopg.Error as error:
        raise unsatisfied(entity.name, error) from error
    return written


def attempt(connection: Connection, entity: Entity, rows: Batch) -> Refusal | None:
    """What the server says of rows that are taken back in any case; deferred constraints are checked at once."""
    try:
        with answering(connection), connection.transaction(force_rollback=True):
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _copy(connection, entity, rows)
    except psycopg.Error as error:
        return unsatisfied(entity.name, error).refusal
    return None


def _copy(connection: Connection, entity: Entity, batch: Batch) -> None:
    fields = ", ".join(quoted(name) for name in batch.fields)
    shapes = [found.shape if (found := entity.field(name)) else None for name in batch.fields]
    with connection.cursor() as cursor, cursor.copy(f"COPY {qualified(entity.name)} ({fields}) FROM STDIN") as copy:
        for text in texts(batch, shapes):
            copy.write(text)


def unsatisfied(entity: str, error: psycopg.Error) -> Unsatisfied:
    """The server's refusal of rows, with the constraint and the row in its detail."""
    diag = error.diag
    constraint = f"constraint {diag.constraint_name}" if diag.constraint_name else None
    detail = "; ".join(part for part in (diag.message_detail, constraint, diag.context) if part)
    message = diag.message_primary or str(error).strip()
    return Unsatisfied(entity, Refusal(message, error.sqlstate or "", NOWHERE, detail))
