"""A view as the table that code takes it for: the one that had its name before, or the one that it shows.

Code that was written for a table goes on sending the same texts when the table has been renamed behind a view.
"""

from collections.abc import Sequence
from dataclasses import replace

from harness.design.model import Entity, Schema
from harness.engine import Session
from harness.facts import Batch
from harness.run.bench import Bench
from harness.run.model import Inspected
from harness.run.plants import behind
from harness.run.requests import NEW_ROWS, Wanted
from harness.run.taken import taken
from harness.seeding.model import Order
from harness.seeding.rows import seeded
from harness.seeding.volumes import FILLED


def as_table(bench: Bench, schema: Schema, view: Entity) -> Entity | None:
    """The view as a table, with what it shows of the one that it stands for; None where it stands for none."""
    table = _former(bench, view.name) or _shown(schema, view)
    if table is None:
        return None
    there = {field.name for field in view.fields} or {field.name for field in table.fields}  # MongoDB tells none
    return replace(
        table,
        name=view.name,
        kind="collection" if table.kind == "collection" else "table",
        fields=tuple(field for field in table.fields if field.name in there),
        keys=tuple(key for key in table.keys if there.issuperset(key.fields)),
        foreign_keys=tuple(key for key in table.foreign_keys if there.issuperset(key.fields)),
        checks=tuple(check for check in table.checks if there.issuperset(check.fields)),
        indexes=tuple(index for index in table.indexes if there.issuperset(key.text for key in index.keys)),
        options=(),
    )


def _former(bench: Bench, name: str) -> Entity | None:
    """The table that had the name, as it was last seen after one of the migrations."""
    states = (o.schema for o in reversed(bench.seen) if isinstance(o, Inspected) and o.label.startswith("after "))
    found = (entity for schema in states if (entity := schema.entity(name)) is not None)
    return next((entity for entity in found if entity.kind in FILLED), None)


def _shown(schema: Schema, view: Entity) -> Entity | None:
    name = behind(schema, view.name)
    return schema.entity(name) if name != view.name else None


def rows_through(bench: Bench, session: Session, table: Entity, wanted: Wanted) -> Sequence[Batch]:
    """Rows for a view that is taken for a table, one in each batch; their keys are none that it shows already."""
    entities = (table if each.name == table.name else each for each in wanted.schema.entities)
    schema = replace(wanted.schema, entities=tuple(entities))
    there = {entity.name: session.count(entity.name) for entity in schema.entities if entity.kind in FILLED}
    first = max(there.values())  # a view may hide rows, but no more than a table has
    rows = {**there, table.name: first + NEW_ROWS}
    kept = taken(bench, schema, session)
    found = seeded(Order(schema, bench.plan.scenario.seed, wanted.now, rows=rows, taken=kept))
    return tuple(found.batches(table.name, first=first, batch_rows=1)) if table.name in found.tables else ()
