"""pattern-anchored: a pattern that is looked for begins with what is known, or has an index for patterns."""

from collections.abc import Iterator

from harness.asked.model import Condition
from harness.checks.base import Case, Check, Finding
from harness.checks.questions import LARGE_ROWS, conditions, line, plan_of, rows_of, ways_into
from harness.checks.states import head
from harness.counting import counted
from harness.design.model import Query
from harness.facts import Access

ORDERED = {"btree", "hash", None}


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per condition with a pattern that is known."""
    for query, _, condition in conditions(case):
        if condition.part == "pattern" and condition.value is not None:
            yield _judged(check, case, query, condition)


def loose(condition: Condition) -> bool:
    """Whether the order of values is of no use for the pattern: it begins with anything, or disregards case."""
    value = condition.value or ""
    if condition.operator == "ilike":
        return True
    return not value.startswith("^") if condition.operator == "regex" else value.startswith(("%", "_"))


def _judged(check: Check, case: Case, query: Query, condition: Condition) -> Finding:
    subject, source = f"query {query.id} / {condition.entity}.{condition.field}", line(query, condition.line)
    if not loose(condition):
        return check.found("holds", subject, f"{condition.text} begins with what is known", source)
    access = plan_of(case, query)
    if access is None:
        return check.found("unverified", subject, "the query does not run (see query-runs)", source)
    ways = ways_into(access, condition.entity)
    served = next((way for way in ways if _serves(case, way, condition)), None)
    if served is not None:
        message = f"the server finds the rows of {condition.entity} through {served.index}"
        return check.found("holds", subject, message, source)
    rows = rows_of(case, condition.entity)
    if rows < LARGE_ROWS:
        message = f"{condition.entity} has {counted(rows, 'row')}: reading it whole is cheap"
        return check.found("holds", subject, message, source)
    took = " and ".join(dict.fromkeys(f"{w.native}" + (f" on {w.index}" if w.index else "") for w in ways))
    why = "disregards case" if condition.operator == "ilike" else "begins with anything"
    message = f"{condition.text} {why}: no order of an index helps, all {rows:,} rows are tested (by {took})"
    return check.found("broken", subject, message, source, evidence={"pattern": condition.value, "rows": rows})


def _serves(case: Case, way: Access, condition: Condition) -> bool:
    """Whether a way into the table is an index for patterns, or one that another condition narrows."""
    if way.index is None or not way.condition:
        return False
    entity = head(case).entity(condition.entity)
    index = next((i for i in (entity.indexes if entity is not None else ()) if i.name == way.index), None)
    if index is None or not index.keys:
        return False
    return index.method not in ORDERED or condition.field not in index.keys[0].text


CHECK = Check(
    name="pattern-anchored",
    question="Does each pattern that a query looks for begin with what is known, or has it an index for patterns?",
    why="LIKE '%word%', ILIKE and an unanchored regular expression test every row: a sorted index knows only how "
    "values begin. It is quick on a developer's table and slow on the real one.",
    remedy="Anchor the pattern, or make an index for it (pg_trgm with GIN, FULLTEXT, a text index).",
    severity="warning",
    breaks="WHERE name LIKE '%lamp%'",
    holds="CREATE INDEX idx_products_name_trgm ON products USING gin (name gin_trgm_ops);   -- or LIKE 'lamp%'",
    judge=judge,
)
