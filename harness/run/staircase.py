"""Migrations up, down and up: each alone on the state before it, then the whole chain unwound and wound up again."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from harness.design.compare import differences
from harness.design.model import Schema
from harness.plan.model import Change
from harness.run.bench import Bench
from harness.run.chain import Chain, chain
from harness.run.model import Applied, RoundTrip, Stage
from harness.servers.model import Address


@contextmanager
def climb(bench: Bench) -> Iterator[tuple[int, Address | None]]:
    """Try every migration: how many of them, from the first, could be applied, and while inside the database of it all.

    None where they did not all go up, down and up again in it.
    """
    changes = bench.plan.changes
    with ExitStack() as databases:
        at = databases.enter_context(chain(bench, databases.enter_context(bench.database("chain"))))
        states = [at.state("start")]
        exact = True
        for number, change in enumerate(changes):
            bench.progress.stage(f"migration {change.id}: up, down, up")
            up = at.apply("up", change.id, change.up)
            if not up.ok:
                left = differences(states[-1], at.state())
                bench.seen.append(RoundTrip(change.id, "up refused", left))
                _rest_skipped(bench, number)
                break
            states.append(at.state(f"after {change.id}"))
            if change.repeatable and not _once_more(at, change, states[-1]):
                exact = False
                at = databases.enter_context(chain(bench, databases.enter_context(rebuilt(bench, number + 1))))
            if not _there_and_back(at, change, states[-2], states[-1]):
                exact = False
                at = databases.enter_context(chain(bench, databases.enter_context(rebuilt(bench, number + 1))))
        applied = len(states) - 1
        if not exact and applied > 1:
            bench.skip("unwind", "", "a migration does not go down and up exactly, so the whole chain cannot")
        again = exact and _unwind(at, changes[:applied], states) and applied == len(changes)
        yield applied, at.database if again else None


def _rest_skipped(bench: Bench, failed: int) -> None:
    changes = bench.plan.changes
    for change in changes[failed + 1 :]:
        bench.skip("up", change.id, f"migration {changes[failed].id} before it does not apply")


def _once_more(at: Chain, change: Change, after: Schema) -> bool:
    """Its up on what it has made; whether that changes nothing."""
    if not at.apply("repeat", change.id, change.up).ok:
        return not differences(after, at.state())
    found = differences(after, at.state())
    at.bench.seen.append(RoundTrip(change.id, "repeated", found))
    return not found


def _there_and_back(at: Chain, change: Change, before: Schema, after: Schema) -> bool:
    """Down and up again; whether the database is afterwards exactly what it was after the first up."""
    if change.down is None:
        at.bench.skip("down", change.id, "there is none, and none can be derived")
        return False
    down = at.apply("down", change.id, change.down)
    back = at.state()
    if not down.ok:
        left = differences(after, back)
        at.bench.seen.append(RoundTrip(change.id, "down refused", left))
        return not left
    found = differences(before, back)
    at.bench.seen.append(RoundTrip(change.id, "alone", found))
    again = at.apply("reup", change.id, change.up)
    if not again.ok:
        return False
    repeated = differences(after, at.state())
    at.bench.seen.append(RoundTrip(change.id, "again", repeated))
    return not [d for d in (*found, *repeated) if d.kind != "order"]


@contextmanager
def rebuilt(bench: Bench, count: int, name: str = "chain") -> Iterator[Address]:
    """A fresh database with the first ``count`` migrations applied."""
    with bench.database(name) as database:
        with bench.engine.connect(database) as session:
            for change in bench.plan.changes[:count]:
                bench.replayed(session, change.up)
        yield database


def _unwind(at: Chain, changes: Sequence[Change], states: Sequence[Schema]) -> bool:
    """All downs from the last to the first, then all ups again; whether all of them went down, and up again."""
    if len(changes) < 2:
        return any(isinstance(o, RoundTrip) and o.way == "again" for o in at.bench.seen)
    at.bench.progress.stage("the whole chain: down, and up again")
    for number in range(len(changes) - 1, -1, -1):
        change = changes[number]
        if not _step(at, "unwind", change).ok:
            return False
        found = tuple(d for d in differences(states[number], at.state()) if d.kind != "order")
        at.bench.seen.append(RoundTrip(change.id, "all", found))
        if found:
            return False
    return all(_step(at, "rewind", change).ok for change in changes)


def _step(at: Chain, stage: Stage, change: Change) -> Applied:
    return at.apply(stage, change.id, change.up if stage == "rewind" else change.down or ())
