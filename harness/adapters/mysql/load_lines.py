"""Lines for LOAD DATA from columns as bytes, without a Python object for each value: see ``load_text`` for the form.

Whole numbers, amounts, moments, flags and texts are turned as a whole; what else there is becomes text value by value.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.adapters.mysql.load_text import NULL, column
from harness.cells import EXACT, SLICE, Bytes, Cells, Ints, absent, fixed, joined, present, texts
from harness.design.model import Shape
from harness.facts import Batch

Parts = list[bytes | Cells]

DAY_US = 86_400_000_000
ZERO = ord("0")


def lines(batch: Batch, shapes: Sequence[Shape | None]) -> Iterator[bytes]:
    """The batch in pieces, each of whole lines."""
    for start in range(0, batch.rows, SLICE):
        rows = min(SLICE, batch.rows - start)
        parts: Parts = []
        for values, shape in zip(batch.columns, shapes, strict=True):
            parts += [*_column(values[start : start + rows], shape), b"\t"]
        yield joined([*parts[:-1], b"\n"], rows).data.tobytes()


def _column(values: Any, shape: Shape | None) -> Parts:
    gone = absent(values)
    if gone is None:
        return [_cells(values, shape)]
    nulls = joined([NULL.encode()], int(gone.sum())).spread(~gone)
    return [nulls] if gone.all() else [_cells(present(values, gone), shape).spread(gone), nulls]


def _cells(values: Any, shape: Shape | None) -> Cells:
    """Of values none of which is None."""
    numeric = isinstance(values, np.ndarray) and values.dtype.kind in "Mbiuf"
    found = _numbers(np.asarray(values), shape) if numeric else None
    return texts(column(values, shape)) if found is None else found


def _numbers(values: NDArray[Any], shape: Shape | None) -> Cells | None:
    family = "" if shape is None else shape.family
    if family in {"bits", "bytes", "json", "geometry"}:
        return None
    match values.dtype.kind:
        case "M":
            return _moments(values)
        case "b":
            return fixed(values.astype(np.uint8) + ZERO)
        case "i" | "u":
            return _whole(values)
    return _amounts(values, shape.scale) if shape is not None and family == "decimal" and shape.scale else None


def _whole(values: NDArray[Any]) -> Cells | None:
    """Whole numbers without leading zeros; None where one has more than 63 bits."""
    if not len(values) or int(values.max()) >= 1 << 63 or int(values.min()) <= -(1 << 63):
        return None
    size = np.abs(values.astype(np.int64))
    count = len(str(int(size.max())))
    matrix = np.empty((len(values), count + 1), dtype=np.uint8)
    matrix[:, 0] = ord("-")
    matrix[:, 1:] = _digits(size, count)
    used = np.empty_like(matrix, dtype=np.bool_)
    used[:, 0] = values < 0
    used[:, -1] = True
    for place in range(1, count):
        used[:, place] = size >= 10 ** (count - place)
    return Cells(matrix[used], used.sum(axis=1))


def _amounts(values: NDArray[Any], scale: int) -> Cells | None:
    """Numbers of so many decimals; None where one has more, or too many digits in all."""
    unit = 10**scale
    with np.errstate(invalid="ignore", over="ignore"):
        ticks = np.rint(values * unit)
        if not (np.abs(ticks) < EXACT).all() or (ticks / unit != values).any():
            return None
    size = np.abs(ticks).astype(np.int64)
    minus = ticks < 0
    signs = Cells(np.full(int(minus.sum()), ord("-"), np.uint8), minus.astype(np.int64))
    whole = _whole(size // unit)
    return None if whole is None else joined([signs, whole, b".", fixed(_digits(size % unit, scale))], len(values))


def _moments(values: NDArray[Any]) -> Cells | None:
    """Points of time, ``2026-01-02 03:04:05.678901``, without the microseconds where none has any; days as days.

    None where a year has not four digits.
    """
    days = values.astype("M8[D]")
    months = days.astype("M8[M]")
    years = months.astype("M8[Y]").astype(np.int64) + 1970
    if len(years) and not (int(years.min()) > 0 and int(years.max()) < 10_000):
        return None
    month = months.astype(np.int64) % 12 + 1
    day = (days - months.astype("M8[D]")).astype(np.int64) + 1
    parts: list[bytes | Bytes] = [_digits(years, 4), b"-", _digits(month, 2), b"-", _digits(day, 2)]
    if values.dtype != np.dtype("M8[D]"):
        seconds, micros = np.divmod((values.astype("M8[us]") - days.astype("M8[us]")).astype(np.int64), 1_000_000)
        parts += [
            b" ",
            _digits(seconds // 3600, 2),
            b":",
            _digits(seconds // 60 % 60, 2),
            b":",
            _digits(seconds % 60, 2),
        ]
        if micros.any():
            parts += [b".", _digits(micros, 6)]
    return joined([part if isinstance(part, bytes) else fixed(part) for part in parts], len(values))


def _digits(numbers: Ints, count: int) -> Bytes:
    """The last digits of whole numbers, as characters."""
    found = np.empty((len(numbers), count), dtype=np.uint8)
    for place in range(count - 1, -1, -1):
        rest = numbers // 10  # numpy divides by a constant without dividing, but has no such way to the remainder
        found[:, place] = numbers - rest * 10 + ZERO
        numbers = rest
    return found
