"""Checks as documents say them (``qty > 0``, ``rating BETWEEN 1 AND 5``) as the keywords of a ``$jsonSchema``.

A comparison of two fields has no such keyword: it becomes an ``$expr``, which lets pass what lacks one of them, as a
CHECK of SQL does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from harness.adapters.mongodb.types import Rule
from harness.design.model import Check

LIMITS: Mapping[type[exp.Expr], Rule] = {
    exp.GTE: {"word": "minimum"},
    exp.GT: {"word": "minimum", "strictly": "exclusiveMinimum"},
    exp.LTE: {"word": "maximum"},
    exp.LT: {"word": "maximum", "strictly": "exclusiveMaximum"},
}
FLIPPED: Mapping[type[exp.Expr], type[exp.Expr]] = {
    exp.GTE: exp.LTE, exp.GT: exp.LT, exp.LTE: exp.GTE, exp.LT: exp.GT, exp.EQ: exp.EQ, exp.NEQ: exp.NEQ,
}  # fmt: skip
OPERATORS: Mapping[type[exp.Expr], str] = {
    exp.GTE: "$gte", exp.GT: "$gt", exp.LTE: "$lte", exp.LT: "$lt", exp.EQ: "$eq", exp.NEQ: "$ne",
}  # fmt: skip
COUNTS = frozenset({"cardinality", "array_length", "size"})


@dataclass(slots=True)
class Asked:
    """What checks ask for: keywords by the field's path, and conditions of the whole document."""

    keywords: dict[str, Rule] = field(default_factory=dict)
    conditions: list[dict[str, Any]] = field(default_factory=list)


class _Strange(Exception):  # noqa: N818  (it says what the condition is)
    pass


def asked(checks: tuple[Check, ...]) -> Asked:
    """All that is understood; a check that is not, is left out whole."""
    result = Asked()
    for check in checks:
        try:
            parts = list(_parts(_parsed(check)))
        except (_Strange, SqlglotError):
            continue
        for path, said in parts:
            if path:
                result.keywords.setdefault(path, {}).update(said)
            else:
                result.conditions.append(said)
    return result


def _parsed(check: Check) -> exp.Expr:
    text = check.expression or ""
    for name in sorted(check.fields, key=len, reverse=True):
        if "." in name or "[" in name:
            text = text.replace(name, f'"{name}"')
    return sqlglot.parse_one(text, dialect="postgres")


def _parts(node: exp.Expr) -> Iterator[tuple[str, Rule]]:
    """Each keyword with its path; a condition of several fields under the empty path."""
    node = node.unnest()
    if isinstance(node, exp.And):
        yield from _parts(node.left)
        yield from _parts(node.right)
    elif isinstance(node, exp.Between):
        yield _path(node.this), {"minimum": _number(node.args["low"]), "maximum": _number(node.args["high"])}
    elif isinstance(node, exp.In) and node.expressions:
        yield _path(node.this), {"enum": [_constant(each) for each in node.expressions]}
    elif isinstance(node, exp.RegexpLike):
        yield _path(node.this), {"pattern": _constant(node.expression)}
    elif type(node) in FLIPPED:
        yield _comparison(type(node), node.args["this"].unnest(), node.args["expression"].unnest())
    else:
        raise _Strange


def _comparison(kind: type[exp.Expr], left: exp.Expr, right: exp.Expr) -> tuple[str, Rule]:
    if isinstance(left, exp.Column) and isinstance(right, exp.Column):
        return "", _between_fields(kind, _path(left), _path(right))
    if isinstance(left, exp.Literal | exp.Neg):
        kind, left, right = FLIPPED[kind], right, left
    if kind is exp.EQ and isinstance(left, exp.Column):
        return _path(left), {"enum": [_constant(right)]}
    if kind not in LIMITS:
        raise _Strange
    if isinstance(left, exp.Column):
        limit = LIMITS[kind]
        strictly = {limit["strictly"]: True} if "strictly" in limit else {}
        return _path(left), {limit["word"]: _number(right), **strictly}
    return _sized(kind, left, right)


def _sized(kind: type[exp.Expr], left: exp.Expr, right: exp.Expr) -> tuple[str, Rule]:
    """``char_length(name) <= 80``, ``cardinality(tags) < 5``: whole numbers, so that a strict limit is the next one."""
    number = _number(right)
    if not isinstance(number, int):
        raise _Strange
    least = kind is exp.GTE or kind is exp.GT
    limit = number + (1 if kind is exp.GT else -1 if kind is exp.LT else 0)
    if isinstance(left, exp.Length):
        return _path(left.this), {"minLength" if least else "maxLength": limit}
    if isinstance(left, exp.ArraySize) or (isinstance(left, exp.Anonymous) and left.name.lower() in COUNTS):
        counted = left.this if isinstance(left, exp.ArraySize) else left.expressions[0]
        return _path(counted), {"minItems" if least else "maxItems": limit}
    raise _Strange


def _between_fields(kind: type[exp.Expr], left: str, right: str) -> dict[str, Any]:
    if "[" in left + right:
        raise _Strange
    compared = {"$expr": {OPERATORS[kind]: [f"${left}", f"${right}"]}}
    return {"$or": [{left: None}, {right: None}, compared]}


def _path(node: exp.Expr) -> str:
    """A column's name; dots in it part it from the documents that it lies in."""
    node = node.unnest()
    if not isinstance(node, exp.Column):
        raise _Strange
    return ".".join(part.name for part in node.parts)


def _number(node: exp.Expr) -> int | float:
    found = _constant(node)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise _Strange
    return found


def _constant(node: exp.Expr) -> Any:
    node = node.unnest()
    if isinstance(node, exp.Neg):
        return -_number(node.this)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if not isinstance(node, exp.Literal):
        raise _Strange
    if node.is_string:
        return node.name
    return int(node.name) if node.name.isdigit() else float(node.name)
