"""index-order-fits: the keys of each index stand in the order that its queries want."""

from collections.abc import Iterator

from harness.asked.candidates import reordered
from harness.checks.base import Case, Check, Finding
from harness.checks.index_likeness import keys_text
from harness.checks.questions import blocks, plan_of
from harness.checks.states import cut_short, head, lacking, line_of_index, unseeded
from harness.design.model import Entity, Index, Query
from harness.run.seen.indexes import Attempt

TIMES = 2
"""Pages must fall at least so many times in the other order."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per index of several keys."""
    if cut_short(case) is not None:
        return
    for entity in head(case).entities:
        if lacking(case, {entity.name}) is not None:
            continue
        for index in entity.indexes:
            if index.constraint is None and len(index.keys) > 1:
                yield from _one(check, case, entity, index)


def _one(check: Check, case: Case, entity: Entity, index: Index) -> Iterator[Finding]:
    subject, source = f"index {index.name} on {entity.name}", line_of_index(case, index)
    through = [q for q in case.plan.queries if (a := plan_of(case, q)) is not None and index.name in a.indexes()]
    attempts = [o for o in case.run.of(Attempt) if o.kind == "order" and o.instead == index.name and o.taken]
    attempts = [o for o in attempts if unseeded(case, o.query) is None]
    better = next((o for o in attempts if o.before >= TIMES * max(o.after, 1)), None)
    if better is None:
        if through:
            message = f"in the order that query {through[0].id} wants, or in one that serves it as well"
            yield check.found("holds", subject, message, source)
        return
    needed = next((q for q in through if q.id != better.query and _wants(case, q, index, better.index)), None)
    if needed is not None:
        message = f"query {needed.id} wants it so, though query {better.query} would rather have another order"
        yield check.found("holds", subject, message, source)
        return
    message = (
        f"{better.unit} by query {better.query}: {better.before:,} with ({keys_text(index)}) and {better.after:,} with "
        f"({keys_text(better.index)}); what it fixes should come first, then its order, then what it ranges over"
    )
    evidence = {"ddl": better.ddl, "unit": better.unit, "pages_before": better.before, "pages_after": better.after}
    yield check.found("broken", subject, message, source, evidence=evidence)


def _wants(case: Case, query: Query, index: Index, other: Index) -> bool:
    """Whether a query is served by the present order and not by the other one."""
    asked = [block for block in blocks(case, query) if list(block.of(index.entity)) or block.sorts]
    fixed = {c.field for block in asked for c in block.of(index.entity) if c.part == "equal"}
    if other.keys[0].text in fixed and all(reordered(other, block) is None for block in asked):
        return False
    return index.keys[0].text not in {key.text for key in other.keys[:1]}


CHECK = Check(
    name="index-order-fits",
    question="Do the keys of each index stand in the order that the queries through it want?",
    why="An index is sorted by its first key, within that by its second. A key that a query only ranges over, put "
    "before one that it fixes or orders by, makes the server read everything in the range. Equality, sort, range: so "
    "goes the rule (ESR); here the other order was built, and the pages counted.",
    remedy="Put the keys that are compared with = first, then those of the order, then those of ranges.",
    severity="warning",
    breaks="CREATE INDEX … ON orders (created_at, user_id);   -- WHERE user_id = 7 AND created_at >= …",
    holds="CREATE INDEX … ON orders (user_id, created_at);",
    judge=judge,
)
