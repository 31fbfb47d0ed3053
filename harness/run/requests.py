"""What an application of a design sends: its example queries, and reads and writes of single rows of its tables."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.design.model import Entity, Schema
from harness.engine import Session
from harness.facts import Batch, Refusal
from harness.run.bench import Bench
from harness.run.flow import Request
from harness.run.queries import example
from harness.run.seen.queries import Timed
from harness.run.taken import taken
from harness.seeding.model import Order
from harness.seeding.rows import seeded
from harness.watching import Deriving

KEYS = 40
"""Rows of a table that are read and written."""

NEW_ROWS = 8

SLOW_MS = 50.0
"""A query that takes longer keeps its connection so busy that it says little of locks."""

REFERRING = 3
"""Tables that refer to one that is changed, and are written too."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom the requests are for: ``changed`` tables of a ``schema``, and the rows that these hold."""

    schema: Schema
    changed: Collection[str]
    now: datetime


def requests(bench: Bench, session: Session, wanted: Wanted) -> tuple[Request, ...]:
    """Requests that need one of the tables that are changed; each was tried and is taken by the server."""
    if not isinstance(session, Deriving):
        return ()
    found = list(_queries(bench, session, wanted))
    for entity in _entities(wanted):
        found += _derived(bench, session, entity, wanted, changed=entity.name in wanted.changed)
    return tuple(found)


def _queries(bench: Bench, session: Session, wanted: Wanted) -> Iterator[Request]:
    slow = {o.query for o in bench.seen if isinstance(o, Timed) and min(o.samples_ms, default=0.0) > SLOW_MS}
    for query in bench.plan.queries:
        text = example(bench, session, query, wanted.schema) if query.id not in slow else None
        access = session.explain(text, execute=False) if text is not None else None
        if text is None or access is None or isinstance(access, Refusal):
            continue
        entities = tuple(dict.fromkeys(node.entity for node in access.walk() if node.entity))
        writes = any(node.operation == "modify" for node in access.walk())
        if set(entities) & set(wanted.changed) and not writes:
            yield Request("read", entities, (text,), query.id)


def _entities(wanted: Wanted) -> Iterator[Entity]:
    """The changed tables, then some that refer to them: whoever writes there looks at these."""
    tables = [e for e in wanted.schema.entities if e.primary_key is not None]
    yield from (e for e in tables if e.name in wanted.changed)
    referring = (e for e in tables if e.name not in wanted.changed and _refers(e, wanted.changed))
    yield from list(referring)[:REFERRING]


def _refers(entity: Entity, targets: Collection[str]) -> bool:
    return any(key.target in targets for key in entity.foreign_keys)


def _derived(bench: Bench, session: Session, entity: Entity, wanted: Wanted, *, changed: bool) -> Iterator[Request]:
    assert isinstance(session, Deriving)
    assert entity.primary_key is not None
    keys = session.sample(entity.name, entity.primary_key.fields, KEYS, bench.plan.scenario.seed)
    if not keys:
        return
    if changed:
        for text in session.reads(entity, keys):
            yield Request("read", (entity.name,), (text,))
        for text in session.updates(entity, keys):
            yield Request("write", (entity.name,), (text,))
    accepted = (row for row in new_rows(bench, session, entity, wanted) if session.attempt(entity, row) is None)
    for row in accepted:
        # With its own removal, so that the table does not grow and the row can come again.
        for texts in session.passing(entity, row):
            yield Request("write", (entity.name,), texts)


def new_rows(bench: Bench, session: Session, entity: Entity, wanted: Wanted) -> Sequence[Batch]:
    """Rows, one in each batch, beyond those that a table holds; some of their values may be there already."""
    there = session.count(entity.name)
    rows = {e.name: there if e.name != entity.name else there + NEW_ROWS for e in wanted.schema.entities}
    kept = taken(bench, wanted.schema)
    found = seeded(Order(wanted.schema, bench.plan.scenario.seed, wanted.now, rows=rows, taken=kept))
    if entity.name not in found.tables:
        return ()
    return tuple(found.batches(entity.name, first=there, batch_rows=1))
