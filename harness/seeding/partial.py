"""Rows that are unique only among some: a double of a row that a partial unique index covers."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sqlglot import exp

from harness.design.model import Entity, Index
from harness.facts import Batch
from harness.seeding.conditions import parsed
from harness.seeding.violations import Violation, changed, value

COMPARED: Mapping[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: eq, exp.NEQ: ne, exp.LT: lt, exp.LTE: le, exp.GT: gt, exp.GTE: ge,
}  # fmt: skip


def partial_doubles(entity: Entity, row: Batch, taken: Batch) -> Iterator[Violation]:
    """For each partial unique index, ``row`` with the keys of one that it covers, and covered by it as well.

    Args:
        entity: the table, observed.
        row: a single row that the server takes.
        taken: rows that are in the table already.
    """
    for index in entity.indexes:
        names = tuple(key.text for key in index.keys)
        plain = index.unique and index.constraint is None and not any(key.expression for key in index.keys)
        if plain and index.predicate is not None and set(names) <= set(taken.fields):
            values = _covered(index, names, taken)
            if values:
                yield changed(row, "unique", index.name or "", values)


def _covered(index: Index, names: tuple[str, ...], taken: Batch) -> dict[str, object]:
    """The keys of the first row that an index covers, with what makes it covered; empty when none is known to be."""
    condition = parsed(index.predicate or "")
    if condition is None:
        return {}
    asked = {column.name for column in condition.find_all(exp.Column)}
    if not asked <= set(taken.fields):
        return {}
    for number in range(taken.rows):
        single = Batch(taken.fields, tuple([taken.value(name, number)] for name in taken.fields), 1)
        values = {name: value(single, name) for name in dict.fromkeys((*names, *asked))}
        if holds(condition, values) and None not in [values[name] for name in names]:
            return values
    return {}


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
    if isinstance(tree, exp.In) and tree.expressions:
        return _any([_compared(eq, tree.this, each, values) for each in tree.expressions])
    if type(tree) in COMPARED:
        return _compared(COMPARED[type(tree)], tree.args["this"], tree.args["expression"], values)
    found = values.get(_name(tree))
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
    constant = _bare(right)
    found = values.get(_name(left))
    if isinstance(constant, exp.Boolean) and isinstance(found, bool):
        return operator(found, bool(constant.this))
    if isinstance(constant, exp.Literal) and constant.is_string and isinstance(found, str):
        return operator(found, constant.name)
    numeric = isinstance(found, int | float | Decimal) and not isinstance(found, bool)
    if isinstance(constant, exp.Literal) and not constant.is_string and numeric:
        return operator(Decimal(str(found)), Decimal(constant.name))
    return None
