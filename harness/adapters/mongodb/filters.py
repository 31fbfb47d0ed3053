"""Conditions of partial indexes, as documents say them, as filters of mongosh."""

import re
from collections.abc import Iterator

from harness.adapters.mongodb.literal import literal, text

COMPARISON = re.compile(
    r"""\s*[`"]?(?P<path>[A-Za-z_][\w.]*)[`"]?\s*
    (?:(?P<null>IS\s+(?:NOT\s+)?NULL)
      | (?P<exists>exists)
      | IN\s*\((?P<list>[^()]*)\)
      | (?P<operator>>=|<=|<>|!=|==?|=|>|<|:)\s*(?P<value>.+?))\s*\Z""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
OPERATORS = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte", "<>": "$ne", "!=": "$ne"}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


def filter_(condition: str) -> str:
    """The filter as JavaScript. A condition that is one already, or that is not understood, stays as it is."""
    plain = condition.strip().strip("`").strip()
    if plain.startswith("{"):
        return plain
    parts = [_part(each) for each in re.split(r"\s+AND\s+", plain, flags=re.IGNORECASE)]
    known = [part for part in parts if part is not None]
    return "{ " + ", ".join(known) + " }" if len(known) == len(parts) else text(plain)


def _part(condition: str) -> str | None:
    found = COMPARISON.match(condition)
    if found is None:
        return None
    return f"{text(found['path'])}: {_asked(found)}"


def _asked(found: re.Match[str]) -> str:
    if found["null"]:
        return "{ $exists: true }" if "not" in found["null"].lower() else "null"
    if found["exists"]:
        return "{ $exists: true }"
    if found["list"] is not None:
        return "{ $in: [" + ", ".join(_values(found["list"])) + "] }"
    constant = _value(found["value"])
    word = OPERATORS.get(found["operator"])
    return constant if word is None else f"{{ {word}: {constant} }}"


def _values(listed: str) -> Iterator[str]:
    return (_value(each) for each in listed.split(",") if each.strip())


def _value(word: str) -> str:
    plain = word.strip()
    if plain.lower() in {"true", "false", "null"}:
        return plain.lower()
    if NUMBER.match(plain) or plain.startswith("{"):
        return plain
    return literal(plain.strip("'\"`"))
