"""query-returns-rows: each example query finds something in the seeded data."""

import re
from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.states import unseeded
from harness.counting import counted
from harness.design.model import Query

READS = re.compile(
    r"[(\s]*(?:(?:select|with|table|values)\b|db\b[^;]*?\.\s*(?:find|findOne|aggregate|count\w*|distinct)\s*\()",
    re.IGNORECASE,
)
"""A query that gives rows: not an INSERT or an updateMany."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query that reads."""
    for query in case.plan.queries:
        if READS.match(query.statement.text):
            yield _one(check, case, query)


def _one(check: Check, case: Case, query: Query) -> Finding:
    subject, source = f"query {query.id}", query.statement.source
    seen = case.run.explained(query.id)
    if seen is None or seen.access is None:
        return check.found("unverified", subject, "it does not run (see query-runs)", source)
    if seen.rows:
        return check.found("holds", subject, counted(seen.rows, "row"), source, evidence={"rows": seen.rows})
    gap = unseeded(case, query.id)
    if gap is not None:
        return check.found("unverified", subject, gap, source)
    unplanted = case.run.skipped("plant", query.id)
    if unplanted is not None:
        return check.found("unverified", subject, f"it finds nothing; {unplanted.reason}", source)
    message = "it finds nothing, though the values that it asks for were planted in the data"
    return check.found("broken", subject, message, source)


CHECK = Check(
    name="query-returns-rows",
    question="Does each example query find something in data made for this schema?",
    why="A query whose conditions contradict each other, or a constraint, is fast and useless; its plan and time say "
    "nothing.",
    remedy="Look for conditions that exclude each other, or values that a constraint forbids.",
    severity="warning",
    breaks="SELECT * FROM orders WHERE status = 'paied';   -- CHECK (status IN ('pending', 'paid'))",
    holds="SELECT * FROM orders WHERE status = 'paid';",
    judge=judge,
)
