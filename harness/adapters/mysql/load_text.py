r"""Values as the text that LOAD DATA reads: a column of one type is turned in one go.

Tabs between fields, a line for a row, backslashes before what would be read otherwise, ``\N`` for NULL: the defaults of
the statement. Bytes, bits and geometries do not pass as text: they are sent as something that does, and turned back by
an ``expression`` of the statement.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

import numpy as np

from harness.design.model import Shape

NULL = "\\N"
SEPARATOR = "\x1f"
ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\0", "\\0"))

EXPRESSIONS = {
    "bytes": "UNHEX({})",
    "bits": "CAST({} AS UNSIGNED)",
    "geometry": "ST_GeomFromText({})",
}
"""How the server gets a value of a family back from its text."""


def expression(shape: Shape | None, srid: str | None) -> str | None:
    """The expression that turns the text ``{}`` into the column's value; None where it is taken as it is."""
    if shape is None:
        return None
    if shape.family == "geometry" and srid is not None:
        # Longitude first, as everywhere else; MySQL alone reads the axes in the reference system's own order.
        return f"ST_GeomFromText({{}}, {int(srid)}, 'axis-order=long-lat')"
    return EXPRESSIONS.get(shape.family)


def column(values: Any, shape: Shape | None) -> Sequence[str]:
    """The values of one column as fields of the text."""
    if isinstance(values, np.ndarray):
        if values.dtype.kind == "M":
            return _moments(values)
        values = values.tolist()
    kinds = set(map(type, values))
    absent = type(None) in kinds
    kinds.discard(type(None))
    if len(kinds) == 1:
        turn = _turning(kinds.pop(), shape)
        return turn(values) if not absent else _around_nulls(values, turn)
    return [NULL if value is None else _turning(type(value), shape)([value])[0] for value in values]


Turn = Callable[[Sequence[Any]], Sequence[str]]


def _around_nulls(values: Sequence[Any], turn: Turn) -> Sequence[str]:
    turned = iter(turn([value for value in values if value is not None]))
    return [NULL if value is None else next(turned) for value in values]


def _moments(values: "np.ndarray[Any, Any]") -> Sequence[str]:
    """Points of time; NaT is NULL."""
    unit: Literal["D", "us"] = "D" if values.dtype == np.dtype("M8[D]") else "us"
    result = [str(text).replace("T", " ") for text in np.datetime_as_string(values, unit=unit)]
    absent = np.isnat(values)
    if absent.any():
        return [NULL if gone else text for gone, text in zip(absent.tolist(), result, strict=True)]
    return result


def _turning(kind: type, shape: Shape | None) -> Turn:
    """How values of a Python type become text."""
    if shape is not None and shape.family in BY_FAMILY:
        return BY_FAMILY[shape.family]
    if shape is not None and shape.family == "geometry":
        return lambda values: [_geometry(value, shape.detail) for value in values]
    for base, turn in BY_TYPE:
        if issubclass(kind, base):
            return turn
    return lambda values: list(map(str, values))


def _escaped(values: Sequence[str]) -> Sequence[str]:
    """All of a column at once: joined, escaped if need be, and taken apart again."""
    joined = SEPARATOR.join(values)
    if not any(plain in joined for plain, _ in ESCAPES):
        return values
    if joined.count(SEPARATOR) != len(values) - 1:
        return [escaped(value) for value in values]
    return escaped(joined).split(SEPARATOR)


def escaped(text: str) -> str:
    """A text without what would be read as something else."""
    for plain, escaped in ESCAPES:
        text = text.replace(plain, escaped)
    return text


def _flags(values: Sequence[Any]) -> Sequence[str]:
    return ["1" if value else "0" for value in values]


def _bytes(values: Sequence[Any]) -> Sequence[str]:
    return [value.encode().hex() if isinstance(value, str) else bytes(value).hex() for value in values]


def _bits(values: Sequence[Any]) -> Sequence[str]:
    return [str(int(value, 2) if isinstance(value, str) else int(value)) for value in values]


def _instants(values: Sequence[datetime]) -> Sequence[str]:
    """In UTC, which is the session's time zone."""
    plain = (value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value for value in values)
    return [value.isoformat(" ") for value in plain]


def _times(values: Sequence[time]) -> Sequence[str]:
    return [value.replace(tzinfo=None).isoformat() for value in values]


def _spans(values: Sequence[timedelta]) -> Sequence[str]:
    return [_span(value) for value in values]


def _span(value: timedelta) -> str:
    sign, micros = ("-", -value) if value < timedelta() else ("", value)
    seconds = micros.days * 86_400 + micros.seconds
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{micros.microseconds:06}"


def _json(values: Sequence[object]) -> Sequence[str]:
    return _escaped([v if isinstance(v, str) else json.dumps(v, ensure_ascii=False, default=str) for v in values])


def _lists(values: Sequence[Any]) -> Sequence[str]:
    """Several labels of a SET."""
    return _escaped([",".join(map(str, value)) for value in values])


def _geometry(value: str, detail: str) -> str:
    """A geometry of the column's type around the point that the seeds give."""
    point = POINT.fullmatch(value)
    form = GEOMETRIES.get(detail)
    if point is None or form is None:
        return value
    x, y = float(point[1]), float(point[2])
    return form.format(a=f"{x} {y}", b=f"{x + 1} {y}", c=f"{x + 1} {y + 1}")


POINT = re.compile(r"POINT\((\S+) (\S+)\)")
GEOMETRIES = {
    "geometry(linestring)": "LINESTRING({a}, {b}, {c})",
    "geometry(polygon)": "POLYGON(({a}, {b}, {c}, {a}))",
    "geometry(multipoint)": "MULTIPOINT({a}, {b})",
    "geometry(multilinestring)": "MULTILINESTRING(({a}, {b}), ({b}, {c}))",
    "geometry(multipolygon)": "MULTIPOLYGON((({a}, {b}, {c}, {a})))",
    "geometry(geometrycollection)": "GEOMETRYCOLLECTION(POINT({a}), LINESTRING({a}, {b}))",
    "geometry(geomcollection)": "GEOMETRYCOLLECTION(POINT({a}), LINESTRING({a}, {b}))",
}

BY_FAMILY: dict[str, Turn] = {"bytes": _bytes, "bits": _bits, "json": _json}
BY_TYPE: tuple[tuple[type | tuple[type, ...], Turn], ...] = (
    (str, _escaped),
    ((bool, np.bool_), _flags),
    (datetime, _instants),
    (time, _times),
    (timedelta, _spans),
    (dict, _json),
    ((list, tuple, set, frozenset), _lists),
)
