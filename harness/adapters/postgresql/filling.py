"""What slows loading, set aside while tables are filled, and put back exactly.

Everything happens in one transaction: indexes, keys and foreign keys are dropped, triggers disabled; at the end
they are made again from the server's own definitions, and the transaction commits. Whatever goes wrong in between, a
rollback (or the server's own, when the connection dies) leaves the database as it was. An index that its definition
does not tell whole (clustered, a replica's identity, another tablespace, statistics of its own) stays in place, as does
a key that a view rests on.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import psycopg

from harness.adapters.postgresql.connection import Connection, rows, run
from harness.adapters.postgresql.load import unsatisfied
from harness.adapters.postgresql.names import qualified
from harness.design.model import Entity, Schema

ASIDE = ("foreign_keys", "indexes", "keys", "triggers")
"""What is set aside, in this order; each is put back after those that follow it."""

FILLED = frozenset({"table", "partitioned table", "partition"})


@dataclass(frozen=True, slots=True)
class Aside:
    """Something set aside: the statements that remove it and put it back, and the entity it belongs to."""

    entity: str
    remove: str
    restore: Sequence[str]


@cache
def _query(part: str) -> str:
    return files(__package__).joinpath(f"filling_{part}.sql").read_text(encoding="utf-8")


@contextmanager
def filling(connection: Connection, schema: Schema) -> Iterator[None]:
    """Set aside, let fill, put back, then sequences, visibility and statistics."""
    tables = selected(connection, [entity for entity in schema.entities if entity.kind in FILLED])
    run(connection, "BEGIN")
    try:
        aside = [part for name in ASIDE for part in parts(connection, name)]
        for part in aside:
            run(connection, part.remove)
        yield
        _put_back(connection, aside)
        # VACUUM marks no page visible to all before the commit is in the log on disk (it may not set the hint bits).
        run(connection, "SET LOCAL synchronous_commit = on")
        run(connection, "COMMIT")
    except BaseException:
        if not connection.broken:
            run(connection, "ROLLBACK")
        raise
    catch_up(connection, tables)


def selected(connection: Connection, entities: Iterable[Entity]) -> list[str]:
    """The names of the tables, for which the queries of parts and sequences are then asked.

    These find them in the setting ``harness.tables``: a driver's parameters do not go with ``format``.
    """
    tables = [qualified(entity.name) for entity in entities]
    rows(connection, "SELECT pg_catalog.set_config('harness.tables', %s::text[]::text, false)", [tables])
    return tables


def parts(connection: Connection, name: str) -> list[Aside]:
    """What a query (one of ``ASIDE``) finds at the tables that are selected."""
    found = rows(connection, _query(name))
    return [Aside(row["entity"], row["remove"], [text for text in row["restore"] if text]) for row in found]


def _put_back(connection: Connection, parts: Sequence[Aside]) -> None:
    """In reverse: triggers, indexes, then foreign keys, which are validated by it."""
    run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    run(connection, "SET LOCAL maintenance_work_mem = '256MB'")
    for part in reversed(parts):
        try:
            for statement in part.restore:
                run(connection, statement)
        except psycopg.Error as error:
            raise unsatisfied(part.entity, error) from error


def catch_up(connection: Connection, tables: Sequence[str]) -> None:
    """Sequences beyond the values that are there; what the planner and index-only scans know of the tables."""
    for row in rows(connection, _query("sequences")):
        run(connection, row["advance"])
    if tables:
        run(connection, f"VACUUM (ANALYZE) {', '.join(tables)}")
