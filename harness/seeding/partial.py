"""Doubles of rows that a unique index covers which is no constraint: of some rows only, or of expressions."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sqlglot import exp

from harness.design.model import Entity, Index, IndexKey
from harness.facts import Batch
from harness.seeding.conditions import parsed
from harness.seeding.constants import fields_of
from harness.seeding.violations import Violation, doubled, value

COMPARED: Mapping[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: eq, exp.NEQ: ne, exp.LT: lt, exp.LTE: le, exp.GT: gt, exp.GTE: ge,
}  # fmt: skip


def index_doubles(entity: Entity, row: Batch, taken: Batch) -> Iterator[Violation]:
    """For each such index, ``row`` with the keys of one that it covers, and covered by it as well.

    Args:
        entity: the table, observed.
        row: a single row that the server takes.
        taken: rows that are in the table already.
    """
    for index in entity.indexes:
        names = tuple(dict.fromkeys(name for key in index.keys for name in _fields(key)))
        if index.unique and index.constraint is None and names and set(names) <= set(taken.fields):
            found = _covered(index, names, taken)
            if found is not None:
                yield from doubled(entity, row, found[0], ("unique", index.name or ""), found[1])


def _covered(index: Index, names: tuple[str, ...], taken: Batch) -> tuple[Batch, dict[str, object]] | None:
    """The first row that an index covers, and its keys with what makes it covered; None when none is known to be."""
    condition = parsed(index.predicate or "TRUE")
    asked = {column.name for column in condition.find_all(exp.Column)} if condition is not None else set()
    if condition is None or not asked <= set(taken.fields):
        return None
    for number in range(taken.rows):
        single = taken.row(number)
        values = {name: value(single, name) for name in dict.fromkeys((*names, *asked))}
        if holds(condition, values) and None not in [values[name] for name in names]:
            return single, values
    return None


def _fields(key: IndexKey) -> tuple[str, ...]:
    """The fields that decide a key's value."""
    if not key.expression:
        return (key.text,)
    tree = parsed(key.text)
    return () if tree is None else fields_of(tree)


def holds(condition: exp.Expr, values: Mapping[str, object]) -> bool | None:
    """Whether a row keeps a condition; None when that is not known."""
    tree = condition.unnest()
    if isinstance(tree, exp.And | exp.Or):
        sides = [holds(tree.left, values), holds(tree.right, values)]
        decisive = isinstance(tree, exp.Or)
        return decisive if decisive in sides else None if None in sides else not decisive
    if isinstance(tree, exp.Not):
        inner = holds(tree.this, values)
        return None if inner is None else not inner
    if isinstance(tree, exp.Is) and isinstance(tree.expression, exp.Null):
        name = _name(tree.this)
        return (values.get(name) is None) != bool(tree.args.get("negate")) if name else None
    return _holds_of_values(tree, values)


def _holds_of_values(tree: exp.Expr, values: Mapping[str, object]) -> bool | None:
    """Whether a row keeps a comparison."""
    if isinstance(tree, exp.Between) and not tree.args.get("symmetric"):
        sides = (
            _compared(ge, tree.this, tree.args["low"], values),
            _compared(le, tree.this, tree.args["high"], values),
        )
        return False if False in sides else None if None in sides else True
    if isinstance(tree, exp.In) and tree.expressions:
        return _any([_compared(eq, tree.this, each, values) for each in tree.expressions])
    if type(tree) in COMPARED:
        return _compared(COMPARED[type(tree)], tree.args["this"], tree.args["expression"], values)
    found = _value(tree, values)
    return found if isinstance(found, bool) else None


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def _name(tree: exp.Expr) -> str:
    column = _bare(tree)
    return column.name if isinstance(column, exp.Column) else ""


def _bare(tree: exp.Expr) -> exp.Expr:
    """Without the casts and parentheses that a server prints around it."""
    found = tree.unnest()
    while isinstance(found, exp.Cast):
        found = found.this.unnest()
    return found


def _compared(
    operator: Callable[[Any, Any], bool], left: exp.Expr, right: exp.Expr, values: Mapping[str, object]
) -> bool | None:
    one, other = _value(left, values), _value(right, values)
    if isinstance(one, str) and isinstance(other, str):
        alike = one.rstrip().casefold() == other.rstrip().casefold()  # what a collation makes of these is its affair
        return operator(one, other) if operator in {eq, ne} and (one == other or not alike) else None
    flags = [isinstance(side, bool) for side in (one, other)]
    if all(flags):
        return operator(one, other)
    numeric = isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal)
    return operator(Decimal(str(one)), Decimal(str(other))) if numeric and not any(flags) else None


def _value(tree: exp.Expr, values: Mapping[str, object]) -> object:
    """The value of a field or a literal; None for anything else, as for NULL."""
    found = _bare(tree)
    if isinstance(found, exp.Column):
        return values.get(found.name)
    if isinstance(found, exp.Boolean):
        return bool(found.this)
    if isinstance(found, exp.Neg):
        inner = _value(found.this, values)
        return -inner if isinstance(inner, Decimal) else None
    if isinstance(found, exp.Literal):
        return found.name if found.is_string else Decimal(found.name)
    return None
