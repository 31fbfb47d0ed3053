"""Values that a field takes after a migration, and that the type of before takes only roughly, or not at all.

What lies between two values of a type (12.4, of whole numbers) a server rounds without a word. What lies beyond its
range it refuses, so that everybody sees it, unless the script or a lax mode cuts it off. Values are made of one that
the table takes, so that most CHECKs are kept.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from functools import partial
from math import inf
from typing import Literal

from harness.design.model import Entity, Field, Shape

Make = Callable[[object], object]
"""Another value, of one that the field takes; None where none can be made."""

Quantity = Literal["number", "moment", "time"]

QUANTITIES: dict[str, Quantity] = {
    "integer": "number", "decimal": "number", "float": "number", "date": "moment", "timestamp": "moment",
    "time": "time",
}  # fmt: skip

ADDED = 4
"""What is added, in the first digit that the type of before does not have: it is rounded down, or cut off."""

BY_DAY = -1
"""Digits of what does not even have seconds."""

LONGEST = 100_000
"""Characters of a text that is made longer than another type takes."""

OUTSIDE = (datetime(1960, 2, 3, 4, 5, 6), datetime(2110, 2, 3, 4, 5, 6))
"""Moments that seconds since 1970 do not reach, in 32 bits with a sign or without."""

LETTERS = ("🙂", "Ω")
"""What a small character set does not have; the second is for sets that have no emoji either."""


def measured(field: Field | None) -> tuple[Quantity, float] | None:
    """What kind of quantity a field holds, and to how many digits behind the point (of a second); None for others.

    Floats of four bytes are among the others: what they hold of 12.34 differs from what eight bytes hold of it.
    """
    shape = field.shape if field is not None else None
    if shape is None or shape.detail == "money":
        return None
    quantity = QUANTITIES.get(shape.family)
    if quantity is None or (shape.family == "float" and shape.width != 8):
        return None
    return quantity, _digits(shape)


def _digits(shape: Shape) -> float:
    match shape.family:
        case "decimal" | "float":
            return inf if shape.scale is None else shape.scale
        case "date":
            return BY_DAY
        case _:
            return shape.precision or 0


def by_value(one: Field | None, other: Field | None) -> bool:
    """Whether both hold quantities of a kind in types that need not write them alike: 12 and 12.00, a day and 0:00."""
    first, second = measured(one), measured(other)
    return first is not None and second is not None and first[0] == second[0] and _type(one) != _type(other)


def finer(old: Field, new: Field) -> Iterator[Make]:
    """How values are made that the new type holds exactly, and the old one does not."""
    was, is_ = measured(old), measured(new)
    if was is not None and is_ is not None and was[0] == is_[0] and was[1] < is_[1]:
        yield partial(MAKES[was[0]], int(was[1]))


def beyond(old: Field, new: Field) -> Iterator[Make]:
    """How values are made for which the old type has no room; whether the new one has is for the server to say."""
    was, is_ = old.shape, new.shape
    if was is None or is_ is None or was == is_:
        return
    if was.family == is_.family == "text" and was.length is not None and was.length < LONGEST:
        yield partial(_longer, was.length + 1)
    if was.detail == "unix" and is_.family in {"timestamp", "date"}:
        yield from (partial(_constant, moment) for moment in OUTSIDE)
    if measured(old) is not None and measured(new) is not None:
        yield from (partial(_constant, number) for number in _outside(was))


def _outside(shape: Shape) -> Iterator[object]:
    """Numbers above a type's range, and below it where that has none below zero."""
    if shape.family == "integer" and shape.width is not None:
        bits = 8 * shape.width - (0 if shape.unsigned else 1)
        yield from (1 << bits, -1) if shape.unsigned else (1 << bits,)
    elif shape.family == "decimal" and shape.precision is not None:
        yield Decimal(1).scaleb(shape.precision - (shape.scale or 0))


def foreign(before: Entity, after: Entity, old: Field, new: Field) -> Iterator[Make]:
    """How texts are made with letters that another character set may lack; which one it is, nobody has to know."""
    texts = all(f.shape is not None and f.shape.family == "text" for f in (old, new))
    if texts and (before.options != after.options or old.collation != new.collation):
        yield from (partial(_lettered, letter) for letter in LETTERS)


def plain(value: object) -> object:
    """A value of an array as Python has it."""
    item = getattr(value, "item", None)
    return value if item is None or getattr(value, "ndim", None) else item()


def _type(field: Field | None) -> str:
    return field.type if field is not None else ""


def _constant(wanted: object, value: object) -> object:
    return None if value is None else wanted


def _longer(length: int, value: object) -> object:
    return value.ljust(length, "x") if isinstance(value, str) else None


def _number(digits: int, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        rough = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN)
    except InvalidOperation:  # infinite, or with more digits than are reckoned with
        return None
    return rough + Decimal(ADDED).scaleb(-digits - 1) if rough.is_finite() else None


def _moment(digits: int, value: object) -> object:
    if not isinstance(value, date):
        return None
    at = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    if digits == BY_DAY:
        return at.replace(hour=9, minute=41, second=7, microsecond=0)
    return at.replace(microsecond=_micros(digits, at.microsecond))


def _time(digits: int, value: object) -> object:
    return value.replace(microsecond=_micros(digits, value.microsecond)) if isinstance(value, time) else None


def _micros(digits: int, micros: int) -> int:
    return int(micros - micros % 10 ** (6 - digits) + ADDED * 10 ** (5 - digits))


def _lettered(letter: str, value: object) -> object:
    """The last letter gives way, so that the text is as long as it was."""
    return value[:-1] + letter if isinstance(value, str) else None


MAKES: dict[Quantity, Callable[[int, object], object]] = {"number": _number, "moment": _moment, "time": _time}
