"""What migrations cost while others work: each statement at the scenario's size, on the database of the queries.

The migrations that touch tables with rows are taken back, last first, and applied again: so nothing is seeded twice,
and each down is measured as well as each up. Where that cannot be, a database is seeded at the state before the first
of them. On few rows nothing runs beside them unless they take long: nobody can wait longer for a lock than it is held.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from harness.design.compare import altered
from harness.design.model import Schema, Statement
from harness.plan.model import Change
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.flow import Job
from harness.run.model import Applied, Inspected, Loaded, RoundTrip, Skipped, Stage, Way
from harness.run.requests import Wanted
from harness.run.seen.statements import Measured
from harness.run.staircase import rebuilt
from harness.run.stalls import Passage, alone, beside
from harness.run.through import load
from harness.run.traffic import Traffic, traffic
from harness.servers.model import Address
from harness.watching import Working

MANY_ROWS = 50_000
"""From here on traffic runs beside whatever touches the tables."""

LONG = 0.25
"""Share of the limit that a migration may take before traffic runs beside it all the same."""

WAYS: Mapping[Stage, Way] = {
    "up": "up", "reup": "up", "rewind": "up", "head": "up", "down": "down", "unwind": "down"
}  # fmt: skip
"""The stages in which a script runs on empty tables: the quickest time of several is its own, and not the machine's."""

EDGE = 1.25
"""A wait that is over the limit by no more than this may be so by the machine's doing."""

WARM_S = 0.35
AFTER_S = 0.35
TABLES = frozenset({"table", "partitioned table", "partition", "materialized view", "collection", "time series"})


def block(bench: Bench, database: Address, applied: int, now: datetime) -> None:
    """Measure every migration that touches a table that was there before it and holds rows."""
    _unseeded(bench, applied)
    touched = {n: tables for n in range(applied) if (tables := _touched(bench, n))}
    if not touched:
        return
    with bench.engine.connect(database) as session:
        if not isinstance(session, Working):
            bench.skip("blocking", "", f"there is no traffic for {bench.engine.title}")
            return
    first = min(touched)
    climbing = _Climbing(bench, touched, now)
    with climbing.beside(database):
        taken_back = _reversible(bench, first, applied) and all(
            climbing.step(database, number, "down") for number in range(applied - 1, first - 1, -1)
        )
        if taken_back and all(climbing.step(database, number, "up") for number in range(first, applied)):
            return
    _seeded_anew(bench, climbing, first, applied)


def _seeded_anew(bench: Bench, climbing: "_Climbing", first: int, applied: int) -> None:
    with rebuilt(bench, first, "blocking") as fresh:
        part = replace(bench, seen=[])
        seed(part, fresh, part.inspect(fresh), climbing.now)
        wanted = {name for names in climbing.touched.values() for name in names}
        failed = next(
            (o for o in part.seen if isinstance(o, Skipped) and o.what == "seed" and o.subject in wanted), None
        )
        if failed is not None:
            reason = f"the tables before it could not be seeded: {failed.subject}: {failed.reason}"
            bench.skip("blocking", "", reason)
            return
        with climbing.beside(fresh):
            for number in range(first, applied):
                if not climbing.step(fresh, number, "up"):
                    return


def _unseeded(bench: Bench, applied: int) -> None:
    """Note of which migrations nothing can be measured, for a table of theirs has no rows."""
    empty = {o.subject: o.reason for o in bench.seen if isinstance(o, Skipped) and o.what == "seed" and o.subject}
    for number in range(applied):
        name = next((name for name in sorted(_of_before(bench, number)) if name in empty), None)
        if name is not None:
            bench.skip("blocking", bench.plan.changes[number].id, f"{name} could not be seeded: {empty[name]}")


def _of_before(bench: Bench, number: int) -> frozenset[str]:
    """Tables that were there before a migration and that its up touches."""
    change, before = bench.plan.changes[number], bench.known(number)
    if before is None:
        return frozenset()
    after = bench.known(number + 1)
    there = {e.name for e in before.entities if e.kind in TABLES}
    # What drops an index names no table on PostgreSQL, and no lock of it is seen where it works CONCURRENTLY.
    return frozenset(there) & {*_named(bench, change), *(altered(before, after) if after is not None else ())}


def _touched(bench: Bench, number: int) -> frozenset[str]:
    """Tables with rows that were there before a migration and that its up touches."""
    rows = {o.entity: o.rows for o in bench.seen if isinstance(o, Loaded)}
    head = next((o.schema for o in bench.seen if isinstance(o, Inspected) and o.label == "head"), None)
    kept = {e.name for e in head.entities if e.kind in TABLES} if head is not None else set()
    return frozenset(name for name in _of_before(bench, number) if rows.get(name, 0) or name not in kept)


def _named(bench: Bench, change: Change) -> Iterator[str]:
    for statement in change.up:
        intent = bench.engine.intent(statement)
        yield intent.entity
        yield from intent.references
    for applied in bench.seen:
        if isinstance(applied, Applied) and applied.stage == "up" and applied.subject == change.id:
            yield from (lock.relation for effect in applied.effects for lock in effect.locks)


def _views(bench: Bench, change: Change, schema: Schema) -> Iterator[str]:
    """Views that a migration names or locks: who comes through them may wait where who uses their tables does not."""
    named = frozenset(_named(bench, change))
    yield from (entity.name for entity in schema.entities if entity.kind == "view" and entity.name in named)


def _reversible(bench: Bench, first: int, applied: int) -> bool:
    """Whether all downs from the end to that migration lead exactly back."""
    exact = {
        trip.migration
        for trip in bench.seen
        if isinstance(trip, RoundTrip) and trip.way == "alone" and all(d.kind == "order" for d in trip.differences)
    }
    return all(change.down is not None and change.id in exact for change in bench.plan.changes[first:applied])


@dataclass(slots=True)
class _Climbing:
    """Migrations measured one after the other, on one database at a time."""

    bench: Bench
    touched: Mapping[int, Collection[str]]
    now: datetime
    _beside: Traffic | None = None

    @contextmanager
    def beside(self, database: Address) -> Iterator[None]:
        """While inside, traffic can be had, if any of the migrations needs it."""
        if not any(self._needs_traffic(number) for number in self.touched):
            yield
            return
        with traffic(Job(self.bench.engine.name, database)) as opened:
            self._beside = opened
            try:
                yield
            finally:
                self._beside = None

    def step(self, database: Address, number: int, way: Way) -> bool:
        """Apply one migration, measured if it touches tables with rows; whether the server took it.

        A machine adds to a wait and takes nothing off: one just over the limit is measured again; the shorter counts.
        """
        found = last = self._measured(database, number, way)
        if found is not None and self._on_edge(found) and _reversible(self.bench, number, number + 1):
            last = self._measured(database, number, way) if self._undone(database, number, way) else None
            found = min(found, last, key=_longest_ms) if last is not None else found
        self.bench.seen.extend(found or ())
        return last is not None

    def _on_edge(self, measured: Sequence[Measured]) -> bool:
        limit = self.bench.plan.scenario.blocks_ms
        return limit < _longest_ms(measured) <= EDGE * limit

    def _undone(self, database: Address, number: int, way: Way) -> bool:
        """Whether the database is as it was before that migration went that way."""
        with self.bench.engine.connect(database) as session:
            return self.bench.replayed(session, self._statements(number, "down" if way == "up" else "up")) is None

    def _statements(self, number: int, way: Way) -> Sequence[Statement]:
        change = self.bench.plan.changes[number]
        return change.up if way == "up" else change.down or ()

    def _measured(self, database: Address, number: int, way: Way) -> Sequence[Measured] | None:
        """What each statement did; None when one is refused."""
        change, bench = self.bench.plan.changes[number], self.bench
        touched = self.touched.get(number, ())
        bench.progress.stage(f"migration {change.id} {way}, at the scenario's size")
        paced = bool(touched) and self._beside is not None and self._needs_traffic(number)
        with bench.engine.connect(database) as session:
            if paced and self._beside is not None:
                schema = session.inspect()
                concerned = frozenset((*touched, *_views(bench, change, schema)))
                self._beside.send(load(bench, session, Wanted(schema, concerned, self.now)))
                self._beside.settle(WARM_S)
            effects = bench.run(session, self._statements(number, way))
            passage = Passage(change.id, way, effects, tuple(sorted(touched)), time.perf_counter())
        if effects and effects[-1].refusal is not None:
            reason = f"refused on tables that hold rows: {effects[-1].refusal.message}"
            bench.skip("blocking", change.id, reason)
            return None
        if not (paced and self._beside is not None):
            return tuple(alone(passage)) if touched else ()
        self._beside.settle(AFTER_S)
        measured = tuple(beside(passage, self._beside.seen()))
        self._beside.send(())
        return measured

    def _needs_traffic(self, number: int) -> bool:
        """Whether there are many rows, or its statements take so long that it matters who waits for them."""
        bench = self.bench
        change = bench.plan.changes[number]
        rows = {o.entity: o.rows for o in bench.seen if isinstance(o, Loaded)}
        # A table that has another name at the end may be any of them.
        loaded = sum(rows.get(name, max(rows.values(), default=0)) for name in self.touched[number])
        empty_s: dict[str, float] = {}
        for seen in bench.seen:
            if isinstance(seen, Applied) and seen.subject == change.id and (way := WAYS.get(seen.stage)):
                empty_s[way] = min(seen.elapsed_s, empty_s.get(way, seen.elapsed_s))
        return loaded >= MANY_ROWS or max(empty_s.values(), default=0.0) * 1000 > LONG * bench.plan.scenario.blocks_ms


def _longest_ms(measured: Sequence[Measured]) -> float:
    """The longest that a statement kept anybody waiting."""
    return max((stall.own_ms for each in measured for stall in each.stalls), default=0.0)
