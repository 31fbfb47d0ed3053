"""Conditions tried on made rows: a small evaluator over columns, with SQL's three-valued logic."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from harness.design.model import Shape
from harness.seeding.cases import Trial
from harness.seeding.conditions import quantified
from harness.seeding.constants import affirmed, bare, constant, like_pattern
from harness.seeding.moments import to_micros
from harness.seeding.opened import ways_of
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
    except (NotEvaluated, TypeError, ArithmeticError):  # what the server makes of such operands is not known here
        return np.zeros(len(rows.numbers), dtype=np.bool_)
    if held.values.dtype == object:
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
    if not isinstance(tree, exp.Cast) or held.values.dtype == object:
        return held
    if tree.to.is_type("boolean"):
        return Held(held.values != 0, held.absent)
    return Held(held.values.astype(np.float64), held.absent) if tree.to.is_type("int", "bigint") else held


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


def _cased(tree: exp.Expr, rows: Making) -> Held:
    """CASE and IF: the first way whose condition is true."""
    *ways, (_, other) = ways_of(tree)
    result = None if isinstance(other, exp.Null) else evaluated(other, rows)
    for condition, way in reversed(ways):
        if condition is None:
            raise NotEvaluated("CASE")
        true, held = evaluated(condition, rows), evaluated(way, rows)
        if result is None:
            result = Held(held.values, np.ones(len(held.values), np.bool_))
        here = true.values.astype(np.bool_) & ~true.absent
        result = Held(np.where(here, held.values, result.values), np.where(here, held.absent, result.absent))
    if result is None:
        raise NotEvaluated("CASE")
    return result


def _extreme(tree: exp.Expr, rows: Making) -> Held:
    """GREATEST and LEAST without NULL, on which the engines differ."""
    parts = [evaluated(part, rows) for part in (tree.this, *tree.expressions)]
    if any(part.absent.any() or part.values.dtype == object for part in parts):
        raise NotEvaluated("the extreme of NULL or of texts")
    choose = np.maximum if isinstance(tree, exp.Greatest) else np.minimum
    return _known(reduce(choose, (part.values for part in parts)))


def _alike_or_both_absent(tree: exp.Expr, rows: Making) -> Held:
    """IS NOT DISTINCT FROM."""
    left, right = evaluated(tree.this, rows), evaluated(tree.expression, rows)
    same = np.where(left.absent | right.absent, left.absent & right.absent, left.values == right.values)
    return _known(same.astype(np.bool_) == isinstance(tree, exp.NullSafeEQ))


def _divided(tree: exp.Expr, rows: Making) -> Held:
    """What is left of whole numbers in PostgreSQL is cut off."""
    held = _arithmetic(tree, rows)
    whole = tree.args.get("typed") and all(_is_whole(side, rows) for side in (tree.this, tree.expression))
    return Held(np.trunc(held.values), held.absent) if whole else held


def _is_whole(tree: exp.Expr, rows: Making) -> bool:
    tree = tree.unnest()
    if isinstance(tree, exp.Column):
        return rows.table.shapes[tree.name].family == "integer"
    if isinstance(tree, exp.Literal):
        return not tree.is_string and "." not in tree.name
    return isinstance(tree, exp.Add | exp.Sub | exp.Mul | exp.Div | exp.Neg) and all(
        _is_whole(side, rows) for side in (tree.this, tree.args.get("expression")) if side is not None
    )


def _arithmetic(tree: exp.Expr, rows: Making) -> Held:
    left, right = evaluated(tree.this, rows), evaluated(tree.expression, rows)
    return Held(np.asarray(BINARY[type(tree)](left.values, right.values)), left.absent | right.absent)


BINARY: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.EQ: np.equal, exp.NEQ: np.not_equal, exp.LT: np.less, exp.LTE: np.less_equal, exp.GT: np.greater,
    exp.GTE: np.greater_equal, exp.Add: np.add, exp.Sub: np.subtract, exp.Mul: np.multiply,
    exp.Mod: np.fmod, exp.Pow: np.power,
    exp.BitwiseAnd: lambda left, right: (left.astype(np.int64) & right.astype(np.int64)).astype(np.float64),
    exp.Div: lambda left, right: np.divide(left, np.where(right == 0, np.nan, right)),
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
    if isinstance(tree, exp.Sub) and _is_day(tree.this, rows) and _is_day(tree.expression, rows):
        return Held((left.values - right.values) / 86_400e6, left.absent | right.absent)
    if isinstance(tree, exp.Add | exp.Sub) and _is_day(tree.this, rows):
        right = _days(tree.expression, right, rows)
    if isinstance(tree, COMPARISONS):
        left, right = _alike(left, right, rows.table.now), _alike(right, left, rows.table.now)
    absent = left.absent | right.absent
    if absent.any() and left.values.dtype == object and not isinstance(tree, exp.EQ | exp.NEQ):
        raise NotEvaluated("an order of texts")
    return Held(np.asarray(operation(left.values, right.values)), absent)


def _is_day(tree: exp.Expr, rows: Making) -> bool:
    column = bare(tree)
    return isinstance(column, exp.Column) and rows.table.columns[column.name].shape.family == "date"


def _days(tree: exp.Expr, held: Held, rows: Making) -> Held:
    """A number that is added to a date counts days."""
    counts = isinstance(constant(tree), Fraction) or _is_whole(tree, rows)
    return Held(held.values * 86_400e6, held.absent) if counts else held


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
        pattern = like_pattern(pattern)
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
    ((exp.Case, exp.If), _cased),
    ((exp.Greatest, exp.Least), _extreme),
    ((exp.NullSafeEQ, exp.NullSafeNEQ), _alike_or_both_absent),
    (exp.Div, _divided),
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
    exp.ByteLength: lambda text: len(text.encode()),
}  # fmt: skip
SIZES = (exp.Length, exp.ByteLength)


def _function(tree: exp.Expr, rows: Making) -> Held:
    if isinstance(tree, exp.Extract) and tree.name.upper() in EXTRACTS:
        held = evaluated(tree.expression, rows)
        return Held(EXTRACTS[tree.name.upper()](_parts(held.values)), held.absent)
    if isinstance(tree, exp.Abs | exp.Neg | exp.Floor | exp.Ceil | exp.Round):
        return _number(tree, evaluated(tree.this, rows))
    if isinstance(tree, exp.Nullif):
        held, other = evaluated(tree.this, rows), evaluated(tree.expression, rows)
        return Held(held.values, held.absent | ((held.values == other.values) & ~other.absent))
    return _of_text(tree, rows)


NUMBERS: dict[type[exp.Expr], Callable[[NDArray[Any]], NDArray[Any]]] = {
    exp.Abs: np.abs, exp.Neg: np.negative, exp.Floor: np.floor, exp.Ceil: np.ceil,
}  # fmt: skip


def _number(tree: exp.Expr, held: Held) -> Held:
    if isinstance(tree, exp.Round):
        digits = constant(tree.args["decimals"]) if tree.args.get("decimals") is not None else Fraction(0)
        if not isinstance(digits, Fraction):
            raise NotEvaluated("so many digits")
        unit = 10.0 ** int(digits)
        found = np.sign(held.values) * np.floor(np.abs(held.values) * unit + 0.5 + 1e-6) / unit
        return Held(found, held.absent)
    return Held(NUMBERS[type(tree)](held.values), held.absent)


def _of_text(tree: exp.Expr, rows: Making) -> Held:
    held = evaluated(tree.this, rows) if isinstance(tree.this, exp.Expr) else None
    if held is None or held.values.dtype != object or not _is_text(tree.this, rows):
        raise NotEvaluated(type(tree).__name__)
    if isinstance(tree, exp.StrPosition):
        wanted = constant(tree.args["substr"])
        return Held(np.array([str(v).find(str(wanted)) + 1.0 for v in held.values]), held.absent)
    operation = TEXT.get(type(tree))
    if operation is None:
        raise NotEvaluated(type(tree).__name__)
    found = [operation(str(value)) for value in held.values]
    return Held(np.array(found, dtype=np.float64 if isinstance(tree, SIZES) else object), held.absent)


def _is_text(tree: exp.Expr, rows: Making) -> bool:
    """Whether all the fields of an expression are texts: a range has lower() and upper() as well."""
    return all(rows.table.shapes[column.name].family in {"text", "enum"} for column in tree.find_all(exp.Column))
