"""Dates and times that agree with each other: an event, what followed it, what is still to come.

A row's *event* (created, placed, occurred) is recent-skewed over the last two years and rises with the row number, as
in a table that grew. Every other instant of the row is reckoned from it, in the order that its name says: started,
paid, shipped, delivered, updated, deleted; so that created <= updated <= deleted by construction.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from harness.design.model import Entity, Field
from harness.design.model import Shape as FieldShape
from harness.seeding import meanings
from harness.seeding.counters import Ints, Shape, key, spread, unit
from harness.seeding.domain import Domain
from harness.seeding.kinds import Drawing, Kind, Listed, spaced
from harness.seeding.numbers import listed, quantity
from harness.seeding.ticks import DAY_S, instant, per_unit

SECOND = 1_000_000
DAY = DAY_S * SECOND
REACH_US = 730 * DAY
SETTLED_US = 45 * DAY
NEAR_US = 27 * DAY
ELDER = 1.25
"""How much further back a table's events begin than those of the tables that refer to it: a tenth of the customers is
there before the first order."""
MOST_LEVELS = 4
ORDER = ("", "past", "start", "paid", "step", "done", "updated", "end")
OUTSIDE = ("birth", "later")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the instants of a table hang together.

    Attributes:
        event: the field that is the row's event; None when the table has none.
        places: the other fields, each with its place of ``of`` among what follows the event.
        reach_us: how long ago the first row's event was.
    """

    event: str | None
    places: tuple[tuple[str, int], ...] = ()
    reach_us: int = REACH_US

    @property
    def of(self) -> int:
        """How many places there are."""
        return max((place for _, place in self.places), default=0) + 1


def calendar(entity: Entity, taken: Sequence[str] = ()) -> Calendar:
    """Read the roles of a table's instants off their names."""
    fields = [f for f in entity.fields if _is_instant(f) and f.name not in taken and f.generated is None]
    inside = [f for f in fields if meanings.instant(f) not in OUTSIDE]
    if not inside:
        return Calendar(None)
    event = min(inside, key=_eventful)
    rest = [f for f in inside if f is not event]
    ranks = sorted({ORDER.index(meanings.instant(f)) for f in rest})
    return Calendar(event.name, tuple((f.name, ranks.index(ORDER.index(meanings.instant(f)))) for f in rest))


def _eventful(field: Field) -> tuple[bool, int, bool]:
    """The lowest is the row's own event."""
    rank = ORDER.index(meanings.instant(field))
    return field.nullable is True and field.default is None, rank, not meanings.is_creation(field)


def reaches(calendars: Mapping[str, Calendar], targets: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How far back the events of each table go: further for tables that others with events refer to.

    ``targets``: the tables that each table refers to.
    """
    levels = dict.fromkeys(calendars, 0)
    for _ in range(MOST_LEVELS):
        for name, found in targets.items():
            for target in found:
                if target != name and target in levels and calendars[name].event is not None:
                    levels[target] = min(max(levels[target], levels[name] + 1), MOST_LEVELS)
    return {name: int(REACH_US * ELDER**level) for name, level in levels.items()}


def _is_instant(field: Field) -> bool:
    return field.shape is not None and field.shape.family in {"date", "timestamp"}


def micros(now: datetime) -> int:
    """Microseconds since 1970."""
    return int(instant(now) * SECOND)


def ahead(of: int, numbers: Ints, rows: int) -> NDArray[np.float64]:
    """The share of the table's rows that each row's event is before."""
    found: NDArray[np.float64] = 1.0 - (numbers + unit(of, numbers)) / max(rows, 1)
    return found


def events(of: int, numbers: Ints, rows: int, now_us: int, reach_us: int = REACH_US) -> Ints:
    """The event of each row: squared towards now, rising with the row number."""
    left = ahead(of, numbers, rows)
    age: Ints = np.floor(left * left * reach_us).astype(np.int64)
    return now_us - 1 - np.maximum(age, 0)


def to_ticks(us: Ints, shape: FieldShape) -> Ints:
    """Microseconds as ticks of a date or timestamp."""
    if shape.family == "date":
        return us // DAY
    return us // (SECOND // per_unit(shape))


def to_micros(ticks: Ints, shape: FieldShape) -> Ints:
    """Ticks of a date or timestamp as microseconds."""
    return ticks * DAY if shape.family == "date" else ticks * (SECOND // per_unit(shape))


@dataclass(frozen=True, slots=True)
class Instants:
    """Instants reckoned from the row's event; ordinals count ticks from ``low``.

    Attributes:
        role: ``event``, ``after`` (between the event and now), ``later`` (from the event on, into the future).
        place: which of ``places`` parts of the time since the event it falls into.
    """

    low: int
    size: int
    shape: FieldShape
    role: str
    now_us: int
    place: int = 0
    places: int = 1

    def draw(self, of: int, rows: Drawing) -> Ints:
        """Reckoned from the event."""
        born = rows.born()
        if rows.attempt:
            born = born - spread(of, rows.numbers, 9 * DAY, "even")
        if self.role == "after":
            window = np.minimum(self.now_us - born, SETTLED_US)
            part = (self.place + unit(of, rows.numbers)) / self.places
            born = born + np.floor(np.maximum(window, 0) * part * part).astype(np.int64)
        elif self.role == "later":
            born = born + DAY + spread(of, rows.numbers, 90 * DAY, "low")
        ticks = to_ticks(born, self.shape) - self.low
        if not len(ticks) or (ticks.min() >= 0 and ticks.max() < self.size):
            return ticks
        reach = min(self.size, int(to_ticks(np.array([365 * DAY]), self.shape)[0]))
        moved = spread(key(of, "moved"), rows.numbers, reach, "even")
        return np.where(ticks < 0, moved, np.where(ticks >= self.size, self.size - 1 - moved, ticks))

    def raw(self, ordinals: Ints) -> Ints:
        """The ticks."""
        return ordinals + self.low

    def samples(self) -> Ints:
        """From everywhere."""
        return spaced(self.size)


def moment(field: Field, shape: FieldShape, domain: Domain, distinct: int, *, table: Calendar, now: datetime) -> Kind:
    """The kind of a date or timestamp."""
    if domain.among is not None:
        return listed(domain)
    now_us = micros(now)
    role, place = _role(field.name, table)
    if meanings.instant(field) == "birth":
        return quantity(_window(domain, shape, now_us - 78 * 365 * DAY, now_us - 19 * 365 * DAY), "even", domain)
    if distinct or domain.excluded or not table.event:
        unit = CUT_DAYS[domain.cut] * DAY if domain.cut else DAY if shape.family == "date" else 0
        reach = max(REACH_US, 2 * distinct * max(unit, domain.step * (SECOND // per_unit(shape))))
        first, last = now_us - reach, now_us - 1
        if not distinct and not table.event and meanings.instant(field) == "later":
            first, last = now_us - NEAR_US // 9, now_us + NEAR_US  # what has expired is gone, but for a tenth
        window = _window(domain, shape, first, last)
        return firsts(window, shape, domain.cut) if domain.cut else quantity(window, "even", domain)
    if (
        role == "later"
        and shape.family == "timestamp"
        and domain.step == 1
        and PLANNED.search(meanings.plain(field.name))
    ):
        domain = replace(domain, step=QUARTER_S * per_unit(shape), first=0)
    allowed = domain.ticks
    if role != "later":  # what has happened is not in the future, unless it must be
        latest = int(to_ticks(np.array([now_us - 1]), shape)[0])
        allowed = allowed[: max(bisect_right(allowed, latest), 0)] or allowed
    found = Instants(allowed[0], (len(allowed) - 1) * allowed.step + 1, shape, role, now_us, place, table.of)
    return Cut(found, domain) if domain.step > 1 or domain.cut else found


PLANNED = re.compile(r"schedul|appointment|slot|depart|arriv|pickup|meeting|check_?(in|out)")
"""What is planned, is so on a quarter of an hour."""
QUARTER_S = 900
CUT_DAYS = {"month": 31, "quarter": 92, "year": 366}
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def firsts(window: range, shape: FieldShape, cut: str) -> Kind:
    """The first moments of all months (quarters, years) of a window."""
    ends = np.array([window[0], window[-1]], dtype=np.int64)
    first, last = (to_micros(ends, shape).astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)).tolist()
    every = MONTHS[cut]
    months = np.arange(-(-first // every) * every, last + 1, every, dtype=np.int64).astype("datetime64[M]")
    found = to_ticks(months.astype("datetime64[us]").astype(np.int64), shape)
    inside = found[(found >= window[0]) & (found <= window[-1])]
    return Listed(inside if len(inside) else found)


@dataclass(frozen=True, slots=True)
class Cut:
    """Instants cut to the first moment of their hour, week, month …; the next one where that is not allowed."""

    inner: Instants
    domain: Domain

    @property
    def size(self) -> int:
        """As many as before; many are the same."""
        return self.inner.size

    def draw(self, of: int, rows: Drawing) -> Ints:
        """As before."""
        return self.inner.draw(of, rows)

    def raw(self, ordinals: Ints) -> Ints:
        """The ticks, cut."""
        ticks, of = self.inner.raw(ordinals), self.domain
        if not of.cut:
            cut = ticks - (ticks - of.first) % of.step
            return np.where(cut < of.low, cut + of.step, cut)
        shape, every = self.inner.shape, MONTHS[of.cut]
        months = to_micros(ticks, shape).astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
        first, following = (
            to_ticks(
                (months // every * every + more).astype("datetime64[M]").astype("datetime64[us]").astype(np.int64),
                shape,
            )
            for more in (0, every)
        )
        return np.where(first < of.low, following, first)

    def samples(self) -> Ints:
        """From everywhere."""
        return self.inner.samples()


def _role(name: str, table: Calendar) -> tuple[str, int]:
    if name == table.event:
        return "event", 0
    place = dict(table.places).get(name)
    return ("after", place) if place is not None else ("later", 0)


def _window(domain: Domain, shape: FieldShape, low_us: int, high_us: int) -> range:
    """The allowed ticks of a window; where there are none, the near end of what is allowed, a year wide."""
    low, high = (int(to_ticks(np.array([us]), shape)[0]) for us in (low_us, high_us))
    year = max(high - low, int(to_ticks(np.array([365 * DAY]), shape)[0]))
    begin, end = max(low, domain.low), min(high, domain.high)
    if domain.low > high:
        begin, end = domain.low, min(domain.high, domain.low + year)
    elif domain.high < low:
        begin, end = max(domain.low, domain.high - year), domain.high
    begin += (domain.first - begin) % domain.step
    return range(begin, max(end, begin) + 1, domain.step)


def time_of_day(shape: FieldShape, domain: Domain, distinct: int) -> Kind:
    """A time of day, between six and ten, on five minutes; or an interval of minutes to a day."""
    if domain.among is not None:
        return listed(domain)
    second = per_unit(shape)
    low, high, step = (6 * 3600, 22 * 3600, 300) if shape.family == "time" else (60, DAY_S, 60)
    begin, end = max(domain.low, low * second), min(domain.high, high * second)
    if begin > end or (end - begin) // (step * second) < distinct:
        begin, end, step, second = domain.low, min(domain.high, domain.low + DAY_S * second), 1, 1
    spreading: Shape = "even" if shape.family == "time" else "low"
    return quantity(range(begin, end + 1, step * second), spreading, domain)
