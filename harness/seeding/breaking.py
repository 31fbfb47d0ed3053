"""Rows that break one CHECK and keep all the others: made as all rows are, for a table in which that one is turned.

A single strange value breaks a CHECK that stands alone. Where several speak of one column, or one speaks of several
columns, the row must be solved for: that is what seeding does for the constraints of a table, so it is asked for rows
of the same table whose CHECK says the contrary.
"""

from collections.abc import Iterator
from dataclasses import replace

from harness.design.model import Check, Entity, Schema
from harness.facts import Batch
from harness.seeding.model import Order
from harness.seeding.rows import Seeded, seeded
from harness.seeding.violations import Violation, said, value

OFFERED = 8
"""Rows of which one must do: a field that may be NULL breaks nothing where it is, and a double is refused for that."""


def breaking(order: Order, entity: Entity, check: Check, first: int) -> Iterator[Violation]:
    """Rows that break it alone, as far as that can be solved; none where nothing does.

    Args:
        order: that of the rows which are in the table.
        entity: the table, observed.
        check: one of its CHECKs.
        first: the number of the first row that is not in the table; where a key leaves room for fewer, the last ones
            are taken, whose keys are others as well, for the CHECK speaks of them.
    """
    more = replace(order, rows={**order.rows, entity.name: first + OFFERED})
    found = _turned(more, entity, check, entity.checks)
    start = max(0, min(first, _rows(found, entity) - OFFERED))
    for row in found.batches(entity.name, first=start, last=start + OFFERED, batch_rows=1):
        names = [name for name in check.fields if name in row.fields]
        told = ", ".join(f"{name} = {said(value(row, name))}" for name in names)
        yield Violation("check", check.name or "", tuple(names), told, Batch(row.fields, row.columns, 1))


def met(order: Order, entity: Entity, check: Check) -> tuple[str, ...]:
    """The other CHECKs of which each is broken by whatever breaks this one, of one that no row breaks alone.

    It is asked of each by itself whether there are rows without it. Where there are none even then, several stand in
    the way together, or the type does.
    """
    others = (c for c in entity.checks if c != check and set(c.fields) & set(check.fields))
    without = ((c, tuple(each for each in entity.checks if each != c)) for c in others)
    return tuple(c.name or "" for c, rest in without if _rows(_turned(order, entity, check, rest), entity))


def _turned(order: Order, entity: Entity, check: Check, among: tuple[Check, ...]) -> Seeded:
    """The tables that a row of this one needs, with the check turned into its contrary."""
    contrary = replace(check, expression=f"NOT ({check.expression})")
    other = replace(entity, checks=tuple(contrary if each == check else each for each in among))
    needed = _ancestors(order.schema, entity)
    entities = tuple(other if e.name == entity.name else e for e in order.schema.entities if e.name in needed)
    return seeded(replace(order, schema=replace(order.schema, entities=entities)))


def _rows(found: Seeded, entity: Entity) -> int:
    return next((volume.rows for volume in found.volumes if volume.entity == entity.name), 0)


def _ancestors(schema: Schema, entity: Entity) -> frozenset[str]:
    """The names of a table and of all that it refers to, directly or not."""
    found, left = {entity.name}, [entity]
    while left:
        targets = {key.target for key in left.pop().foreign_keys} - found
        found |= targets
        left += [e for name in targets if (e := schema.entity(name)) is not None]
    return frozenset(found)
