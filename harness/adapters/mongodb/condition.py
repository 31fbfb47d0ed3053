"""Filters (of partial indexes, of validators) as conditions in the notation that all engines share.

``{ status: "paid", total: { $gt: 5 } }`` is ``"status" = 'paid' AND "total" > 5``. What has no such form stays as
mongosh writes it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from re import Pattern
from typing import Any

from bson import Decimal128, ObjectId
from bson.regex import Regex

from harness.adapters.mongodb.literal import literal

Name = Callable[[str], str]
"""The name of the field that a path means (``items.sku`` is the field ``items[].sku``)."""

COMPARISONS = {"$eq": "=", "$ne": "<>", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}


def condition(filter_: Mapping[str, Any], name: Name = str, *, present: bool = False) -> str:
    """The whole filter.

    ``present``: say as well that a field is there, where the filter does not match documents without it. A CHECK, in
    the notation of others, holds where nothing is known; a validator refuses the document.
    """
    parts = list(_Reading(name, present=present).parts(filter_))
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


def _all(parts: list[str | None], word: str = "AND") -> str | None:
    """Parts joined; None where one of them has no such form, or there are none."""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    return "(" + f" {word} ".join(f"({part})" for part in known) + ")"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A filter read under names of fields."""

    name: Name
    present: bool

    def parts(self, filter_: Mapping[str, Any]) -> Iterator[str | None]:
        """Each of what must hold; None for what has no such form."""
        for key, given in filter_.items():
            if key in {"$and", "$or", "$nor"} and isinstance(given, list):
                joined = _all([self._side(each) for each in given], "AND" if key == "$and" else "OR")
                yield joined if joined is None or key != "$nor" else f"NOT {joined}"
            elif key == "$expr":
                yield expression(given, self.name)
            elif key.startswith("$"):
                yield None if key != "$comment" else "true"
            else:
                yield from self._field(quoted(self.name(key)), given)

    def _side(self, filter_: Mapping[str, Any]) -> str | None:
        parts = list(self.parts(filter_))
        return None if None in parts or not parts else " AND ".join(map(str, parts))

    def _field(self, field: str, given: Any) -> Iterator[str | None]:
        if isinstance(given, Regex | Pattern):
            given = {"$regex": given}
        if not isinstance(given, Mapping) or not any(word.startswith("$") for word in given):
            given = {"$eq": given}
        for word, operand in given.items():
            if word == "$not":
                inside = {"$regex": operand} if isinstance(operand, Regex | Pattern) else operand
                found = _all(list(self._field(field, inside)))
                yield None if found is None else f"NOT {found}"
            elif word != "$options":
                yield self._told(field, word, _operator(field, word, operand, str(given.get("$options", ""))))

    def _told(self, field: str, word: str, found: str | None) -> str | None:
        """With that the field is there, where documents without it do not match."""
        needless = word in {"$ne", "$nin", "$exists"} or (found is not None and "NULL" in found)
        return found if found is None or needless or not self.present else f"({field} IS NOT NULL AND {found})"


def _operator(field: str, word: str, operand: Any, options: str) -> str | None:
    if word in {"$exists", "$type"} or (word in {"$eq", "$ne"} and operand is None):
        absent = (word == "$exists" and not operand) or word == "$eq"
        return f"{field} IS {'' if absent else 'NOT '}NULL"
    if word in {"$in", "$nin"} and isinstance(operand, list):
        return _among(field, operand, negated=word == "$nin")
    if word == "$regex":
        return _matched(field, operand, options)
    if word == "$mod" and isinstance(operand, list) and len(operand) == 2:
        return f"{field} % {operand[0]} = {operand[1]}"
    constant = value(operand)
    if word == "$size" and isinstance(operand, int):
        return f"cardinality({field}) = {operand}"
    return f"{field} {COMPARISONS[word]} {constant}" if word in COMPARISONS and constant is not None else None


def _matched(field: str, operand: Any, options: str) -> str | None:
    """A pattern; in any case where its options say so. The others (x, m, s) have no such form."""
    pattern = operand if isinstance(operand, str) else operand.pattern
    folds = "i" in options or (not isinstance(operand, str) and bool(operand.flags & re.IGNORECASE))
    if set(options) - {"i", "u"} or not isinstance(pattern, str):
        return None
    return f"{field} ~{'*' if folds else ''} {value(pattern)}"


def _among(field: str, operand: list[Any], *, negated: bool) -> str | None:
    values = [value(item) for item in operand if item is not None]
    known = [item for item in values if item is not None]
    if not known or len(known) != len(values):
        return None
    found = f"{field} {'NOT ' if negated else ''}IN ({', '.join(known)})"
    if len(known) == len(operand):
        return found
    return f"({found} AND {field} IS NOT NULL)" if negated else f"({found} OR {field} IS NULL)"


ARITHMETIC = {"$add": "+", "$subtract": "-", "$multiply": "*", "$divide": "/", "$mod": "%"}
FUNCTIONS = {
    "$strLenCP": "char_length", "$strLenBytes": "octet_length", "$size": "cardinality", "$toLower": "lower",
    "$toUpper": "upper", "$abs": "abs",
}  # fmt: skip


def expression(given: Any, name: Name) -> str | None:
    """What ``$expr`` asks for: comparisons of fields with each other and with constants, joined by and, or, not.

    A field that is missing is less than everything to the server; here it is asked to be there.
    """
    if not isinstance(given, Mapping) or len(given) != 1:
        return None
    word, operands = next(iter(given.items()))
    if word in {"$and", "$or"} and isinstance(operands, list):
        return _all([expression(each, name) for each in operands], word[1:].upper())
    if word == "$not":
        inner = expression(operands[0] if isinstance(operands, list) else operands, name)
        return None if inner is None else f"NOT ({inner})"
    if word in COMPARISONS and isinstance(operands, list) and len(operands) == 2:
        left, right = (_operand(each, name) for each in operands)
        there = [f"{quoted(name(path))} IS NOT NULL" for path in dict.fromkeys(paths(given))]
        return None if left is None or right is None else _all([*there, f"{left} {COMPARISONS[word]} {right}"])
    return None


def _operand(given: Any, name: Name) -> str | None:
    if isinstance(given, str) and given.startswith("$"):
        return None if given.startswith("$$") else quoted(name(given[1:]))
    if not isinstance(given, Mapping):
        return value(given)
    if len(given) != 1:
        return None
    word, operands = next(iter(given.items()))
    if word == "$literal":
        return value(operands)
    inner = [_operand(each, name) for each in (operands if isinstance(operands, list) else [operands])]
    if word in ARITHMETIC:
        return None if None in inner else "(" + f" {ARITHMETIC[word]} ".join(map(str, inner)) + ")"
    return f"{FUNCTIONS[word]}({inner[0]})" if word in FUNCTIONS and inner[0] is not None else None


def paths(given: Any) -> Iterator[str]:
    """The fields that an expression of an aggregation reads, each as often as it stands there."""
    if isinstance(given, str) and given.startswith("$") and not given.startswith("$$"):
        yield given[1:]
    elif isinstance(given, Mapping):
        yield from (path for word, inner in given.items() if word != "$literal" for path in paths(inner))
    elif isinstance(given, list):
        yield from (path for each in given for path in paths(each))
