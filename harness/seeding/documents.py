"""What a condition asks of the inside of a document: ``data ->> 'status' = 'open'``, ``data @> '{"kind": "x"}'``.

All of it is said as documents that are held: the row's own document is one that has it, with one of these put into it.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sqlglot import exp

from harness.seeding.atoms import Holds
from harness.seeding.constants import bare, constant

TYPES: dict[str, tuple[Any, ...]] = {
    "string": ("standard", "basic", "premium"), "number": (4.5, 12, 48.25, 103.5), "integer": (1, 4, 12, 48),
    "boolean": (True, False), "object": ({"source": "web"},), "array": (["standard"], ["basic", "premium"]),
    "double": (4.5, 48.25),
}  # fmt: skip
"""Values of JSON's types, as servers name these."""
ANY = ("standard", "basic", "premium")
STEPS = (1, 2, 5, 12, 30, 75)


def held(tree: exp.Expr, *, negated: bool) -> Holds | None:
    """The documents that satisfy a condition (or its opposite) on the inside of one; None for any other condition."""
    if isinstance(tree, exp.Is):
        return _is_there(tree) if negated is not bool(tree.args.get("negate")) else None
    for reader in () if negated else (_contains, _has_keys, _element, _compared):
        found = reader(tree)
        if found is not None:
            return found
    return None


def _element(tree: exp.Expr) -> Holds | None:
    """``'x' = ANY (tags)``."""
    if not isinstance(tree, exp.EQ) or not isinstance(right := bare(tree.expression), exp.Any):
        return None
    column, value = bare(right.this), constant(tree.this)
    if not isinstance(column, exp.Column) or not isinstance(value, str | Fraction):
        return None
    return Holds(column.name, (json.dumps([_number(value) if isinstance(value, Fraction) else value]),))


def _nested(path: Sequence[str], value: Any) -> str:
    for name in reversed(path):
        value = {name: value}
    return json.dumps(value)


def _contains(tree: exp.Expr) -> Holds | None:
    """``data @> '…'``."""
    if not isinstance(tree, exp.ArrayContainsAll | exp.JSONBContains):
        return None
    column, text = bare(tree.this), constant(tree.expression)
    if not isinstance(column, exp.Column) or not isinstance(text, str) or document(text) is None:
        return None
    return Holds(column.name, (text,))


def document(text: str) -> Any:
    """An object or an array from its text; None for anything else."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict | list) else None


def _has_keys(tree: exp.Expr) -> Holds | None:
    """``data ? 'key'`` and ``data ?& ARRAY['a', 'b']``."""
    if not isinstance(tree, exp.JSONBContainsTopKey | exp.JSONBContainsAllTopKeys | exp.JSONBContainsAnyTopKeys):
        return None
    column, right = bare(tree.this), bare(tree.expression)
    keys = [constant(each) for each in right.expressions] if isinstance(right, exp.Array) else [constant(right)]
    if not isinstance(column, exp.Column) or not all(isinstance(key, str) for key in keys):
        return None
    return Holds(column.name, tuple(json.dumps(dict.fromkeys(map(str, keys), value)) for value in ANY))


def _is_there(tree: exp.Is) -> Holds | None:
    """``data -> 'key' IS NOT NULL``."""
    found = place(tree.this)
    return None if found is None else Holds(found[0], tuple(_nested(found[1], value) for value in ANY))


def _compared(tree: exp.Expr) -> Holds | None:
    if isinstance(tree, exp.In):
        return _valued(place(tree.this), [constant(each) for each in tree.expressions])
    if not isinstance(tree, exp.EQ | exp.GT | exp.GTE | exp.LT | exp.LTE):
        return None
    value = constant(tree.expression)
    if isinstance(tree, exp.EQ):
        listed = bare(tree.expression)
        array = bare(listed.this) if isinstance(listed, exp.Any) else None
        values = [constant(each) for each in array.expressions] if isinstance(array, exp.Array) else [value]
        return _typed(tree.this, value) or _valued(place(tree.this), values)
    if not isinstance(value, Fraction):
        return None
    up = isinstance(tree, exp.GT | exp.GTE)
    return _valued(place(tree.this), [value + (step if up else -step) for step in STEPS])


def _valued(at: tuple[str, list[str]] | None, values: Sequence[object]) -> Holds | None:
    if at is None or not values or not all(isinstance(value, str | bool | Fraction) for value in values):
        return None
    plain = [_number(value) if isinstance(value, Fraction) else value for value in values]
    return Holds(at[0], tuple(_nested(at[1], value) for value in plain))


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _typed(tree: exp.Expr, value: object) -> Holds | None:
    """``jsonb_typeof(data -> 'position') = 'number'``."""
    tree = bare(tree)
    name = tree.name.lower() if isinstance(tree, exp.Anonymous) else ""
    inner = tree.expressions[0] if name in {"jsonb_typeof", "json_typeof"} and tree.expressions else None
    inner = tree.this if isinstance(tree, exp.JSONType) else inner
    found = None if inner is None else place(inner)
    values = TYPES.get(str(value).lower())
    return Holds(found[0], tuple(_nested(found[1], each) for each in values)) if found and values else None


def place(tree: exp.Expr) -> tuple[str, list[str]] | None:
    """The column of a document and the way to what is taken out of it; None for anything else."""
    tree = bare(tree)
    if isinstance(tree, exp.Anonymous) and tree.name.lower() in {"json_unquote", "json_value"} and tree.expressions:
        return place(tree.expressions[0])
    if isinstance(tree, exp.Lambda) and len(tree.expressions) == 1:  # how ``data -> 'key'`` is read within a call
        key = constant(tree.this)
        return (tree.expressions[0].name, [key]) if isinstance(key, str) else None
    if not isinstance(tree, exp.JSONExtract | exp.JSONExtractScalar | exp.JSONBExtract | exp.JSONBExtractScalar):
        return None
    steps = _steps(tree.expression)
    column = bare(tree.this)
    if steps is None:
        return None
    if isinstance(column, exp.Column):
        return column.name, steps
    before = place(column)
    return None if before is None else (before[0], [*before[1], *steps])


def _steps(tree: exp.Expr) -> list[str] | None:
    """Keys on the way: ``'key'``, ``'$.a.b'``, ``'{a,b}'``."""
    if isinstance(tree, exp.JSONPath):
        keys = [part.this for part in tree.expressions if not isinstance(part, exp.JSONPathRoot)]
        return keys if keys and all(isinstance(key, str) for key in keys) else None
    text = constant(tree)
    if not isinstance(text, str) or not text:
        return None
    if text.startswith("$."):
        keys = [part.strip('"') for part in text[2:].split(".")]
        return keys if all(key and "[" not in key and "*" not in key for key in keys) else None
    return text[1:-1].split(",") if text.startswith("{") else [text]


def holding(texts: Sequence[str], wanted: Sequence[Sequence[str]]) -> list[str]:
    """Documents with what each condition asks for put into them; one of its documents after the other."""
    found = []
    for number, text in enumerate(texts):
        value = json.loads(text)
        for documents in wanted:
            value = _merged(value, json.loads(documents[number % len(documents)]))
        found.append(json.dumps(value))
    return list(dict.fromkeys(found))


def _merged(own: Any, more: Any) -> Any:
    if isinstance(own, dict) and isinstance(more, dict):
        return own | {key: _merged(own.get(key), value) for key, value in more.items()}
    if isinstance(own, list) and isinstance(more, list):
        return [*more, *(each for each in own if each not in more)]
    return more


def elements(text: str) -> list[Any]:
    """The elements that an array must have, from JSON."""
    found = document(text)
    return found if isinstance(found, list) else []
