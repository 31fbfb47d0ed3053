"""clean: up, down and up again at every step, on tables that hold rows, compared exactly each time."""

from collections.abc import Iterator, Sequence

from harness.run.bench import Bench
from harness.run.drills.model import Drill, Step
from harness.run.drills.recovery import some
from harness.run.drills.rig import Rig
from harness.run.model import Applied, RoundTrip, Way
from harness.run.seen.drills import Trial, places

NAME = "clean"


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """What the rehearsal of this migration has shown (see ``walk``): every drill needs it, this one tells of it."""
    bench, change = rig.bench, step.change
    rows = "on tables that hold rows"
    yield Trial(NAME, change.id, "up", "up", "passed", f"applied {rows}", change.source)
    if change.down is None:
        reason = "the document gives no down, and none can be derived"
        yield Trial(NAME, change.id, "down", "down", "untried", reason, change.source)
        return
    yield from _applied(bench, change.id, "down", "down")
    yield from _trip(bench, change.id, "alone", "down")
    yield from _applied(bench, change.id, "reup", "up")
    yield from _trip(bench, change.id, "again", "up")


def _applied(bench: Bench, migration: str, stage: str, way: Way) -> Iterator[Trial]:
    for seen in bench.seen:
        if isinstance(seen, Applied) and (seen.stage, seen.subject) == (stage, migration) and seen.refused is not None:
            refused = seen.refused
            message = f"refused: {refused.refusal.message}" if refused.refusal else ""
            name = "up again" if stage == "reup" else stage
            yield Trial(NAME, migration, way, name, "failed", message, refused.statement.source)


def _trip(bench: Bench, migration: str, kind: str, way: Way) -> Iterator[Trial]:
    for seen in bench.seen:
        if isinstance(seen, RoundTrip) and (seen.way, seen.migration) == (kind, migration):
            source = next(c.source for c in bench.plan.changes if c.id == migration)
            left = tuple(d for d in seen.differences if d.kind != "order")
            subject = "down" if kind == "alone" else "up again"
            if left:
                yield Trial(NAME, migration, way, subject, "failed", some(left), source)
            else:
                yield Trial(NAME, migration, way, subject, "passed", "exact", source)


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    failed = [t for t in trials if t.result == "failed"]
    if failed:
        return f"do not count on a rollback of {places(failed)}: take a backup before, and plan to go forward"
    without = [t for t in trials if t.result == "untried"]
    if without:
        return f"there is no way back from {places(without)}: take a backup before, and plan to go forward"
    return "each migration can be taken back with its down; what that does to new rows the other drills tell"


DRILL = Drill(
    NAME,
    "Does each migration go up, down and up again on tables that hold rows?",
    ("up-applies", "down-applies", "round-trip-exact", "reapplies"),
    run,
    advice,
)
