"""old-code-new-schema: while a release rolls out, the code before a migration runs on the schema after it."""

from collections.abc import Iterator, Sequence

from harness.counting import counted, form
from harness.design.claim_types import BackwardCompatible
from harness.run.compatibility import Side, Way, across, repeated
from harness.run.drills.model import Drill, Step
from harness.run.drills.rig import Rig
from harness.run.model import Tried
from harness.run.seen.drills import Result, Trial, places

NAME = "old-code-new-schema"
SHOWN = 3


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """Everything that the database before takes, tried on the one after."""
    claims = (c.migration for c in rig.bench.plan.design.claims if isinstance(c, BackwardCompatible))
    refused: Result = "failed" if step.change.id in claims else "told"
    yield from crossed(rig, step, "old on new", NAME, refused)


def crossed(rig: Rig, step: Step, way: Way, drill: str, refused: Result) -> Iterator[Trial]:
    """One trial for what is refused of each table or query, one for all that is taken."""
    rig.bench.progress.stage(f"migration {step.change.id}: {drill.replace('-', ' ')}")
    old, new = Side(step.before, step.start.schema), Side(step.after, step.end.schema, filled=True)
    sides = (old, new) if way == "old on new" else (new, old)
    doubles = (each for each, _ in repeated(rig.bench, step.change, sides, rig.now, way))
    tried = (*across(rig.bench, step.change, sides, rig.now, way), *doubles)
    rig.bench.seen.extend(tried)
    taken = sum(not each.fault for each in tried)
    if taken or not tried:
        sent = f"{taken} of {counted(len(tried), 'statement')} {form(taken, 'is', 'are')} taken"
        message = sent if tried else "there is no table before it"
        result: Result = "passed" if tried else "untried"
        yield Trial(drill, step.change.id, None, "queries, reads and writes", result, message, step.change.source)
    reasons: dict[tuple[str, Result], list[str]] = {}
    for each in tried:
        if each.fault:
            # Whether code writes doubles, no drill can know.
            result = "told" if each.repeats else refused
            reasons.setdefault((each.fault, result), []).append(_named(each))
    for (reason, result), subjects in reasons.items():
        evidence = {"refused": subjects}
        yield Trial(drill, step.change.id, None, _some(subjects), result, reason, step.change.source, evidence)


def _named(tried: Tried) -> str:
    return f"query {tried.subject}" if tried.kind == "query" else f"{tried.kind.upper()} {tried.subject}"


def _some(subjects: Sequence[str]) -> str:
    return "; ".join(subjects[:SHOWN]) + (f" and {len(subjects) - SHOWN} more" if len(subjects) > SHOWN else "")


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    failed = [t for t in trials if t.result == "failed"]
    if failed:
        return (
            f"{places(failed)} is not what it says: stop the old code before it runs, or expand (add what is new, "
            "write both), move the code, and contract in a later release"
        )
    told = [t for t in trials if t.result == "told"]
    if told:
        return f"before {places(told)} runs, no code may be left that needs the schema before it: deploy that first"
    return "migrate first, then roll the code out: the old code works on the new schema"


DRILL = Drill(
    NAME,
    "Does the code before each migration work on the schema after it?",
    ("backward-compatible",),
    run,
    advice,
)
