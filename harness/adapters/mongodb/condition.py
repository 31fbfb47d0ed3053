"""Filters (of partial indexes, of validators) as conditions in the notation that all engines share.

``{ status: "paid", total: { $gt: 5 } }`` is ``"status" = 'paid' AND "total" > 5``. What has no such form stays as
mongosh writes it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bson import Decimal128, ObjectId

from harness.adapters.mongodb.literal import literal

Name = Callable[[str], str]
"""The name of the field that a path means (``items.sku`` is the field ``items[].sku``)."""

COMPARISONS = {"$eq": "=", "$ne": "<>", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}


def condition(filter_: Mapping[str, Any], name: Name = str) -> str:
    """The whole filter."""
    parts = list(_parts(filter_, name))
    return literal(filter_) if None in parts or not parts else " AND ".join(part for part in parts if part is not None)


def quoted(name: str) -> str:
    """A field's name within a condition."""
    return '"' + name.replace('"', '""') + '"'


def value(given: Any) -> str | None:
    """A constant within a condition; None for what has no such form."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, str):
        return "'" + given.replace("'", "''") + "'"
    if isinstance(given, int | float | Decimal128):
        return str(given)
    if isinstance(given, datetime):
        return f"'{given.isoformat()}'"
    return f"'{given}'" if isinstance(given, ObjectId) else None


def _parts(filter_: Mapping[str, Any], name: Name) -> Iterator[str | None]:
    for key, given in filter_.items():
        if key in {"$and", "$or"} and isinstance(given, list):
            yield _joined(key, given, name)
        elif key.startswith("$"):
            yield None
        elif isinstance(given, Mapping) and any(word.startswith("$") for word in given):
            yield from (_operator(quoted(name(key)), word, operand) for word, operand in given.items())
        else:
            yield _operator(quoted(name(key)), "$eq", given)


def _joined(key: str, filters: list[Mapping[str, Any]], name: Name) -> str | None:
    parts = [list(_parts(each, name)) for each in filters]
    if any(None in part or not part for part in parts):
        return None
    sides = [" AND ".join(str(condition_) for condition_ in part) for part in parts]
    return "(" + f" {key[1:].upper()} ".join(f"({side})" for side in sides) + ")"


def _operator(field: str, word: str, operand: Any) -> str | None:
    if word == "$exists":
        return f"{field} IS {'NOT ' if operand else ''}NULL"
    if word in {"$eq", "$ne"} and operand is None:
        return f"{field} IS {'NOT ' if word == '$ne' else ''}NULL"
    if word in {"$in", "$nin"} and isinstance(operand, list):
        return _among(f"{field} {'NOT ' if word == '$nin' else ''}IN", operand)
    if word == "$type":
        return f"{field} IS NOT NULL"
    constant = value(operand)
    return f"{field} {COMPARISONS[word]} {constant}" if word in COMPARISONS and constant is not None else None


def _among(beginning: str, operand: list[Any]) -> str | None:
    values = [value(item) for item in operand]
    known = [item for item in values if item is not None]
    return f"{beginning} ({', '.join(known)})" if known and len(known) == len(values) else None
