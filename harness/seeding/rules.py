"""Relations between columns of a row: ``ends_at > starts_at``, ``total = subtotal + tax``. Later columns give way."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

import numpy as np
from sqlglot import exp

from harness.design.model import Shape
from harness.seeding.atoms import Computed, Relates
from harness.seeding.constants import bare, constant
from harness.seeding.counters import Ints, within
from harness.seeding.domain import Domain
from harness.seeding.kinds import Values
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
            raw = np.where(where, _computed(applied.rule, rows, column.shape), raw)
            continue
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


def _computed(rule: Computed, rows: Making, shape: Shape) -> Ints:
    """The value of arithmetic on other columns, rounded to the field's last digit."""
    numerator, denominator = _value(rule.tree, rows)
    scaled = numerator * per_unit(shape)
    return (2 * scaled + denominator) // (2 * denominator)


def _value(tree: exp.Expr, rows: Making) -> tuple[Ints, int]:
    """Numerators for each row over one denominator. NULL counts as what its raw value is."""
    tree = bare(tree)
    if isinstance(tree, exp.Column):
        shape = rows.table.shapes[tree.name]
        return rows.cells(tree.name).raw, per_unit(shape)
    if isinstance(tree, exp.Add | exp.Sub):
        (left, below), (right, under) = _value(tree.left, rows), _value(tree.right, rows)
        common = lcm(below, under)
        sign = 1 if isinstance(tree, exp.Add) else -1
        return left * (common // below) + sign * right * (common // under), common
    if isinstance(tree, exp.Mul):
        (left, below), (right, under) = _value(tree.left, rows), _value(tree.right, rows)
        return left * right, below * under
    value = constant(tree)
    number = value if isinstance(value, Fraction) else Fraction(0)
    return np.full(len(rows.numbers), number.numerator), number.denominator
