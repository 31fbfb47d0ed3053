"""index-not-hidden: no function or cast around an indexed column keeps its index from serving."""

from collections.abc import Iterator

from harness.asked.model import Condition
from harness.checks.base import Case, Check, Finding
from harness.checks.questions import LARGE_ROWS, conditions, line, plan_of, rows_of, ways_into
from harness.checks.states import head
from harness.counting import counted
from harness.design.model import Index, Query


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per condition that has something around an indexed field, or runs code for each document."""
    for query, _, condition in conditions(case):
        if condition.operator == "code":
            yield _judged(check, case, query, condition, None)
        elif condition.through and condition.part != "other":
            index = _hidden(case, condition)
            if index is not None:
                yield _judged(check, case, query, condition, index)


def _hidden(case: Case, condition: Condition) -> Index | None:
    """An index that begins with the field as it stands."""
    entity = head(case).entity(condition.entity)
    leading = (i for i in (entity.indexes if entity is not None else ()) if i.keys and i.valid)
    return next((i for i in leading if not i.keys[0].expression and i.keys[0].text == condition.field), None)


def _judged(check: Check, case: Case, query: Query, condition: Condition, index: Index | None) -> Finding:
    subject, source = f"query {query.id} / {condition.entity}", line(query, condition.line)
    access = plan_of(case, query)
    if access is None:
        return check.found("unverified", subject, "the query does not run (see query-runs)", source)
    ways = ways_into(access, condition.entity)
    served = next((way for way in ways if way.index is not None and way.condition), None)
    if served is not None:
        message = f"the server finds the rows of {condition.entity} through {served.index} all the same"
        return check.found("holds", subject, message, source)
    rows = rows_of(case, condition.entity)
    if rows < LARGE_ROWS:
        message = f"{condition.entity} has {counted(rows, 'row')}: reading it whole is cheap"
        return check.found("holds", subject, message, source)
    took = " and ".join(dict.fromkeys(way.native for way in ways)) or "no way of its own"
    if index is None:
        message = f"{condition.text} is code that is run for each document: {rows:,} of them, by {took}"
    else:
        message = (
            f"{condition.through} hides {condition.field} from {index.name}: "
            f"the server reads {condition.entity}, {rows:,} rows, by {took}"
        )
    evidence = {"expression": condition.through or condition.text, "index": index.name if index else None, "rows": rows}
    return check.found("broken", subject, message, source, evidence=evidence)


CHECK = Check(
    name="index-not-hidden",
    question="Does every condition on an indexed column leave the column bare, so that its index can serve?",
    why="An index is sorted by the column, not by what a function or cast makes of it: lower(email), "
    "created_at::date or YEAR(created_at) is computed for every row. MongoDB's $expr and $where have the same effect.",
    remedy="Put the work on the other side (created_at >= … AND created_at < …), or index the expression.",
    severity="warning",
    breaks="WHERE created_at::date = '2026-05-01'   -- with an index on (created_at)",
    holds="WHERE created_at >= '2026-05-01' AND created_at < '2026-05-02'",
    judge=judge,
)
