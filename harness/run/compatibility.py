"""Old code on the new schema, and new code on the old one: what the one takes, tried on the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from harness.design.claim_types import BackwardCompatible
from harness.design.model import Field, Schema
from harness.engine import Session, Unsatisfied
from harness.plan.model import Change
from harness.run.bench import Bench
from harness.run.doubles import Double, Step, doubles, silent, unmade, without_doubles
from harness.run.model import Tried
from harness.run.probes import ROWS
from harness.run.requested import changed, refused, sent
from harness.run.requests import Wanted
from harness.run.staircase import rebuilt
from harness.run.stored import Sides, changes, lost
from harness.run.taken import taken
from harness.seeding.model import Order
from harness.seeding.rows import seeded
from harness.servers.model import Address
from harness.watching import Sending

Way = Literal["old on new", "new on old"]


@dataclass(frozen=True, slots=True)
class Side:
    """A database and its schema. ``filled``: its new tables hold rows that no migration has put in."""

    address: Address
    schema: Schema
    filled: bool = False


def compatible(bench: Bench, applied: int, now: datetime) -> None:
    """For each migration that is said to be backwards compatible: what worked before it, tried after it."""
    claimed = {c.migration for c in bench.plan.design.claims if isinstance(c, BackwardCompatible)}
    for number, change in enumerate(bench.plan.changes[:applied]):
        if change.id in claimed:
            bench.progress.stage(f"migration {change.id}: the code before it on the schema after it")
            _one(bench, number, change, now)


def _one(bench: Bench, number: int, change: Change, now: datetime) -> None:
    with rebuilt(bench, number, "before") as before:
        with bench.engine.connect(before) as session:
            old = Side(before, bench.schema_at(session, number))
            known = bench.known(number + 1)
            _fill(
                bench,
                session,
                (without_doubles(_step(change, old.schema, known)) if known else old.schema, change),
                now,
            )
        with bench.database("after", before) as after:
            with bench.engine.connect(after) as session:
                refusal = bench.replayed(session, change.up)
                new = Side(after, bench.schema_at(session, number + 1)) if refusal is None else None
            if new is None:
                bench.seen.append(Tried(change.id, "up", "its up, on tables with rows", refusal))
            else:
                bench.seen.extend(across(bench, change, (old, new), now))
                for tried, double in tuple(repeated(bench, change, (old, new), now)):
                    bench.seen.append(replace(tried, merged=_merged(bench, change, before, double)))


def across(
    bench: Bench, change: Change, sides: tuple[Side, Side], now: datetime, way: Way = "old on new"
) -> Iterator[Tried]:
    """What the first database takes, tried in the second; both hold rows, and keep them."""
    mine, other = sides
    schema, target = mine.schema, other.schema
    wanted = Wanted(schema, changed(schema, target), now)
    with bench.engine.connect(mine.address) as session, bench.engine.connect(other.address) as theirs:
        pair = Sides(session, theirs, schema, target)
        statements = sent(bench, session, wanted)
        # What new code has written to a new table may be in the way of a delete: the migration is not.
        new = (e for e in target.entities if other.filled and schema.entity(e.name) is None)
        referred = {key.target for entity in new for key in entity.foreign_keys}
        for statement in statements:
            if statement.kind == "delete" and statement.subject in referred:
                continue
            refusal = refused(theirs, statement)
            gone = lost(pair, statement) if refusal is None else ""
            yield Tried(change.id, statement.kind, statement.subject, refusal, way, lost=gone)
        for statement, answer in silent(bench, session, theirs, wanted, _step(change, schema, target)):
            yield Tried(change.id, statement.kind, statement.subject, answer, way)
        for statement, found in changes(bench, pair, wanted):
            refusal, gone = (None, found) if isinstance(found, str) else (found, "")
            yield Tried(change.id, statement.kind, statement.subject, refusal, way, lost=gone)


def _step(change: Change, before: Schema, after: Schema) -> Step:
    return Step(before, after, tuple(statement.text for statement in change.up))


def repeated(
    bench: Bench, change: Change, sides: tuple[Side, Side], now: datetime, way: Way = "old on new"
) -> Iterator[tuple[Tried, Double]]:
    """Doubles that the first database takes, tried in the second, which may want them unique."""
    mine, other = sides
    with bench.engine.connect(mine.address) as session, bench.engine.connect(other.address) as theirs:
        wanted = Wanted(mine.schema, changed(mine.schema, other.schema), now)
        step = _step(change, mine.schema, other.schema)
        for double, refusal in doubles(bench, session, theirs, wanted, step):
            sent = double.sent
            yield Tried(change.id, sent.kind, sent.subject, refusal, way, double.fields), double
        for reason in unmade(bench, session, step) if way == "old on new" else ():
            bench.skip("double", change.id, reason)


def _merged(bench: Bench, change: Change, before: Address, double: Double) -> bool | None:
    """Whether the up takes a double that is there; one that it refuses, it holds to be none of old code's."""
    if double.sent.kind != "insert":
        return None
    with bench.database("doubled", before) as database, bench.engine.connect(database) as session:
        if not isinstance(session, Sending) or session.send((double.sent.text,)) is not None:
            return None
        return bench.replayed(session, change.up) is None


def _fill(bench: Bench, session: Session, of: tuple[Schema, Change], now: datetime) -> None:
    """Some rows in every table."""
    schema, change = of
    kept = taken(bench, schema, session)
    order = Order(schema, bench.plan.scenario.seed, now, default_rows=ROWS, ratio=2, taken=kept)
    found = seeded(order)
    for volume in found.volumes:
        try:
            session.load(found.entity(volume.entity), found.batches(volume.entity))
        except Unsatisfied as unsatisfied:
            bench.skip("compatible", change.id, f"no rows for {volume.entity}: {unsatisfied.refusal.message}")
    if any(_counts_apart(field) for entity in schema.entities for field in entity.fields):
        with session.filling(schema):  # whose end lets the next new row have a number that is free
            pass


def _counts_apart(field: Field) -> bool:
    """Whether its numbers come from a sequence, which does not know of rows that brought theirs."""
    return field.identity in {"always", "by default"} or "nextval" in (field.default or "").lower()
