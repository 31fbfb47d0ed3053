"""columns-chosen: a query that gives many rows does not carry wide columns along that it did not name."""

from collections.abc import Iterator

from harness.asked.model import Asked
from harness.checks.base import Case, Check, Finding
from harness.checks.questions import blocks, line
from harness.checks.states import head
from harness.design.model import Query
from harness.run.seen.queries import Width

WIDE = 400
"""Characters on average, from which a field is wide: more than all others of an ordinary row together."""

MANY = 25
"""Columns that nobody shows in one list."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query that gives every column of a table."""
    for query in case.plan.queries:
        for block in blocks(case, query)[:1]:
            if block.whole and not block.folded:
                yield _judged(check, case, query, block)


def _judged(check: Check, case: Case, query: Query, block: Asked) -> Finding:
    subject, source = f"query {query.id}", line(query, block.line)
    seen = case.run.explained(query.id)
    if seen is None or seen.access is None:
        return check.found("unverified", subject, "the query does not run (see query-runs)", source)
    if seen.rows <= 1:
        return check.found("holds", subject, "it gives one row", source)
    wide = [o for o in case.run.of(Width) if o.entity in block.whole and o.characters >= WIDE]
    if wide:
        told = ", ".join(f"{o.entity}.{o.field} ({o.characters:,.0f} characters on average)" for o in wide)
        evidence = {f"{o.entity}.{o.field}": round(o.characters) for o in wide}
        message = f"each of its rows carries {told}"
        return check.found("broken", subject, message, source, evidence=evidence)
    schema = head(case)
    broad = [e for name in block.whole if (e := schema.entity(name)) is not None and len(e.fields) >= MANY]
    if broad:
        message = f"each of its rows carries all {len(broad[0].fields)} columns of {broad[0].name}"
        return check.found("broken", subject, message, source, evidence={"columns": len(broad[0].fields)})
    return check.found("holds", subject, "its rows are narrow", source)


CHECK = Check(
    name="columns-chosen",
    question="Does a query that gives many rows name its columns, where the rows are wide?",
    why="SELECT * carries bodies, documents and blobs through memory, network and application for a list that shows a "
    "title; it also rules out reading an index alone, and breaks code when a column is added.",
    remedy="Name the columns that are shown.",
    severity="advice",
    breaks="SELECT * FROM articles ORDER BY published_at DESC LIMIT 50;   -- with the body of each",
    holds="SELECT id, title, published_at FROM articles ORDER BY published_at DESC LIMIT 50;",
    judge=judge,
)
