"""What the example queries ask of the tables, for the checks that judge their texts beside their plans."""

from collections.abc import Iterator

from harness.asked.model import Asked, Condition
from harness.checks.base import Case
from harness.checks.states import head
from harness.design.model import Query
from harness.facts import Access
from harness.run.model import Loaded
from harness.run.seen.queries import Asks
from harness.source import Source

LARGE_ROWS = 1_000
"""Rows under which a table is read whole for next to nothing."""


def blocks(case: Case, query: Query) -> tuple[Asked, ...]:
    """The query's blocks, the outermost first; none where its text was not read."""
    return next((o.blocks for o in case.run.of(Asks) if o.query == query.id), ())


def conditions(case: Case) -> Iterator[tuple[Query, Asked, Condition]]:
    """Every condition of every query whose text was read."""
    for query in case.plan.queries:
        for block in blocks(case, query):
            for condition in block.conditions:
                yield query, block, condition


def plan_of(case: Case, query: Query) -> Access | None:
    """The executed plan of a query."""
    seen = case.run.explained(query.id)
    return seen.access if seen is not None else None


def ways_into(access: Access, entity: str) -> tuple[Access, ...]:
    """The nodes that read an entity; those that only fetch what an index found are passed over."""
    nodes = [node for node in access.walk() if (node.entity or "").lower() == entity.lower()]
    return tuple(n for n in nodes if n.operation != "bitmap heap scan" and not (n.children and n.index is None))


def line(query: Query, below: int) -> Source:
    """The document's line that stands so many below the first of the query's text."""
    source = query.statement.source
    return source.at(min(below, source.end_line - source.line))


def rows_of(case: Case, entity: str) -> int:
    """Rows of an entity that the queries met."""
    return sum(o.rows for o in case.run.of(Loaded) if o.entity == entity)


def one_row(case: Case, block: Asked, entity: str) -> bool:
    """Whether the block's conditions leave at most one row of an entity: all fields of a key are given."""
    known = head(case).entity(entity)
    given = {c.field for c in block.of(entity) if c.operator == "=" and not c.through and c.other is None}
    unique = [i for i in known.indexes if i.unique and i.predicate is None] if known is not None else []
    keys = [{key.text for key in index.keys} for index in unique if not any(k.expression for k in index.keys)]
    keys += [set(key.fields) for key in known.keys] if known is not None else []
    return any(key and key <= given for key in keys)
