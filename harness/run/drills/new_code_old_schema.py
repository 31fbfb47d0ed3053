"""new-code-old-schema: when a migration is rolled back, the code after it runs on the schema before it."""

from collections.abc import Iterator, Sequence

from harness.run.drills.model import Drill, Step
from harness.run.drills.old_code_new_schema import crossed
from harness.run.drills.rig import Rig
from harness.run.seen.drills import NOT_CONCERNED, Trial, places

NAME = "new-code-old-schema"


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """Everything that the database after takes, tried on the one before: refusals are no fault, but to be known."""
    if not step.start.schema.entities:
        reason = "there is no table before it: no code can run without it"
        change = step.change
        yield Trial(NAME, change.id, None, "queries, reads and writes", "untried", reason, change.source, NOT_CONCERNED)
        return
    yield from crossed(rig, step, "new on old", NAME, "told")


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    told = [t for t in trials if t.result == "told"]
    if told:
        return f"to go back over {places(told)}, take the new code back first and the schema after it, never at once"
    if not any(t.result == "passed" for t in trials):
        return "before the first migration there is no schema that code could be taken back to"
    return "code and schema can be taken back in any order: the new code works on the old schema"


DRILL = Drill(
    NAME,
    "Does the code after each migration work on the schema before it, as while it is rolled back?",
    (),
    run,
    advice,
)
