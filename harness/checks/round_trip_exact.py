"""round-trip-exact: after up and down the schema is what it was."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.not_run import WRITE, not_run
from harness.design.compare import Difference
from harness.plan.model import Change
from harness.run.model import RoundTrip
from harness.source import Source


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per migration."""
    for change in case.plan.changes:
        yield _one(check, case, change)


def _one(check: Check, case: Case, change: Change) -> Finding:
    subject = f"migration {change.id}"
    source = change.down[0].source if change.down else change.source
    trips = {t.way: t for t in case.run.of(RoundTrip) if t.migration == change.id}
    alone, whole = trips.get("alone"), trips.get("all")
    if alone is None:
        reason, remedy = not_run(case, change) or ("it was not run", "")
        return check.found("unverified", subject, reason, change.source, remedy=remedy)
    found, when = alone.differences, ""
    if not found and whole is not None:
        found, when = whole.differences, " when the whole chain is unwound"
    if found and change.down_derived:
        message = (
            f"there is no down, and the one that was derived from its up leaves a difference{when}: {_told(found)}"
        )
        return check.found("unverified", subject, message, change.source, remedy=WRITE)
    if found:
        return _differs(check, subject, found, source, when)
    message = "the schema read back after up and down is exactly the one before"
    return check.found("holds", subject, message, source)


def _differs(check: Check, subject: str, found: tuple[Difference, ...], source: Source, when: str) -> Finding:
    evidence = {"difference": [str(d) for d in found], "kinds": sorted({d.kind for d in found})}
    text = _told(found)
    if all(d.kind == "order" for d in found):
        message = f"only the position of columns differs after up and down{when}: {text}"
        return check.found("broken", subject, message, source, severity="warning", evidence=evidence, remedy=ORDER)
    return check.found("broken", subject, f"not as before after up and down{when}: {text}", source, evidence=evidence)


def _told(found: tuple[Difference, ...]) -> str:
    return "; ".join(str(d) for d in found[:3]) + (f"; and {len(found) - 3} more" if len(found) > 3 else "")


ORDER = "Nothing, where no code relies on the order of columns (SELECT *, INSERT without a column list)."

CHECK = Check(
    name="round-trip-exact",
    question="Is the schema after up and down exactly what it was before, read back from the catalog?",
    why="What a down forgets (an index, a NOT NULL, a default) stays in production after a rollback: the next up fails "
    "or the next release runs on a schema that nobody designed.",
    remedy="Let the down take back each thing that its up made or changed.",
    severity="error",
    breaks="-- Up\nCREATE INDEX idx_orders_status ON orders (status);\n-- Down\nSELECT 1;",
    holds="-- Up\nCREATE INDEX idx_orders_status ON orders (status);\n-- Down\nDROP INDEX idx_orders_status;",
    judge=judge,
)
