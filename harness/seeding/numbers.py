"""Numbers that look like what their column counts: prices in a log-normal spread, quantities small, ratings high."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from harness.design.model import Field
from harness.design.model import Shape as FieldShape
from harness.seeding import locales, meanings
from harness.seeding.counters import Ints, Shape, bits, key
from harness.seeding.domain import Domain, frequencies
from harness.seeding.kinds import MOST, Drawing, Kind, Listed, Quantity
from harness.seeding.ticks import per_unit

RANGES: dict[str, tuple[float, float, Shape]] = {
    "latitude": (-60, 70, "even"), "longitude": (-180, 180, "even"), "rating": (1, 5, "high"),
    "percent": (0, 30, "even"), "quantity": (1, 40, "low"), "few": (1, 8, "low"),
    "value": (0, 120, "low"), "stock": (0, 900, "low"), "reserved": (0, 60, "low"),
    "year": (1995, 2025, "high"),
    "age": (18, 80, "even"), "cents": (99, 150_000, "low"), "money": (0.99, 1500, "low"), "extra": (0, 60, "low"),
    "weight": (0.05, 60, "low"),
    "measure": (1, 300, "low"), "bytes": (200, 40_000_000, "low"), "duration": (1, 4000, "low"),
    "score": (0, 5000, "low"), "position": (1, 40, "even"), "version": (1, 20, "low"), "small": (0, 8, "low"),
    "count": (0, 4000, "low"), "temperature": (-15, 40, "even"), "port": (1024, 65535, "even"),
    "minutes": (5, 240, "low"), "rare": (0, 5, "low"), "systolic": (95, 160, "even"), "diastolic": (56, 98, "even"),
    "pulse": (52, 108, "even"), "tax rate": (0, 25, "even"),
    "saturation": (91, 100, "high"), "breaths": (11, 21, "even"), "body height": (148, 198, "even"),
    "body weight": (46, 118, "even"), "salary": (28_000, 140_000, "low"), "limit": (500, 50_000, "low"),
    "mileage": (500, 240_000, "low"), "grams": (20, 6000, "low"), "few hundred": (0, 300, "low"),
    "month": (1, 12, "even"),    "hour": (0, 23, "even"), "days": (1, 30, "even"), "": (1, 1000, "low"),
}  # fmt: skip
"""The usual range of what is counted, and how it spreads there."""
SHARES = {"rating": (0.05, 0.06, 0.13, 0.28, 0.48), "few": (0.3, 0.27, 0.16, 0.11, 0.06, 0.04, 0.04, 0.02)}
"""Shares of one, two, three …: stars, of which most who say anything give many; nights, beds and adults, mostly few."""
ENDINGS = np.array([99, 99, 99, 99, 95, 95, 50, 0, 0, -1], dtype=np.int64)
"""Cents that a price ends in, each as often as it is here; -1 for any."""
HTTP = ((200, 80), (201, 6), (204, 3), (301, 2), (304, 3), (400, 2), (401, 1), (404, 3), (429, 0.3), (500, 0.6))
WIDE = 1000


def number(field: Field, shape: FieldShape, domain: Domain, distinct: int) -> Kind:
    """The kind of a numeric field; with at least ``distinct`` values, where its domain has so many."""
    meaning = meanings.number(field)
    unit = per_unit(shape)
    if domain.among is not None:
        return listed(domain)
    if meaning == "tax rate" and not distinct and (rates := _rates(domain, unit)) is not None:
        return rates
    if meaning == "http status" and not distinct and domain.low <= 100 * unit and domain.high >= 599 * unit:
        return Listed(np.array([code * unit for code, _ in HTTP]), tuple(share for _, share in HTTP))
    if meaning in SHARES and not distinct and (few := _few(SHARES[meaning], domain, unit)) is not None:
        return few
    low, high, spreading = RANGES.get(meaning, RANGES[""])
    allowed = domain.ticks
    if 0 in domain.excluded and allowed[0] < 0 and meaning in SIGNED:
        low, spreading = -high, "even"  # what must not be nothing comes in and goes out
    usual = _usual(Fraction(low) * unit, Fraction(high) * unit, allowed, unit)
    if meaning == "percent" and (unit >= 1000 or allowed[-1] <= unit):  # a share of one, not of a hundred
        usual = _usual(Fraction(0), Fraction(3, 10) * unit, allowed, unit)
    found = quantity(_widened(usual, allowed, distinct), "even" if distinct else spreading, domain)
    if meaning == "minutes" and not distinct and domain.step == 1 and isinstance(found, Quantity) and not found.holes:
        fives = range(-(-found.low // (5 * unit)) * 5 * unit, found.low + found.size, 5 * unit)
        found = quantity(fives, spreading, domain) if len(fives) > 1 else found
    ended = meaning == "money" and not distinct and domain.step == 1 and not domain.excluded
    if ended and meanings.is_price(field) and unit >= 100 and isinstance(found, Quantity):
        return Priced(found, unit, allowed)
    return found


TAXES = {"DE": ((19, 0.7), (7, 0.25), (0, 0.05)), "FR": ((20, 0.7), (10, 0.15), (5.5, 0.15))}
USUAL_TAXES = ((20, 0.7), (10, 0.1), (5, 0.1), (0, 0.1))
"""Rates of a tax on sales, each with its share, by the country of the locale."""


def _rates(domain: Domain, unit: int) -> Kind | None:
    """Percents, or parts of one where there is no room for percents; None where the domain takes neither."""
    rates = TAXES.get(locales.country(), USUAL_TAXES)
    for whole in (unit, Fraction(unit, 100)):
        ticks = [Fraction(rate) * whole for rate, _ in rates]
        fits = all(tick.denominator == 1 and int(tick) in domain.ticks for tick in ticks)
        if fits and not domain.excluded and (unit < 1000 or whole != unit):
            return Listed(np.array([int(tick) for tick in ticks]), tuple(share for _, share in rates))
    return None


def _few(shares: tuple[float, ...], domain: Domain, unit: int) -> Kind | None:
    """One to so many, by their shares; None where the domain is another."""
    if domain.step != 1:
        return None
    able = [n for n in range(1, len(shares) + 1) if n * unit in domain.ticks and n * unit not in domain.excluded]
    return Listed(np.array([n * unit for n in able]), tuple(shares[n - 1] for n in able)) if able else None


@dataclass(frozen=True, slots=True)
class Priced:
    """Amounts whose last digits are those of a price tag: most end in .99, .95, .50 or .00."""

    inner: Quantity
    unit: int
    allowed: range

    @property
    def size(self) -> int:
        """As many as before; some are the same."""
        return self.inner.size

    def draw(self, of: int, rows: Drawing) -> Ints:
        """As before."""
        return self.inner.draw(of, rows)

    def raw(self, ordinals: Ints) -> Ints:
        """Nine in ten are moved to the nearest ending; those that would leave what is allowed are not."""
        ticks = self.inner.raw(ordinals)
        chance = bits(key("ending"), ordinals) % np.uint64(len(ENDINGS))
        cents = ENDINGS[chance]
        ended = ticks // self.unit * self.unit + cents * self.unit // 100
        taken = (cents >= 0) & (ended >= self.allowed[0]) & (ended <= self.allowed[-1])
        return np.where(taken, ended, ticks)

    def samples(self) -> Ints:
        """As before."""
        return self.inner.samples()


SIGNED = frozenset({"quantity", "money", "cents", "points", "score", "stock", ""})


def listed(domain: Domain) -> Kind:
    """The ticks of a list, the first ones more frequent."""
    values = np.array([int(v) for v in domain.among or ()], dtype=np.int64)
    usual = tuple(1 / (1 + 0.35 * place) for place in range(len(values)))
    return Listed(values, frequencies(domain) if domain.weights else usual)


def _usual(low: Fraction, high: Fraction, allowed: range, unit: int) -> range:
    """The part of what is allowed that is usual; where the two do not meet, the near end of what is allowed."""
    first, last, step = allowed[0], allowed[-1], allowed.step
    if last < low:
        return range(max(first, last - (WIDE * unit) // step * step), last + 1, step)
    if first > high:
        return range(first, min(last, first + WIDE * unit) + 1, step)
    begin = first + max(ceil((low - first) / step), 0) * step
    end = min(last, floor(high))
    return range(begin, end + 1, step) if begin <= end else range(begin, min(begin + WIDE * unit, last) + 1, step)


def _widened(usual: range, allowed: range, distinct: int) -> range:
    """Wide enough for so many distinct values, upwards first."""
    wanted = distinct * 4
    if len(usual) >= wanted:
        return usual
    begin = usual[0]
    end = min(allowed[-1], begin + wanted * usual.step)
    if (end - begin) // usual.step < distinct:
        begin = max(allowed[0], end - wanted * usual.step)
        begin += (allowed[0] - begin) % allowed.step
    return range(begin, end + 1, usual.step)


def quantity(ticks: range, spreading: Shape, domain: Domain) -> Kind:
    """Those ticks, without what the domain excludes."""
    holes = sorted((int(v) - ticks.start) // ticks.step for v in domain.excluded if int(v) in ticks)
    return Quantity(ticks.start, max(min(len(ticks) - len(holes), MOST), 1), ticks.step, spreading, tuple(holes))
