"""Quantities as whole numbers: what a number, a date or a time is counted in, and the way there and back.

Every ordered family is generated, compared and bounded in *ticks*: units of an integer, the last digit of a decimal,
days of a date, fractions of a second of a time. So one arithmetic on 64-bit integers serves them all, exactly.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.design.model import Shape
from harness.seeding.counters import Ints

EPOCH = datetime(1970, 1, 1)
FLOAT_DIGITS = 4
UNSCALED_DIGITS = 2
ORDERED = frozenset({"integer", "decimal", "float", "date", "time", "timestamp", "interval"})
DAY_S = 86_400
YEARS = (1901, 2155)
"""What MySQL's YEAR holds."""
UNIX_END_S = (1 << 31) - 1 - DAY_S
"""A day before the end of instants that are stored as 32 bits of seconds since 1970 (MySQL's TIMESTAMP)."""


@dataclass(frozen=True, slots=True)
class Span:
    """An interval in seconds. ``slack``: how many seconds it may be off, where it counts months or years."""

    seconds: Fraction = Fraction(0)
    slack: int = 0

    def __neg__(self) -> "Span":
        return Span(-self.seconds, self.slack)

    def __add__(self, other: "Span") -> "Span":
        return Span(self.seconds + other.seconds, max(self.slack, other.slack))


@dataclass(frozen=True, slots=True)
class Moment:
    """The reference instant, moved: ``now() - interval '30 days'``. ``whole``: cut to its day (``CURRENT_DATE``)."""

    offset: Span = Span()
    whole: bool = False


Constant = Fraction | str | bool | Span | Moment
"""A literal of a condition, as far as it is known without the column that it stands against."""


def per_unit(shape: Shape) -> int:
    """Ticks in one unit of the value: 1 for integers, 100 for cents; for times, ticks in a second; days in a day."""
    match shape.family:
        case "decimal":
            return int(10 ** max(UNSCALED_DIGITS if shape.scale is None else shape.scale, 0))
        case "float":
            return int(10**FLOAT_DIGITS)
        case "time" | "timestamp":
            return int(10 ** (6 if shape.precision is None else min(shape.precision, 6)))
        case _:
            return 1


def limits(shape: Shape) -> tuple[int, int]:
    """The lowest and the highest tick that the type takes (kept within what 64 bits and the calendar hold)."""
    match shape.family:
        case "integer" if shape.detail == "year":
            low, high = YEARS
        case "timestamp" if shape.detail == "unix":
            low, high = DAY_S * per_unit(shape), UNIX_END_S * per_unit(shape)
        case "integer":
            top = 1 << min(8 * (shape.width or 4), 63) - (0 if shape.unsigned and (shape.width or 4) < 8 else 1)
            low, high = -top, top - 1
        case "decimal":
            digits = 17 if shape.precision is None else min(shape.precision, 17)
            high = 10**digits - 1
            low = -high
        case "float":
            low, high = -(10**17), 10**17
        case "date":
            low, high = day(date(1900, 1, 1)), day(date(2200, 1, 1))
        case "time":
            low, high = 0, DAY_S * per_unit(shape) - 1
        case "interval":
            low, high = 0, 10_000 * DAY_S
        case _:
            low, high = day(date(1900, 1, 1)) * DAY_S * per_unit(shape), day(date(2200, 1, 1)) * DAY_S * per_unit(shape)
    return (max(low, 0) if shape.unsigned else low), high


def day(of: date) -> int:
    """Days since 1970."""
    return (of - date(1970, 1, 1)).days


def instant(moment: datetime) -> Fraction:
    """Seconds since 1970 in UTC."""
    plain = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return Fraction((plain - EPOCH) // timedelta(microseconds=1), 1_000_000)


def position(constant: Constant, shape: Shape, now: datetime) -> Fraction | None:
    """Where a constant stands on the ticks of a shape, perhaps between two; None when it is no value of that shape."""
    match shape.family:
        case "integer" | "decimal" | "float":
            number = _number(constant)
            return None if number is None else number * per_unit(shape)
        case "interval":
            span = constant if isinstance(constant, Span) else duration(str(constant))
            return None if span is None else span.seconds
        case "time":
            return _time_of_day(constant, shape)
        case "date" | "timestamp":
            seconds = _seconds(constant, now)
            unit = Fraction(1, DAY_S) if shape.family == "date" else Fraction(per_unit(shape))
            return None if seconds is None else seconds * unit
        case _:
            return None


def _number(constant: Constant) -> Fraction | None:
    if isinstance(constant, Fraction):
        return constant
    if not isinstance(constant, str):
        return None
    try:
        return Fraction(Decimal(constant.strip()))
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _time_of_day(constant: Constant, shape: Shape) -> Fraction | None:
    try:
        at = time.fromisoformat(str(constant).strip())
    except ValueError:
        return None
    seconds = at.hour * 3600 + at.minute * 60 + at.second
    return (seconds + Fraction(at.microsecond, 1_000_000)) * per_unit(shape)


def _seconds(constant: Constant, now: datetime) -> Fraction | None:
    if isinstance(constant, Span):  # a bare interval against an instant: "the last 30 days"
        constant = Moment(-constant)
    if isinstance(constant, Moment):
        at = instant(now)
        return (at // DAY_S * DAY_S if constant.whole else at) + constant.offset.seconds
    if not isinstance(constant, str):
        return None
    text = constant.strip()
    if text.lower() in {"now", "today", "now()", "current_timestamp", "current_date"}:
        return _seconds(Moment(whole="d" in text), now)
    try:
        return instant(datetime.fromisoformat(re.sub(r"([+-]\d\d)$", r"\1:00", text) if ":" in text else text))
    except ValueError:
        span = duration(text)
        return None if span is None else _seconds(span, now)


UNITS: dict[str, Fraction] = {
    "microsecond": Fraction(1, 10**6), "millisecond": Fraction(1, 1000), "second": Fraction(1), "sec": Fraction(1),
    "minute": Fraction(60), "min": Fraction(60), "hour": Fraction(3600), "day": Fraction(DAY_S),
    "week": Fraction(7 * DAY_S), "month": Fraction(2_629_800), "mon": Fraction(2_629_800), "year": Fraction(31_557_600),
}  # fmt: skip
CALENDAR = {"month", "mon", "year"}
CALENDAR_SLACK = 3 * DAY_S
CLOCK = re.compile(r"([+-]?)(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?")


def duration(text: str) -> Span | None:
    """An interval's text (``30 days``, ``1 mon 02:00:00``); None when it is none."""
    rest, seconds, slack, found = text.strip().lower(), Fraction(0), 0, False
    for match in CLOCK.finditer(rest):
        sign, hours, minutes, second = match.groups()
        seconds += (-1 if sign == "-" else 1) * (int(hours) * 3600 + int(minutes) * 60 + Fraction(second or 0))
        found = True
    for amount, unit in re.findall(r"([+-]?\d+(?:\.\d+)?)\s*([a-z]+)", CLOCK.sub(" ", rest)):
        name = unit if unit in UNITS else unit.rstrip("s")
        if name not in UNITS:
            return None
        seconds += Fraction(amount) * UNITS[name]
        slack = max(slack, CALENDAR_SLACK if name in CALENDAR else 0)
        found = True
    return Span(seconds, slack) if found else None


def rendered(raw: Ints, shape: Shape) -> NDArray[Any]:
    """The values of ticks, as a loader takes them: numpy integers, floats, datetime64, or objects where none fits."""
    match shape.family:
        case "integer":
            return raw
        case "decimal" | "float":
            return _decimals(raw, shape)
        case "date":
            return raw.astype("datetime64[D]")
        case "timestamp":
            return (raw * (1_000_000 // per_unit(shape))).astype("datetime64[us]")
        case "time":
            return _objects([_clock(int(tick), shape) for tick in raw])
        case _:
            return _objects([timedelta(seconds=int(tick)) for tick in raw])


def _decimals(raw: Ints, shape: Shape) -> NDArray[Any]:
    """A double prints as the decimal that it was divided from while there are at most 15 digits; else Decimal."""
    unit = per_unit(shape)
    if unit == 1:
        return raw
    if len(raw) == 0 or int(np.abs(raw).max()) < 10**15:
        found: NDArray[Any] = raw / unit
        return found
    return _objects([Decimal(int(tick)) / unit for tick in raw])


def _clock(tick: int, shape: Shape) -> time:
    seconds, part = divmod(tick, per_unit(shape))
    return time(
        seconds // 3600,
        seconds // 60 % 60,
        seconds % 60,
        part * 1_000_000 // per_unit(shape),
        tzinfo=UTC if shape.zoned else None,
    )


def _objects(values: list[Any]) -> NDArray[Any]:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result
