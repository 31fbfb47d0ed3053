"""Writes as an application of a schema makes them: new rows, other values in old ones, rows taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from harness.asked.inserts import Inserted
from harness.design.model import Entity, Schema
from harness.engine import Session, Unsatisfied
from harness.run.loosened import loosens, outgrows, with_values, write_loosened, write_outgrown
from harness.run.reckoning import comparable
from harness.seeding.model import Order
from harness.seeding.rows import Seeded, seeded
from harness.watching import Deriving, Sending

NEW_ROWS = 6
UPDATED = 3
DELETED = 1
MOST_LOOSENED = 200
TABLES = frozenset({"table", "partitioned table", "collection"})

Keys = tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Written:
    """What was written: rows inserted; keys of rows updated and deleted, literals of the fields ``by``."""

    by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inserted: dict[str, int] = field(default_factory=dict)
    updated: dict[str, Keys] = field(default_factory=dict)
    deleted: dict[str, Keys] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """All writes."""
        return sum(self.inserted.values()) + sum(map(len, (*self.updated.values(), *self.deleted.values())))


@dataclass(frozen=True, slots=True)
class Pen:
    """What decides the values: the moment that dates are recent to, the seed, and how many rows each table gets.

    ``numbered``: how many rows a table has had: the keys of rows that an up took out of it are not given again.
    ``beyond``: values for which the type before has no room are written too, of which a down may cut something off.
    """

    now: datetime
    seed: int
    rows: int = NEW_ROWS
    taken: tuple[Inserted, ...] = ()
    numbered: Mapping[str, int] = field(default_factory=dict)
    beyond: bool = False


def write(session: Session, schema: Schema, before: Schema, pen: Pen) -> Written:
    """Write to every table, parents first; what the server refuses, or cannot be made, is left out.

    Rows are changed and deleted only in tables that were there ``before``: those that an up has filled may hold what
    another table must get back. Nothing at all is written to those of them that no reference ties to another table:
    they are copies, which no application knows of.
    """
    there = {e.name: session.count(e.name) for e in schema.entities if e.kind in TABLES}
    there = {name: rows for name, rows in there.items() if not (rows and _is_copy(schema, before, name))}
    first = {name: max(count, pen.numbered.get(name, 0)) for name, count in there.items()}
    rows = {name: count + pen.rows for name, count in first.items()}
    found = seeded(Order(schema, pen.seed, pen.now, rows=rows, taken=pen.taken))
    written = Written()
    for volume in found.volumes:
        if volume.entity in there:
            entity = found.entity(volume.entity)
            number = _number(entity, before.entity(entity.name))
            written.inserted[entity.name] = _inserted(session, found, entity, first[entity.name], number)
            known = _known(entity, before.entity(entity.name)) if there[entity.name] else None
            if known is not None:
                _others(session, found, known, written, pen.seed, spreading=_spreads(schema, entity))
            # After the updates and deletes, which may take any row: these are few of their kind.
            written.inserted[entity.name] += _loosened(session, (schema, before), entity, rows, pen)
    return written


def _known(entity: Entity, before: Entity | None) -> Entity | None:
    """The table with the key that tells its rows apart before as after; None where there is none.

    A key that has become another one (``id`` now with the partitions' date, a UUID beside it) is the one of before, as
    long as its fields are there.
    """
    own, old = entity.primary_key, before.primary_key if before is not None else None
    if before is None or (own is None and old is None):
        return None
    if old is not None and all(comparable(entity.field(name), before.field(name)) for name in old.fields):
        return replace(entity, keys=(old, *(key for key in entity.keys if not key.primary)))
    told = own is not None and all(comparable(entity.field(name), before.field(name)) for name in own.fields)
    return entity if told else None


def _loosened(
    session: Session, schemas: tuple[Schema, Schema], entity: Entity, rows: Mapping[str, int], pen: Pen
) -> int:
    """Rows of the table that its schema before does not take; how many were taken."""
    schema, before = schemas
    old = before.entity(entity.name)
    beyond = pen.beyond and old is not None and outgrows(old, entity)
    if old is None or not (beyond or loosens(old, entity)):
        return 0
    first = rows[entity.name]
    more = seeded(Order(schema, pen.seed, pen.now, rows={**rows, entity.name: first + MOST_LOOSENED}, taken=pen.taken))
    offered = more.batches(entity.name, first=first, batch_rows=1)
    taken = write_outgrown(session, old, entity, offered) if beyond else 0
    return taken + write_loosened(session, old, entity, offered)


def _is_copy(schema: Schema, before: Schema, name: str) -> bool:
    """Whether a table is new and stands alone."""
    keys = ((e.name, key.target) for e in schema.entities for key in e.foreign_keys)
    return before.entity(name) is None and not any(name in pair for pair in keys)


def _number(entity: Entity, before: Entity | None) -> str:
    """The field that was the key, and is none any more, but is still given its number by the server; else empty."""
    old = before.primary_key if before is not None else None
    field = entity.field(old.fields[0]) if old is not None and len(old.fields) == 1 else None
    if field is None or field.shape is None or field.shape.family != "integer":
        return ""
    keyed = entity.primary_key is not None and field.name in entity.primary_key.fields
    return field.name if not keyed and (field.identity or "nextval" in (field.default or "").lower()) else ""


def _inserted(session: Session, found: Seeded, entity: Entity, first: int, number: str) -> int:
    """Load new rows one by one; ``number`` goes on as the server would count."""
    taken = 0
    for place, each in enumerate(found.batches(entity.name, first=first, batch_rows=1), first + 1):
        row = with_values(each, {number: place}) if number in each.fields else each
        try:
            taken += session.load(entity, [row])
        except Unsatisfied:
            continue
    return taken


def _spreads(schema: Schema, entity: Entity) -> bool:
    """Whether a delete also takes or changes rows of other tables, which nobody could tell from rows that were lost."""
    keys = (key for other in schema.entities for key in other.foreign_keys if key.target == entity.name)
    return any((key.on_delete or "").upper() in {"CASCADE", "SET NULL", "SET DEFAULT"} for key in keys)


def _others(session: Session, found: Seeded, entity: Entity, written: Written, seed: int, *, spreading: bool) -> None:
    """Updates and deletes of rows that were there before; no deletes that spread to other tables."""
    assert entity.primary_key is not None
    if not isinstance(session, Deriving):
        return
    keys = session.sample(entity.name, entity.primary_key.fields, UPDATED + DELETED, seed)
    values = next(found.batches(entity.name, last=UPDATED), None)
    if values is None:
        return
    changed, gone = keys[:UPDATED], keys[UPDATED:]
    written.by[entity.name] = entity.primary_key.fields
    written.updated[entity.name] = _sent(session, changed, session.updates(entity, changed, values))
    if not spreading:
        written.deleted[entity.name] = _sent(session, gone, session.deletes(entity, gone))


def _sent(session: Session, keys: Sequence[tuple[str, ...]], texts: Sequence[str]) -> Keys:
    """The keys of the statements that the server took."""
    assert isinstance(session, Sending)
    return tuple(key for key, text in zip(keys, texts, strict=False) if session.send((text,)) is None)
