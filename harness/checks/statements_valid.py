"""statements-valid: the server accepts every statement that stands in the sections."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.counting import counted, form
from harness.run.model import Applied, Skipped


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per refused statement; one for all that were taken."""
    taken = [a for a in case.run.of(Applied) if a.stage == "declared" and a.ok]
    for refused in case.run.refused("declared"):
        assert refused.refusal is not None
        refusal = refused.refusal
        derived = refused.effects[-1].statement.origin == "derived"
        what = "the SQL that its column table gives is refused" if derived else "the server refuses it"
        message = f"{what}: {refusal.told}"
        evidence = {"statement": refused.effects[-1].statement.told, "code": refusal.code}
        yield check.refused(case, refused.subject, message, refusal, evidence=evidence)
    for skipped in case.run.of(Skipped):
        if skipped.what == "declared":
            yield check.found(
                "unverified", skipped.subject, skipped.reason, skipped.source or case.plan.design.source()
            )
    for script in case.plan.design.scripts:
        if script.kind == "other engine":
            yield check.found("unverified", "SQL", f"not run: {script.reason}", script.statement.source)
    for note in case.plan.notes:
        if note.kind == "not run":
            yield check.found("unverified", note.subject, f"not run: {note.message}", note.source)
    if taken:
        source = taken[0].effects[0].statement.source
        message = f"{counted(len(taken), 'statement')} {form(len(taken), 'was', 'were')} accepted"
        yield check.found("holds", "the sections' SQL", message, source)


CHECK = Check(
    name="statements-valid",
    question="Does the server accept every statement that stands in the document's sections?",
    why="SQL in a document is copied into code. What the server refuses was never run by anybody.",
    remedy="Mend the statement where the server points.",
    severity="error",
    breaks="CREATE TABLE users (id BIGSERIAL PRIMARY KEY email TEXT);",
    holds="CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email TEXT);",
    judge=judge,
)
