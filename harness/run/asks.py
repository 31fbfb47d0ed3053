"""What the example queries ask, read from their texts; of those that pass over rows, what their last page costs."""

from dataclasses import replace

from harness.asked.model import Asked, Asking
from harness.design.model import Query, Schema
from harness.engine import Session
from harness.facts import Access
from harness.run.bench import Bench
from harness.run.model import Explained, Loaded
from harness.run.queries import example
from harness.run.reads import whole
from harness.run.seen.queries import Asks, Paged, Width
from harness.servers.model import Address

WIDTHS = 20
"""Values that are looked at to tell how wide a field is."""

WIDENING = frozenset({"text", "json", "bytes", "array", "xml", "search"})
"""Families of which values may be long."""


def asks(bench: Bench, database: Address, schema: Schema) -> None:
    """Read every query; measure what its text gives reason to."""
    engine = bench.engine
    if not isinstance(engine, Asking):
        return
    with bench.engine.connect(database) as session:
        for query in bench.plan.queries:
            blocks = _blocks(bench, session, query, schema, engine)
            bench.seen.append(Asks(query.id, blocks))
            if blocks and blocks[0].skip is not None:
                text = example(bench, session, query, schema)
                _page(bench, session, query, engine.unpaged(text) if text is not None else None)
        _widths(bench, session, schema)


def _blocks(bench: Bench, session: Session, query: Query, schema: Schema, engine: Asking) -> tuple[Asked, ...]:
    """What the text asks; a name that nothing defines (``{ userId: userId }``) is known only with a value."""
    blocks = engine.asked(query.statement, schema)
    text = None if blocks else example(bench, session, query, schema)
    return blocks if text is None else engine.asked(replace(query.statement, text=text), schema)


def _page(bench: Bench, session: Session, query: Query, text: str | None) -> None:
    found = session.explain(text, execute=True) if text is not None else None
    reads = whole(found, bench.traits) if isinstance(found, Access) else None
    if isinstance(found, Access) and reads is not None:
        bench.seen.append(Paged(query.id, int(found.rows_returned or 0), reads))


def _widths(bench: Bench, session: Session, schema: Schema) -> None:
    """Of the entities of which a query that runs gives every field, for many rows."""
    many = {o.query for o in bench.seen if isinstance(o, Explained) and o.access is not None and o.rows > 1}
    filled = {o.entity for o in bench.seen if isinstance(o, Loaded)}
    given = [name for o in bench.seen if isinstance(o, Asks) and o.query in many for b in o.blocks for name in b.whole]
    for name in dict.fromkeys(given):
        entity = schema.entity(name)
        if entity is not None and name in filled:
            fields = tuple(f for f in entity.fields if f.shape is not None and f.shape.family in WIDENING)
            # Rows with a NULL are left out, so that fields that may be NULL are looked at one by one.
            always = tuple(f.name for f in fields if not f.nullable)
            for names in (always, *((f.name,) for f in fields if f.nullable)):
                _width(bench, session, name, names)


def _width(bench: Bench, session: Session, entity: str, names: tuple[str, ...]) -> None:
    values = session.sample(entity, names, WIDTHS, bench.plan.scenario.seed) if names else ()
    for name, column in zip(names, zip(*values, strict=True), strict=False):
        bench.seen.append(Width(entity, name, sum(map(len, column)) / len(column)))
