r"""Rows in the binary format of COPY, made column by column: half the server's work of the text format.

A column becomes ``Cells``. Formats are those of the types' ``_recv`` functions (``src/backend/utils/adt``), stable
since PostgreSQL 8. A type that is not here (ranges, geometry, arrays …) makes its table go as text.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.cells import EXACT, SLICE, Bytes, Cells, Ints, absent, blobs, fixed, joined, present, texts
from harness.design.model import Shape
from harness.facts import Batch

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
EPOCH = np.datetime64("2000-01-01")
DAY_US = 86_400_000_000
GROUP = 10_000
DIGITS = 4  # of a group


class Unsuited(ValueError):  # noqa: N818  (the word says what is so)
    """Values that have no binary form here: the text format takes them."""


Encoder = Callable[[Any, Shape | None], Cells]
"""Of values none of which is None."""


def pieces(batch: Batch, types: Sequence[str], shapes: Sequence[Shape | None]) -> Iterator[bytes]:
    """The batch in pieces of whole rows, without header and trailer.

    Raises:
        Unsuited: a value has no binary form here; nothing can be sent in this format.
    """
    for start in range(0, batch.rows, SLICE):
        rows = min(SLICE, batch.rows - start)
        parts: list[bytes | Cells] = [len(types).to_bytes(2)]
        for values, type_, shape in zip(batch.columns, types, shapes, strict=True):
            parts += _column(values[start : start + rows], ENCODERS[type_], shape)
        yield joined(parts, rows).data.tobytes()


def _column(values: Any, encode: Encoder, shape: Shape | None) -> tuple[bytes | Cells, Cells]:
    """The sizes that stand before a column's values, -1 for NULL, and the values."""
    gone = absent(values)
    if gone is None:
        found = encode(values, shape)
        return found.lengths.to_bytes(4) if isinstance(found.lengths, int) else fixed(_big(found.lengths, 4)), found
    there = Cells(np.zeros(0, np.uint8), 0) if gone.all() else encode(present(values, gone), shape)
    found = there.spread(gone)
    return fixed(_big(np.where(gone, -1, found.lengths), 4)), found


def _big(values: Any, width: int) -> Bytes:
    """Whole numbers as big-endian rows of bytes."""
    turned = np.ascontiguousarray(values, dtype=f">i{width}")
    return turned.view(np.uint8).reshape(len(turned), width)


def _integers(width: int) -> Encoder:
    def encode(values: Any, _shape: Shape | None) -> Cells:
        numbers = _of_kind(values, "iu")
        top = 1 << (8 * width - 1)
        if len(numbers) and not (-top <= int(numbers.min()) and int(numbers.max()) < top):
            raise Unsuited("a number out of range")  # the text format lets the server say so
        return fixed(_big(numbers, width))

    return encode


def _floats(width: int) -> Encoder:
    def encode(values: Any, _shape: Shape | None) -> Cells:
        numbers = np.ascontiguousarray(_of_kind(values, "fiu"), dtype=f">f{width}")
        return fixed(numbers.view(np.uint8).reshape(len(numbers), width))

    return encode


def _flags(values: Any, _shape: Shape | None) -> Cells:
    return fixed(_of_kind(values, "b").astype(np.uint8).reshape(-1, 1))


def _of_kind(values: Any, kinds: str) -> NDArray[Any]:
    """Values as an array of such a kind; nothing is turned into what it is not."""
    found = np.asarray(values)
    if found.dtype.kind not in kinds and len(found):
        raise Unsuited("not a value of the column's type")
    return found


def _texts(values: Any, _shape: Shape | None) -> Cells:
    try:
        return texts(values)
    except (TypeError, UnicodeEncodeError):
        raise Unsuited("not a text") from None


def _bytea(values: Any, _shape: Shape | None) -> Cells:
    try:
        return blobs([bytes(value) for value in values])
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
    return fixed(_big((_instants(values, "us") - EPOCH.astype("M8[us]")).astype(np.int64), 8))


def _dates(values: Any, _shape: Shape | None) -> Cells:
    return fixed(_big((_instants(values, "D") - EPOCH).astype(np.int64), 4))


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
    return fixed(_big(np.asarray(micros, dtype=np.int64), 8))


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
    return fixed(np.hstack([_big(micros, 8), _big(days, 4), _big(np.zeros_like(days), 4)]))


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
    return fixed(np.hstack([_big(field, 2) for field in fields]))


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
