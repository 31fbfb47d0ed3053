"""Rows at the edge of what a schema takes: the longest text, the largest number, of fields that a migration retypes.

Rows as they are seldom reach that far, and a type that has less room than before loses nothing of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from harness.design.model import Entity, Field, Schema
from harness.engine import Session, Unsatisfied
from harness.facts import Batch
from harness.run.requested import edge_values
from harness.run.writes import TABLES, Pen
from harness.seeding.model import Order
from harness.seeding.rows import seeded

LONG = 1000
"""Characters of a text that may be as long as anybody likes."""

TURNS = 6


def retyped(before: Schema, after: Schema) -> Mapping[str, Sequence[Field]]:
    """The fields, by entity, that have another type afterwards; none that tells rows apart, or whom they refer to."""
    found: dict[str, Sequence[Field]] = {}
    for entity in before.entities if before is not after else ():
        twin = after.entity(entity.name)
        if twin is None or entity.kind not in TABLES or entity == twin:
            continue
        bound = {name for key in entity.foreign_keys for name in key.fields}
        bound |= set(entity.primary_key.fields) if entity.primary_key is not None else set()
        pairs = ((f, twin.field(f.name)) for f in entity.fields if f.name not in bound and f.generated is None)
        changed = tuple(f for f, new in pairs if new is not None and (new.type, new.options) != (f.type, f.options))
        if changed:
            found[entity.name] = changed
    return found


def write_edges(session: Session, schema: Schema, fields: Mapping[str, Sequence[Field]], pen: Pen) -> int:
    """One row for each edge of each field, as far as the server takes it; how many it took."""
    counts = {e.name: session.count(e.name) for e in schema.entities if e.kind in TABLES}
    taken = 0
    for name, wanted in fields.items():
        entity = schema.entity(name)
        if entity is None:
            continue
        edges = [(field.name, value) for field in wanted for value in _values(entity, field)]
        first = max(counts.get(name, 0), pen.numbered.get(name, 0))
        own = tuple(each for each in pen.taken if each[0] == name)  # its parents are those that are there
        order = Order(schema, pen.seed, pen.now, rows={**counts, name: first + len(edges)}, taken=own)
        rows = seeded(order).batches(name, first=first, batch_rows=1)
        taken += sum(_loaded(session, entity, _with(row, *edge)) for row, edge in zip(rows, edges, strict=False))
    return taken


def _values(entity: Entity, field: Field) -> Iterator[object]:
    """Each edge several times, a little different: some of the rows are written to before they are compared."""
    edges = [value for _, value in edge_values(entity, field) if value is not None]
    if field.shape is not None and field.shape.family == "text" and field.shape.length is None:
        edges.append("x" * LONG)
    for number in range(TURNS):
        yield from (_varied(value, number) for value in edges)


def _varied(value: object, number: int) -> object:
    if isinstance(value, str) and set(value) == {"x"}:
        return chr(ord("x") - number) * len(value)
    return value - number if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _with(row: Batch, name: str, value: object) -> Batch:
    columns = (column if field != name else [value] for field, column in zip(row.fields, row.columns, strict=True))
    return Batch(row.fields, tuple(columns), 1)


def _loaded(session: Session, entity: Entity, row: Batch) -> int:
    try:
        return session.load(entity, [row])
    except Unsatisfied:
        return 0
