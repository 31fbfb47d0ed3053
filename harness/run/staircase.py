"""Migrations up, down and up: each alone on the state before it, then the whole chain unwound and wound up again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from harness.design.compare import differences
from harness.design.model import Schema
from harness.plan.model import Change
from harness.run.bench import STATEMENT_TIMEOUT_S, Bench
from harness.run.model import Applied, RoundTrip, Stage
from harness.servers.model import Address


def climb(bench: Bench) -> int:
    """Try every migration; how many of them, from the first, could be applied."""
    changes = bench.plan.changes
    with ExitStack() as databases:
        database = databases.enter_context(bench.database("chain"))
        states = [bench.state(database, "start")]
        exact = True
        for number, change in enumerate(changes):
            bench.progress.stage(f"migration {change.id}: up, down, up")
            up = bench.apply(database, "up", change.id, change.up)
            if not up.ok:
                left = differences(states[-1], bench.state(database))
                bench.seen.append(RoundTrip(change.id, "up refused", left))
                _rest_skipped(bench, number)
                break
            states.append(bench.state(database, f"after {change.id}"))
            if not _there_and_back(bench, database, change, states[-2], states[-1]):
                exact = False
                database = databases.enter_context(rebuilt(bench, number + 1))
        applied = len(states) - 1
        if exact:
            _unwind(bench, database, changes[:applied], states)
        elif applied > 1:
            bench.skip("unwind", "", "a migration does not go down and up exactly, so the whole chain cannot")
    return applied


def _rest_skipped(bench: Bench, failed: int) -> None:
    changes = bench.plan.changes
    for change in changes[failed + 1 :]:
        bench.skip("up", change.id, f"migration {changes[failed].id} before it does not apply")


def _there_and_back(bench: Bench, database: Address, change: Change, before: Schema, after: Schema) -> bool:
    """Down and up again; whether the database is afterwards exactly what it was after the first up."""
    if change.down is None:
        bench.skip("down", change.id, "there is none, and none can be derived")
        return False
    down = bench.apply(database, "down", change.id, change.down)
    back = bench.state(database)
    if not down.ok:
        left = differences(after, back)
        bench.seen.append(RoundTrip(change.id, "down refused", left))
        return not left
    found = differences(before, back)
    bench.seen.append(RoundTrip(change.id, "alone", found))
    again = bench.apply(database, "reup", change.id, change.up)
    if not again.ok:
        return False
    repeated = differences(after, bench.state(database))
    bench.seen.append(RoundTrip(change.id, "again", repeated))
    return not [d for d in (*found, *repeated) if d.kind != "order"]


@contextmanager
def rebuilt(bench: Bench, count: int, name: str = "chain") -> Iterator[Address]:
    """A fresh database with the first ``count`` migrations applied."""
    with bench.database(name) as database:
        with bench.engine.connect(database) as session:
            for change in bench.plan.changes[:count]:
                session.apply(change.up, timeout_s=STATEMENT_TIMEOUT_S)
        yield database


def _unwind(bench: Bench, database: Address, changes: tuple[Change, ...], states: list[Schema]) -> None:
    """All downs from the last to the first, then all ups again."""
    if len(changes) < 2:
        return
    bench.progress.stage("the whole chain: down, and up again")
    for number in range(len(changes) - 1, -1, -1):
        change = changes[number]
        if not _step(bench, database, "unwind", change).ok:
            return
        back = bench.state(database)
        found = tuple(d for d in differences(states[number], back) if d.kind != "order")
        bench.seen.append(RoundTrip(change.id, "all", found))
        if found:
            return
    for change in changes:
        if not _step(bench, database, "rewind", change).ok:
            return


def _step(bench: Bench, database: Address, stage: Stage, change: Change) -> Applied:
    return bench.apply(database, stage, change.id, change.up if stage == "rewind" else change.down or ())
