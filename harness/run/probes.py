"""Constraints put to the test: for each, a row that breaks it and no other is offered to the server, and taken back."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal

from harness.abilities import Offence, Offending
from harness.design.model import Check, Entity, ForeignKey, Index, Key, Schema
from harness.engine import Session, Unsatisfied
from harness.facts import Batch, Refusal
from harness.run.base import concerned
from harness.run.bench import Bench
from harness.run.cascades import cascades
from harness.run.model import Implied, Probed, RoundTrip
from harness.run.staircase import rebuilt
from harness.run.taken import taken
from harness.seeding.breaking import breaking, met
from harness.seeding.conditions import parsed
from harness.seeding.exclusions import exclusion_doubles, exclusions
from harness.seeding.model import Order
from harness.seeding.partial import holds, index_doubles
from harness.seeding.rows import Seeded, seeded
from harness.seeding.violations import Violation, value, violations
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
                    bench.replayed(session, statements)
            _probed(bench, database, (applied, "again"), now)


def _probed(bench: Bench, database: Address, at: tuple[int, When], now: datetime) -> None:
    # A session of its own: what the migrations have set for theirs is not what rows meet.
    with bench.engine.connect(database) as session:
        _tables(bench, session, at, now)


@dataclass(frozen=True, slots=True)
class _Round:
    """What the offers of one round have in common. ``order``: that of the rows which are there."""

    session: Session
    when: When
    order: Order

    @property
    def schema(self) -> Schema:
        return self.order.schema


def _tables(bench: Bench, session: Session, at: tuple[int, When], now: datetime) -> None:
    applied, when = at
    exact = not any(trip.differences for trip in bench.seen if isinstance(trip, RoundTrip))
    schema = concerned(bench, bench.schema_at(session, applied) if when == "up" or exact else session.inspect())
    kept = taken(bench, schema, session)
    order = Order(schema, bench.plan.scenario.seed, now, default_rows=ROWS, ratio=2, taken=kept)
    found = seeded(order)
    for volume in found.volumes:
        entity = found.entity(volume.entity)
        _table(bench, _Round(session, when, order), entity, found)
    if when == "up":
        bench.seen.extend(cascades(session, schema))


def _changing(schema: Schema, entity: Entity) -> str:
    """A trigger that may change the rows of a table before they are stored; empty when there is none."""
    triggers = (o for o in schema.objects if o.kind == "trigger" and o.name.rpartition(".")[0] == entity.name)
    return next((o.name.rpartition(".")[2] for o in triggers if BEFORE_INSERT.search(o.definition)), "")


def _table(bench: Bench, of: _Round, entity: Entity, found: Seeded) -> None:
    """All rows but the last go in; the last is the one that is offered, whole and then broken, before it goes in."""
    last = next(v.rows for v in found.volumes if v.entity == entity.name) - 1
    if last < 1:
        return
    session = of.session
    try:
        session.load(entity, found.batches(entity.name, last=last))
        candidate = next(found.batches(entity.name, first=last))
        refusal = session.attempt(entity, candidate)
        bench.seen.append(Probed(of.when, entity.name, "valid", "", (), "a row that keeps every constraint", refusal))
        if refusal is None:
            there = next(found.batches(entity.name, last=min(last, ROWS)))
            probed = tuple(_offered(of, entity, candidate, there))
            bench.seen.extend((*probed, *_solved(of, entity, probed, last)))
        session.load(entity, [candidate])
    except Unsatisfied as refused:
        bench.skip("probe", entity.name, f"no valid row could be made: {refused.refusal.message}")


def _offered(of: _Round, entity: Entity, candidate: Batch, there: Batch) -> Iterator[Probed]:
    """Each constraint's violations in turn, until one is refused for its sake; ``there``: rows in the table."""
    first = Batch(there.fields, tuple(column[:1] for column in there.columns), 1)
    offers: Iterator[Offence | Violation] = chain(
        of.session.offences(entity, candidate) if isinstance(of.session, Offending) else (),
        violations(entity, candidate, first),
        index_doubles(entity, candidate, there),
        exclusion_doubles(of.schema, entity, candidate, there),
    )
    yield from _probed_until_own(of, entity, offers)


def _solved(of: _Round, entity: Entity, probed: Sequence[Probed], last: int) -> Iterator[Probed | Implied]:
    """For each CHECK that no single value broke alone, rows that are made for it."""
    settled = {p.constraint for p in probed if p.own and p.kind == "check"}
    for check in entity.checks:
        if check.name and check.expression and check.name not in settled:
            tries = tuple(_probed_until_own(of, entity, breaking(of.order, entity, check, last)))
            yield from tries
            if not tries:
                yield Implied(entity.name, check.name, met(of.order, entity, check))


def _probed_until_own(of: _Round, entity: Entity, offers: Iterable[Offence | Violation]) -> Iterator[Probed]:
    settled: set[tuple[str, str]] = set()
    trigger = _changing(of.schema, entity)
    for offer in offers:
        if (offer.kind, offer.constraint) not in settled:
            refusal = of.session.attempt(entity, offer.rows)
            own = refusal is not None and _own(of, entity, offer, refusal)
            if own:
                settled.add((offer.kind, offer.constraint))
            about = (offer.kind, offer.constraint, offer.fields, offer.value)
            yield Probed(of.when, entity.name, *about, refusal, own, _sure(entity, offer), trigger)


def _sure(entity: Entity, offer: Offence | Violation) -> bool:
    if offer.kind != "check":
        return True
    text = next((c.expression for c in entity.checks if c.name == offer.constraint), None)
    tree = parsed(text) if text else None
    values = {name: value(offer.rows, name) for name in offer.rows.fields}
    return tree is not None and holds(tree, values) is False


def _own(of: _Round, entity: Entity, offer: Offence | Violation, refusal: Refusal) -> bool:
    """Whether the server names the constraint, or its fields and no other constraint of the table."""
    text = f"{refusal.message} {refusal.detail}".lower()
    named: list[Key | ForeignKey | Check | Index] = [*entity.keys, *entity.foreign_keys, *entity.checks]
    named += (index for index in entity.indexes if index.unique)
    excluding = (o.name.removeprefix(f"{entity.name}.") for o in exclusions(of.schema, entity))
    others = {*(each.name for each in named if each.name), *excluding} - {offer.constraint}
    if offer.constraint and says(text, offer.constraint.partition(" of ")[0]):  # of a domain: its name, and where
        return True
    if offer.kind == "check" and not isinstance(of.session, Offending):
        return False  # a value out of the type's range names the field too
    return not any(says(text, other) for other in others) and any(says(text, field) for field in offer.fields)


def says(text: str, name: str) -> bool:
    """Whether a text in small letters has a name as a word of its own."""
    return re.search(rf"(?<![\w$]){re.escape(name.lower())}(?![\w$])", text) is not None
