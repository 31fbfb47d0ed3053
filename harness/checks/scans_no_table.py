"""scans-no-table: no query reads a large table or collection whole for a few of its rows."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.choice import choice
from harness.checks.index_used import rows_loaded
from harness.checks.plans import kept, within
from harness.checks.states import unlike
from harness.counting import counted
from harness.design.model import Query
from harness.facts import Access
from harness.run.seen.indexes import Weighed

LARGE = 10_000
"""Rows of a table that is large: fewer are read in a millisecond or two."""

FEW = 0.05
"""Share of the rows read that is few. An index pays for itself well before that; past it, reading all may be right."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query that reads a large entity."""
    for query in case.plan.queries:
        if unlike(case, query.id) is not None:
            continue
        seen = case.run.explained(query.id)
        if seen is not None and seen.access is not None:
            yield from _query(check, case, query, seen.access)


def _query(check: Check, case: Case, query: Query, access: Access) -> Iterator[Finding]:
    rows, subject = rows_loaded(case), f"query {query.id}"
    read = {node.entity for node in access.walk() if node.entity is not None and rows.get(node.entity, 0) >= LARGE}
    if not read:
        return
    wasteful = list(_wasteful(access))
    told = {each.index.entity for each in case.run.of(Weighed) if each.query == query.id and _lost(each)}
    for node, wanted in wasteful:
        if node.entity in told:
            continue  # index-used speaks of it, on the line of the index
        rows_read = counted(node.rows_read or 0, "row")
        message = f"reads {rows_read} of {node.entity} ({node.native}) to keep {wanted:,.0f}" + (
            f": {node.filter}" if node.filter else ""
        )
        evidence = {"entity": node.entity, "rows_read": node.rows_read, "rows_kept": wanted}
        yield check.found("broken", subject, message, query.statement.source, evidence=evidence)
        return
    if not wasteful:
        yield check.found("holds", subject, "no large table is read whole for a few rows", query.statement.source)


def _wasteful(access: Access) -> Iterator[tuple[Access, float]]:
    """Scans of large tables for few rows, with the rows that were kept."""
    for node, above in within(access):
        if node.operation != "scan" or node.entity is None or node.rows_read is None:
            continue
        wanted = kept(node, above)
        if wanted is not None and node.rows_read / max(node.loops, 1) >= LARGE and wanted <= FEW * node.rows_read:
            yield node, wanted


def _lost(weighed: Weighed) -> bool:
    found = choice(weighed)
    return found is not None and found.standing in {"passed over", "no use"}


CHECK = Check(
    name="scans-no-table",
    question="Does no query read a large table or collection whole for a few of its rows?",
    why="Such a query takes as long as the table is large: it is quick in the first week and stops the service in the "
    "second year. A small table, or a report that needs every row, is read whole with good reason and is no fault.",
    remedy="Give the query an index on what it compares (see index-suggested), or narrow what it asks for.",
    severity="warning",
    breaks="SELECT * FROM orders WHERE reference = 'A-17';   -- no index on reference, 1,000,000 orders",
    holds="CREATE INDEX idx_orders_reference ON orders (reference);",
    judge=judge,
)
