"""What a field's values may be: the type's own limits, narrowed by atoms of conditions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from math import ceil, floor

from harness.design.model import Field, Shape
from harness.seeding.atoms import Absent, Aligned, Among, Atom, Bound, Cased, Holds, Matches, Remainder, Sized
from harness.seeding.patterns import found_in
from harness.seeding.popularity import popularities
from harness.seeding.ticks import DAY_S, ORDERED, Constant, Moment, limits, per_unit, position

Value = int | str | bool
"""A value as it is compared in a domain: ticks for ordered families, text for the others."""


NUMBERS = frozenset({"integer", "decimal", "float"})


class Contradiction(Exception):  # noqa: N818  (the word says what is so)
    """No value is left."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The values that are allowed. NULL is another matter: it satisfies every CHECK but IS NOT NULL.

    Attributes:
        absent: True when the field must be NULL, False when it must not.
        low: lowest tick of an ordered field, inclusive.
        high: highest tick, inclusive.
        among: the only values; None when there is no list.
        excluded: values that are not allowed.
        step: ticks are ``first`` modulo ``step``.
        cut: of a date or timestamp: ``month``, ``quarter`` or ``year`` when it is the first moment of one.
        shortest: fewest characters (elements of an array).
        longest: most characters (elements, bytes, bits); None when unbounded.
        patterns: regular expressions that it must match, each with whether case is ignored.
        unlike: regular expressions that it must not match.
        holds: what a document contains: for each condition, JSON documents of which it has one.
        weights: how frequent values are, where that is asked for; values that are not in it are not made.
        upper: False when the text must be lower case, True upper.
    """

    absent: bool | None = None
    low: int = 0
    high: int = 0
    among: tuple[Value, ...] | None = None
    excluded: frozenset[Value] = frozenset()
    step: int = 1
    first: int = 0
    cut: str = ""
    shortest: int = 0
    longest: int | None = None
    patterns: tuple[tuple[str, bool], ...] = ()
    unlike: tuple[tuple[str, bool], ...] = ()
    upper: bool | None = None
    holds: tuple[tuple[str, ...], ...] = ()
    weights: tuple[tuple[Value, float], ...] = ()

    @property
    def ticks(self) -> range:
        """The ticks that remain, as a range."""
        low = self.low + (self.first - self.low) % self.step
        return range(low, self.high + 1, self.step)


def frequencies(of: Domain) -> tuple[float, ...]:
    """How frequent each value of the list is: as it is asked for, else as such words are."""
    values = of.among or ()
    if not of.weights:
        return popularities([str(value) for value in values])
    asked = dict(of.weights)
    found = tuple(asked.get(value, 0.0) for value in values)
    return found if sum(found) else (1.0,) * len(values)


def domain(field: Field, shape: Shape) -> Domain:
    """What the type and NOT NULL alone allow."""
    low, high = limits(shape) if shape.family in ORDERED else (0, 0)
    return Domain(
        absent=False if field.nullable is False else None,
        low=low,
        high=high,
        among=tuple(shape.labels) if shape.family == "enum" else None,
        longest=shape.length,
    )


def narrowed(of: Domain, atoms: Iterable[Atom], shape: Shape, now: datetime) -> Domain:
    """The domain after atoms on its field; Contradiction when nothing is left."""
    for atom in atoms:
        match atom:
            case Absent():
                of = _nulled(of, absent=not atom.negated)
            case Bound():
                of = _bounded(of, atom, shape, now)
            case Among():
                of = _listed(of, atom, shape, now)
            case Sized():
                of = _sized(of, atom)
            case Matches() | Holds() | Cased():
                of = _worded(of, atom)
            case Remainder():
                of = replace(of, step=atom.modulus * per_unit(shape), first=atom.value * per_unit(shape))
            case Aligned():
                of = _aligned(of, atom.unit, shape)
    return _checked(of, shape)


def _worded(of: Domain, atom: Matches | Holds | Cased) -> Domain:
    match atom:
        case Holds():
            return replace(of, holds=(*of.holds, atom.documents))
        case Cased():
            return replace(of, upper=atom.upper)
    pair = (atom.pattern, atom.fold)
    return replace(of, unlike=(*of.unlike, pair)) if atom.negated else _patterned(of, pair)


def _nulled(of: Domain, *, absent: bool) -> Domain:
    if of.absent is not None and of.absent != absent:
        raise Contradiction
    return replace(of, absent=absent)


def _patterned(of: Domain, pair: tuple[str, bool]) -> Domain:
    return of if pair in of.patterns else replace(of, patterns=(*of.patterns, pair))


MONDAY = 4
"""The first one after 1970 began, in days."""


def _aligned(of: Domain, unit: int | str, shape: Shape) -> Domain:
    if shape.family not in {"date", "timestamp"}:
        return of
    if isinstance(unit, str):
        return replace(of, cut=unit)
    step = unit * per_unit(shape) if shape.family == "timestamp" else unit // DAY_S
    if step <= of.step:
        return of
    monday = MONDAY * (DAY_S * per_unit(shape) if shape.family == "timestamp" else 1)
    return replace(of, step=step, first=monday if unit == 7 * DAY_S else 0)


def _bounded(of: Domain, atom: Bound, shape: Shape, now: datetime) -> Domain:
    if isinstance(atom.value, bool) and shape.family in NUMBERS:  # MySQL: what is not nothing is true
        truth = atom.value == (atom.operator != "<>")
        return _listed(of, Among(atom.field, (Fraction(0),), negated=truth), shape, now)
    if atom.operator in {"=", "<>"}:
        return _listed(of, Among(atom.field, (atom.value,), atom.operator == "<>"), shape, now)
    at = position(atom.value, shape, now)
    if at is None:
        return of
    slack = atom.value.offset.slack if isinstance(atom.value, Moment) else 0
    margin = slack * per_unit(shape) if shape.family == "timestamp" else slack // 86_400
    if atom.operator in {">", ">="}:
        low = (floor(at) + 1 if atom.operator == ">" else ceil(at)) + margin
        return replace(of, low=max(of.low, low))
    high = (ceil(at) - 1 if atom.operator == "<" else floor(at)) - margin
    return replace(of, high=min(of.high, high))


def _listed(of: Domain, atom: Among, shape: Shape, now: datetime) -> Domain:
    values = tuple(dict.fromkeys(v for c in atom.values if (v := valued(c, shape, now)) is not None))
    if atom.negated:
        return replace(of, excluded=of.excluded | set(values))
    if not values:
        raise Contradiction
    return replace(of, among=values if of.among is None else tuple(v for v in of.among if v in values))


def valued(constant: Constant, shape: Shape, now: datetime) -> Value | None:
    """A constant as a value of the shape; None when it is none (a number between two ticks, text for a number)."""
    if shape.family in ORDERED:
        at = position(constant, shape, now)
        return int(at) if at is not None and at.denominator == 1 else None
    if shape.family == "boolean":
        return _flag(constant)
    if isinstance(constant, Fraction):
        return str(constant.numerator) if constant.denominator == 1 else str(float(constant))
    return constant if isinstance(constant, str) else None


def _flag(constant: Constant) -> bool | None:
    if isinstance(constant, bool):
        return constant
    text = str(constant).strip().lower()
    return {"t": True, "true": True, "1": True, "f": False, "false": False, "0": False}.get(text)


def _sized(of: Domain, atom: Sized) -> Domain:
    low, high = of.shortest, of.longest
    top = atom.value if high is None else min(high, atom.value)
    match atom.operator:
        case "=":
            low, high = max(low, atom.value), top
        case ">" | ">=":
            low = max(low, atom.value + (atom.operator == ">"))
        case "<":
            high = min(top, atom.value - 1)
        case "<=":
            high = top
        case _:
            return of
    return replace(of, shortest=low, longest=high)


def _checked(of: Domain, shape: Shape) -> Domain:
    if of.among is not None:
        among = tuple(v for v in of.among if _allowed(of, v, shape))
        of = replace(of, among=among)
    impossible = (
        of.among == ()
        or (shape.family in ORDERED and not of.ticks)
        or (of.longest is not None and of.shortest > of.longest)
        or (shape.family == "boolean" and {True, False} <= of.excluded)
    )
    if impossible and of.absent is not True:
        if of.absent is False:
            raise Contradiction
        return replace(of, absent=True)
    return of


def _allowed(of: Domain, value: Value, shape: Shape) -> bool:
    if value in of.excluded:
        return False
    if shape.family in ORDERED:
        return int(value) in of.ticks
    text = str(value)
    if not matching(text, of) or (of.upper is not None and text != (text.upper() if of.upper else text.lower())):
        return False
    return of.shortest <= len(text) and (of.longest is None or len(text) <= of.longest or shape.family == "enum")


def matching(text: str, of: Domain) -> bool:
    """Whether a text matches all the patterns that it must, and none that it must not.

    The letters that stand for LIKE's ``%`` are lower case; where all are to be of one case, that is checked apart.
    """
    if not (of.patterns or of.unlike):
        return True
    cased = of.upper is not None
    return all(found_in(p, text, fold=fold or cased) for p, fold in of.patterns) and not any(
        found_in(p, text, fold=fold) for p, fold in of.unlike
    )


def intersected(values: Sequence[str], of: Domain) -> list[str]:
    """Texts of a pool that the domain takes (patterns excepted)."""
    return [
        v
        for v in values
        if (of.among is None or v in of.among)
        and v not in of.excluded
        and len(v) >= of.shortest
        and (of.longest is None or len(v) <= of.longest)
    ]
