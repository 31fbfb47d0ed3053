"""Columns as bytes, and rows put together from them, without a Python object for each value.

What an adapter sends in bulk is made of ``Cells``: the bytes of a column's values end to end, and how many each has.
Most types have one width, so that columns beside each other are one matrix; with those of any length they are joined
row by row by Arrow, whose binary arrays are such bytes and where each value begins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from operator import is_
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow.compute import binary_join_element_wise

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SLICE = 20_000
"""Rows that are encoded at once, whatever the size of the batch."""

EXACT = 10**15
"""Below it a double tells all decimals of 15 digits apart."""


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

    def spread(self, absent: Mask) -> "Cells":
        """These values in the places that are not absent, and nothing in the others."""
        lengths = np.zeros(len(absent), dtype=np.int64)
        lengths[~absent] = self.lengths
        return Cells(self.data, lengths)


def joined(parts: Sequence[bytes | Cells], rows: int) -> Cells:
    """Rows, each the parts one after the other: bytes are the same in all of them."""
    if all(map(_even, parts)):
        return _records(parts, rows)
    together = [[_records(run, rows)] if even else run for even, run in _runs(parts)]
    return _taken(binary_join_element_wise(*(_given(part, rows) for run in (*together, [b""]) for part in run)))


def _even(part: bytes | Cells) -> bool:
    """Whether it takes as many bytes in every row."""
    return isinstance(part, bytes) or isinstance(part.lengths, int)


def _runs(parts: Sequence[bytes | Cells]) -> Iterator[tuple[bool, list[bytes | Cells]]]:
    """Those beside each other that take as many bytes in every row, and the others."""
    for even, run in groupby(parts, key=_even):
        found = list(run)
        yield even and len(found) > 1, found


def _records(parts: Sequence[bytes | Cells], rows: int) -> Cells:
    """Parts of one width each, put in their places in all rows at once."""
    widths = [len(part) if isinstance(part, bytes) else part.width for part in parts]
    records = np.empty(rows, dtype=np.dtype([(f"f{number}", f"V{width}") for number, width in enumerate(widths)]))
    for number, (part, width) in enumerate(zip(parts, widths, strict=True)):
        if isinstance(part, bytes):
            records[f"f{number}"] = np.void(part)
        elif width:
            records[f"f{number}"] = part.data.view(f"V{width}")
    return Cells(records.view(np.uint8), records.itemsize)


def _given(part: bytes | Cells, rows: int) -> Any:
    """As Arrow has it: nothing is copied but the lengths, which are ends there."""
    if isinstance(part, bytes):
        return pa.scalar(part, pa.large_binary())
    ends = np.zeros(rows + 1, dtype=np.int64)
    np.cumsum(part.each(rows), out=ends[1:])
    return pa.Array.from_buffers(pa.large_binary(), rows, [None, pa.py_buffer(ends), pa.py_buffer(part.data)])


def _taken(found: Any) -> Cells:
    """From an array of Arrow of large binaries or texts, none of them null, that begins where its buffers do."""
    _, ends, data = found.buffers()
    bounds = np.frombuffer(ends, dtype=np.int64)[: len(found) + 1]
    return _alike(np.frombuffer(data or b"", dtype=np.uint8)[: bounds[-1] if len(bounds) else 0], np.diff(bounds))


def fixed(matrix: Any) -> Cells:
    """Numbers of one width, or rows of bytes, as they lie in memory."""
    found = np.ascontiguousarray(matrix)
    width = found.itemsize * (found.shape[1] if found.ndim > 1 else 1)
    return Cells(found.reshape(-1).view(np.uint8), width)


def texts(values: Any) -> Cells:
    """Texts in UTF-8.

    Raises:
        TypeError: one is not a text.
        UnicodeEncodeError: one has no UTF-8 (half of a surrogate pair).
    """
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    if any(not issubclass(kind, str) for kind in set(map(type, listed))):
        raise TypeError("not a text")  # Arrow would take bytes and None as well
    return _taken(pa.array(listed, pa.large_string()))


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
