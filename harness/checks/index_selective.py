"""index-selective: an index on a column with few values has a query that asks for one of the rare ones."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.index_likeness import keys_text, leads
from harness.checks.questions import conditions, plan_of
from harness.checks.states import cut_short, head, lacking, line_of_index
from harness.checks.write_cost import cost_of
from harness.counting import counted
from harness.design.model import Entity, Index
from harness.run.model import Loaded
from harness.run.seen.indexes import Spreading, narrowing

FEW = 30
"""Values of a column up to which it has few."""

SHARE = 0.05
"""Share of the rows from which a value is not rare: reading them one by one costs more than reading all in turn."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per index whose leading column a query fixes and through which no executed plan goes."""
    if cut_short(case) is not None:
        return
    spreads = {(o.entity, o.field): o for o in case.run.of(Spreading)}
    rows = {o.entity: o.rows for o in case.run.of(Loaded)}
    plans = [a for q in case.plan.queries if (a := plan_of(case, q)) is not None]
    through = {name for access in plans for name in access.indexes()}
    taken = {name for access in plans for name in narrowing(access, rows)}
    for entity in head(case).entities:
        if lacking(case, {entity.name}) is not None:
            continue
        for index in entity.indexes:
            wide = index.name not in through or (len(index.keys) == 1 and index.name not in taken)
            if index.constraint is None and not index.unique and index.keys and wide:
                found = spreads.get((entity.name, index.keys[0].text))
                if found is not None and not any(leads(index, key.fields) for key in entity.foreign_keys):
                    yield from _one(check, case, entity, index, found)


def _one(check: Check, case: Case, entity: Entity, index: Index, found: Spreading) -> Iterator[Finding]:
    asked = [
        (query, condition)
        for query, _, condition in conditions(case)
        if (condition.entity, condition.field) == (entity.name, found.field) and condition.part == "equal"
    ]
    subject, source = f"index {index.name} on {entity.name}", line_of_index(case, index)
    spread = found.spread
    if spread.distinct > FEW:
        message = f"{found.field} has {counted(spread.distinct, 'value')} in {counted(spread.rows, 'row')}"
        yield check.found("holds", subject, message, source)
        return
    rows = dict(spread.frequent)
    shares = [(rows.get(str(c.value), 0) / max(spread.rows, 1), query, c) for query, c in asked if c.value is not None]
    if not shares or len(shares) < len(asked):
        return
    share, query, condition = min(shares, key=lambda each: each[0])
    evidence = {"values": spread.distinct, "rows": spread.rows, "share": round(share, 4)}
    if share < SHARE:
        message = f"query {query.id} asks for {condition.value}, {share:.1%} of the rows"
        yield check.found("holds", subject, message, source, evidence=evidence)
        return
    cost, figures = cost_of(case, index)
    values = counted(spread.distinct, "value")
    message = (
        f"({keys_text(index)}): {found.field} has {values}, and the rarest that a query asks for "
        f"({condition.value}, query {query.id}) is in {share:.0%} of {spread.rows:,} rows: it leads to nearly every "
        "page of the table" + (f"; {cost}" if cost else "")
    )
    yield check.found("broken", subject, message, source, evidence={**evidence, **figures})


CHECK = Check(
    name="index-selective",
    question="Does an index on a column with few values have a query that asks for one of the rare ones?",
    why="Through an index rows are fetched one by one, from pages all over the table; for a tenth of all rows it is "
    "quicker to read them all in turn, and the server does. Then the index only costs.",
    remedy="Drop it, make it partial for the rare value (status = 'failed'), or put a column before it that "
    "tells more rows apart.",
    severity="warning",
    breaks="CREATE INDEX … ON orders (status);   -- WHERE status = 'delivered', which most orders are",
    holds="CREATE INDEX … ON orders (created_at) WHERE status = 'pending';",
    judge=judge,
)
