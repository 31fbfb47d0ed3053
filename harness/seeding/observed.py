"""Columns as the statistics of another database describe them: common values with their shares, and the others.

A planner decides by these numbers, so rows that have them make it decide as it does there. Of the values that are not
common, those of numbers and instants lie between the bounds of a histogram, as many between each two; those of texts
are of the usual kind of the column, as many different ones. What keys and references decide stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from math import log
from typing import Any

import numpy as np

from harness.design.model import Shape
from harness.seeding.constants import constant_of
from harness.seeding.counters import Ints, below, key, unit
from harness.seeding.domain import Domain, Value, valued
from harness.seeding.kinds import Drawing, Kind, Values, objects, spaced
from harness.seeding.model import Seen, Wish
from harness.seeding.moments import Instants
from harness.seeding.ticks import ORDERED, position
from harness.seeding.words import person

EXACT = 1 << 53
"""Ticks above are not told apart by the arithmetic here."""

FLAGS = {"t": "true", "f": "false", "1": "true", "0": "false"}
FOLLOWS = 0.5
"""The correlation from which values rise, or fall, with the number of the row."""

MOST_SKEW = 3.0
SUMMED = 2000
SMALL = 1e-9
REST = 0.003
"""The share of rows that is no share: what rounding leaves."""


@dataclass(frozen=True, slots=True)
class Observing:
    """What a kind is fitted to: ``rows`` are those of the table here."""

    shape: Shape
    domain: Domain
    rows: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Profiled:
    """Values as seen: ordinals first count the common ones, then ``others``.

    Attributes:
        common: raw values; ``edges`` are the ends of their shares, one after the other.
        inner: the usual kind, of which the others are where there are no ``knots``.
        knots: ticks that part the others into parts of as many rows.
        others: how many other values there are.
        rows: of the table.
        turn: 1 where other values rise with the number of the row, -1 where they fall, 0 where they do neither.
    """

    common: Values
    edges: tuple[float, ...]
    inner: Kind
    knots: tuple[int, ...]
    step: int
    others: int
    rows: int
    turn: int

    @property
    def size(self) -> int:
        """The common ones and the others."""
        return len(self.common) + self.others

    def draw(self, of: int, rows: Drawing) -> Ints:
        """Common ones by their shares, the others evenly."""
        drawn = unit(key(of, "seen"), rows.numbers)
        found = np.searchsorted(np.asarray(self.edges), drawn, side="right").astype(np.int64)
        if not self.others:
            return np.minimum(found, len(self.common) - 1)
        return np.where(found < len(self.common), found, len(self.common) + self._rest(of, rows))

    def _rest(self, of: int, rows: Drawing) -> Ints:
        if not self.turn:
            return below(key(of, "rest"), rows.numbers, self.others)
        share = (rows.numbers + unit(key(of, "rest"), rows.numbers)) / max(self.rows, 1)
        found = np.minimum(np.floor(share * self.others).astype(np.int64), self.others - 1)
        return found if self.turn > 0 else self.others - 1 - found

    def raw(self, ordinals: Ints) -> Values:
        """Common values as they are, the others from their part of the histogram or of the usual kind."""
        common = ordinals < len(self.common)
        if common.all():
            return np.asarray(self.common[ordinals])
        rest = self._others(np.where(common, 0, ordinals - len(self.common)))
        if not common.any():
            return rest
        rest = rest.astype(self.common.dtype)
        rest[common] = self.common[ordinals[common]]
        return rest

    def _others(self, numbers: Ints) -> Values:
        if not self.knots:
            found: Values = self.inner.raw(numbers % self.inner.size)
            return found
        place = (numbers + 0.5) / self.others * (len(self.knots) - 1)
        knots = np.asarray(self.knots, dtype=np.int64)
        ticks = np.interp(place, np.arange(len(knots)), (knots - knots[0]).astype(np.float64))
        return np.asarray(knots[0] + np.floor(ticks / self.step).astype(np.int64) * self.step)

    def samples(self) -> Ints:
        """The common ones, and others from everywhere."""
        rest = spaced(self.others) + len(self.common) if self.others else np.zeros(0, dtype=np.int64)
        return np.concatenate([np.arange(len(self.common), dtype=np.int64), rest])


def as_seen(kind: Kind, wish: Wish, to: Observing) -> Kind:
    """The kind with the values that were seen, where it can have them; else as it is.

    Names of persons stay, since mails are made from them; so do instants that are reckoned from another one.
    """
    seen = wish.seen
    reckoned = isinstance(kind, Instants) and kind.role != "event"
    if seen is None or reckoned or person(kind) is not None:
        return kind
    common = list(_common(replace(seen, common=_of_present(seen, wish.null or 0.0)), to))
    knots = _knots(seen, to)
    part = sum(share for _, share in common)
    complete = not seen.bounds and 0 < seen.distinct <= len(seen.common)
    others = 0 if complete or part > 1 - REST else _others(seen, len(seen.common), knots, kind, to)
    if not common and (not others or (not knots and not seen.distinct)):
        return kind
    if not others and not common:
        return kind
    whole = part if not others or part > 1 else 1.0
    edges = np.cumsum([share / whole for _, share in common]) if common else np.zeros(0)
    turn = 0 if abs(seen.correlation) < FOLLOWS else 1 if seen.correlation > 0 else -1
    raw = _array([value for value, _ in common], to.shape)
    return Profiled(raw, tuple(edges.tolist()), kind, knots, to.domain.step, others, to.rows, turn)


def _of_present(seen: Seen, null: float) -> tuple[tuple[str, float], ...]:
    """The common values with their shares of the rows that have one."""
    return tuple((text, share / (1 - null)) for text, share in seen.common) if null < 1 else ()


def _common(seen: Seen, to: Observing) -> Iterator[tuple[Value, float]]:
    """The common values that the column may have here."""
    for text, share in seen.common:
        said = FLAGS.get(text.lower(), text) if to.shape.family == "boolean" else text
        value = valued(constant_of(said, to.shape), to.shape, to.now)
        if value is not None and _allowed(value, to):
            yield value, share


def _allowed(value: Value, to: Observing) -> bool:
    of = to.domain
    if value in of.excluded or (of.among is not None and value not in of.among):
        return False
    if to.shape.family in ORDERED:
        return int(value) in of.ticks
    return to.shape.family in {"text", "enum", "boolean"} and (
        not isinstance(value, str) or of.longest is None or of.shortest <= len(value) <= of.longest
    )


def _knots(seen: Seen, to: Observing) -> tuple[int, ...]:
    """The bounds as ticks, in order and within what is allowed; empty when there are none."""
    if to.shape.family not in ORDERED or to.domain.among is not None or to.domain.excluded:
        return ()
    low, high, step = to.domain.ticks[0], to.domain.ticks[-1], to.domain.step
    places = (position(constant_of(text, to.shape), to.shape, to.now) for text in seen.bounds)
    ticks = sorted(min(max(int(place), low), high) for place in places if place is not None)
    snapped = tuple(low + (tick - low) // step * step for tick in ticks)
    return snapped if len(snapped) > 1 and snapped[-1] - snapped[0] < EXACT else ()


def _others(seen: Seen, common: int, knots: tuple[int, ...], kind: Kind, to: Observing) -> int:
    """How many values there are beside the common ones."""
    found = -seen.distinct * to.rows if seen.distinct < 0 else seen.distinct
    most = (knots[-1] - knots[0]) // to.domain.step + 1 if knots else kind.size
    wanted = round(found) - common if found else to.rows
    return int(max(min(wanted, most, max(to.rows, 1)), 1))


def _array(values: list[Any], shape: Shape) -> Values:
    if shape.family in ORDERED:
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=np.bool_) if shape.family == "boolean" else objects(values)


def zipf_exponent(seen: Seen | None) -> float | None:
    """The exponent at which the popular parents have together the share that was seen; None when nothing is known.

    The share of the ``k`` first of ``n`` ranks is H(k, s) / H(n, s), which rises with s: found by halving.
    """
    if seen is None or not seen.distinct:
        return None
    if not seen.common or seen.distinct < 0:
        return 0.0 if not seen.common else None
    few, many = len(seen.common), max(seen.distinct, len(seen.common) + 1)
    wanted = sum(share for _, share in seen.common)
    low, high = 0.0, MOST_SKEW
    for _ in range(20):
        middle = (low + high) / 2
        enough = _harmonic(few, middle) >= wanted * _harmonic(many, middle)
        low, high = (low, middle) if enough else (middle, high)
    return round(low, 3)


def _harmonic(count: float, exponent: float) -> float:
    """The sum of r ** -s for r from 1 to ``count``; from some rank on by its integral."""
    first = min(int(count), SUMMED)
    head = float((np.arange(1, first + 1) ** -exponent).sum())
    if count <= SUMMED:
        return head
    rest = 1.0 - exponent
    tail = log(count / first) if abs(rest) < SMALL else (count**rest - first**rest) / rest
    return head + tail
