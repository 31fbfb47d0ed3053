"""pages-by-key: a list is paged by where the last page ended, not by counting off what was shown before."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.questions import blocks, line, plan_of
from harness.design.model import Query
from harness.run.reads import DOCUMENTS, PAGES, ROWS, whole
from harness.run.seen.queries import Paged

TIMES = 5
"""How much more the last page may read than the one that is shown."""

DEEP = 1_000
"""An offset that is deep already."""

LEAST = {PAGES: 100, ROWS: 1_000, DOCUMENTS: 1_000}
"""Under so many a last page costs little, wherever it is."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query with an offset."""
    for query in case.plan.queries:
        for block in blocks(case, query)[:1]:
            if block.skip is not None:
                yield _judged(check, case, query, block.skip, line(query, block.skip_line).line)


def _judged(check: Check, case: Case, query: Query, skip: int, at: int) -> Finding:
    subject, source = f"query {query.id}", case.plan.design.source(at)
    access = plan_of(case, query)
    last = next((o for o in case.run.of(Paged) if o.query == query.id), None)
    reads = whole(access, case.run.traits) if access is not None else None
    if last is None or reads is None:
        reason = "the query does not run (see query-runs)" if access is None else "its last page could not be measured"
        return check.found("unverified", subject, reason, source)
    shown, read, unit = max(reads.count, 1), last.reads.count, reads.unit
    evidence = {"rows": last.rows, "unit": unit, "pages_shown": round(shown), "pages_last": round(read)}
    if read < LEAST[unit] or (read < TIMES * shown and skip < DEEP):
        message = f"{unit} for its last page: {read:,.0f}, for the one that is shown: {shown:,.0f}"
        return check.found("holds", subject, message, source, evidence=evidence)
    message = (
        f"{unit} until the last of its {last.rows:,} rows is reached: {read:,.0f}, for the page that is shown: "
        f"{shown:,.0f}; every row before it is read and thrown away"
    )
    return check.found("broken", subject, message, source, evidence=evidence)


CHECK = Check(
    name="pages-by-key",
    question="Does a list that is paged by an offset cost about the same on its last page as on its first?",
    why="OFFSET n (and skip) reads n rows and throws them away, so that each page costs more than the one before; and "
    "a row that is inserted meanwhile shows another one twice.",
    remedy="Ask for what comes after the last row shown, by a condition on what it is sorted by, in place of the "
    "offset.",
    severity="advice",
    breaks="SELECT id, title FROM posts ORDER BY created_at DESC LIMIT 20 OFFSET 40;",
    holds="SELECT id, title FROM posts WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT 20;",
    judge=judge,
)
