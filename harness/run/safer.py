"""Safer ways tried: each from the state before its migration, on rows, beside traffic, and compared with the usual way.

A way is offered when it leads to exactly the same schema and keeps nobody waiting longer. What is refused, or leads
elsewhere, is told with the reason.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from harness.design.compare import differences
from harness.design.model import Schema, Statement
from harness.facts import Effect, Refusal
from harness.plan.model import Change
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.flow import Job
from harness.run.model import Loaded, Observation
from harness.run.requests import Wanted
from harness.run.staircase import rebuilt
from harness.run.stalls import Passage, beside
from harness.run.through import load
from harness.run.traffic import Traffic, traffic
from harness.safer import DROPS, Rewriting, SaferWay
from harness.servers.model import Address
from harness.watching import Working

WARM_S = 0.35
AFTER_S = 0.35
LOOK_MS = 20.0
"""Shorter waits cannot be told from none."""

TURNS = 4
"""How often both ways are gone before one counts as worse. Of two that are alike, four waits of the one are all longer
than four of the other once in 70 times (4! 4! / 8!)."""

Standing = Literal["offered", "as it is", "refused", "differs", "no better"]


@dataclass(frozen=True, slots=True)
class Offer(Observation):
    """One statement of a migration's up, and what may stand in its place.

    Attributes:
        way: its migrations, in order; the statement itself where it stays ``as it is``.
        reason: why a way that was tried is not offered.
        usual_ms: the longest that anybody waited for a lock that the statement took, as it is written.
        copies: whether it wrote a table anew.
    """

    migration: str
    statement: Statement
    standing: Standing
    way: SaferWay
    reason: str = ""
    usual_ms: float = 0.0
    copies: bool = False


@dataclass(frozen=True, slots=True)
class Weighed(Observation):
    """The longest that anybody waited for a lock while a migration went up, as it is written and in the safer way.

    Attributes:
        rows: of the tables that it touches, together.
    """

    migration: str
    rows: int
    usual_ms: float
    safer_ms: float


@dataclass(frozen=True, slots=True)
class _Went:
    """How a way went: the schema that came of it, the effects, and for each the longest wait in milliseconds."""

    schema: Schema
    effects: tuple[Effect, ...]
    waits: tuple[float, ...]

    @property
    def refusal(self) -> Refusal | None:
        return self.effects[-1].refusal if self.effects else None

    @property
    def waited_ms(self) -> float:
        return max(self.waits, default=0.0)


def offers(bench: Bench, now: datetime) -> None:
    """Look for a safer way for every statement that changes a table which was there before its migration."""
    if not isinstance(bench.engine, Rewriting):
        bench.skip("safer", "", f"no safer ways are known of {bench.engine.title}")
        return
    for number, change in enumerate(bench.plan.changes):
        bench.progress.stage(f"migration {change.id}: the usual way and the safer one")
        with rebuilt(bench, number, "safer") as before:
            there = frozenset(entity.name for entity in bench.inspect(before).entities)
            touched = frozenset(name for statement in change.up if (name := _on(bench, statement)) in there)
            if touched:
                seed(part := replace(bench, seen=[]), before, part.inspect(before), now)
                rows = sum(o.rows for o in part.seen if isinstance(o, Loaded) and o.entity in touched)
                bench.seen.extend(_Trial(bench, change, before, touched, rows, now).offers())


def _on(bench: Bench, statement: Statement) -> str:
    """The table that a statement changes; of an index that is dropped, the server alone knows it."""
    intent = bench.engine.intent(statement)
    return intent.entity or intent.name


@dataclass(frozen=True, slots=True)
class _Trial:
    bench: Bench
    change: Change
    before: Address
    touched: frozenset[str]
    rows: int
    now: datetime

    def offers(self) -> Iterator[Observation]:
        """The migration with each statement in the first of its ways that can be had."""
        usual = self._went([self.change.up])
        if usual.refusal is not None:
            self.bench.skip("safer", self.change.id, f"refused on rows: {usual.refusal.message}")
            return
        found = [
            replace(self._offer(effect, usual), usual_ms=waited, copies=bool(effect.rewrites))
            for effect, waited in zip(usual.effects, usual.waits, strict=True)
        ]
        found = self._dropped_last(found, usual)
        if any(each.standing == "offered" for each in found):
            usually, safely = self._waited(usual.waited_ms, _migrations(found))
            if _longer(usually, safely):
                reason = f"others waited {min(safely):,.0f} ms, and {max(usually):,.0f} ms the usual way"
                found = [
                    replace(each, standing="no better", way=((each.statement,),), reason=reason)
                    if each.standing == "offered"
                    else each
                    for each in found
                ]
            yield Weighed(self.change.id, self.rows, min(usually), min(safely))
        yield from found

    def _dropped_last(self, found: list[Offer], usual: _Went) -> list[Offer]:
        """What takes a constraint or an index away after all else, where it can stand there.

        In several migrations nothing would keep what it kept, until the last of them has made what takes its place.
        """
        early = uncovered(found)
        moved = [each for each in found if each not in early] + early
        went = self._went(_migrations(moved), beside=False) if early else None
        same = went is not None and went.refusal is None and not differences(usual.schema, went.schema)
        return moved if same else found

    def _waited(self, usual_ms: float, safer: Sequence[Sequence[Statement]]) -> tuple[list[float], list[float]]:
        """The longest wait of each turn, the usual way and the safer one; one turn where that one is not longer."""
        usually, safely = [usual_ms], [self._went(safer).waited_ms]
        while _longer(usually, safely) and len(usually) < TURNS:
            usually.append(self._went([self.change.up]).waited_ms)
            safely.append(self._went(safer).waited_ms)
        return usually, safely

    def _offer(self, effect: Effect, usual: _Went) -> Offer:
        statement, id_ = effect.statement, self.change.id
        asis: SaferWay = ((statement,),)
        engine = self.bench.engine
        ways = engine.safer(statement, effect) if isinstance(engine, Rewriting) and self._is_old(statement) else ()
        offer = Offer(id_, statement, "as it is", asis)
        for way in ways:
            went = self._instead(statement, way)
            if went.refusal is not None:
                offer = Offer(id_, statement, "refused", asis, went.refusal.message)
                continue
            apart = differences(usual.schema, went.schema)
            if not apart:
                return Offer(id_, statement, "offered", way)
            offer = Offer(id_, statement, "differs", asis, "; ".join(map(str, apart[:3])))
        return offer

    def _is_old(self, statement: Statement) -> bool:
        """Whether it changes a table that others use already."""
        intent = self.bench.engine.intent(statement)
        return _on(self.bench, statement) in self.touched or (intent.kind == "index" and intent.verb == "drop")

    def _instead(self, statement: Statement, way: SaferWay) -> _Went:
        """The migration with that way in the statement's place, with nobody beside it."""
        found = [
            Offer(self.change.id, each, "offered", way if each is statement else ((each,),)) for each in self.change.up
        ]
        return self._went(_migrations(found), beside=False)

    def _went(self, migrations: Sequence[Sequence[Statement]], *, beside: bool = True) -> _Went:
        with self.bench.database("safer_try", self.before) as database:
            if not beside or not self.rows:
                effects, waits = self._run(database, migrations, None)
            else:
                with traffic(Job(self.bench.engine.name, database)) as running:
                    effects, waits = self._run(database, migrations, running)
            return _Went(self.bench.inspect(database), tuple(effects), tuple(waits))

    def _run(
        self, database: Address, migrations: Sequence[Sequence[Statement]], running: Traffic | None
    ) -> tuple[list[Effect], list[float]]:
        """Run them in order up to the first refusal: their effects, and the longest wait of anybody for each."""
        done: list[Effect] = []
        waits: list[float] = []
        with self.bench.engine.connect(database) as session:
            if running is not None and isinstance(session, Working):
                running.send(load(self.bench, session, Wanted(session.inspect(), self.touched, self.now)))
                running.settle(WARM_S)
            for statements in migrations:
                effects = self.bench.run(session, statements)
                passage = Passage(self.change.id, "up", effects, tuple(sorted(self.touched)), time.perf_counter())
                done += effects
                waits += [0.0] * len(effects) if running is None else self._waits(passage, running)
                if effects and effects[-1].refusal is not None:
                    break
        return done, waits

    @staticmethod
    def _waits(passage: Passage, running: Traffic) -> Iterator[float]:
        running.settle(AFTER_S)
        for each in beside(passage, running.seen()):
            yield max((stall.own_ms for stall in each.stalls), default=0.0)


def _longer(usually: Sequence[float], safely: Sequence[float]) -> bool:
    """Whether others waited longer the safer way in every turn than in any turn of the usual one."""
    return min(safely) > max(*usually, LOOK_MS)


def _migrations(found: Sequence[Offer]) -> list[tuple[Statement, ...]]:
    """The migrations of all statements: those that stay as they are go on together, as they stood together."""
    result: list[tuple[Statement, ...]] = []
    together: list[Statement] = []
    for offer in found:
        if offer.standing == "offered" and offer.way != ((offer.statement,),):
            if together:
                result.append(tuple(together))
            result += offer.way
            together = []
        else:
            together.append(offer.statement)
    return [*result, tuple(together)] if together else result


def uncovered(found: Sequence[Offer]) -> list[Offer]:
    """Statements that take a constraint or an index away before a part of its own that comes later."""
    last = max((n for n, each in enumerate(found) if each.standing == "offered"), default=0)
    return [each for each in found[:last] if DROPS.search(each.statement.text)]


def parts(found: Sequence[Offer]) -> list[tuple[Statement, ...]]:
    """The migrations to write instead of one, in order."""
    return _migrations(found)
