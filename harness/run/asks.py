"""What the example queries ask, read from their texts; of those that pass over rows, what their last page costs."""

from dataclasses import dataclass, replace

from harness.asked.model import Asked, Asking
from harness.design.model import Query, Schema
from harness.engine import Session
from harness.facts import Access
from harness.run.bench import Bench
from harness.run.model import Explained, Loaded, Observation
from harness.run.queries import example
from harness.servers.model import Address

WIDTHS = 20
"""Values that are looked at to tell how wide a field is."""


@dataclass(frozen=True, slots=True)
class Asks(Observation):
    """The blocks of a query; none where its text cannot be read."""

    query: str
    blocks: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Paged(Observation):
    """What a query with an offset reads when it is asked for its last page: all that comes before it.

    Attributes:
        rows: rows that it pages through.
        pages: pages read up to the last of them.
    """

    query: str
    rows: int
    pages: int


@dataclass(frozen=True, slots=True)
class Width(Observation):
    """How many characters the values of a field have on average, written as literals."""

    entity: str
    field: str
    characters: float


def asks(bench: Bench, database: Address, schema: Schema) -> None:
    """Read every query; measure what its text gives reason to."""
    engine = bench.engine
    if not isinstance(engine, Asking):
        return
    with bench.engine.connect(database) as session:
        for query in bench.plan.queries:
            text = example(bench, session, query, schema)
            blocks = engine.asked(query.statement, schema)
            if not blocks and text is not None:  # a name that nothing defines is known only with a value
                blocks = engine.asked(replace(query.statement, text=text), schema)
            bench.seen.append(Asks(query.id, blocks))
            if text is not None and blocks and blocks[0].skip is not None:
                _page(bench, session, query, engine.unpaged(text))
        _widths(bench, session, schema)


def _page(bench: Bench, session: Session, query: Query, text: str | None) -> None:
    found = session.explain(text, execute=True) if text is not None else None
    if isinstance(found, Access) and found.pages_read is not None:
        bench.seen.append(Paged(query.id, int(found.rows_returned or 0), found.pages_read))


def _widths(bench: Bench, session: Session, schema: Schema) -> None:
    """Of the entities of which a query that runs gives every field."""
    ran = {o.query for o in bench.seen if isinstance(o, Explained) and o.access is not None}
    filled = {o.entity for o in bench.seen if isinstance(o, Loaded)}
    given = [name for o in bench.seen if isinstance(o, Asks) and o.query in ran for b in o.blocks for name in b.whole]
    for name in dict.fromkeys(given):
        entity = schema.entity(name)
        for field in entity.fields if entity is not None and name in filled else ():
            if field.shape is None or field.shape.family not in {"text", "json", "bytes", "array", "xml", "search"}:
                continue
            values = session.sample(name, (field.name,), WIDTHS, bench.plan.scenario.seed)
            if values:
                bench.seen.append(Width(name, field.name, sum(len(v[0]) for v in values) / len(values)))
