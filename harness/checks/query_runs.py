"""query-runs: each example query runs on the schema."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.states import cut_short
from harness.counting import counted
from harness.design.model import Query


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query."""
    for query in case.plan.queries:
        yield _one(check, case, query)


def _one(check: Check, case: Case, query: Query) -> Finding:
    subject, source = f"query {query.id}", query.statement.source
    seen = case.run.explained(query.id)
    if seen is None:
        skipped = case.run.skipped("query", query.id)
        return check.found("unverified", subject, skipped.reason if skipped else "it was not run", source)
    if seen.refusal is None:
        return check.found("holds", subject, f"it runs, and gives {counted(seen.rows, 'row')}", source)
    incomplete = cut_short(case)
    if incomplete is not None:
        return check.found("unverified", subject, f"refused ({seen.refusal.message}), but {incomplete}", source)
    message = f"the server refuses it: {seen.refusal.told}"
    return check.refused(case, subject, message, seen.refusal, evidence={"code": seen.refusal.code})


CHECK = Check(
    name="query-runs",
    question="Does each example query run on the schema that the migrations make?",
    why="A query that names a column wrongly, or one that a later migration drops, says that document and schema have "
    "parted ways.",
    remedy="Mend the query, or the schema that it was written for.",
    severity="error",
    breaks="SELECT u.mail FROM users u;   -- the column is called email",
    holds="SELECT u.email FROM users u;",
    judge=judge,
)
