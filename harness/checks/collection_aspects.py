"""In what the fields of a collection, as a document says them, differ from its validator.

Both were read back from a server: what the document says was made into a validator first. A field may be said in less
detail than the validator has it (``string`` where it lists values, ``integer`` where it wants an int), never otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from harness.checks.base import Severity
from harness.design.model import Check, Entity, Field

NUMBERS = frozenset({"int", "long", "double", "decimal", "number"})
OPEN = frozenset({"any", "mixed", "variant", "anything", "varies", "dynamic"})
"""Words of documents for a field that may hold anything."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, what is to be said of it, and how bad it is; ``unverified`` when it could not be compared."""

    field: str
    text: str
    severity: Severity | None = None
    unverified: bool = False


def has_rules(live: Entity) -> bool:
    """Whether anything on the server says what the documents hold, beside their ``_id``."""
    return any(field.name != "_id" for field in live.fields)


def differences(said: Entity, normal: Entity | None, live: Entity) -> Iterator[Difference]:
    """Field by field as said (``normal``: as the server reads it), then fields that only the validator has."""
    for field in said.fields:
        read = normal.field(field.name) if normal is not None else None
        if read is not None and field.name != "_id":
            yield from _field(field, read, live)
    for extra in live.fields:
        if extra.name != "_id" and said.field(extra.name) is None and _is_told_of(said, extra.name):
            yield Difference(extra.name, f"it has a field {extra.name} ({extra.type}) that the field table has not")
    yield from _checks(said, normal, live)
    yield from _keys(said, live)


def _is_told_of(said: Entity, name: str) -> bool:
    """Whether the document lists the fields beside it, and not only those within it."""
    if any(f.name.startswith((f"{name}.", f"{name}[]")) for f in said.fields):
        return False
    parent, dot, _ = name.rpartition(".")
    return not dot or any(f.name.rpartition(".")[0] == parent for f in said.fields)


def _field(said: Field, normal: Field, live: Entity) -> Iterator[Difference]:
    there = live.field(said.name)
    if live.kind == "time series" and (there is None or there.type == "any"):
        return  # it takes no validator: beside its time no field has a type on the server
    if there is None:
        needed = said.nullable is False and said.name.rpartition(".")[1] == ""
        text = "it requires no such field" if needed else "it says nothing of this field, which may hold anything"
        yield Difference(said.name, text, None if needed else "warning")
        return
    if normal.type == "any" and said.type.strip().lower() not in OPEN:
        yield Difference(said.name, f"{said.type} is no type that is known here: it could not be compared", None, True)
    elif not agrees(normal.type, there.type):
        yield Difference(said.name, f"type {normal.type} against {there.type}")
    if said.nullable is not None and normal.nullable != there.nullable:
        yield Difference(said.name, f"{_needed(normal)} against {_needed(there)}")


def _needed(field: Field) -> str:
    return "optional" if field.nullable else "required"


def agrees(said: str, live: str) -> bool:
    """Whether a type as said allows all that the live one does, and names none that it refuses.

    ``number`` and ``int | long`` (what ``integer`` means) leave the size open.
    """
    wanted, there = alternatives(said), alternatives(live)
    if "any" in wanted:
        return True
    if not all(any(_covers(each, other) for each in wanted) for other in there):
        return False
    open_size = set(wanted) <= {"int", "long"}
    return open_size or all(any(_covers(each, other) for other in there) for each in wanted)


def _covers(said: str, live: str) -> bool:
    if said == live or (said == "number" and live in NUMBERS):
        return True
    if live.startswith("enum("):
        return said == "string" or (
            said.startswith("enum(") and set(_parts(said[5:-1], ", ")) == set(_parts(live[5:-1], ", "))
        )
    if live.startswith("array of "):
        return said == "array" or (said.startswith("array of ") and agrees(_element(said), _element(live)))
    return False


def _element(array: str) -> str:
    inner = array.removeprefix("array of ")
    return inner[1:-1] if inner.startswith("(") else inner


def alternatives(type_: str) -> tuple[str, ...]:
    """``int | array of (string | null)`` as its alternatives; whether null is one is told of the field itself."""
    return tuple(each for each in _parts(type_, " | ") if each != "null") or ("any",)


def _parts(text: str, separator: str) -> Iterator[str]:
    """A text cut at a separator outside of quotes and parentheses."""
    depth, quoted, start = 0, False, 0
    for place, mark in enumerate(text):
        quoted ^= mark == "'"
        depth += 0 if quoted else (mark == "(") - (mark == ")")
        if not quoted and not depth and text.startswith(separator, place):
            yield text[start:place]
            start = place + len(separator)
    yield text[start:]


def _checks(said: Entity, normal: Entity | None, live: Entity) -> Iterator[Difference]:
    """What the document asks of values: as the server read it, against the validator's rules of the same field."""
    wanted = () if normal is None else normal.checks
    for check in wanted:
        twin = next((c for c in live.checks if c.name == check.name), None)
        if twin is not None and twin.expression == check.expression:
            continue
        if twin is None and _ruled_otherwise(check, live):
            yield Difference(check.fields[0], f"whether it keeps {check.expression} could not be told", None, True)
        elif check.fields and live.field(check.fields[0]) is not None:
            against = f"against {twin.expression}" if twin is not None else "is not asked for"
            yield Difference(check.fields[0], f"{check.expression} {against}")
    for check in said.checks:
        name = check.fields[0] if check.fields else ""
        if not any(name in c.fields for c in wanted) and not _is_enum(name, normal):
            yield Difference(name, f"CHECK ({check.expression}) could not be read as a validator's rule", None, True)


def _is_enum(name: str, normal: Entity | None) -> bool:
    field = normal.field(name) if normal is not None else None
    return field is not None and "enum(" in field.type


def _ruled_otherwise(check: Check, live: Entity) -> bool:
    """Whether a rule in the operators of queries speaks of the field: it may mean the same."""
    return any((c.name or "").startswith("validator ") and set(check.fields) & set(c.fields) for c in live.checks)


def _keys(said: Entity, live: Entity) -> Iterator[Difference]:
    """Fields that are said to be unique, and that no index keeps so."""
    kept = [{k.text for k in index.keys} for index in live.indexes if index.unique]
    for key in said.keys:
        if key.fields != ("_id",) and set(key.fields) not in kept:
            yield Difference(key.fields[0], f"UNIQUE ({', '.join(key.fields)}) is not there")
