"""Rows that only the schema after a migration takes.

A label that is new, a value twice that was unique before, NULL where there was none, a value between two of those that
the type of before has, a letter that another character set has.

People write such rows once they can, and few as the others are, none of them may happen to be one.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from harness.design.model import Entity, Field
from harness.engine import Session, Unsatisfied
from harness.facts import Batch
from harness.run.finer import Make, beyond, finer, foreign, plain
from harness.seeding.keys import uniques

TURNS = 24
"""Rows that are offered until one, or a second one with the same values, is taken."""


def loosens(before: Entity, after: Entity) -> bool:
    """Whether there are such rows. Of documents only those that need not differ any more are known."""
    kinds = (_freed(before, after), _labels(before, after), _emptied(before, after), _finer(before, after))
    return any(True for kind in kinds for _ in kind)


def outgrows(before: Entity, after: Entity) -> bool:
    """Whether there may be values of a field for which its type before has no room."""
    return any(True for old, field in _told(before, after) for _ in beyond(old, field))


def write_outgrown(session: Session, before: Entity, after: Entity, rows: Iterator[Batch]) -> int:
    """Write one of each kind for which a type before has no room, as far as the server takes them; how many it took."""
    makes = ((field.name, make) for old, field in _told(before, after) for make in beyond(old, field))
    return sum(_turned(session, after, rows, name, make) for name, make in makes)


def write_loosened(session: Session, before: Entity, after: Entity, rows: Iterator[Batch]) -> int:
    """Write one of each kind, made from the next of ``rows``, as far as the server takes them; how many it took."""
    taken = 0
    for name, label in _labels(before, after):
        taken += sum(_loaded(session, after, with_values(row, {name: label})) for row in islice(rows, 1))
    for fields in _freed(before, after):
        taken += _alike(session, after, fields, list(islice(rows, TURNS)))
    for name in _emptied(before, after):
        told = [name, *(f.name for f in after.fields if before.field(f.name) is None)]
        whole = (row for row in islice(rows, TURNS) if name in row.fields and _whole(row, told))
        taken += any(_loaded(session, after, with_values(row, {name: None})) for row in whole)
    return taken + sum(_turned(session, after, rows, name, make) for name, make in _finer(before, after))


def _turned(session: Session, entity: Entity, rows: Iterator[Batch], name: str, make: Make) -> int:
    """Write the first row that is taken with another value in a field; whether there is one."""
    made = (_made(row, name, make) for row in islice(rows, TURNS))
    return int(any(row is not None and _loaded(session, entity, row) for row in made))


def _alike(session: Session, entity: Entity, fields: Sequence[str], rows: Sequence[Batch]) -> int:
    """Write two rows with the same values of the fields; how many were taken."""
    whole = [row for row in rows if _whole(row, [n for n in row.fields if any(_holds(n, field) for field in fields)])]
    first = next((row for row in whole if _loaded(session, entity, row)), None)
    if first is None:
        return 0
    same = {name: first.value(name) for name in _around(first.fields, fields)}
    others = [with_values(row, same) for row in whole if row is not first]
    return 1 + any(_loaded(session, entity, row) for row in chain(others, _counted(entity, fields, others)))


def _around(names: Sequence[str], fields: Sequence[str]) -> list[str]:
    """Those of the names that are the fields; of fields in a document, all that lies in it: arrays go together."""
    holding = [name for name in names if any(_holds(name, field) for field in fields)]
    outermost = [name for name in holding if not any(_holds(other, name) for other in holding if other != name)]
    return [name for name in names if any(_holds(each, name) for each in outermost)]


def _holds(name: str, field: str) -> bool:
    """Whether it is the field, or a document or an array that the field lies in."""
    return field == name or field.startswith((f"{name}.", f"{name}[]"))


def _counted(entity: Entity, fields: Sequence[str], rows: Sequence[Batch]) -> Iterator[Batch]:
    """The rows with other numbers in what makes them unique beside those fields, such as a version that begins at 1."""
    beside = {name for unique in uniques(entity) if set(fields) < set(unique.fields) for name in unique.fields}
    for place, row in enumerate(rows, 1):
        found = {name: plain(row.value(name)) for name in beside.difference(fields).intersection(row.fields)}
        numbers: dict[str, object] = {name: n + place for name, n in found.items() if isinstance(n, int)}
        if numbers:
            yield with_values(row, numbers)


def _whole(row: Batch, fields: Sequence[str]) -> bool:
    """Whether no field is NULL: what is new in a table may be what stands for one that may be NULL now."""
    return all(name not in row.fields or plain(row.value(name)) is not None for name in fields)


def _labels(before: Entity, after: Entity) -> Iterator[tuple[str, str]]:
    for old, field in _pairs(before, after):
        if old.shape is not None and field.shape is not None and old.shape.labels:
            yield from ((field.name, label) for label in field.shape.labels if label not in old.shape.labels)


def _freed(before: Entity, after: Entity) -> Iterator[tuple[str, ...]]:
    """Fields that were unique together, are there, and may not be so any more; none that numbers itself, and no key.

    Whether they are unique by another constraint is for the server to say.
    """
    now = {unique.fields for unique in uniques(after) if unique.predicate is None}
    for unique in uniques(before):
        written = all(_may_be_written(after, name) for name in unique.fields)
        if not unique.primary and unique.predicate is None and unique.fields not in now and written:
            yield unique.fields


def _may_be_written(entity: Entity, name: str) -> bool:
    field = entity.field(name)
    if field is None:
        return entity.kind == "collection"  # documents have fields that no validator tells
    return field.identity is None and field.generated is None


def _emptied(before: Entity, after: Entity) -> Iterator[str]:
    """Fields that may be NULL now, and might not be so."""
    for old, field in _pairs(before, after):
        if old.nullable is False and field.nullable and field.generated is None and field.identity is None:
            yield field.name


def _finer(before: Entity, after: Entity) -> Iterator[tuple[str, Make]]:
    """Fields that hold more between two values than they did, by what is made of their values."""
    for old, field in _told(before, after):
        yield from ((field.name, make) for make in finer(old, field))
        yield from ((field.name, make) for make in foreign(before, after, old, field))


def _told(before: Entity, after: Entity) -> Iterator[tuple[Field, Field]]:
    """Fields of both tables that somebody writes, and that neither tell rows apart nor whom they refer to."""
    bound = {name for key in after.foreign_keys for name in key.fields}
    bound |= set(after.primary_key.fields) if after.primary_key is not None else set()
    for old, field in _pairs(before, after):
        if field.name not in bound and field.generated is None and field.identity is None:
            yield old, field


def _pairs(before: Entity, after: Entity) -> Iterator[tuple[Field, Field]]:
    """The fields of both tables, as they were and as they are; none of documents."""
    for field in after.fields if after.kind != "collection" else ():
        old = before.field(field.name)
        if old is not None:
            yield old, field


def _made(row: Batch, name: str, make: Make) -> Batch | None:
    value = make(plain(row.value(name))) if name in row.fields else None
    return None if value is None else with_values(row, {name: value})


def with_values(row: Batch, values: dict[str, object]) -> Batch:
    """One row with other values in some of its fields."""
    names = row.fields
    return Batch(names, tuple([values[name] if name in values else row.value(name)] for name in names), 1)


def _loaded(session: Session, entity: Entity, row: Batch) -> int:
    try:
        return session.load(entity, [row])
    except Unsatisfied:
        return 0
