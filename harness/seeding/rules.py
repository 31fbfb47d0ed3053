"""Relations between columns of a row: ``ends_at > starts_at``, ``total = subtotal + tax``. Later columns give way."""

from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from sqlglot import exp

from harness.design.model import Shape
from harness.seeding.atoms import Amount, Computed, Relates, Sum
from harness.seeding.constants import bare, constant
from harness.seeding.counters import Ints, within
from harness.seeding.domain import Domain
from harness.seeding.kinds import Values
from harness.seeding.linear import summed
from harness.seeding.moments import to_micros, to_ticks
from harness.seeding.table import Applied, Cells, Column, Making, Mask
from harness.seeding.ticks import DAY_S, ORDERED, Span, per_unit

INSTANTS = frozenset({"date", "timestamp"})


def ruled(column: Column, rows: Making, cells: Cells) -> Cells:
    """The column's cells after its relations to columns made before it."""
    if column.shape.family not in ORDERED:
        return _ruled_text(column, rows, cells)
    raw = cells.raw
    low, high = _edges(column, rows)
    avoided: list[tuple[Ints, Mask]] = []
    for applied in column.rules:
        where = _where(applied, rows)
        if isinstance(applied.rule, Computed):
            reckoned = _reckoned(applied.rule, rows, column.shape)
            if applied.rule.operator == "=":
                raw = np.where(where, reckoned, raw)
            else:
                _bind(applied.rule.operator, reckoned, where & _there(applied.rule, rows), (low, high), avoided)
            continue
        if not isinstance(applied.rule, Relates):
            continue  # it was given to one of its columns
        other = rows.cells(applied.rule.other)
        here = where if other.absent is None else where & ~other.absent
        bound = _translated(other.raw, rows.table.shapes[applied.rule.other], column.shape) + _offset(
            applied.rule, column.shape
        )
        _bind(applied.rule.operator, bound, here, (low, high), avoided)
    return Cells(_avoiding(_inside(column, rows, raw, low, high), avoided, high, column.domain.step), cells.absent)


def _where(applied: Applied, rows: Making) -> Mask:
    if applied.group is None:
        return np.ones(len(rows.numbers), dtype=np.bool_)
    return np.equal(rows.case(applied.group), applied.case)


def _edges(column: Column, rows: Making) -> tuple[Ints, Ints]:
    """The lowest and highest tick of each row by its case."""
    count = len(rows.numbers)
    low, high = np.full(count, column.domain.low), np.full(count, column.domain.high)
    if column.group is not None:
        cases = rows.case(column.group)
        for number, case in enumerate(rows.table.conditions.groups[column.group].cases):
            domain: Domain = case.domains[column.field.name]
            here = cases == number
            low[here], high[here] = domain.low, domain.high
    return low, high


def _translated(raw: Values, of: Shape, to: Shape) -> Ints:
    """Ticks of one shape as ticks of another."""
    if of.family in INSTANTS and to.family in INSTANTS:
        return raw if of == to else to_ticks(to_micros(raw, of), to)
    have, want = per_unit(of), per_unit(to)
    return raw if have == want else raw * want // have


def _offset(rule: Relates, shape: Shape) -> int:
    offset = rule.offset
    if isinstance(offset, Span):
        slack = offset.slack if rule.operator in {">", ">="} else -offset.slack
        seconds = offset.seconds + (0 if rule.operator == "=" else slack)
        return int(seconds / DAY_S if shape.family == "date" else seconds * per_unit(shape))
    return int(offset * per_unit(shape)) if isinstance(offset, Fraction) else 0


def _bind(operator: str, bound: Ints, here: Mask, edges: tuple[Ints, Ints], avoided: list[tuple[Ints, Mask]]) -> None:
    """Narrow the edges in place."""
    low, high = edges
    match operator:
        case ">" | ">=":
            np.maximum(low, bound + (operator == ">"), out=low, where=here)
        case "<" | "<=":
            np.minimum(high, bound - (operator == "<"), out=high, where=here)
        case "=":
            np.copyto(low, bound, where=here)
            np.copyto(high, bound, where=here)
        case _:
            avoided.append((bound, here))


def _inside(column: Column, rows: Making, raw: Ints, low: Ints, high: Ints) -> Ints:
    """Values that fall outside are drawn anew, near the edge that they crossed."""
    outside = np.flatnonzero((raw < low) | (raw > high))
    if not len(outside):
        return raw
    raw = raw.copy()
    bottom, top = low[outside], high[outside]
    reach = np.minimum(top - bottom, _reach(column.shape, np.where(raw[outside] < bottom, bottom, top)))
    moved = within(rows.salted(column) + 1, rows.numbers[outside], np.maximum(reach, 0) + 1)
    drawn = np.where(raw[outside] < bottom, bottom + moved, top - moved)
    step, first = column.domain.step, column.domain.first
    if step > 1:
        drawn = drawn - (drawn - first) % step
        drawn = np.where(drawn < bottom, drawn + step, drawn)
    raw[outside] = drawn
    return raw


def _reach(shape: Shape, edge: Ints) -> Ints:
    """How far from an edge values are drawn: some days; half of a quantity."""
    if shape.family == "date":
        return np.full(len(edge), 21)
    if shape.family in {"timestamp", "time", "interval"}:
        span = 4 * 3600 if shape.family == "time" else 9 * DAY_S
        return np.full(len(edge), span * per_unit(shape))
    found: Ints = np.maximum(np.abs(edge) // 2, 5 * per_unit(shape))
    return found


def _avoiding(raw: Ints, avoided: Iterable[tuple[Ints, Mask]], high: Ints, step: int) -> Ints:
    for other, here in avoided:
        raw = np.where(here & (raw == other), np.where(raw + step <= high, raw + step, raw - step), raw)
    return raw


def _ruled_text(column: Column, rows: Making, cells: Cells) -> Cells:
    """Texts can be made equal; that they differ is tried."""
    raw, absent = cells.raw, cells.absent
    for applied in column.rules:
        if isinstance(applied.rule, Relates) and applied.rule.operator == "=":
            other, where = rows.cells(applied.rule.other), _where(applied, rows)
            raw = np.where(where, other.raw, raw)
            if other.absent is not None:
                absent = np.where(where, other.absent, False if absent is None else absent)
    return Cells(raw, absent)


def _there(rule: Computed, rows: Making) -> Mask:
    """Where all that a column is reckoned from is there."""
    found = np.ones(len(rows.numbers), dtype=np.bool_)
    for name in rule.others:
        absent = rows.cells(name).absent
        if absent is not None:
            found &= ~absent
    return found


def _reckoned(rule: Computed, rows: Making, shape: Shape) -> Ints:
    """The ticks of arithmetic on other columns: rounded where they are to be equal, else the last that keep to it."""
    numerator, denominator = _sum(rule.of, rows, shape)
    common = gcd(per_unit(shape), denominator)
    scaled, denominator = numerator * (per_unit(shape) // common), denominator // common
    match rule.operator:
        case ">=" | "<":
            return -(-scaled // denominator)
        case ">" | "<=":
            return scaled // denominator
    return (2 * scaled + denominator) // (2 * denominator)


Amounts = tuple[Ints, int]
"""Numerators for each row over one denominator."""


def _sum(of: Sum, rows: Making, shape: Shape) -> Amounts:
    found = _amount(of.rest, rows, shape)
    for tree, factor in of.terms:
        (left, below), (right, under) = _amount(factor, rows, shape), _value(tree, rows, shape)
        found = _added(found, (left * right, below * under))
    return found


def _added(one: Amounts, other: Amounts) -> Amounts:
    (left, below), (right, under) = one, other
    common = lcm(below, under)
    return left * (common // below) + right * (common // under), common


def _amount(amount: Amount, rows: Making, shape: Shape) -> Amounts:
    """A number; of an interval its seconds, or days where a date is reckoned."""
    if isinstance(amount, Span):
        amount = amount.seconds / (DAY_S if shape.family == "date" else 1)
    return np.full(len(rows.numbers), amount.numerator), amount.denominator


def _value(tree: exp.Expr, rows: Making, shape: Shape) -> Amounts:
    """NULL counts as what its raw value is."""
    tree = bare(tree)
    match tree:
        case exp.Column():
            return rows.cells(tree.name).raw, per_unit(rows.table.shapes[tree.name])
        case exp.Mul():
            (left, below), (right, under) = (_value(side, rows, shape) for side in (tree.left, tree.right))
            return left * right, below * under
        case exp.Round() | exp.Floor() | exp.Ceil():
            return _rounded(tree, _value(tree.this, rows, shape))
    return _sum(summed(tree), rows, shape)


def _rounded(tree: exp.Round | exp.Floor | exp.Ceil, amounts: Amounts) -> Amounts:
    """To so many digits, halves away from nothing."""
    digits = constant(tree.args["decimals"]) if tree.args.get("decimals") is not None else Fraction(0)
    unit = 10 ** int(digits) if isinstance(digits, Fraction) else 1
    numerator, denominator = amounts[0] * unit, amounts[1]
    match tree:
        case exp.Floor():
            return numerator // denominator, unit
        case exp.Ceil():
            return -(-numerator // denominator), unit
    half = (2 * np.abs(numerator) + denominator) // (2 * denominator)
    return np.sign(numerator) * half, unit
