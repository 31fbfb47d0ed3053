"""limit-ordered: a query that gives some of its rows says which."""

from collections.abc import Iterator

from harness.asked.model import Asked
from harness.checks.base import Case, Check, Finding
from harness.checks.questions import blocks, line, one_row
from harness.design.model import Query


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query with a limit or an offset."""
    for query in case.plan.queries:
        for block in blocks(case, query)[:1]:
            if (block.limit is not None or block.skip is not None) and not block.folded:
                yield _judged(check, case, query, block)


def _judged(check: Check, case: Case, query: Query, block: Asked) -> Finding:
    subject = f"query {query.id}"
    source = line(query, block.limit_line if block.limit is not None else block.skip_line)
    if block.ordered:
        return check.found("holds", subject, "its order says which rows it gives", source)
    if len(block.reads) == 1 and one_row(case, block, block.reads[0].entity):
        return check.found("holds", subject, "a key leaves it one row at most", source)
    message = "no order says which rows: any will do, others after the next change of plan or of data"
    return check.found("broken", subject, message, source)


CHECK = Check(
    name="limit-ordered",
    question="Does every query with a limit say by its order which rows it gives?",
    why="Without ORDER BY a server may give any rows, and gives others when the plan, the version or the data change; "
    "pages then repeat some rows and leave out others.",
    remedy="Order by something unique, or say in the document that any rows will do.",
    severity="warning",
    breaks="SELECT id, total FROM orders WHERE status = 'open' LIMIT 20;",
    holds="SELECT id, total FROM orders WHERE status = 'open' ORDER BY created_at, id LIMIT 20;",
    judge=judge,
)
