"""down-applies: every migration's down runs."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.not_run import WRITE, not_run
from harness.checks.up_applies import half_done
from harness.counting import counted
from harness.plan.model import Change
from harness.run.model import Applied


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per migration: alone, and as part of the whole chain."""
    for change in case.plan.changes:
        yield _one(check, case, change)


def _one(check: Check, case: Case, change: Change) -> Finding:
    subject = f"migration {change.id} down"
    source = change.down[0].source if change.down else change.source
    down, unwound = case.run.applied("down", change.id), case.run.applied("unwind", change.id)
    if down is None:
        reason, remedy = not_run(case, change) or ("it was not run", "")
        return check.found("unverified", subject, reason, change.source, remedy=remedy)
    for applied, when in ((down, ""), (unwound, " in the unwinding of the whole chain")):
        if applied is not None and not applied.ok:
            left = half_done(case.run.left_done(change.id, "down refused"))
            found = _refused(check, case, applied, (subject, when, left))
            return _of_ours(check, found, change) if change.down_derived else found
    return check.found("holds", subject, f"{counted(len(down.effects), 'statement')} ran", source)


def _refused(check: Check, case: Case, applied: Applied, words: tuple[str, str, str]) -> Finding:
    assert applied.refusal is not None
    assert applied.refused is not None
    refusal, (subject, when, left) = applied.refusal, words
    message = f"the server refuses it{when}: {refusal.told}{left}"
    evidence = {"statement": applied.refused.statement.told, "code": refusal.code}
    return check.refused(case, subject, message, refusal, evidence=evidence)


def _of_ours(check: Check, found: Finding, change: Change) -> Finding:
    """The same of a down that the document does not give: no fault of the document's."""
    assert change.down is not None
    text = "; ".join(" ".join(statement.text.split()) for statement in change.down)
    message = f"there is none, and the one that was derived from its up ({text}) does not run: {found.message}"
    return check.found("unverified", found.subject, message, change.source, evidence=found.evidence, remedy=WRITE)


CHECK = Check(
    name="down-applies",
    question="Does each migration's down run, alone and when the whole chain is unwound?",
    why="A rollback is needed in the worst hour; that is not the time to find that it has never been run.",
    remedy="Mend the statement that the server refuses; drop what depends on an object before the object.",
    severity="error",
    breaks="-- Down\nDROP TABLE users;   -- orders still references it",
    holds="-- Down\nDROP TABLE orders;\nDROP TABLE users;",
    judge=judge,
)
