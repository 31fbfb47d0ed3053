"""estimate-close: below a join, the planner's estimate of rows is not far from what there was."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.plans import JOINS, stopped_early, within
from harness.checks.states import unlike
from harness.counting import counted
from harness.design.model import Query
from harness.facts import Access

TIMES = 10.0
MANY = 1_000
"""Rows, estimated or real, from which an error leads to another join order or method."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query with a join whose inputs were estimated; MongoDB's planner estimates nothing."""
    for query in case.plan.queries:
        if unlike(case, query.id) is not None:
            continue
        seen = case.run.explained(query.id)
        judged = list(_errors(seen.access)) if seen is not None and seen.access is not None else []
        if judged:
            yield _judged(check, query, max(judged, key=lambda pair: pair[0]))


def _errors(access: Access) -> Iterator[tuple[float, Access]]:
    """How many times each estimate that a join was chosen by is off, in either direction.

    The inner side of a nested loop that comes last decides nothing: how often it is looked into does.
    """
    for join, above in within(access):
        if join.operation not in JOINS or stopped_early((*above, join)):
            continue
        for node in join.children[:-1] if join.operation == "nested loop" else join.children:
            if node.rows_expected is None or node.rows_returned is None:
                continue
            few, many = sorted((max(node.rows_expected, 1.0), max(node.rows_returned, 1.0)))
            yield (many / few if many >= MANY else 1.0), node


def _judged(check: Check, query: Query, error: tuple[float, Access]) -> Finding:
    times, node = error
    subject, source = f"query {query.id}", query.statement.source
    if times < TIMES:
        return check.found("holds", subject, "the estimates below its joins are close to what there was", source)
    what = f"{node.entity} ({node.native})" if node.entity else node.native
    condition = node.filter or node.condition
    expected = counted(node.rows_expected or 0, "row")
    message = f"the planner expects {expected} of {what} and gets {node.rows_returned:,.0f}" + (
        f": {condition}" if condition else ""
    )
    evidence = {"expected": node.rows_expected, "returned": node.rows_returned, "entity": node.entity}
    return check.found("broken", subject, message, source, evidence=evidence)


CHECK = Check(
    name="estimate-close",
    question="Are the planner's estimates below joins within ten times what there was?",
    why="The order and the method of joins follow from estimates. One that is off by a factor of hundreds makes a "
    "nested loop of what should be a hash join, and the plan falls over when the data moves a little.",
    remedy="Give the planner what it lacks: extended statistics on columns that go together (CREATE STATISTICS), a "
    "histogram (ANALYZE TABLE … UPDATE HISTOGRAM), a condition that it can estimate instead of a function.",
    severity="advice",
    breaks="SELECT … FROM orders o JOIN users u ON … WHERE o.city = 'Oslo' AND o.postcode LIKE '0%';",
    holds="CREATE STATISTICS orders_place (dependencies, mcv) ON city, postcode FROM orders;",
    judge=judge,
)
