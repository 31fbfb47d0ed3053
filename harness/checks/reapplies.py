"""reapplies: up works again after down, and makes the same."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.not_run import not_run
from harness.plan.model import Change
from harness.run.model import RoundTrip


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per migration."""
    for change in case.plan.changes:
        repeated = _repeated(check, case, change) if change.repeatable else None
        yield repeated or _one(check, case, change)


def _repeated(check: Check, case: Case, change: Change) -> Finding | None:
    """Of one that its tool runs again on what it made before; None when it never ran."""
    subject, again = f"migration {change.id}", case.run.applied("repeat", change.id)
    if again is None:
        return None
    if again.refusal is not None:
        message = f"it is run again each time that it changes, and the server refuses it then: {again.refusal.message}"
        return check.refused(case, subject, message, again.refusal, remedy=REPEATABLE)
    trips = (t.differences for t in case.run.of(RoundTrip) if (t.migration, t.way) == (change.id, "repeated"))
    if changed := next(trips, ()):
        message = f"it is run again each time that it changes, and does not make the same then: {changed[0]}"
        return check.found("broken", subject, message, change.source, remedy=REPEATABLE)
    return check.found("holds", subject, "run once more on what it made, it makes the same", change.source)


def _one(check: Check, case: Case, change: Change) -> Finding:
    subject = f"migration {change.id}"
    trips = {t.way: t for t in case.run.of(RoundTrip) if t.migration == change.id}
    again = case.run.applied("reup", change.id)
    if again is None:
        reason, remedy = not_run(case, change) or ("it was not run", "")
        return check.found("unverified", subject, reason, change.source, remedy=remedy)
    left = [d for d in trips["alone"].differences if d.kind != "order"] if "alone" in trips else []
    changed = [d for d in trips["again"].differences if d.kind != "order"] if "again" in trips else []
    if left and (changed or not again.ok):
        said = f": {again.refusal.message}" if again.refusal else ""
        message = f"up again does not end where it did, as its down left things behind (see round-trip-exact){said}"
        return check.found("unverified", subject, message, change.source)
    if again.refusal is not None:
        message = f"the server refuses up after down: {again.refusal.message}"
        return check.refused(case, subject, message, again.refusal)
    if changed:
        message = f"the second up does not make what the first made: {changed[0]}"
        return check.found(
            "broken", subject, message, change.source, evidence={"difference": [str(d) for d in changed]}
        )
    return check.found("holds", subject, "up, down and up again make the same schema", change.source)


REPEATABLE = "Write it so that it can be run on what it made: CREATE OR REPLACE, or DROP … IF EXISTS first."

CHECK = Check(
    name="reapplies",
    question="Does up work again after down, with the same result?",
    why="After a rollback the mended release brings the same migration again.",
    remedy="Let the down remove everything that the up would make again.",
    severity="error",
    breaks="-- Up\nCREATE TYPE tier AS ENUM ('a');\nALTER TABLE users ADD COLUMN tier tier;\n"
    "-- Down\nALTER TABLE users DROP COLUMN tier;",
    holds="-- Down\nALTER TABLE users DROP COLUMN tier;\nDROP TYPE tier;",
    judge=judge,
)
