"""Rows that break one constraint each: what a schema must refuse, made from a row that it takes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np

from harness.design.model import Check, Entity, Field
from harness.facts import Batch

UNKNOWN_KEYS: dict[str, object] = {
    "integer": 2_000_000_011,
    "decimal": Decimal(2_000_000_011),
    "text": "no such row",
    "uuid": "00000000-0000-4000-8000-000000000bad",
}
"""A value that no parent row has, by family."""

STRANGE: dict[str, tuple[object, ...]] = {
    "integer": (-1, 0, 2_000_000_011, -2_000_000_011),
    "decimal": (Decimal(-1), Decimal(0), Decimal(999_999), Decimal(101)),
    "float": (-1.0, 0.0, 1e12, 101.0),
    "text": ("~", "", "no such value", "NO SUCH VALUE", "~" * 500),
    "date": (date(1, 1, 1), date(9000, 1, 1)),
    "timestamp": (datetime(1, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)),
    "boolean": (True, False),
    "json": ("[]", "{}", '"x"', "7", "null"),
    "range": ("empty",),
}
"""Values that a CHECK may be there to keep out, by family."""


ITEMS = re.compile(r"(?:cardinality|array_length)\([^()]+\) (?P<operator><=|>=) (?P<number>\d+)")


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks one constraint; ``rows`` holds just it."""

    kind: str
    constraint: str
    fields: tuple[str, ...]
    value: str
    rows: Batch


def violations(entity: Entity, row: Batch, taken: Batch | None) -> Iterator[Violation]:
    """Rows that differ from ``row`` (one that keeps all) in what they break.

    Args:
        entity: the table, observed.
        row: a single row that the server takes.
        taken: a single row that is in the table already, for what must be unique; None when there is none.
    """
    yield from _nulls(entity, row)
    if taken is not None:
        yield from _doubles(entity, row, taken)
    yield from _orphans(entity, row)
    for check in entity.checks:
        yield from _alike(entity, row, check)
        yield from _strange(entity, row, check)
        yield from _wrongly_long(row, check)
    for field in entity.fields:
        if field.shape is not None and field.shape.family == "enum" and field.name in row.fields:
            yield changed(row, "enum", field.name, {field.name: "no such label"})
        if field.shape is not None and field.shape.unsigned and field.identity is None and field.name in row.fields:
            yield changed(row, "unsigned", field.name, {field.name: -1})


def _nulls(entity: Entity, row: Batch) -> Iterator[Violation]:
    """NULL where there must be none; a MySQL AUTO_INCREMENT column takes a NULL as a wish for the next number."""
    for field in entity.fields:
        numbered = field.generated is not None or field.identity == "auto"
        if field.nullable is False and not numbered and field.name in row.fields and _is_within_something(field, row):
            yield changed(row, "not null", field.name, {field.name: None})


def _is_within_something(field: Field, row: Batch) -> bool:
    """Whether what a nested field lies in is still there without it: of what is not there nothing is required."""
    holder, dot, _ = field.name.rpartition(".")
    others = (value(row, name) for name in row.fields if name.startswith(f"{holder}.") and name != field.name)
    return not dot or any(len(v) if isinstance(v, list | tuple | np.ndarray) else v is not None for v in others)


def _doubles(entity: Entity, row: Batch, taken: Batch) -> Iterator[Violation]:
    for key in entity.keys:
        values = {name: value(taken, name) for name in key.fields if name in taken.fields}
        if len(values) == len(key.fields) and None not in values.values():
            about = ("primary key" if key.primary else "unique", key.name or "")
            yield from doubled(entity, row, taken, about, values)


def doubled(
    entity: Entity, row: Batch, there: Batch, about: tuple[str, str], values: dict[str, object]
) -> Iterator[Violation]:
    """``row`` with values of a row that is ``there``; then that row itself, with what else must be unique from ``row``.

    The second keeps every CHECK that relates the values to others. ``about``: the kind and the name of the constraint.
    """
    first = changed(row, *about, values)
    yield first
    keys = {name for key in entity.keys for name in key.fields}
    keys |= {key.text for index in entity.indexes if index.unique for key in index.keys}
    others = {name: value(there, name) for name in there.fields if name in row.fields and name not in keys - {*values}}
    yield replace(changed(row, *about, {**others, **values}), fields=first.fields, value=first.value)


def _orphans(entity: Entity, row: Batch) -> Iterator[Violation]:
    for key in entity.foreign_keys:
        fields = [f for name in key.fields for f in [entity.field(name)] if f is not None and name in row.fields]
        values = {f.name: _unknown(f) for f in fields}
        if len(fields) == len(key.fields) and None not in values.values():
            # What another key needs as well (a tenant's number) stays, where that leaves something to change.
            shared = {name for other in entity.foreign_keys if other is not key for name in other.fields}
            own = {name: unknown for name, unknown in values.items() if name not in shared}
            if (
                own
                and len(own) < len(values)
                and all(value(row, name) is not None for name in values if name in shared)
            ):
                yield changed(row, "foreign key", key.name or "", own)
            yield changed(row, "foreign key", key.name or "", values)


def _unknown(field: Field) -> object:
    shape = field.shape
    if shape is None:
        return None
    if shape.family == "integer" and shape.width is not None and shape.width < 4:
        return (1 << (8 * shape.width - 1)) - 1
    value = UNKNOWN_KEYS.get(shape.family)
    return value[: shape.length] if isinstance(value, str) and shape.length and shape.family == "text" else value


def _alike(entity: Entity, row: Batch, check: Check) -> Iterator[Violation]:
    """One of two fields with the value of the other, for a check by which they must differ."""
    pair = [f for name in check.fields if (f := entity.field(name)) is not None and f.name in row.fields]
    if len(pair) == 2 and pair[0].shape is not None and pair[0].shape == pair[1].shape:
        for one, other in (pair, pair[::-1]):
            yield changed(row, "check", check.name or "", {one.name: value(row, other.name)})


def _strange(entity: Entity, row: Batch, check: Check) -> Iterator[Violation]:
    """Single values that a check may refuse; whoever tries them stops at the first that it does."""
    for name in check.fields:
        field = entity.field(name)
        if field is None or field.shape is None or name not in row.fields:
            continue
        for value in STRANGE.get(field.shape.family, ()):
            fits = value[: field.shape.length] if isinstance(value, str) and field.shape.length else value
            yield changed(row, "check", check.name or "", {name: fits})


def _wrongly_long(row: Batch, check: Check) -> Iterator[Violation]:
    """An array of one element more, or less, than a check allows; its elements may stand in columns of their own."""
    limit = ITEMS.fullmatch((check.expression or "").strip())
    if limit is None or not check.fields:
        return
    wanted = int(limit["number"]) + (1 if limit["operator"] == "<=" else -1)
    parts = [f for f in row.fields if f == check.fields[0] or f.startswith(f"{check.fields[0]}[]")]
    values = {name: _of_length(value(row, name), wanted) for name in parts}
    if values and wanted >= 0 and None not in values.values():
        yield changed(row, "check", check.name or "", values)


def _of_length(found: object, wanted: int) -> object:
    """A sequence of so many elements, repeated; a single value is one of one. None where there is none to repeat."""
    several = list(found) if isinstance(found, list | tuple | np.ndarray) else [found]
    elements = [] if found is None else several
    return (elements * wanted)[:wanted] if elements or not wanted else None


def changed(row: Batch, kind: str, constraint: str, values: dict[str, object]) -> Violation:
    """The row with other values, which break that constraint; what they lie in is there, too."""
    holders = {name.rpartition(".")[0].removesuffix("[]") for name in values if "." in name}
    put: dict[str, object] = {name: [] for name in holders if name in row.fields and value(row, name) is None} | values
    columns: list[Sequence[object]] = [
        [put[name]] if name in put else column for name, column in zip(row.fields, row.columns, strict=True)
    ]
    text = ", ".join(f"{name} = {said(value)}" for name, value in values.items())
    return Violation(kind, constraint, tuple(values), text, Batch(row.fields, tuple(columns), 1))


def said(value: object) -> str:
    """A value for people."""
    text = "NULL" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def value(row: Batch, name: str) -> object:
    """The value of a field in a batch of one row."""
    found = row.value(name)
    if isinstance(found, np.datetime64 | np.timedelta64) and np.isnat(found):
        return None
    return found.item() if isinstance(found, np.bool_ | np.integer | np.floating) else found
