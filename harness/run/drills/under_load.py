"""under-load: readers and writers go on at their pace while each migration goes up and down."""

import time
from collections.abc import Collection, Iterator, Sequence

from harness.counting import counted
from harness.run.drills.model import Drill, Step
from harness.run.drills.rig import Rig, concerned
from harness.run.flow import Job
from harness.run.model import Way
from harness.run.requests import Wanted
from harness.run.seen.drills import NOT_CONCERNED, Result, Trial, places, unknown
from harness.run.seen.statements import Measured
from harness.run.stalls import Passage, beside
from harness.run.through import load
from harness.run.traffic import traffic
from harness.servers.model import Address
from harness.watching import Working

NAME = "under-load"
WARM_S = 0.35
AFTER_S = 0.35


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """The up beside traffic on the tables before it, the down beside traffic on those after it."""
    yield from _way(rig, step, "up")
    if step.down is not None:
        yield from _way(rig, step, "down")


def _way(rig: Rig, step: Step, way: Way) -> Iterator[Trial]:
    change = step.change
    if not step.up:
        yield Trial(NAME, change.id, way, "traffic", "untried", "its up is refused on these rows", change.source)
        return
    both = {e.name for e in step.start.schema.entities} & {e.name for e in step.end.schema.entities}
    touched = both & concerned(rig, step, way)
    if not touched or not (step.up if way == "up" else step.down):
        reason = "it touches no table that is there on both sides of it"
        yield Trial(NAME, change.id, way, "traffic", "untried", reason, change.source, NOT_CONCERNED)
        return
    rig.bench.progress.stage(f"migration {change.id} {way}: under load")
    with rig.clone(step.before if way == "up" else step.after) as database:
        measured = _measured(rig, database, step, way, touched)
    rig.bench.seen.extend(measured)
    if not any(each.before is not None and each.before.per_second for each in measured):
        reason = "no query needs its tables, and none of their rows can be read or written by a key"
        yield Trial(NAME, change.id, way, "traffic", "untried", reason, change.source)
        return
    for each in measured:
        yield _trial(rig, each)


def _measured(rig: Rig, database: Address, step: Step, way: Way, touched: Collection[str]) -> tuple[Measured, ...]:
    bench = rig.bench
    statements = step.change.up if way == "up" else step.change.down or ()
    with bench.engine.connect(database) as session:
        if not isinstance(session, Working):
            return ()
        with traffic(Job(bench.engine.name, database)) as flowing:
            flowing.send(load(bench, session, Wanted(session.inspect(), touched, rig.now)))
            flowing.settle(WARM_S)
            effects = rig.bench.run(session, statements)
            passage = Passage(step.change.id, way, effects, tuple(sorted(touched)), time.perf_counter())
            flowing.settle(AFTER_S)
            return tuple(beside(passage, flowing.seen()))


def _trial(rig: Rig, seen: Measured) -> Trial:
    """A stall that is longer than the limit is a failure; what was merely slow is not."""
    limit_ms = rig.bench.plan.scenario.blocks_ms
    longest = max((stall.own_ms for stall in seen.stalls), default=0.0)
    result: Result = "failed" if longest > limit_ms else "passed"
    words = [f"took {seen.elapsed_s * 1000:.0f} ms"]
    if seen.stalls:
        first = seen.stalls[0]
        words.append(f"longest wait {longest:.0f} ms, of a {first.kind} of {first.relation} for {first.wanted}")
    else:
        words.append("nobody waited for it")
    if seen.queued is not None:
        words.append(f"waited {seen.queued.waited_ms:.0f} ms itself for {' and '.join(seen.queued.behind) or 'others'}")
    if seen.before is not None and seen.during is not None:
        words.append(f"p99 {seen.before.p99_ms:.1f} ms before, {seen.during.p99_ms:.1f} ms during")
        if seen.during.errors:
            words.append(f"{counted(seen.during.errors, 'request')} failed")
    evidence = {"longest_wait_ms": round(longest, 1), "limit_ms": limit_ms}
    source = seen.statement.source
    return Trial(NAME, seen.migration, seen.way, "beside traffic", result, ", ".join(words), source, evidence)


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    failed = [t for t in trials if t.result == "failed"]
    if failed:
        return f"{places(failed)} stops others longer than the limit: take the safer sequence, or a maintenance window"
    untried = unknown(trials)
    if untried:
        return f"who waits for {places(untried)} is not known: try it on a copy of production, with requests beside it"
    if not any(t.result == "passed" for t in trials):
        return "no migration is about a table that is there on both sides of it: nobody can be stopped"
    return "these migrations can run while others work"


DRILL = Drill(
    NAME,
    "Who waits, and how long, while each migration goes up and down beside readers and writers?",
    ("blocks-at-most",),
    run,
    advice,
)
