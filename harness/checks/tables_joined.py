"""tables-joined: every table of a query is tied to the others by a condition, or CROSS JOIN is written."""

from collections.abc import Iterator

from harness.asked.model import Asked
from harness.checks.base import Case, Check, Finding
from harness.checks.questions import blocks, line, one_row
from harness.design.model import Query


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query that reads more than one table in a block."""
    for query in case.plan.queries:
        several = [block for block in blocks(case, query) if len(block.reads) > 1]
        if several:
            found = [finding for block in several for finding in _block(check, case, query, block)]
            message = "a condition ties each of its tables to the others"
            yield from found or [check.found("holds", f"query {query.id}", message, query.statement.source)]


def _block(check: Check, case: Case, query: Query, block: Asked) -> Iterator[Finding]:
    for read in block.reads:
        if not read.linked and not one_row(case, block, read.entity):
            message = (
                f"no condition ties {read.alias} to the other tables: each of its rows is paired with each of theirs"
            )
            subject = f"query {query.id} / {read.entity}"
            yield check.found("broken", subject, message, line(query, read.line), evidence={"table": read.entity})


CHECK = Check(
    name="tables-joined",
    question="Is every table of a query tied to the others by a condition?",
    why="FROM a, b without a condition gives every pair of rows; with a filter beside it, it looks right on little "
    "data, and its cost and its duplicates grow with the product of both tables.",
    remedy="Add the join's condition; where all pairs are meant, write CROSS JOIN.",
    severity="warning",
    breaks="SELECT o.id, u.email FROM orders o, users u WHERE o.status = 'open';",
    holds="SELECT o.id, u.email FROM orders o JOIN users u ON u.id = o.user_id WHERE o.status = 'open';",
    judge=judge,
)
