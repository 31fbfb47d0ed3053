"""index-suggested: where a query reads much, is there an index with which it would read a fifth or less?"""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.index_likeness import keys_text
from harness.checks.questions import plan_of
from harness.checks.states import unlike
from harness.checks.write_cost import cost_of
from harness.design.model import Query
from harness.run.reads import Reads, whole
from harness.run.seen.indexes import Attempt, Untried

TIMES = 5
"""Pages must fall at least so many times: less is soon eaten up by what the index costs."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per query that ran."""
    untried = list(case.run.of(Untried))
    for query in case.plan.queries:
        access = plan_of(case, query)
        if access is None or unlike(case, query.id) is not None:
            continue
        reads = whole(access, case.run.traits)
        if reads is not None and reads.much:
            yield _judged(check, case, query, reads, untried)
        else:
            message = f"{_counted(reads)}: it is not in want of an index"
            yield check.found("holds", f"query {query.id}", message, query.statement.source)


def _counted(reads: Reads | None) -> str:
    return f"{reads.unit}: {reads.count:,.0f}" if reads is not None else "what it reads was not counted"


def _judged(check: Check, case: Case, query: Query, reads: Reads, untried: list[Untried]) -> Finding:
    subject, source = f"query {query.id}", query.statement.source
    attempts = [o for o in case.run.of(Attempt) if o.query == query.id and o.kind == "new"]
    taken = [o for o in attempts if o.taken and o.before >= TIMES * max(o.after, 1)]
    best = min(taken, key=lambda o: (o.after, len(o.index.keys)), default=None)
    other = next((o for o in case.run.of(Attempt) if o.query == query.id and _turned(o)), None)
    if best is not None and other is not None and other.after <= TIMES * max(best.after, 1):
        message = f"{other.instead} with its keys in another order would serve it (see index-order-fits)"
        return check.found("holds", subject, message, source)
    if best is not None:
        return _suggested(check, case, query, best)
    if untried and not attempts:
        return check.found("unverified", subject, untried[0].reason, source)
    tried = ", ".join(f"({keys_text(o.index)})" for o in attempts)
    message = f"{_counted(reads)}; " + (
        f"an index on {tried} makes no fifth of that" if tried else "no condition or order of it suggests one"
    )
    return check.found("holds", subject, message, source)


def _turned(attempt: Attempt) -> bool:
    """Whether an index that is there would serve with its keys in another order."""
    return attempt.kind == "order" and attempt.taken and attempt.before >= TIMES * max(attempt.after, 1)


def _suggested(check: Check, case: Case, query: Query, best: Attempt) -> Finding:
    cost, figures = cost_of(case, best.index, tried=True)
    size = f", {best.size / 1_048_576:.1f} MB" if best.size else ""
    message = (
        f"with {best.ddl} the {best.unit} fall from {best.before:,} to {best.after:,} "
        f"({best.before / max(best.after, 1):,.0f} times fewer){size}" + (f"; {cost}" if cost else "")
    )
    evidence = {
        "ddl": best.ddl,
        "unit": best.unit,
        "pages_before": best.before,
        "pages_after": best.after,
        "bytes": best.size,
        **figures,
    }
    return check.found("broken", f"query {query.id}", message, query.statement.source, evidence=evidence)


CHECK = Check(
    name="index-suggested",
    question="Where a query reads much, would an index let it read a fifth or less?",
    why="Each index that the query's conditions, joins and order suggest was built on the seeded database and the "
    "query run again: what is told here was tried, with what it gives and what it costs.",
    remedy="Add it where the query is worth what it costs those who write.",
    severity="advice",
    breaks="SELECT id FROM orders WHERE user_id = 7 ORDER BY created_at DESC LIMIT 10;   -- no index on user_id",
    holds="CREATE INDEX idx_orders_user_created ON orders (user_id, created_at DESC);",
    judge=judge,
)
