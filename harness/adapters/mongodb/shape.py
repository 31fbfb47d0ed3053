"""What values a field takes, from the part of a validator that speaks of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.design.model import Shape

JSON_TYPES = {"boolean": "bool"}
"""Names of ``type`` where they are not those of ``bsonType``."""

SHAPES: Mapping[str, Shape] = {
    "double": Shape("float", width=8),
    "string": Shape("text"),
    "object": Shape("json", detail="object"),
    "binData": Shape("bytes"),
    "objectId": Shape("objectid"),
    "bool": Shape("boolean"),
    "date": Shape("timestamp", precision=3, zoned=True),
    "int": Shape("integer", width=4),
    "long": Shape("integer", width=8),
    "decimal": Shape("decimal", detail="decimal"),
    "number": Shape("float", width=8, detail="number"),
    "regex": Shape("other", detail="regex"),
    "timestamp": Shape("other", detail="timestamp"),
    "javascript": Shape("other", detail="javascript"),
    "minKey": Shape("other", detail="minKey"),
    "maxKey": Shape("other", detail="maxKey"),
}

ANY = Shape("text", detail="any")
"""A field that may hold anything holds a text."""

ALTERNATIVES = ("anyOf", "oneOf")


def types(rules: Mapping[str, Any]) -> tuple[str, ...]:
    """The BSON types that are allowed, in the validator's order; none when all are."""
    given = rules.get("bsonType", rules.get("type"))
    if given is not None:
        names = [given] if isinstance(given, str) else list(given)
        return tuple(dict.fromkeys(JSON_TYPES.get(name, name) for name in names))
    for word in ALTERNATIVES:
        found = [types(each) for each in rules.get(word, ())]
        if found and all(found):
            return tuple(dict.fromkeys(name for each in found for name in each))
    if "enum" in rules:
        return tuple(dict.fromkeys(_type_of(each) for each in rules["enum"]))
    return ("object",) if "properties" in rules else ("array",) if "items" in rules else ()


def _type_of(value: Any) -> str:
    """The type of an enumerated value, as far as it matters to what values are made."""
    if value is None:
        return "null"
    known: dict[type, str] = {bool: "bool", int: "int", float: "double", str: "string", dict: "object", list: "array"}
    return known.get(type(value), "string")


def takes_null(rules: Mapping[str, Any]) -> bool:
    """Whether null is a value of the field."""
    allowed = types(rules)
    if "enum" in rules and None not in rules["enum"]:
        return False
    return not allowed or "null" in allowed


def labels(rules: Mapping[str, Any]) -> tuple[str, ...]:
    """The values of an enumeration of strings; none when it is something else."""
    values: Sequence[Any] = [value for value in rules.get("enum", ()) if value is not None]
    return tuple(values) if values and all(isinstance(value, str) for value in values) else ()


def shape(rules: Mapping[str, Any]) -> Shape:
    """The shape of a field: of the first type that is not null."""
    named = labels(rules)
    if named:
        return Shape("enum", labels=named)
    name = next((name for name in types(rules) if name != "null"), "")
    if name == "array":
        items = rules.get("items", {})
        return Shape("array", element=shape(items) if isinstance(items, Mapping) else ANY)
    if name == "string":
        return Shape("text", length=_whole(rules.get("maxLength")))
    return SHAPES.get(name, ANY)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def type_text(rules: Mapping[str, Any]) -> str:
    """The type as people read it: ``string``, ``int | null``, ``array of objectId``, ``enum('a', 'b')``."""
    named = labels(rules)
    if named:
        listed = "enum(" + ", ".join(f"'{name}'" for name in named) + ")"
        return f"{listed} | null" if takes_null(rules) else listed
    return " | ".join(_with_element(name, rules) for name in types(rules)) or "any"


def _with_element(name: str, rules: Mapping[str, Any]) -> str:
    items = rules.get("items")
    if name != "array" or not isinstance(items, Mapping):
        return name
    element = type_text(items)
    return f"array of ({element})" if " | " in element else f"array of {element}"
