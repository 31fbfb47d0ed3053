"""not-in-finds-rows: no NULL in a NOT IN's sub-select makes the whole condition unknown."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.questions import conditions, line


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per NOT IN over a sub-select."""
    for query, _, condition in conditions(case):
        if condition.operator != "not in query":
            continue
        given = ".".join(condition.other or ("", ""))
        subject, source = f"query {query.id} / {given or 'sub-select'}", line(query, condition.line)
        if condition.nullable:
            message = f"{given} may be NULL: with one NULL among its values, NOT IN is true of no row at all"
            yield check.found("broken", subject, message, source, evidence={"condition": condition.text})
        else:
            yield check.found("holds", subject, "its sub-select gives no NULL", source)


CHECK = Check(
    name="not-in-finds-rows",
    question="Is the sub-select of each NOT IN free of NULL?",
    why="x NOT IN (1, NULL) is not true but unknown: one NULL in the sub-select and the query gives nothing, without "
    "an error, on the day that the first NULL is stored. It also keeps the server from an anti join.",
    remedy="Write NOT EXISTS, or leave NULL out in the sub-select.",
    severity="warning",
    breaks="WHERE id NOT IN (SELECT manager_id FROM staff)   -- manager_id may be NULL",
    holds="WHERE NOT EXISTS (SELECT 1 FROM staff s WHERE s.manager_id = staff.id)",
    judge=judge,
)
