"""A database filled in ranges of rows, by any number of workers, while the server builds the indexes of what is there.

A range is a pure function of the order and two row numbers, so it can be made anywhere: in this process, in others, on
a cluster. Workers send their rows to the server themselves. What the session notes of each range (``harness.bulk``)
lets a filling that was interrupted go on.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import lru_cache

from harness import adapters
from harness.bulk import Bulk, Journal, Part, Range
from harness.engine import Engine, Session, Unsatisfied
from harness.errors import InputError, ServerError
from harness.run.model import Loaded, Observation, Progress, Skipped
from harness.run.workers import Roll
from harness.seeding.memo import read
from harness.seeding.rows import Seeded, refused, seeded
from harness.servers.model import Address

RANGE_ROWS = 200_000
BUILDERS = 2
"""Indexes that the server builds at once."""

CALLED_S = 2.0
"""When no range has been done for so long, it is asked whether all who make them are there."""

WORKER_GONE = (
    "a process that makes rows has ended before its time: killed, or by want of memory: "
    "fewer need less of it (--workers 1)"
)


@dataclass(frozen=True, slots=True)
class Task:
    """One range of rows, with everything that a worker elsewhere needs to make it and to send it."""

    engine: str
    address: Address
    memo: str
    rows: Range


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task: ``refused`` is what the server said of the rows, empty when it took them."""

    rows: Range
    written: int = 0
    refused: str = ""


@lru_cache(maxsize=2)
def _seeded(memo: str) -> Seeded:
    return seeded(read(memo))


def fill(task: Task) -> Done:
    """Make a range and send it; run by a worker."""
    made, rows = _seeded(task.memo), task.rows
    with adapters.find(task.engine).connect(task.address) as session:
        batches = made.batches(rows.entity, first=rows.first, last=rows.last)
        try:
            written = stepwise(session).load_range(made.entity(rows.entity), batches, rows)
        except Unsatisfied as refused:
            return Done(rows, refused=said(refused))
    return Done(rows, written)


def stepwise(session: Session) -> Bulk:
    """The session, which fills in steps."""
    if not isinstance(session, Bulk):
        raise InputError("this engine cannot be filled in steps")
    return session


def said(refused: Unsatisfied) -> str:
    """The server's words."""
    return f"{refused.refusal.message} {refused.refusal.detail}".strip()


@dataclass(slots=True)
class Filling:
    """A filling under way.

    Attributes:
        executor: where ranges are made; ``width`` of them at once.
        order: the memo of the order, from which every worker makes its rows.
    """

    engine: Engine
    address: Address
    executor: Executor
    width: int
    order: str
    progress: Progress
    seen: list[Observation] = field(default_factory=list)
    _begun: dict[str, float] = field(default_factory=dict)
    _took: dict[str, float] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _roll: Roll = field(default_factory=Roll)

    def run(self) -> Sequence[Observation]:
        """Fill what is not filled yet, and put everything back; what was loaded and what could not be."""
        made = _seeded(self.order)
        with self.engine.connect(self.address) as session:
            bulk = stepwise(session)
            journal = bulk.journal()
            if journal is None:
                bulk.begin(read(self.order).schema, self.order)
                journal = bulk.journal()
            if journal is None:
                raise InputError(f"{self.address}: the journal of the filling is gone: somebody else ended it")
            try:
                unbuilt = self._loaded(made, journal, bulk)
            except BrokenExecutor as error:
                raise ServerError(WORKER_GONE) from error
            self._put_back(unbuilt, bulk, made)
            self.progress.stage("statistics")
            bulk.finish(read(self.order).schema)
        return [*self._results(made), *self.seen]

    def _loaded(self, made: Seeded, journal: Journal, bulk: Bulk) -> list[Part]:
        """Load the ranges that are missing; indexes are built beside it as soon as their table is full."""
        noted = set(journal.done)
        total = sum(volume.rows for volume in made.volumes)
        done = sum(each.last - each.first for each in noted)
        waiting = deque(each for each in ranges(made) if each not in noted)
        left = {volume.entity: 0 for volume in made.volumes}
        for rows in waiting:
            left[rows.entity] += 1
        parts = {e: [p for p in journal.aside if p.entity == e and p.kind == "index"] for e in left}
        self.progress.stage("seeding")
        self.progress.advance(done, total)
        builders = ThreadPoolExecutor(BUILDERS)
        building: list[Future[str]] = [builders.submit(self._built, p) for e in left if not left[e] for p in parts[e]]
        running: set[Future[Done]] = set()
        try:
            while waiting or running:
                while waiting and len(running) < self.width + 1:
                    running.add(self._submitted(waiting.popleft()))
                finished, running = self._finished(running)
                for future in finished:
                    result = future.result()
                    done += result.rows.last - result.rows.first
                    self.progress.advance(done, total)
                    self._note(result)
                    left[result.rows.entity] -= 1
                    if not left[result.rows.entity] and result.rows.entity not in self._refused:
                        building += [builders.submit(self._built, p) for p in parts[result.rows.entity]]
                if self._refused:
                    waiting = deque(each for each in waiting if each.entity not in self._refused)
            self.progress.stage("building indexes")
            failed = [text for built in building if (text := built.result())]
        except BaseException as error:
            self._ended(error)
            raise
        finally:
            builders.shutdown(wait=True, cancel_futures=True)
        for entity, _, reason in (text.partition("\n") for text in failed):
            self._refused.setdefault(entity, refused(reason))
        if self._refused:
            self._emptied(made, bulk)
        found = bulk.journal()
        return list(found.aside) if found is not None else []

    def _ended(self, error: BaseException) -> None:
        """Ranges under way are done when this returns, and no other one is begun."""
        if isinstance(error, BrokenExecutor):
            self._roll.dismiss()
        self.executor.shutdown(wait=True, cancel_futures=True)

    def _submitted(self, rows: Range) -> "Future[Done]":
        self._begun.setdefault(rows.entity, time.perf_counter())
        try:
            future = self.executor.submit(fill, Task(self.engine.name, self.address, self.order, rows))
        except OSError as error:  # a pool that breaks while it starts a process has closed its queue already
            raise BrokenExecutor from error
        self._roll.call()
        return future

    def _finished(self, running: set[Future[Done]]) -> tuple[set[Future[Done]], set[Future[Done]]]:
        """Ranges that are done, and those that are not; BrokenExecutor when whoever makes them is gone."""
        while True:
            finished, left = wait(running, CALLED_S, return_when=FIRST_COMPLETED)
            if finished:
                return finished, left
            if not self._roll.call():
                raise BrokenExecutor

    def _note(self, result: Done) -> None:
        name = result.rows.entity
        self._took[name] = time.perf_counter() - self._begun[name]
        if result.refused:
            self._refused.setdefault(name, refused(result.refused))

    def _built(self, part: Part) -> str:
        """Put a part back on a connection of its own; the entity and what the server said when it could not."""
        try:
            with self.engine.connect(self.address) as session:
                stepwise(session).put_back(part)
        except Unsatisfied as refused:
            return f"{part.entity}\n{said(refused)}"
        return ""

    def _emptied(self, made: Seeded, bulk: Bulk) -> None:
        """Refused tables have no rows, nor have those that refer to them."""
        schema = read(self.order).schema
        while True:
            more = {
                entity.name: f"{key.target}, which it refers to, has no rows"
                for entity in schema.entities
                for key in entity.foreign_keys
                if key.target in self._refused and entity.name in made.tables and entity.name not in self._refused
            }
            if not more:
                break
            self._refused |= more
        bulk.empty([made.entity(name) for name in self._refused])

    def _put_back(self, aside: Sequence[Part], bulk: Bulk, made: Seeded) -> None:
        """What is still aside; a table whose rows do not satisfy it is emptied, and gets it all the same."""
        self.progress.stage("building indexes and references")
        for part in aside:
            try:
                bulk.put_back(part)
            except Unsatisfied as unsatisfied:
                if part.entity in self._refused:
                    raise  # it holds nothing any more
                self._refused[part.entity] = refused(said(unsatisfied))
                self._emptied(made, bulk)
                bulk.put_back(part)

    def _results(self, made: Seeded) -> Iterator[Observation]:
        for volume in made.volumes:
            name = volume.entity
            if name in self._refused:
                yield Skipped("seed", name, self._refused[name])
            elif volume.rows:
                yield Loaded(name, volume.rows, made.planted(name), self._took.get(name, 0.0), volume.why)


def ranges(made: Seeded) -> Iterator[Range]:
    """All rows in ranges, in the order of loading."""
    for volume in made.volumes:
        for first in range(0, volume.rows, RANGE_ROWS):
            yield Range(volume.entity, first, min(first + RANGE_ROWS, volume.rows))


def loaded(done: Iterable[Range]) -> dict[str, int]:
    """Rows of each entity in those ranges."""
    found: dict[str, int] = {}
    for each in done:
        found[each.entity] = found.get(each.entity, 0) + each.last - each.first
    return found
