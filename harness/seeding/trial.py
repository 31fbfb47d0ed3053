"""Conditions tried on made rows: a small evaluator over columns, with SQL's three-valued logic."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from harness.design.model import Shape
from harness.seeding.cases import Trial
from harness.seeding.conditions import quantified
from harness.seeding.constants import affirmed, bare, constant, like_pattern
from harness.seeding.moments import to_micros
from harness.seeding.patterns import found_in
from harness.seeding.table import Making, Mask, Table
from harness.seeding.ticks import ORDERED, Constant, Moment, Span, per_unit, position

INSTANT = Shape("timestamp", precision=6)


class NotEvaluated(ValueError):  # noqa: N818  (the word says what is so)
    """An expression that only the server can judge."""


@dataclass(frozen=True, slots=True)
class Held:
    """Values of an expression for each row, and where it is NULL. Instants are microseconds, numbers are doubles."""

    values: NDArray[Any]
    absent: Mask


def failing(table: Table, rows: Making) -> Mask:
    """Which rows a tried condition refuses; conditions that cannot be evaluated here refuse none."""
    bad = np.zeros(len(rows.numbers), dtype=np.bool_)
    for trial in table.conditions.trials:
        bad |= refused(trial, rows)
    return bad


def refused(trial: Trial, rows: Making) -> Mask:
    """Which rows one condition refuses."""
    try:
        held = evaluated(trial.tree, rows)
    except NotEvaluated:
        return np.zeros(len(rows.numbers), dtype=np.bool_)
    return ~held.values.astype(np.bool_) & ~held.absent


def evaluated(tree: exp.Expr, rows: Making) -> Held:
    """The value of an expression for each row."""
    value = constant(tree)
    if value is not None:
        return _constant(value, rows)
    reader = next((reader for kinds, reader in READERS if isinstance(tree, kinds)), _function)
    return reader(tree, rows)


def _known(values: NDArray[Any]) -> Held:
    return Held(values, np.zeros(len(values), dtype=np.bool_))


def _constant(value: Constant, rows: Making) -> Held:
    count = len(rows.numbers)
    match value:
        case Fraction():
            return _known(np.full(count, float(value)))
        case Span():
            return _known(np.full(count, float(value.seconds * 1_000_000)))
        case Moment():
            at = position(value, INSTANT, rows.table.now)
            return _known(np.full(count, float(at or 0)))
        case str():
            filled = np.empty(count, dtype=object)
            filled[:] = value
            return _known(filled)
    return _known(np.full(count, value))


def _column(tree: exp.Expr, rows: Making) -> Held:
    name = tree.name
    if name not in rows.table.columns:
        raise NotEvaluated(name)
    cells, shape = rows.cells(name), rows.table.columns[name].shape
    absent = np.zeros(len(rows.numbers), np.bool_) if cells.absent is None else cells.absent
    if shape.family in {"date", "timestamp"}:
        return Held(to_micros(cells.raw, shape).astype(np.float64), absent)
    if shape.family in {"time", "interval"}:
        return Held(cells.raw * (1_000_000.0 / per_unit(shape)), absent)
    return Held(cells.raw / per_unit(shape) if shape.family in ORDERED else cells.raw, absent)


def _cast(tree: exp.Expr, rows: Making) -> Held:
    held = evaluated(tree.this, rows)
    if isinstance(tree, exp.Cast) and tree.to.is_type("date") and held.values.dtype == np.float64:
        return Held(held.values // 86_400e6 * 86_400e6, held.absent)
    if isinstance(tree, exp.Cast) and tree.to.is_type("int", "bigint") and held.values.dtype != object:
        return Held(held.values.astype(np.float64), held.absent)
    return held


def _logic(tree: exp.Expr, rows: Making) -> Held:
    left, right = evaluated(tree.this, rows), evaluated(tree.expression, rows)
    yes = [h.values.astype(np.bool_) & ~h.absent for h in (left, right)]
    no = [~h.values.astype(np.bool_) & ~h.absent for h in (left, right)]
    if isinstance(tree, exp.And):
        true, false = yes[0] & yes[1], no[0] | no[1]
    else:
        true, false = yes[0] | yes[1], no[0] & no[1]
    return Held(true, ~true & ~false)


def _not(tree: exp.Expr, rows: Making) -> Held:
    held = evaluated(tree.this, rows)
    return Held(~held.values.astype(np.bool_), held.absent)


def _is(tree: exp.Expr, rows: Making) -> Held:
    held = evaluated(tree.this, rows)
    found = held.absent
    if isinstance(tree.expression, exp.Boolean):
        found = ~held.absent & np.equal(held.values.astype(np.bool_), bool(tree.expression.this))
    elif not isinstance(tree.expression, exp.Null):
        raise NotEvaluated("IS")
    return _known(~found if tree.args.get("negate") else found)


def _between(tree: exp.Expr, rows: Making) -> Held:
    low = exp.GTE(this=tree.this, expression=tree.args["low"])
    high = exp.LTE(this=tree.this, expression=tree.args["high"])
    return evaluated(exp.And(this=low, expression=high), rows)


def _in(tree: exp.Expr, rows: Making) -> Held:
    parts = [exp.EQ(this=tree.this, expression=value) for value in tree.expressions]
    return evaluated(exp.or_(*parts, copy=False), rows)


def _coalesced(tree: exp.Expr, rows: Making) -> Held:
    parts = [evaluated(part, rows) for part in (tree.this, *tree.expressions)]
    result = parts[-1]
    for part in reversed(parts[:-1]):
        result = Held(np.where(part.absent, result.values, part.values), part.absent & result.absent)
    return result


BINARY: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.EQ: np.equal, exp.NEQ: np.not_equal, exp.LT: np.less, exp.LTE: np.less_equal, exp.GT: np.greater,
    exp.GTE: np.greater_equal, exp.Add: np.add, exp.Sub: np.subtract, exp.Mul: np.multiply,
    exp.Mod: np.fmod, exp.Div: lambda left, right: np.divide(left, np.where(right == 0, np.nan, right)),
}  # fmt: skip
COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def _binary(tree: exp.Expr, rows: Making) -> Held:
    if tree.args.get("negate"):
        return _not(exp.Not(this=affirmed(tree)), rows)
    if isinstance(tree, exp.Like | exp.ILike | exp.RegexpLike | exp.RegexpILike):
        return _matched(tree, rows)
    listed = quantified(tree.expression)
    if listed is not None:
        parts = [type(tree)(this=tree.this, expression=value) for value in listed]
        joined = exp.or_ if isinstance(tree, exp.EQ) else exp.and_
        return evaluated(joined(*parts, copy=False), rows)
    operation = BINARY.get(type(tree))
    if operation is None:
        raise NotEvaluated(type(tree).__name__)
    left, right = evaluated(tree.this, rows), evaluated(tree.expression, rows)
    if isinstance(tree, exp.Add | exp.Sub) and _is_day(tree.this, rows):
        right = _days(tree.expression, right)
    if isinstance(tree, COMPARISONS):
        left, right = _alike(left, right, rows.table.now), _alike(right, left, rows.table.now)
    absent = left.absent | right.absent
    if absent.any() and left.values.dtype == object and not isinstance(tree, exp.EQ | exp.NEQ):
        raise NotEvaluated("an order of texts")
    return Held(np.asarray(operation(left.values, right.values)), absent)


def _is_day(tree: exp.Expr, rows: Making) -> bool:
    column = bare(tree)
    return isinstance(column, exp.Column) and rows.table.columns[column.name].shape.family == "date"


def _days(tree: exp.Expr, held: Held) -> Held:
    """A number that is added to a date counts days."""
    return Held(held.values * 86_400e6, held.absent) if isinstance(constant(tree), Fraction) else held


def _alike(held: Held, other: Held, now: datetime) -> Held:
    """Numbers cut to nine digits after the point; a text against an instant read as one."""
    if held.values.dtype == np.float64:
        return Held(np.round(held.values, 9), held.absent)
    if held.values.dtype == object and other.values.dtype == np.float64 and len(held.values):
        at = position(str(held.values[0]), INSTANT, now)
        if at is None:
            raise NotEvaluated("a text against a number")
        return Held(np.full(len(held.values), float(at)), held.absent)
    return held


def _matched(tree: exp.Expr, rows: Making) -> Held:
    pattern = constant(tree.expression)
    if not isinstance(pattern, str):
        raise NotEvaluated("a computed pattern")
    if isinstance(tree, exp.Like | exp.ILike):
        pattern = like_pattern(pattern, wide=True)
    fold = isinstance(tree, exp.ILike | exp.RegexpILike)
    held = evaluated(tree.this, rows)
    return Held(np.array([found_in(pattern, str(v), fold=fold) for v in held.values], dtype=np.bool_), held.absent)


Reader = Callable[[exp.Expr, Making], Held]
READERS: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Reader], ...] = (
    ((exp.Paren, exp.Cast), _cast),
    (exp.Column, _column),
    ((exp.And, exp.Or), _logic),
    (exp.Not, _not),
    (exp.Is, _is),
    (exp.Between, _between),
    (exp.In, _in),
    (exp.Coalesce, _coalesced),
    (exp.Binary, _binary),
)


def _parts(micro: NDArray[np.float64]) -> NDArray[Any]:
    return micro.astype(np.int64).astype("datetime64[us]")


EXTRACTS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "YEAR": lambda at: at.astype("datetime64[Y]").astype(np.int64) + 1970.0,
    "MONTH": lambda at: at.astype("datetime64[M]").astype(np.int64) % 12 + 1.0,
    "DAY": lambda at: (at.astype("datetime64[D]") - at.astype("datetime64[M]")).astype(np.int64) + 1.0,
    "DOW": lambda at: (at.astype("datetime64[D]").astype(np.int64) + 4) % 7 * 1.0,
    "ISODOW": lambda at: (at.astype("datetime64[D]").astype(np.int64) + 3) % 7 + 1.0,
    "HOUR": lambda at: at.astype(np.int64) // 3_600_000_000 % 24 * 1.0,
    "MINUTE": lambda at: at.astype(np.int64) // 60_000_000 % 60 * 1.0,
}
TEXT: dict[type[exp.Expr], Callable[[str], Any]] = {
    exp.Length: len, exp.Lower: str.lower, exp.Upper: str.upper, exp.Trim: str.strip,
}  # fmt: skip


def _function(tree: exp.Expr, rows: Making) -> Held:
    if isinstance(tree, exp.Extract) and tree.name.upper() in EXTRACTS:
        held = evaluated(tree.expression, rows)
        return Held(EXTRACTS[tree.name.upper()](_parts(held.values)), held.absent)
    if isinstance(tree, exp.Abs | exp.Neg):
        held = evaluated(tree.this, rows)
        return Held(np.abs(held.values) if isinstance(tree, exp.Abs) else -held.values, held.absent)
    if isinstance(tree, exp.StrPosition):
        held, wanted = evaluated(tree.this, rows), constant(tree.args["substr"])
        return Held(np.array([str(v).find(str(wanted)) + 1.0 for v in held.values]), held.absent)
    operation = TEXT.get(type(tree))
    if operation is None:
        raise NotEvaluated(type(tree).__name__)
    held = evaluated(tree.this, rows)
    found = [operation(str(value)) for value in held.values]
    return Held(np.array(found, dtype=np.float64 if isinstance(tree, exp.Length) else object), held.absent)
