"""Comparisons of arithmetic: ``used + reserved <= capacity``, ``a + b + c = 100``, ``ends - starts <= 30``.

Both sides are brought to one sum of terms, each a factor times a column, or times arithmetic that is left as it is. A
column that stands alone in one term, and in no other, can be reckoned from the rest.
"""

from collections.abc import Iterable
from fractions import Fraction

from sqlglot import exp

from harness.seeding.atoms import FLIPPED, Amount, Atom, Balance, Bound, Computed, Relates, Sum
from harness.seeding.constants import bare, constant, fields_of
from harness.seeding.ticks import DAY_S, Span

ZERO = Fraction(0)


class NotLinear(ValueError):  # noqa: N818  (the word says what is so)
    """No sum of terms."""


def compared(left: exp.Expr, operator: str, right: exp.Expr) -> Atom | None:
    """What a comparison of arithmetic asks of its fields; None where it is no such sum."""
    try:
        return _atom(_plus(summed(left), scaled(summed(right), Fraction(-1))), operator)
    except NotLinear:
        return None


def computed(name: str, right: exp.Expr) -> Computed | None:
    """``name = right``, reckoned from the fields of ``right``; None where it is no arithmetic on others."""
    try:
        found = summed(right)
    except NotLinear:
        return None
    others = _fields(found)
    return Computed(name, found, others) if others and name not in others else None


def _atom(of: Sum, operator: str) -> Atom | None:
    alone = [(tree.name, factor) for tree, factor in of.terms if isinstance(tree, exp.Column)]
    if len(alone) == len(of.terms) == 1 and isinstance(of.rest, Fraction):
        name, factor = alone[0]
        if isinstance(factor, Fraction):
            return Bound(name, operator if factor > 0 else FLIPPED[operator], -of.rest / factor)
    if len(alone) == len(of.terms) == 2 and {alone[0][1], alone[1][1]} == {Fraction(1), Fraction(-1)}:
        first, second = sorted(alone, key=lambda pair: pair[1] != Fraction(1))
        return Relates(first[0], operator, second[0], _times(of.rest, Fraction(-1)))
    fields = _fields(of)
    able = len(fields) > 1 and any(solved(of, operator, name) for name in fields)
    return Balance(of, operator, fields) if able else None


def solved(of: Sum, operator: str, name: str) -> Computed | None:
    """``of operator 0`` as a bound of one field; None where that does not stand alone."""
    own = [(tree, factor) for tree, factor in of.terms if name in fields_of(tree)]
    if len(own) != 1 or not isinstance(own[0][0], exp.Column) or not isinstance(own[0][1], Fraction):
        return None
    factor = own[0][1]
    rest = scaled(Sum(tuple(term for term in of.terms if term[0] is not own[0][0]), of.rest), -1 / factor)
    return Computed(name, rest, _fields(rest), operator if factor > 0 else FLIPPED[operator])


def _fields(of: Sum) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for tree, _ in of.terms for name in fields_of(tree)))


def summed(tree: exp.Expr) -> Sum:
    """The sum that an expression is; NotLinear where it is none."""
    value = constant(tree)
    if isinstance(value, Fraction | Span):
        return Sum(rest=value)
    tree = bare(tree)
    match tree:
        case exp.Column() | exp.Round() | exp.Floor() | exp.Ceil():
            if not isinstance(tree, exp.Column):
                summed(tree.this)  # what is rounded must be a sum as well
            return Sum(((tree, Fraction(1)),))
        case exp.Neg():
            return scaled(summed(tree.this), Fraction(-1))
        case exp.Add() | exp.Sub():
            sign = Fraction(1 if isinstance(tree, exp.Add) else -1)
            return _plus(summed(tree.this), scaled(summed(tree.expression), sign))
        case exp.Mul() | exp.MakeInterval():
            return _product(tree) if isinstance(tree, exp.Mul) else _interval(tree)
        case exp.Div():
            return scaled(summed(tree.this), 1 / _divisor(tree))
    raise NotLinear(type(tree).__name__)


LASTING = {"week": 7 * DAY_S, "day": DAY_S, "hour": 3600, "minute": 60, "second": 1}


def _interval(tree: exp.MakeInterval) -> Sum:
    """``make_interval(mins => n)``: so many minutes."""
    found = Sum()
    for unit, value in tree.args.items():
        if value is None:
            continue
        if unit not in LASTING or not isinstance(value, exp.Kwarg):
            raise NotLinear(unit)
        number = summed(value.expression)
        span = Span(Fraction(LASTING[unit]))
        parts = tuple((each, _times(span, _plain(factor))) for each, factor in number.terms)
        found = _plus(found, Sum(parts, _times(span, _plain(number.rest))))
    return found


def _divisor(tree: exp.Div) -> Fraction:
    """What a division is by: a number that makes no whole one of its result.

    PostgreSQL prints a cast around the number when the result is no whole one.
    """
    right = tree.expression.unnest()
    whole = tree.args.get("typed") and isinstance(right, exp.Literal) and "." not in right.name
    value = constant(tree.expression)
    if whole or not isinstance(value, Fraction) or value == 0:
        raise NotLinear("a division")
    return value


def _product(tree: exp.Mul) -> Sum:
    left, right = summed(tree.this), summed(tree.expression)
    for side, other in ((left, right), (right, left)):
        if not side.terms and isinstance(side.rest, Fraction):
            return scaled(other, side.rest)
        if not side.terms and isinstance(other.rest, Fraction):  # so many minutes
            return Sum(
                tuple((each, _times(side.rest, _plain(factor))) for each, factor in other.terms),
                _times(side.rest, other.rest),
            )
    if not all(isinstance(factor, Fraction) for _, factor in (*left.terms, *right.terms)):
        raise NotLinear("a product of intervals")
    return Sum(((tree, Fraction(1)),))


def _plain(factor: Amount) -> Fraction:
    if isinstance(factor, Span):
        raise NotLinear("a product of intervals")
    return factor


def scaled(of: Sum, by: Fraction) -> Sum:
    """A sum so many times."""
    return Sum(tuple((tree, _times(factor, by)) for tree, factor in of.terms), _times(of.rest, by))


def _times(amount: Amount, by: Fraction) -> Amount:
    return Span(amount.seconds * by, amount.slack) if isinstance(amount, Span) else amount * by


def _plus(left: Sum, right: Sum) -> Sum:
    found: dict[str, tuple[exp.Expr, Amount]] = {}
    for tree, factor in (*left.terms, *right.terms):
        name = tree.sql()
        found[name] = (tree, _together(found[name][1], factor) if name in found else factor)
    there = (term for term in found.values() if term[1] != ZERO)
    return Sum(tuple(there), _together(left.rest, right.rest))


def _together(left: Amount, right: Amount) -> Amount:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + right
    if isinstance(left, Span) and isinstance(right, Span):
        return left + right
    if ZERO in (left, right):
        return right if left == ZERO else left
    raise NotLinear("a number and an interval")


def limits(of: Sum, operator: str) -> Iterable[tuple[str, Fraction]]:
    """The most that each column may be where positive ones add up to no more than a number, whatever the others are.

    Half of it for each of two, a third for each of three: for all but one of them, that gives way to the others.
    """
    if operator not in {"=", "<", "<="} or not isinstance(of.rest, Fraction) or of.rest >= 0 or len(of.terms) < 2:
        return
    for tree, factor in of.terms:
        if not isinstance(tree, exp.Column) or not isinstance(factor, Fraction) or factor <= 0:
            return
    for tree, factor in of.terms:
        if isinstance(factor, Fraction):
            yield tree.name, -of.rest / factor / (len(of.terms) - 1)
