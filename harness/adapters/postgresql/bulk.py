"""Filling in steps that last: see ``harness.bulk``. The journal is three tables in a namespace of its own.

Each step is one transaction with its note in the journal, so that a step is either done and noted or neither.
"""

from collections.abc import Iterable

import psycopg

from harness.adapters.postgresql.connection import Connection, answering, rows, run
from harness.adapters.postgresql.filling import ASIDE, FILLED, catch_up, parts, selected
from harness.adapters.postgresql.load import copied, unsatisfied
from harness.adapters.postgresql.names import literal, qualified
from harness.bulk import Journal, Part, Range
from harness.design.model import Entity, Schema
from harness.facts import Batch

NAMESPACE = "harness_filling"
TABLES = (
    f"CREATE SCHEMA {NAMESPACE}",
    f"CREATE TABLE {NAMESPACE}.memo (memo text NOT NULL)",
    f"CREATE TABLE {NAMESPACE}.part (number int PRIMARY KEY, entity text, kind text, restore text[])",
    f"CREATE TABLE {NAMESPACE}.done (entity text, first bigint, last bigint, PRIMARY KEY (entity, first))",
)
BUILDING = "SET LOCAL maintenance_work_mem = '512MB'"
"""For each index that is built; two are built at once."""


def journal(connection: Connection) -> Journal | None:
    """See ``Bulk.journal``."""
    if not rows(connection, "SELECT 1 AS found FROM pg_catalog.pg_namespace WHERE nspname = %s", [NAMESPACE]):
        return None
    memo = rows(connection, f"SELECT memo FROM {NAMESPACE}.memo")
    done = rows(connection, f"SELECT entity, first, last FROM {NAMESPACE}.done ORDER BY entity, first")
    aside = rows(connection, f"SELECT number, entity, kind, restore FROM {NAMESPACE}.part ORDER BY number")
    return Journal(
        memo[0]["memo"],
        tuple(Range(row["entity"], row["first"], row["last"]) for row in done),
        tuple(Part(row["number"], row["entity"], row["kind"], tuple(row["restore"])) for row in aside),
    )


def begin(connection: Connection, schema: Schema, memo: str) -> None:
    """See ``Bulk.begin``: all of it in one transaction."""
    selected(connection, [entity for entity in schema.entities if entity.kind in FILLED])
    with answering(connection), connection.transaction():
        for statement in TABLES:
            run(connection, statement)
        run(connection, f"INSERT INTO {NAMESPACE}.memo VALUES ({literal(memo)})")
        found = [(name, part) for name in ASIDE for part in parts(connection, name)]
        for number, (name, part) in enumerate(reversed(found)):
            kind = "reference" if name == "foreign_keys" else "index"
            values = [number, part.entity, kind, list(part.restore)]
            connection.execute(f"INSERT INTO {NAMESPACE}.part VALUES (%s, %s, %s, %s)", values)
        for _, part in found:
            run(connection, part.remove)


def load_range(connection: Connection, entity: Entity, batches: Iterable[Batch], part: Range) -> int:
    """See ``Bulk.load_range``."""
    note = f"INSERT INTO {NAMESPACE}.done VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1 AS noted"
    try:
        with answering(connection), connection.transaction():
            if not connection.execute(note, [part.entity, part.first, part.last]).fetchone():
                return 0
            return copied(connection, entity, batches)
    except psycopg.Error as error:
        raise unsatisfied(entity.name, error) from error


def put_back(connection: Connection, part: Part) -> None:
    """See ``Bulk.put_back``."""
    try:
        with answering(connection), connection.transaction():
            run(connection, BUILDING)
            struck = connection.execute(f"DELETE FROM {NAMESPACE}.part WHERE number = %s", [part.number])
            for statement in part.restore if struck.rowcount else ():
                run(connection, statement)
    except psycopg.Error as error:
        raise unsatisfied(part.entity, error) from error


def empty(connection: Connection, entities: Iterable[Entity]) -> None:
    """See ``Bulk.empty``; in one statement, since those that refer to each other may be emptied together only."""
    found = list(entities)
    if found:
        with answering(connection), connection.transaction():
            run(connection, f"TRUNCATE {', '.join(qualified(entity.name) for entity in found)}")
            names = [entity.name for entity in found]
            connection.execute(f"DELETE FROM {NAMESPACE}.done WHERE entity = ANY (%s)", [names])


def finish(connection: Connection, schema: Schema) -> None:
    """See ``Bulk.finish``."""
    tables = selected(connection, [entity for entity in schema.entities if entity.kind in FILLED])
    catch_up(connection, tables)
    run(connection, f"DROP SCHEMA {NAMESPACE} CASCADE")
