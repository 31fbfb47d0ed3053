"""Constraints put to the test: for each, a row that breaks it and no other is offered to the server, and taken back."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Literal

from harness.abilities import Offence, Offending
from harness.design.model import Entity, Schema
from harness.engine import Session, Unsatisfied
from harness.facts import Batch
from harness.run.base import concerned
from harness.run.bench import Bench, replayed
from harness.run.cascades import cascades
from harness.run.model import Probed, RoundTrip
from harness.run.staircase import rebuilt
from harness.run.taken import taken
from harness.seeding.model import Order
from harness.seeding.partial import partial_doubles
from harness.seeding.rows import Seeded, seeded
from harness.seeding.violations import Violation, violations
from harness.servers.model import Address

When = Literal["up", "again"]

BEFORE_INSERT = re.compile(r"\bBEFORE\s+(?:\w+\s+OR\s+)*INSERT\b", re.IGNORECASE)

ROWS = 24
"""Rows of a table without parents: enough for keys to meet, few enough to be made at once."""


def probe(bench: Bench, applied: int, now: datetime, again: Address | None = None) -> None:
    """Try every constraint after all migrations, and again after they went down and up.

    ``again``: a database in which they did; rows are left in it.
    """
    bench.progress.stage("offering rows that break a constraint")
    changes = bench.plan.changes[:applied]
    if not changes:
        return
    with rebuilt(bench, applied, "probes") as database:
        _probed(bench, database, (applied, "up"), now)
    if again is not None:
        _probed(bench, again, (applied, "again"), now)
    elif all(change.down for change in changes):
        with rebuilt(bench, applied, "probes") as database:
            with bench.engine.connect(database) as session:
                for statements in (*(change.down or () for change in reversed(changes)), *(c.up for c in changes)):
                    replayed(session, statements)
            _probed(bench, database, (applied, "again"), now)


def _probed(bench: Bench, database: Address, at: tuple[int, When], now: datetime) -> None:
    # A session of its own: what the migrations have set for theirs is not what rows meet.
    with bench.engine.connect(database) as session:
        _tables(bench, session, at, now)


def _tables(bench: Bench, session: Session, at: tuple[int, When], now: datetime) -> None:
    applied, when = at
    exact = not any(trip.differences for trip in bench.seen if isinstance(trip, RoundTrip))
    schema = concerned(bench, bench.schema_at(session, applied) if when == "up" or exact else session.inspect())
    kept = taken(bench, schema, session)
    order = Order(schema, bench.plan.scenario.seed, now, default_rows=ROWS, ratio=2, taken=kept)
    found = seeded(order)
    for volume in found.volumes:
        entity = found.entity(volume.entity)
        _table(bench, session, entity, found, (when, _changing(schema, entity)))
    if when == "up":
        bench.seen.extend(cascades(session, schema))


def _changing(schema: Schema, entity: Entity) -> str:
    """A trigger that may change the rows of a table before they are stored; empty when there is none."""
    triggers = (o for o in schema.objects if o.kind == "trigger" and o.name.rpartition(".")[0] == entity.name)
    return next((o.name.rpartition(".")[2] for o in triggers if BEFORE_INSERT.search(o.definition)), "")


def _table(bench: Bench, session: Session, entity: Entity, found: Seeded, at: tuple[When, str]) -> None:
    """All rows but the last go in; the last is the one that is offered, whole and then broken, before it goes in."""
    last = next(v.rows for v in found.volumes if v.entity == entity.name) - 1
    if last < 1:
        return
    try:
        session.load(entity, found.batches(entity.name, last=last))
        candidate = next(found.batches(entity.name, first=last))
        refusal = session.attempt(entity, candidate)
        bench.seen.append(Probed(at[0], entity.name, "valid", "", (), "a row that keeps every constraint", refusal))
        if refusal is None:
            taken = next(found.batches(entity.name, last=min(last, ROWS)))
            bench.seen.extend(_offered(session, entity, (candidate, taken), at))
        session.load(entity, [candidate])
    except Unsatisfied as refused:
        bench.skip("probe", entity.name, f"no valid row could be made: {refused.refusal.message}")


def _offered(session: Session, entity: Entity, rows: tuple[Batch, Batch], at: tuple[When, str]) -> Iterator[Probed]:
    """Each constraint's violations in turn, until one is refused; ``rows``: the one that is offered, those there."""
    settled: set[tuple[str, str]] = set()
    candidate, taken = rows
    first = Batch(taken.fields, tuple(column[:1] for column in taken.columns), 1)
    offers: Iterator[Offence | Violation] = chain(
        session.offences(entity, candidate) if isinstance(session, Offending) else (),
        violations(entity, candidate, first),
        partial_doubles(entity, candidate, taken),
    )
    for offer in offers:
        if (offer.kind, offer.constraint) not in settled:
            refusal = session.attempt(entity, offer.rows)
            if refusal is not None:
                settled.add((offer.kind, offer.constraint))
            about = (offer.kind, offer.constraint, offer.fields, offer.value)
            yield Probed(at[0], entity.name, *about, refusal, trigger=at[1])
