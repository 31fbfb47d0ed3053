"""Documents that break one rule of a validator each, made from one that keeps them all.

The rules of a ``$jsonSchema`` are walked with the document: what a keyword limits is put just beyond its limit, where
the document has a value at that place. ``anyOf``, ``oneOf`` and ``not`` are left alone: what breaks one of these may
be taken by another.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import Decimal128, Int64

from harness.abilities import Offence
from harness.adapters.mongodb.connection import Connection
from harness.adapters.mongodb.inspect import collections
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.load import made
from harness.adapters.mongodb.shape import labels, types
from harness.design.model import Entity
from harness.facts import Batch

EXTRA = "harness_extra"
LABEL = "no such label"
LONGEST = 40

NUMBERS = frozenset({"int", "long", "double", "decimal", "number"})
STRANGERS: tuple[tuple[Any, frozenset[str]], ...] = (
    ("of another type", frozenset({"string"})),
    (7, NUMBERS),
    (True, frozenset({"bool"})),
)
"""Values with the types to which they belong."""

Step = str | int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a rule stands: the way to its value in the document, and the field's name as the schema has it."""

    steps: tuple[Step, ...] = ()
    name: str = ""

    def field(self, name: str) -> "_Place":
        return _Place((*self.steps, name), f"{self.name}.{name}" if self.name else name)

    def element(self, number: int) -> "_Place":
        return _Place((*self.steps, number), f"{self.name}[]")


@dataclass(frozen=True, slots=True)
class _Change:
    """``kind`` and ``word`` say which rule is broken; ``value`` is what is put there."""

    kind: str
    word: str
    value: Any


def offences(connection: Connection, entity: Entity, row: Batch) -> Iterator[Offence]:
    """See ``Offending.offences``."""
    found = (each["options"].get("validator", {}) for each in collections(connection) if each["name"] == entity.name)
    validator: Mapping[str, Any] = next(found, {})
    document = made(entity, row)[0]
    for schema in _schemas(validator):
        for place, change in _walk(schema, document, _Place()):
            yield _offence(document, place, change)


def _schemas(validator: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "$jsonSchema" in validator:
        yield validator["$jsonSchema"]
    for part in validator.get("$and", ()):
        yield from _schemas(part)


def _walk(rule: Mapping[str, Any], value: Any, place: _Place) -> Iterator[tuple[_Place, _Change]]:
    """What breaks a rule, then what breaks those of the fields and elements of its value."""
    if place.steps not in {(), ("_id",)}:
        yield from ((place, change) for change in _changes(rule, value))
    for part in rule.get("allOf", ()):
        yield from _walk(part, value, place)
    if isinstance(value, Mapping):
        if rule.get("additionalProperties") is False:
            yield place, _Change("additionalProperties", "", {**value, EXTRA: "x"})
        for name, inner in rule.get("properties", {}).items():
            if value.get(name) is not None:
                yield from _walk(inner, value[name], place.field(name))
    if isinstance(value, list) and value and isinstance(rule.get("items"), Mapping):
        yield from _walk(rule["items"], value[0], place.element(0))


def _changes(rule: Mapping[str, Any], value: Any) -> Iterator[_Change]:
    """Values just beyond each limit of a rule."""
    stranger = _stranger(types(rule)) if "bsonType" in rule or "type" in rule else None
    if stranger is not None:
        yield _Change("type", "", stranger)
    if "enum" in rule and not labels(rule):
        yield _Change("check", "enum", LABEL)
    if isinstance(value, int | float | Int64 | Decimal128) and not isinstance(value, bool):
        yield from (_Change("check", word, beyond) for word, beyond in _numbers(rule, value))
    elif isinstance(value, str):
        yield from (_Change("check", word, beyond) for word, beyond in _texts(rule, value))
    elif isinstance(value, list):
        yield from (_Change("check", word, beyond) for word, beyond in _lists(rule, value))
        if rule.get("uniqueItems") and value and rule.get("maxItems", 2) > 1:
            yield _Change("uniqueItems", "", _of_length([value[0]], max(2, int(rule.get("minItems", 2)))))


def _stranger(allowed: Sequence[str]) -> Any:
    """A value of a type that is not allowed; None when nothing is kept out."""
    return next((value for value, own in STRANGERS if allowed and not own & set(allowed)), None)


def _numbers(rule: Mapping[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    like = _like(value)
    if "minimum" in rule:
        yield "minimum", like(_plain(rule["minimum"]) - 1)
    if "maximum" in rule:
        yield "maximum", like(_plain(rule["maximum"]) + 1)
    factor = _plain(rule.get("multipleOf", 0))
    if factor > 1:
        yield "multipleOf", like(_plain(value) // factor * factor + 1)


def _plain(number: Any) -> Any:
    return number.to_decimal() if isinstance(number, Decimal128) else number


def _like(value: Any) -> Callable[[Any], Any]:
    """What makes a number of the type that a value has: of another one it would break two rules."""
    if isinstance(value, Decimal128):
        return lambda number: Decimal128(str(number))
    return type(value)


def _texts(rule: Mapping[str, Any], value: str) -> Iterator[tuple[str, str]]:
    if rule.get("minLength"):
        yield "minLength", value[: int(rule["minLength"]) - 1]
    if "maxLength" in rule:
        yield "maxLength", (value or "x") * (int(rule["maxLength"]) + 1) if len(value) < 2 else _longer(rule, value)
    if "pattern" in rule:
        yield from (("pattern", text) for text in ("~", "", "0", "x y") if not _matches(rule["pattern"], text))


def _longer(rule: Mapping[str, Any], value: str) -> str:
    wanted = int(rule["maxLength"]) + 1
    return (value * (wanted // len(value) + 1))[:wanted]


def _matches(pattern: str, text: str) -> bool:
    """As Python has it; a pattern that only the server knows may match anything."""
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return False


def _lists(rule: Mapping[str, Any], value: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    if value and "maxItems" in rule:
        yield "maxItems", _of_length(value, int(rule["maxItems"]) + 1)
    if rule.get("minItems"):
        yield "minItems", value[: int(rule["minItems"]) - 1]


def _of_length(value: list[Any], wanted: int) -> list[Any]:
    return (value * wanted)[:wanted]


def _offence(document: Mapping[str, Any], place: _Place, change: _Change) -> Offence:
    broken = _with(copy.deepcopy(dict(document)), place.steps, change.value)
    name = EXTRA if change.kind == "additionalProperties" else place.name
    told = f"a field {EXTRA} in {place.name or 'the document'}" if name == EXTRA else f"{name} = {_told(change.value)}"
    constraint = f"{place.name} {change.word}".strip()
    rows = Batch(tuple(broken), tuple([value] for value in broken.values()), 1)
    return Offence(change.kind, constraint, (name,), told, rows)


def _told(value: Any) -> str:
    text = literal(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _with(document: Any, steps: tuple[Step, ...], value: Any) -> Any:
    if not steps:
        return value
    document[steps[0]] = _with(document[steps[0]], steps[1:], value)
    return document
