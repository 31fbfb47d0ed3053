"""outer-join-kept: no condition in WHERE turns an outer join into an inner one."""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from harness.checks.base import Case, Check, Finding
from harness.design.model import Query
from harness.facts import Access

KEEPS_NULL = (exp.Is, exp.Coalesce, exp.Or, exp.Case, exp.If, exp.Not, exp.Subquery, exp.Exists, exp.NullSafeEQ)
"""Expressions under which a condition may be true for the row of NULLs that an outer join adds."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query with an outer join."""
    for query in case.plan.queries if case.run.traits.sql else ():
        try:
            tree = sqlglot.parse_one(query.statement.text, dialect=case.run.traits.sql)
        except SqlglotError:
            continue  # query-runs has the server's word on it
        joins = [j for j in tree.find_all(exp.Join) if j.side in ("LEFT", "RIGHT", "FULL")]
        if joins:
            yield _one(check, case, query, joins)


def _one(check: Check, case: Case, query: Query, joins: list[exp.Join]) -> Finding:
    subject, source = f"query {query.id}", query.statement.source
    seen = case.run.explained(query.id)
    if seen is None or seen.access is None:
        return check.found("unverified", subject, "it does not run (see query-runs)", source)
    undone = [(join, condition) for join in joins for condition in _undoing(join)]
    if not undone or _outer_nodes(seen.access) >= len(joins):
        return check.found("holds", subject, "no condition rejects the rows that the outer join adds", source)
    join, condition = undone[0]
    text = condition.sql(dialect=case.run.traits.sql, comments=False)
    message = (
        f"WHERE {text} rejects the rows that the {join.side} JOIN adds for {join.alias_or_name}: "
        "the server plans it as an inner join"
    )
    line = source.at(_line_of(query.statement.text, condition))
    return check.found("broken", subject, message, line, evidence={"join": join.alias_or_name, "condition": text})


def _undoing(join: exp.Join) -> Iterator[exp.Expr]:
    """The conditions of the WHERE beside a join that are never true for a row of NULLs on the optional side."""
    select = join.find_ancestor(exp.Select)
    where = select.args.get("where") if select is not None else None
    if where is None or join.side != "LEFT":
        return
    conditions = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
    for condition in conditions:
        bare = condition.unnest()
        keeps = any(bare.find(kind) for kind in KEEPS_NULL)
        if not keeps and any(column.table == join.alias_or_name for column in bare.find_all(exp.Column)):
            yield bare


def _outer_nodes(access: Access) -> int:
    """The joins that the server still carries out as outer (or anti) joins."""
    return sum(1 for n in access.walk() if dict(n.detail).get("Join Type", "Inner") not in ("Inner", "Semi"))


def _line_of(text: str, condition: exp.Expr) -> int:
    """How many lines below the first the condition stands: the line that holds its first column."""
    column = next(condition.find_all(exp.Column)).sql().lower()
    lines = text.lower().splitlines()
    where = next((n for n, line in enumerate(lines) if "where" in line), 0)
    return next((n for n in range(where, len(lines)) if column in lines[n]), where)


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
