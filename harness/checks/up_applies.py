"""up-applies: every migration's up runs."""

from collections.abc import Collection, Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.checks.not_run import stopped_by
from harness.counting import counted
from harness.design.compare import Difference
from harness.plan.model import Change
from harness.run.seen.statements import Unreached


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per migration, and one for a migration before those that are judged which stopped the chain."""
    for unreached in case.run.of(Unreached):
        message = f"the server refuses it: {unreached.refusal.message}; what comes after it was not tried"
        yield check.refused(case, f"migration {unreached.migration}", message, unreached.refusal)
    refused = {e.statement.told for a in case.run.refused("declared") for e in a.effects if e.refusal}
    for change in case.plan.changes:
        yield _one(check, case, change, refused)


def _one(check: Check, case: Case, change: Change, declared: Collection[str]) -> Finding:
    subject = f"migration {change.id}"
    up = case.run.applied("up", change.id)
    if up is None:
        return check.found("unverified", subject, stopped_by(case, change.id) or "it was not run", change.source)
    if up.refused is None or up.refusal is None:
        evidence = {"statements": len(up.effects), "seconds": round(up.elapsed_s, 3)}
        message = f"{counted(len(up.effects), 'statement')} ran"
        return check.found("holds", subject, message, change.source, evidence=evidence)
    failed, refusal = up.refused.statement, up.refusal
    if failed.origin != "written" and failed.text in declared:
        message = f"it is made of the SQL on line {failed.source.line}, which the server refuses (see statements-valid)"
        return check.found("unverified", subject, message, change.source)
    left = case.run.left_done(change.id, "up refused")
    message = f"the server refuses it: {refusal.told}{half_done(left)}"
    seen = {"statement": failed.text, "code": refusal.code, "origin": failed.origin, "left": [str(d) for d in left]}
    return check.refused(case, subject, message, refusal, evidence=seen)


def half_done(left: Sequence[Difference]) -> str:
    """What a refused script left done, in words; empty when nothing was."""
    if not left:
        return ""
    text = "; ".join(str(d) for d in left[:3]) + (f"; and {len(left) - 3} more" if len(left) > 3 else "")
    return f"; what ran before it is not taken back: {text}"


CHECK = Check(
    name="up-applies",
    question="Does each migration's up run on the schema that the migrations before it made?",
    why="A migration that fails at deployment stops the release, and on engines without transactional DDL leaves half "
    "of itself behind.",
    remedy="Mend the statement that the server refuses, or the order of the migrations.",
    severity="error",
    breaks="-- Up\nALTER TABLE user ADD COLUMN role text;   -- the table is called users",
    holds="-- Up\nALTER TABLE users ADD COLUMN role text;",
    judge=judge,
)
