"""Columns of generated values as BSON has them, by the shape of their field."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from bson import Binary, DatetimeMS, Decimal128, Int64, ObjectId
from bson.errors import InvalidId

from harness.design.model import Shape

Turn = Callable[[Any], Any]

REMEMBERED = 1 << 15
"""Ids and amounts that come again and again, and are slow to make."""

SEQUENCES = (list, tuple, np.ndarray)
INT64 = range(-(1 << 63), 1 << 63)


def column(values: Any, shape: Shape | None, depth: int = 0) -> list[Any]:
    """A column as a list of values that the driver writes as the field wants them; None stays None.

    ``depth``: in how many arrays the field lies; its values are sequences then.
    """
    if depth:
        values = values.tolist() if isinstance(values, np.ndarray) else values
        return [column(each, shape, depth - 1) if isinstance(each, SEQUENCES) else _one(each, shape) for each in values]
    if isinstance(values, np.ndarray):
        if values.dtype.kind == "M":
            return _moments(values)
        values = values.tolist()
    turn = _turn(shape)
    if turn is None:
        return list(values)
    return [None if value is None else turn(value) for value in values]


def _one(value: Any, shape: Shape | None) -> Any:
    return column([value], shape)[0]


def _moments(values: "np.ndarray[Any, Any]") -> list[Any]:
    """Points in time as numpy has them, in milliseconds; NaT is None. Encoded as they are, without a calendar."""
    absent = np.isnat(values)
    found = [DatetimeMS(value) for value in values.astype("M8[ms]").astype("i8").tolist()]
    if not absent.any():
        return list(found)
    return [None if gone else value for gone, value in zip(absent.tolist(), found, strict=True)]


def _turn(shape: Shape | None) -> Turn | None:
    """How a value of a field is turned; None where nothing has to be done."""
    if shape is None:
        return _plain
    if shape.family == "array":
        return _array(shape)
    if shape.family == "integer":
        return _long if shape.width == 8 else None
    return TURNS.get(shape.family, _plain)


def _array(shape: Shape) -> Turn:
    element = _turn(shape.element) or (lambda value: value)

    def turned(value: Any) -> Any:
        """A value that is no array (one that shall be refused) stays what it is."""
        if isinstance(value, str) and value[:1] == "[":
            value = json.loads(value)
        if not isinstance(value, SEQUENCES):
            return value
        listed = value.tolist() if isinstance(value, np.ndarray) else value
        return [None if each is None else element(each) for each in listed]

    return turned


def _long(value: Any) -> Any:
    return Int64(value) if isinstance(value, int) and value in INT64 and not isinstance(value, bool) else value


def _object_id(value: Any) -> Any:
    return _reference(value) if isinstance(value, str) else value


@lru_cache(maxsize=REMEMBERED)
def _reference(value: str) -> Any:
    """The id; a text that is none stays one, and is refused."""
    try:
        return ObjectId(value)
    except InvalidId:
        return value


def _decimal(value: Any) -> Any:
    known = isinstance(value, int | float | Decimal | str) and not isinstance(value, bool)
    return _amount(value) if known else value


@lru_cache(maxsize=REMEMBERED, typed=True)
def _amount(value: int | float | Decimal | str) -> Any:
    """The decimal; what is none, or has more than its 34 digits, stays what it is, and is refused."""
    try:
        return Decimal128(value if isinstance(value, Decimal | str) else str(value))
    except ArithmeticError:
        return str(value)


def _float(value: Any) -> Any:
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _date(value: Any) -> Any:
    """The moment; a text that is none stays one, and is refused."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, np.datetime64):
        return _moments(np.array([value]))[0]
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    return value


def _document(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in {"{", "["} else value


def _binary(value: Any) -> Any:
    return Binary.from_uuid(value) if isinstance(value, UUID) else value


def _plain(value: Any) -> Any:
    """A value of a field of which nothing is known."""
    if isinstance(value, Decimal):
        return Decimal128(value)
    if isinstance(value, np.generic):
        return value.item()
    return Binary.from_uuid(value) if isinstance(value, UUID) else _date(value) if isinstance(value, date) else value


TURNS: dict[str, Turn | None] = {
    "objectid": _object_id,
    "decimal": _decimal,
    "float": _float,
    "timestamp": _date,
    "date": _date,
    "json": _document,
    "bytes": _binary,
    "uuid": _binary,
    "text": None,
    "enum": None,
    "boolean": None,
}
