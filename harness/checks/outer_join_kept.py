"""outer-join-kept: no condition in WHERE turns an outer join into an inner one."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from harness.checks.base import Case, Check, Finding
from harness.design.model import Query
from harness.facts import Access

if TYPE_CHECKING:
    from harness.asked.outer import Outer


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query with an outer join."""
    from harness.asked.outer import outer  # noqa: PLC0415  (the parser, which the catalogue does without)

    for query in case.plan.queries if case.run.traits.sql else ():
        joins = outer(query.statement.text, case.run.traits.sql)
        if joins:
            yield _one(check, case, query, joins)


def _one(check: Check, case: Case, query: Query, joins: "Sequence[Outer]") -> Finding:
    subject, source = f"query {query.id}", query.statement.source
    seen = case.run.explained(query.id)
    if seen is None or seen.access is None:
        return check.found("unverified", subject, "it does not run (see query-runs)", source)
    undone = [(join, *condition) for join in joins for condition in join.undoing]
    if not undone or _outer_nodes(seen.access) >= len(joins):
        return check.found("holds", subject, "no condition rejects the rows that the outer join adds", source)
    join, text, line = undone[0]
    message = (
        f"WHERE {text} rejects the rows that the {join.side} JOIN adds for {join.alias}: "
        "the server plans it as an inner join"
    )
    evidence = {"join": join.alias, "condition": text}
    return check.found("broken", subject, message, source.at(line), evidence=evidence)


def _outer_nodes(access: Access) -> int:
    """The joins that the server still carries out as outer (or anti) joins."""
    return sum(1 for n in access.walk() if dict(n.detail).get("Join Type", "Inner") not in ("Inner", "Semi"))


CHECK = Check(
    name="outer-join-kept",
    question="Does an outer join in a query stay one, or does its WHERE make it an inner join?",
    why='A LEFT JOIN says "also those without"; a condition on that side in WHERE drops just those rows, silently.',
    remedy="Move the condition into ON, or write an inner join if that is what is meant.",
    severity="warning",
    breaks="SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE o.total > 5;",
    holds="SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.total > 5;",
    judge=judge,
)
