"""Rows of an order loaded, table by table: what the server does not take is left out, and the rest goes in without it.

What a server says of a table's rows, while they come or when its indexes and references are made again, may take the
rows of all others with it: in one transaction they go together. So the filling begins anew, in which that table has no
rows, nor have those that need it; all others have the rows that they would have had.
"""

import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from harness.design.model import Schema
from harness.engine import Session, Unsatisfied
from harness.facts import Batch
from harness.run.bench import Bench
from harness.run.model import Loaded
from harness.seeding.model import Order, Volume
from harness.seeding.rows import Seeded, seeded


@dataclass(slots=True)
class Loading:
    """A filling under way, of all tables of an order or of those that are named."""

    bench: Bench
    session: Session
    order: Order
    tables: Collection[str] | None
    _refused: dict[str, str] = field(default_factory=dict)
    _there: dict[str, Loaded] = field(default_factory=dict)

    def run(self) -> Seeded:
        """Load, and note what was loaded and what was not; the rows as they were made in the end."""
        first = found = seeded(self.order)
        wanted = [volume for volume in first.volumes if self._concerns(volume.entity)]
        before = {volume.entity: self.session.count(volume.entity) for volume in wanted if volume.rows}
        whys = {volume.entity: volume.why for volume in first.volumes}
        while (refusal := self._pass(found, whys)) is not None:
            name = refusal.entity
            said = f"the server refuses its rows: {refusal.refusal.message} {refusal.refusal.detail}".strip()
            stayed = {each for each, rows in before.items() if self.session.count(each) > rows}
            if name not in before or name in self._refused or stayed & {name, *self._referring(name)}:
                self._nothing_more(name, said, [v.entity for v in wanted if v.rows and v.entity not in stayed])
                break
            self._refused[name] = said
            rows = {volume.entity: volume.rows for volume in first.volumes} | dict.fromkeys(self._refused, 0)
            found = seeded(replace(self.order, rows=rows))
            self._there = {each: loaded for each, loaded in self._there.items() if each in stayed}
        self.bench.seen.extend(self._there[v.entity] for v in wanted if v.entity in self._there)
        self._note(wanted, found)
        return found

    def _concerns(self, name: str) -> bool:
        return self.tables is None or name in self.tables

    def _pass(self, found: Seeded, whys: dict[str, str]) -> Unsatisfied | None:
        """Load what is not there yet; what the server said when it did not take it."""
        schema, tables = self.order.schema, self.tables
        if tables is not None:
            schema = Schema(tuple(e for e in schema.entities if e.name in tables), schema.objects)
        try:
            with self.session.filling(schema):
                for volume in found.volumes:
                    if volume.rows and self._concerns(volume.entity) and volume.entity not in self._there:
                        self._there[volume.entity] = self._loaded(found, volume, whys[volume.entity])
                self.bench.progress.stage("building indexes and references")
        except Unsatisfied as refusal:
            return refusal
        return None

    def _loaded(self, found: Seeded, volume: Volume, why: str) -> Loaded:
        name = volume.entity
        self.bench.progress.stage(f"seeding {name}")
        begun = time.perf_counter()
        rows = self.session.load(found.entity(name), self._told(found.batches(name), volume.rows))
        why = self.bench.plan.scenario.origin(name) if why == "given" else why
        return Loaded(name, rows, found.planted(name), time.perf_counter() - begun, why)

    def _told(self, batches: Iterable[Batch], total: int) -> Iterator[Batch]:
        done = 0
        for batch in batches:
            yield batch
            done += batch.rows
            self.bench.progress.advance(done, total)

    def _referring(self, name: str) -> Iterator[str]:
        return (e.name for e in self.order.schema.entities if any(key.target == name for key in e.foreign_keys))

    def _nothing_more(self, name: str, said: str, lost: Collection[str]) -> None:
        """It cannot be done without that table: what was loaded with it is gone."""
        self._refused[name] = said
        self._refused |= {each: f"its rows went with those of {name}" for each in lost if each not in self._refused}
        self._there = {each: loaded for each, loaded in self._there.items() if each not in self._refused}

    def _note(self, wanted: Iterable[Volume], found: Seeded) -> None:
        """Of each table that has no rows, the reason; what of the others cannot be made is noted elsewhere."""
        for name, said in self._refused.items():
            self.bench.skip("seed", name, said)
        now = {volume.entity: volume for volume in found.volumes}
        for volume in wanted:
            last = now[volume.entity]
            if volume.entity not in self._refused and volume.rows and not last.rows:
                self.bench.skip("seed", volume.entity, last.why)
