r"""Rows in the binary format of COPY, made column by column: half the server's work of the text format.

A column becomes ``Cells``: the bytes of all its values end to end, and how many each has. Most types have one width, so
that a column is a matrix and a batch is put together by slices; texts are scattered to their places by index. Formats
are those of the types' ``_recv`` functions (``src/backend/utils/adt``), stable since PostgreSQL 8. A type that is not
here (ranges, geometry, arrays …) makes its table go as text.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.design.model import Shape
from harness.facts import Batch

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
SLICE = 20_000
"""Rows that are encoded at once, whatever the size of the batch."""

MOST_BYTES = 32 << 20
"""Of the matrix that they are laid out in; where some values are very long, fewer rows are taken at once."""

EPOCH = np.datetime64("2000-01-01")
DAY_US = 86_400_000_000
GROUP = 10_000
DIGITS = 4  # of a group
EXACT = 10**15
"""Below it a double tells all decimals of 15 digits apart."""


class Unsuited(ValueError):  # noqa: N818  (the word says what is so)
    """Values that have no binary form here: the text format takes them."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A column's values: ``data`` end to end, each of ``lengths`` bytes (one number when all are alike)."""

    data: Bytes
    lengths: Ints | int
    absent: NDArray[np.bool_] | None = None


Encoder = Callable[[Any, Shape | None], Cells]
"""Of values none of which is None."""


def pieces(batch: Batch, types: Sequence[str], shapes: Sequence[Shape | None]) -> Iterator[bytes]:
    """The batch in pieces of whole rows, without header and trailer.

    Raises:
        Unsuited: a value has no binary form here; nothing can be sent in this format.
    """
    for start in range(0, batch.rows, SLICE):
        yield from _between(batch, types, shapes, start, min(start + SLICE, batch.rows))


def _between(
    batch: Batch, types: Sequence[str], shapes: Sequence[Shape | None], start: int, end: int
) -> Iterator[bytes]:
    parts = zip(batch.columns, types, shapes, strict=True)
    columns = [_column(values[start:end], ENCODERS[type_], shape) for values, type_, shape in parts]
    if (end - start) * sum(map(_width, columns)) > MOST_BYTES and end - start > 1:
        middle = (start + end) // 2
        yield from _between(batch, types, shapes, start, middle)
        yield from _between(batch, types, shapes, middle, end)
    else:
        yield _rows(columns, end - start).tobytes()


def _width(column: Cells) -> int:
    """Bytes of the longest value."""
    return column.lengths if isinstance(column.lengths, int) else int(column.lengths.max(initial=0))


def _rows(columns: Sequence[Cells], count: int) -> Bytes:
    """Fields put together as rows: the number of fields, then for each its length and its bytes.

    They are laid out as records, as if all were as long as the longest; then what is too much is left out.
    """
    formats = [">i2", *(form for column in columns for form in (">i4", f"V{_width(column)}"))]
    records = np.empty(count, dtype=np.dtype([(f"f{place}", form) for place, form in enumerate(formats)]))
    records["f0"] = len(columns)
    used: NDArray[np.bool_] | None = None
    place = 2
    for number, column in enumerate(columns):
        width = _width(column)
        records[f"f{2 * number + 1}"] = _sizes(column)
        if isinstance(column.lengths, int):
            padded = column.data
        else:
            used = np.ones((count, records.itemsize), dtype=np.bool_) if used is None else used
            inside = _inside(column.lengths, width)
            padded = np.empty((count, width), dtype=np.uint8)
            padded[inside] = column.data
            used[:, place + 4 : place + 4 + width] = inside
        if width:
            records[f"f{2 * number + 2}"] = padded.reshape(-1).view(f"V{width}")
        place += 4 + width
    result = records.view(np.uint8)
    return result if used is None else result[used.reshape(-1)]


def _inside(lengths: Ints, width: int) -> NDArray[np.bool_]:
    """Which bytes of each value, padded to one width, are its own; compared in the narrowest numbers."""
    kind = np.min_scalar_type(width)
    inside: NDArray[np.bool_] = np.arange(width, dtype=kind) < lengths.astype(kind)[:, np.newaxis]
    return inside


def _sizes(column: Cells) -> Ints | int:
    return column.lengths if column.absent is None else np.where(column.absent, -1, column.lengths)


def _column(values: Any, encode: Encoder, shape: Shape | None) -> Cells:
    absent = _absent(values)
    if absent is None:
        return encode(values, shape)
    if absent.all():
        return Cells(np.zeros(0, np.uint8), np.zeros(len(absent), np.int64), absent)
    arrayed = isinstance(values, np.ndarray)
    kept = np.asarray(values)[~absent] if arrayed else [value for value in values if value is not None]
    return _spread(encode(kept, shape), absent)


def _absent(values: Any) -> NDArray[np.bool_] | None:
    if hasattr(values, "mask"):
        found = np.broadcast_to(values.mask, len(values))
    elif not isinstance(values, np.ndarray) or values.dtype.kind == "O":
        listed = values.tolist() if isinstance(values, np.ndarray) else values
        if None not in listed:
            return None
        found = np.fromiter((value is None for value in listed), np.bool_, len(listed))
    elif values.dtype.kind in "Mm":
        found = np.isnat(values)
    else:
        return None
    return found if found.any() else None


def _spread(cells: Cells, absent: NDArray[np.bool_]) -> Cells:
    """The cells of present values with places of no width for the absent ones."""
    lengths = np.zeros(len(absent), dtype=np.int64)
    lengths[~absent] = cells.lengths
    return Cells(cells.data, lengths, absent)


def _big(values: Any, width: int) -> Bytes:
    """Whole numbers as big-endian rows of bytes."""
    turned = np.ascontiguousarray(values, dtype=f">i{width}")
    return turned.view(np.uint8).reshape(len(turned), width)


def _fixed(matrix: Bytes) -> Cells:
    return Cells(np.ascontiguousarray(matrix).reshape(-1), matrix.shape[1])


def _integers(width: int) -> Encoder:
    def encode(values: Any, _shape: Shape | None) -> Cells:
        numbers = _of_kind(values, "iu")
        top = 1 << (8 * width - 1)
        if len(numbers) and not (-top <= int(numbers.min()) and int(numbers.max()) < top):
            raise Unsuited("a number out of range")  # the text format lets the server say so
        return _fixed(_big(numbers, width))

    return encode


def _floats(width: int) -> Encoder:
    def encode(values: Any, _shape: Shape | None) -> Cells:
        numbers = np.ascontiguousarray(_of_kind(values, "fiu"), dtype=f">f{width}")
        return _fixed(numbers.view(np.uint8).reshape(len(numbers), width))

    return encode


def _flags(values: Any, _shape: Shape | None) -> Cells:
    return _fixed(_of_kind(values, "b").astype(np.uint8).reshape(-1, 1))


def _of_kind(values: Any, kinds: str) -> NDArray[Any]:
    """Values as an array of such a kind; nothing is turned into what it is not."""
    found = np.asarray(values)
    if found.dtype.kind not in kinds and len(found):
        raise Unsuited("not a value of the column's type")
    return found


def _texts(values: Any, _shape: Shape | None) -> Cells:
    """Joined, encoded in one go and told apart again by the separators."""
    texts = values.tolist() if isinstance(values, np.ndarray) else values
    try:
        data = np.frombuffer(SEPARATOR.join(texts).encode(), dtype=np.uint8)
    except (TypeError, UnicodeEncodeError):
        raise Unsuited("not a text") from None
    ends = np.flatnonzero(data == ord(SEPARATOR))
    if len(ends) != len(texts) - 1:
        return _blobs([text.encode() for text in texts])
    bounds = np.concatenate(([-1], ends, [len(data)]))
    lengths = np.diff(bounds) - 1
    return _alike(data[data != ord(SEPARATOR)] if len(ends) else data, lengths)


SEPARATOR = "\x1f"


def _blobs(values: Sequence[bytes]) -> Cells:
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    return _alike(np.frombuffer(b"".join(values), dtype=np.uint8), lengths)


def _alike(data: Bytes, lengths: Ints) -> Cells:
    """One length where all are alike: a matrix is put in its place by slices."""
    first = int(lengths[0]) if len(lengths) else 0
    return Cells(data, first if (lengths == first).all() else lengths)


def _bytea(values: Any, _shape: Shape | None) -> Cells:
    try:
        return _blobs([bytes(value) for value in values])
    except TypeError:
        raise Unsuited("not bytes") from None


def _uuids(values: Any, _shape: Shape | None) -> Cells:
    try:
        data = bytes.fromhex("".join(map(str, values)).replace("-", ""))
    except ValueError:
        raise Unsuited("not a UUID") from None
    if len(data) != 16 * len(values):
        raise Unsuited("not a UUID")
    return Cells(np.frombuffer(data, dtype=np.uint8), 16)


def _json(values: Any, shape: Shape | None) -> Cells:
    if not all(isinstance(value, str) for value in values):
        raise Unsuited("not the text of a document")
    return _texts(values, shape)


def _jsonb(values: Any, shape: Shape | None) -> Cells:
    """The text behind the version of the format, 1."""
    if not all(isinstance(value, str) for value in values):
        raise Unsuited("not the text of a document")
    return _texts([f"\x01{value}" for value in values], shape)


def _moments(values: Any, _shape: Shape | None) -> Cells:
    return _fixed(_big((_instants(values, "us") - EPOCH.astype("M8[us]")).astype(np.int64), 8))


def _dates(values: Any, _shape: Shape | None) -> Cells:
    return _fixed(_big((_instants(values, "D") - EPOCH).astype(np.int64), 4))


def _instants(values: Any, unit: str) -> NDArray[Any]:
    if not isinstance(values, np.ndarray) or values.dtype.kind == "O":
        if any(not isinstance(value, np.datetime64 | datetime | date) or _zoned(value) for value in values):
            raise Unsuited("not an instant without zone")
        values = np.asarray(values, dtype="M8[us]")
    return np.asarray(values.astype(f"M8[{unit}]"))


def _zoned(value: Any) -> bool:
    return getattr(value, "tzinfo", None) is not None


def _times(values: Any, _shape: Shape | None) -> Cells:
    if not all(isinstance(value, time) for value in values):
        raise Unsuited("not a time of day")
    micros = [((v.hour * 60 + v.minute) * 60 + v.second) * 1_000_000 + v.microsecond for v in values]
    return _fixed(_big(np.asarray(micros, dtype=np.int64), 8))


def _intervals(values: Any, _shape: Shape | None) -> Cells:
    """Days and microseconds apart, as the text ``n days m microseconds`` has them; no months."""
    if not isinstance(values, np.ndarray) or values.dtype.kind == "O":
        if not all(isinstance(value, timedelta) for value in values):
            raise Unsuited("not a span of time")
        values = np.asarray(values, dtype="m8[us]")
        days, micros = np.divmod(values.astype("m8[us]").astype(np.int64), DAY_US)
    else:
        micros = values.astype("m8[us]").astype(np.int64)
        days = np.zeros_like(micros)
    return _fixed(np.hstack([_big(micros, 8), _big(days, 4), _big(np.zeros_like(days), 4)]))


def _numerics(values: Any, shape: Shape | None) -> Cells:
    """Groups of four decimal digits, as many for each value: the server drops those that are zero."""
    scale = 2 if shape is None or shape.scale is None else shape.scale
    ticks = _ticks(values, scale)
    behind = -(-max(scale, 0) // DIGITS)
    whole, part = np.divmod(np.abs(ticks), 10 ** max(scale, 0))
    before = max(-(-len(str(int(whole.max(initial=0)))) // DIGITS), 1)
    fraction = part * 10 ** (behind * DIGITS - max(scale, 0))
    groups = [whole // GROUP**place % GROUP for place in range(before - 1, -1, -1)]
    groups += [fraction // GROUP**place % GROUP for place in range(behind - 1, -1, -1)]
    head = (len(groups), before - 1, np.where(ticks < 0, 0x4000, 0), max(scale, 0))
    fields = [np.broadcast_to(np.asarray(field), ticks.shape) for field in (*head, *groups)]
    return _fixed(np.hstack([_big(field, 2) for field in fields]))


def _ticks(values: Any, scale: int) -> Ints:
    """Values as whole numbers of their last digit."""
    if not 0 <= scale <= DIGITS * 3:
        raise Unsuited("a scale out of the ordinary")
    numbers = np.asarray(values)
    if numbers.dtype.kind == "f" and np.isfinite(numbers).all() and np.abs(numbers).max(initial=0) * 10**scale < EXACT:
        return np.asarray(np.rint(numbers * 10**scale), dtype=np.int64)
    if numbers.dtype.kind in "iu" and np.abs(numbers.astype(np.float64)).max(initial=0) * 10**scale < EXACT:
        return np.asarray(numbers, dtype=np.int64) * np.int64(10**scale)
    found = [Decimal(str(value)).scaleb(scale) for value in values]
    if any(not value.is_finite() or value != value.to_integral_value() or abs(value) >= 1 << 62 for value in found):
        raise Unsuited("more digits than fit here")
    return np.asarray([int(value) for value in found], dtype=np.int64)


ENCODERS: dict[str, Encoder] = {
    "int2": _integers(2), "int4": _integers(4), "int8": _integers(8), "float4": _floats(4), "float8": _floats(8),
    "numeric": _numerics, "bool": _flags, "text": _texts, "varchar": _texts, "bpchar": _texts, "citext": _texts,
    "enum": _texts, "uuid": _uuids, "json": _json, "jsonb": _jsonb, "bytea": _bytea, "timestamp": _moments,
    "timestamptz": _moments, "date": _dates, "time": _times, "interval": _intervals,
}  # fmt: skip
"""By the name of the type in ``pg_type``; ``enum`` for all enums."""
