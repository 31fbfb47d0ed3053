"""Columns as bytes, and rows put together from them, without a Python object for each value.

What an adapter sends in bulk is made of ``Cells``: the bytes of a column's values end to end, and how many each has.
Most types have one width, so that a column is a matrix and rows are put together by slices; of the others, what is too
much is left out in one go.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import is_
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_BYTES = 32 << 20
"""Of the matrix that rows are laid out in; where some values are very long, fewer rows are taken at once."""

SLICE = 20_000
"""Rows that are encoded at once, whatever the size of the batch."""

EXACT = 10**15
"""Below it a double tells all decimals of 15 digits apart."""

SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Cells:
    """A column's values: ``data`` end to end, each of ``lengths`` bytes (one number when all are alike)."""

    data: Bytes
    lengths: Ints | int

    @property
    def width(self) -> int:
        """Bytes of the longest value."""
        return self.lengths if isinstance(self.lengths, int) else int(self.lengths.max(initial=0))

    def each(self, rows: int) -> Ints:
        """The length of each value of a column of so many rows."""
        return np.broadcast_to(np.asarray(self.lengths, dtype=np.int64), (rows,))

    def between(self, start: int, end: int) -> "Cells":
        """Some of the values."""
        if isinstance(self.lengths, int):
            return Cells(self.data[start * self.lengths : end * self.lengths], self.lengths)
        first, inside = int(self.lengths[:start].sum()), self.lengths[start:end]
        return Cells(self.data[first : first + int(inside.sum())], inside)

    def spread(self, absent: Mask) -> "Cells":
        """These values in the places that are not absent, and nothing in the others."""
        lengths = np.zeros(len(absent), dtype=np.int64)
        lengths[~absent] = self.lengths
        return Cells(self.data, lengths)


def joined(parts: Sequence[bytes | Cells], rows: int) -> Cells:
    """Rows, each the parts one after the other: bytes are the same in all of them.

    They are laid out as records, as if all were as long as the longest; then what is too much is left out.
    """
    widths = [len(part) if isinstance(part, bytes) else part.width for part in parts]
    if rows > 1 and rows * sum(widths) > MOST_BYTES:
        return _in_halves(parts, rows)
    records = np.empty(rows, dtype=np.dtype([(f"f{number}", f"V{width}") for number, width in enumerate(widths)]))
    used: Mask | None = None
    place = 0
    for number, (part, width) in enumerate(zip(parts, widths, strict=True)):
        if isinstance(part, bytes):
            records[f"f{number}"] = np.void(part)
        elif width:
            padded: Any = part.data
            if not isinstance(part.lengths, int):
                used = np.ones((rows, records.itemsize), dtype=np.bool_) if used is None else used
                inside = _inside(part.lengths, width)
                padded = np.empty((rows, width), dtype=np.uint8)
                padded[inside] = part.data
                used[:, place : place + width] = inside
            records[f"f{number}"] = padded.reshape(-1).view(f"V{width}")
        place += width
    data = records.view(np.uint8)
    if used is None:
        return Cells(data, place)
    lengths = np.zeros(rows, dtype=np.int64)
    for part in parts:
        lengths += len(part) if isinstance(part, bytes) else part.lengths
    return Cells(data[used.reshape(-1)], lengths)


def _in_halves(parts: Sequence[bytes | Cells], rows: int) -> Cells:
    data, lengths = [], []
    for start, end in ((0, rows // 2), (rows // 2, rows)):
        half = joined([part if isinstance(part, bytes) else part.between(start, end) for part in parts], end - start)
        data.append(half.data)
        lengths.append(half.each(end - start))
    return Cells(np.concatenate(data), np.concatenate(lengths))


def _inside(lengths: Ints, width: int) -> Mask:
    """Which bytes of each value, padded to one width, are its own; compared in the narrowest numbers."""
    kind = np.min_scalar_type(width)
    inside: Mask = np.arange(width, dtype=kind) < lengths.astype(kind)[:, np.newaxis]
    return inside


def fixed(matrix: Any) -> Cells:
    """Numbers of one width, or rows of bytes, as they lie in memory."""
    found = np.ascontiguousarray(matrix)
    width = found.itemsize * (found.shape[1] if found.ndim > 1 else 1)
    return Cells(found.reshape(-1).view(np.uint8), width)


def texts(values: Any, escaped: Callable[[str], str] | None = None) -> Cells:
    """Texts in UTF-8: joined, encoded in one go and told apart again by the separators.

    ``escaped`` is given many texts at once, with separators, which it leaves as they are.

    Raises:
        TypeError: one is not a text.
        UnicodeEncodeError: one has no UTF-8 (half of a surrogate pair).
    """
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    joined_up = SEPARATOR.join(listed)
    data = np.frombuffer((escaped(joined_up) if escaped else joined_up).encode(), dtype=np.uint8)
    ends = np.flatnonzero(data == ord(SEPARATOR))
    if len(ends) != len(listed) - 1:
        return blobs([(escaped(text) if escaped else text).encode() for text in listed])
    bounds = np.concatenate(([-1], ends, [len(data)]))
    return _alike(data[data != ord(SEPARATOR)] if len(ends) else data, np.diff(bounds) - 1)


def blobs(values: Sequence[bytes]) -> Cells:
    """Bytes as they are."""
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    return _alike(np.frombuffer(b"".join(values), dtype=np.uint8), lengths)


def _alike(data: Bytes, lengths: Ints) -> Cells:
    """One length where all are alike: a matrix is put in its place by slices."""
    first = int(lengths[0]) if len(lengths) else 0
    return Cells(data, first if (lengths == first).all() else lengths)


def absent(values: Any) -> Mask | None:
    """Which values of a column are NULL: None, NaT or masked; None where there is none."""
    if hasattr(values, "mask"):
        found = np.broadcast_to(values.mask, len(values))
    elif not isinstance(values, np.ndarray) or values.dtype.kind == "O":
        listed = values.tolist() if isinstance(values, np.ndarray) else values
        found = np.fromiter(map(is_, listed, repeat(None)), np.bool_, len(listed))
    elif values.dtype.kind in "Mm":
        found = np.isnat(values)
    else:
        return None
    return found if found.any() else None


def present(values: Any, gone: Mask) -> Any:
    """The values that are there."""
    if isinstance(values, np.ndarray):
        return np.asarray(values)[~gone]
    return [value for value in values if value is not None]
