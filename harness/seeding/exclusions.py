"""Rows that an exclusion constraint keeps apart: one that stands where another one stands already."""

import re
from collections.abc import Iterator

from harness.design.model import Entity, Schema, SchemaObject
from harness.facts import Batch
from harness.seeding.conditions import parsed
from harness.seeding.partial import holds
from harness.seeding.violations import Violation, doubled, value

KIND = "exclusion constraint"
"""Of the schema's objects, which are named for their table."""

TEXT = re.compile(r"'(?:[^']|'')*'")

PREDICATE = re.compile(r"\)\s+WHERE\s+(\(.*\))", re.DOTALL)

APART = re.compile(r'"?(\w+)"?\s+WITH\s+(?:OPERATOR\(\w+\.)?(?:<>|!=)', re.IGNORECASE)
"""A column whose values must differ for two rows to be in conflict."""


def exclusions(schema: Schema, entity: Entity) -> Iterator[SchemaObject]:
    """The exclusion constraints of a table."""
    return (o for o in schema.objects if o.kind == KIND and o.name.startswith(f"{entity.name}."))


def exclusion_doubles(schema: Schema, entity: Entity, row: Batch, taken: Batch) -> Iterator[Violation]:
    """For each of them, ``row`` with all that it speaks of as in a row that is in the table already.

    Args:
        schema: observed; it has the constraints.
        entity: the table, observed.
        row: a single row that the server takes.
        taken: rows that are in the table already.
    """
    for each in exclusions(schema, entity):
        found = next(_held(each.definition, taken), None)
        if found is not None:
            about = ("exclusion", each.name.removeprefix(f"{entity.name}."))
            yield from doubled(entity, row, found[0], about, found[1])


def _held(definition: str, taken: Batch) -> Iterator[tuple[Batch, dict[str, object]]]:
    """Each row that the constraint holds for, and what it speaks of in it."""
    elements, predicate = PREDICATE.sub("", definition), PREDICATE.search(definition)
    kept = _names(elements, taken) - set(APART.findall(elements))
    condition = parsed(predicate[1]) if predicate else None
    for number in range(taken.rows):
        single = taken.row(number)
        values = {name: value(single, name) for name in taken.fields}
        covered = predicate is None or (condition is not None and holds(condition, values) is True)
        if covered and all(values[name] is not None for name in kept):
            asked = _names(predicate[1], taken) if predicate else set()
            yield single, {name: found for name, found in values.items() if name in kept | asked}


def _names(text: str, taken: Batch) -> set[str]:
    return set(re.findall(r"\w+", TEXT.sub("''", text))) & set(taken.fields)
