"""Rows that only the schema after a migration takes: a label that is new, a value twice that was unique before.

People write such rows once they can, and few as the others are, none of them may happen to be one.
"""

from collections.abc import Iterator
from itertools import islice

from harness.design.model import Entity
from harness.engine import Session, Unsatisfied
from harness.facts import Batch
from harness.seeding.keys import uniques

TURNS = 24
"""Rows that are offered until a second one with the same values is taken."""


def loosens(before: Entity, after: Entity) -> bool:
    """Whether there are such rows."""
    return bool(list(_labels(before, after)) or list(_freed(before, after)))


def write_loosened(session: Session, before: Entity, after: Entity, rows: Iterator[Batch]) -> int:
    """Write one of each kind, made from the next of ``rows``, as far as the server takes them; how many it took."""
    taken = 0
    for name, label in _labels(before, after):
        taken += sum(_loaded(session, after, with_values(row, {name: label})) for row in islice(rows, 1))
    for fields in _freed(before, after):
        found = list(islice(rows, TURNS))
        first = next((row for row in found if _loaded(session, after, row)), None)
        if first is None:
            continue
        same = {name: first.value(name) for name in fields}
        taken += 1
        if None not in same.values():
            others = (row for row in found if row is not first)
            taken += any(_loaded(session, after, with_values(row, same)) for row in others)
    return taken


def _labels(before: Entity, after: Entity) -> Iterator[tuple[str, str]]:
    for field in after.fields:
        old = before.field(field.name)
        if old is not None and old.shape is not None and field.shape is not None and old.shape.labels:
            yield from ((field.name, label) for label in field.shape.labels if label not in old.shape.labels)


def _freed(before: Entity, after: Entity) -> Iterator[tuple[str, ...]]:
    """Fields that were unique together, are there, and may not be so any more; none that numbers itself, and no key.

    Whether they are unique by another constraint is for the server to say.
    """
    now = {unique.fields for unique in uniques(after) if unique.predicate is None}
    for unique in uniques(before):
        fields = [after.field(name) for name in unique.fields]
        written = all(f is not None and f.identity is None and f.generated is None for f in fields)
        if not unique.primary and unique.predicate is None and unique.fields not in now and written:
            yield unique.fields


def with_values(row: Batch, values: dict[str, object]) -> Batch:
    """One row with other values in some of its fields."""
    names = row.fields
    return Batch(names, tuple([values[name] if name in values else row.value(name)] for name in names), 1)


def _loaded(session: Session, entity: Entity, row: Batch) -> int:
    try:
        return session.load(entity, [row])
    except Unsatisfied:
        return 0
