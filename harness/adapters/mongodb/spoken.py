"""The fields that a validator speaks of with the operators of queries, as far as it tells their types.

``{ status: { $in: ["new", "paid"] }, total: { $gte: 0 } }`` says that there are texts and numbers of these names. The
type of such a field is ``any`` to people, unless ``$type`` names it; its shape is that of what it is compared with.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bson import Decimal128, Int64, ObjectId

from harness.adapters.mongodb.condition import paths
from harness.adapters.mongodb.shape import ANY, SHAPES, shape, type_text
from harness.design.model import Field, Shape

CODES = {
    1: "double", 2: "string", 3: "object", 4: "array", 5: "binData", 7: "objectId", 8: "bool", 9: "date", 16: "int",
    17: "timestamp", 18: "long", 19: "decimal",
}  # fmt: skip
"""Types by their numbers (https://www.mongodb.com/docs/manual/reference/bson-types/)."""
TYPES: tuple[tuple[type, str], ...] = (
    (bool, "bool"), (Int64, "long"), (int, "int"), (float, "double"), (str, "string"), (datetime, "date"),
    (ObjectId, "objectId"), (Decimal128, "decimal"),
)  # fmt: skip
DATED = re.compile(r"(_at|At|_on|On|[dD]ate|[tT]ime|[sS]ince|[uU]ntil)$")
ABSENT = frozenset({"$ne", "$nin", "$not", "$exists"})
"""Operators that documents without the field match."""

Said = tuple[str, str | None, bool, bool]
"""A path, the type that is told of it, whether ``$type`` tells it, and whether the field must be there."""


def spoken(validator: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields, in the order in which the validator comes to them."""
    found: dict[str, list[Said]] = {}
    for said in _said(validator, needed=True):
        found.setdefault(said[0], []).append(said)
    return tuple(_field(path, said) for path, said in found.items())


def _field(path: str, said: list[Said]) -> Field:
    named = next((kind for _, kind, is_named, _ in said if is_named), None)
    kind = named or next((kind for _, kind, _, _ in said if kind is not None), None)
    rule = {"bsonType": kind}
    made: Shape = ANY if kind is None else shape(rule)
    needed = any(needed for *_, needed in said)
    return Field(path, "any" if named is None else type_text(rule), nullable=not needed, shape=made)


def _said(filter_: Mapping[str, Any], *, needed: bool) -> Iterator[Said]:
    for key, given in filter_.items():
        if key in {"$and", "$or", "$nor"} and isinstance(given, list):
            for each in given:
                yield from _said(each, needed=needed and (key == "$and" or (key == "$or" and len(given) == 1)))
        elif key == "$expr":
            yield from _compared(given, needed=needed)
        elif not key.startswith("$"):
            yield from _operators(key, given, needed=needed)


def _operators(path: str, given: Any, *, needed: bool) -> Iterator[Said]:
    if not isinstance(given, Mapping) or not any(word.startswith("$") for word in given):
        given = {"$eq": given}
    for word, operand in given.items():
        if word == "$type":
            names = [CODES.get(each, each) for each in (operand if isinstance(operand, list) else [operand])]
            kind = next((str(name) for name in names if name in SHAPES or name == "array"), None)
            yield path, kind, kind is not None, needed
        elif word == "$not" and isinstance(operand, Mapping):
            yield from _operators(path, operand, needed=False)
        elif word != "$options":
            there = needed and (word not in ABSENT or (word == "$exists" and bool(operand)))
            there = there and operand is not None and not (word == "$in" and None in operand)
            yield path, _kind(word, operand), False, there


def _kind(word: str, operand: Any) -> str | None:
    """The type of what a field is compared with."""
    if word == "$exists":
        return None
    if word in {"$size", "$all", "$elemMatch"}:
        return "array"
    values = operand if isinstance(operand, list) else [operand]
    if word == "$mod":
        return "int"
    kinds = [name for each in values for known, name in TYPES if isinstance(each, known)]
    if word == "$regex" or (not isinstance(operand, Mapping | str | list) and hasattr(operand, "pattern")):
        return "string"
    return kinds[0] if kinds else None


def _compared(given: Any, *, needed: bool) -> Iterator[Said]:
    """The fields of ``$expr``: what they are compared with tells their type, else their names do."""
    constants = [name for each in _constants(given) for known, name in TYPES if isinstance(each, known)]
    kind = constants[0] if len(set(constants)) == 1 else None
    conjoined = isinstance(given, Mapping) and "$or" not in given and "$not" not in given
    for path in paths(given):
        yield path, kind or ("date" if DATED.search(path) else "double"), False, needed and conjoined


def _constants(given: Any) -> Iterator[Any]:
    if isinstance(given, Mapping):
        yield from (each for inner in given.values() for each in _constants(inner))
    elif isinstance(given, list):
        yield from (each for inner in given for each in _constants(inner))
    elif not (isinstance(given, str) and given.startswith("$")):
        yield given
