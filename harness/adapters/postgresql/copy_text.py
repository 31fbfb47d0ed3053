"""Rows in the text format of COPY, made column by column: a column of one type is turned in one go."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from harness.design.model import Shape
from harness.facts import Batch

NULL = "\\N"
SLICE = 20_000
"""Rows that are turned into text at once, whatever the size of the batch."""

SEPARATOR = "\x1f"
ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def texts(batch: Batch, shapes: Sequence[Shape | None]) -> Iterator[str]:
    """The batch in pieces, each of whole lines."""
    for start in range(0, batch.rows, SLICE):
        end = min(start + SLICE, batch.rows)
        columns = [_column(c[start:end], shape) for c, shape in zip(batch.columns, shapes, strict=True)]
        lines = map("\t".join, zip(*columns, strict=True)) if columns else ("" for _ in range(start, end))
        yield "\n".join(lines) + "\n"


def _column(values: Any, shape: Shape | None) -> Sequence[str]:
    if isinstance(values, np.ndarray):
        if values.dtype.kind in "Mm":
            return _moments(values)
        values = values.tolist()
    kinds = set(map(type, values))
    absent = type(None) in kinds
    kinds.discard(type(None))
    if len(kinds) == 1:
        turn = _turning(kinds.pop(), shape)
        return turn(values) if not absent else _around_nulls(values, turn)
    return [NULL if value is None else _turning(type(value), shape)([value])[0] for value in values]


def _around_nulls(values: Sequence[Any], turn: "Turn") -> Sequence[str]:
    turned = iter(turn([value for value in values if value is not None]))
    return [NULL if value is None else next(turned) for value in values]


def _moments(values: "np.ndarray[Any, Any]") -> Sequence[str]:
    """Points and spans of time as numpy has them; NaT is NULL."""
    absent = np.isnat(values)
    if values.dtype.kind == "m":
        micros = values.astype("m8[us]").astype("i8").tolist()
        result = [f"{value} microseconds" for value in micros]
    else:
        days = values.dtype == np.dtype("M8[D]")
        result = np.datetime_as_string(values, unit="D" if days else "us").tolist()
    if absent.any():
        return [NULL if gone else text for gone, text in zip(absent.tolist(), result, strict=True)]
    return result


Turn = Callable[[Sequence[Any]], Sequence[str]]


def _turning(kind: type, shape: Shape | None) -> Turn:
    """How values of a Python type become text."""
    if issubclass(kind, str):
        return _escaped
    if issubclass(kind, (bool, np.bool_)):
        return lambda values: ["t" if value else "f" for value in values]
    if issubclass(kind, (bytes, bytearray, memoryview)):
        return lambda values: ["\\\\x" + bytes(value).hex() for value in values]
    if issubclass(kind, timedelta):
        return lambda values: [_span(value) for value in values]
    if issubclass(kind, (dict, list, tuple, np.ndarray)):
        json_wanted = issubclass(kind, dict) or (shape is not None and shape.family == "json")
        return _json if json_wanted else _arrays
    return lambda values: list(map(str, values))


def _escaped(values: Sequence[str]) -> Sequence[str]:
    """All of a column at once: joined, escaped if need be, and taken apart again."""
    joined = SEPARATOR.join(values)
    if not any(plain in joined for plain, _ in ESCAPES):
        return values
    if joined.count(SEPARATOR) != len(values) - 1:
        return [_escape(value) for value in values]
    return _escape(joined).split(SEPARATOR)


def _escape(text: str) -> str:
    for plain, escaped in ESCAPES:
        text = text.replace(plain, escaped)
    return text


def _span(value: timedelta) -> str:
    return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"


def _json(values: Sequence[object]) -> Sequence[str]:
    return _escaped([json.dumps(value, ensure_ascii=False, default=str) for value in values])


def _arrays(values: Sequence[Any]) -> Sequence[str]:
    return _escaped([_array(value) for value in values])


def _array(value: Any) -> str:
    items = value.tolist() if isinstance(value, np.ndarray) else value
    return "{" + ",".join(_element(item) for item in items) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, (list, tuple, np.ndarray)):
        return _array(value)
    if isinstance(value, (bool, np.bool_)):
        return "t" if value else "f"
    text = (
        json.dumps(value, default=str)
        if isinstance(value, dict)
        else _span(value)
        if isinstance(value, timedelta)
        else str(value)
    )
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
