"""sorts-by-index: the first rows of an order come from an index, not from a sort of many."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.plans import SORTS, SUMS_UP, within
from harness.checks.states import unlike
from harness.counting import counted
from harness.design.model import Query
from harness.facts import Access

MANY = 1_000
"""Rows that are many to sort for a few: fewer are sorted in less time than a round trip takes."""

FEW = 0.1
"""Share of the sorted rows that a query gives when it is about the first of them."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query that sorts."""
    for query in case.plan.queries:
        if unlike(case, query.id) is not None:
            continue
        seen = case.run.explained(query.id)
        sorts = list(_sorts(seen.access)) if seen is not None and seen.access is not None else []
        if sorts:
            yield _judged(check, query, max(sorts))


def _sorts(access: Access) -> Iterator[tuple[float, float, str]]:
    """The rows that went into each sort, those that the query gives in the end, and the sort's key.

    A sort of what was summed up first can be in no index.
    """
    for node, above in within(access):
        below = node.children[0] if node.children else None
        summed = any(each.operation in SUMS_UP for each in node.walk())
        if node.operation in SORTS and below is not None and below.rows_returned is not None and not summed:
            cut = (node.rows_returned or 0) < below.rows_returned
            limited = cut or any(each.operation == "limit" for each in above)
            given = (above[0] if above else node).rows_returned if limited else node.rows_returned
            yield below.rows_returned, given or 0.0, _key(node)


def _key(node: Access) -> str:
    said = dict(node.detail)
    return next((said[name] for name in ("Sort Key", "sortPattern", "sort_key") if name in said), "")


def _judged(check: Check, query: Query, sort: tuple[float, float, str]) -> Finding:
    rows, given, key = sort
    by = f" by {key}" if key else ""
    subject, source = f"query {query.id}", query.statement.source
    evidence = {"rows_sorted": rows, "rows_given": given, "key": key}
    if rows >= MANY and given <= FEW * rows:
        message = f"sorts {counted(rows, 'row')}{by} to give the first {given:,.0f}"
        return check.found("broken", subject, message, source, evidence=evidence)
    why = "too few to matter" if rows < MANY else f"and gives {given:,.0f} of them"
    message = f"its sort is not by an index: it sorts {counted(rows, 'row')}{by}, {why}"
    return check.found("holds", subject, message, source, evidence=evidence)


CHECK = Check(
    name="sorts-by-index",
    question="Do the first rows of an order come from an index, and not from a sort of many rows?",
    why="To give the latest ten of a customer's hundred thousand orders, a sort reads all of them; an index in that "
    "order reads ten. A sort of a few rows, or of all that the query gives, is no fault.",
    remedy="Make an index of the columns that are compared by equality, then those of the order, in its directions.",
    severity="advice",
    breaks="SELECT * FROM orders WHERE status = 'open' ORDER BY created_at LIMIT 10;   -- an index on status only",
    holds="CREATE INDEX idx_orders_status_created ON orders (status, created_at);",
    judge=judge,
)
