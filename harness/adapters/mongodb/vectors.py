"""A column's values as BSON, turned as a whole where all are of one type; see ``values`` for what each becomes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from bson import Decimal128, ObjectId
from numpy.typing import NDArray

from harness.adapters.mongodb.values import column
from harness.cells import Cells, fixed, texts
from harness.design.model import Shape

Parts = Sequence[bytes | Cells]
"""What stands in each document, one after the other: bytes are the same in all of them."""

DOUBLE, TEXT, BINARY, OBJECT_ID, FLAG, MOMENT, INT32, INT64, DECIMAL = (
    bytes([kind]) for kind in (1, 2, 5, 7, 8, 9, 16, 18, 19)
)
UUID_HEAD = (16).to_bytes(4, "little") + b"\x04"
HEX_ID = 24
"""Digits of an ObjectId."""

NUMBERS: dict[type, Any] = {bool: np.bool_, int: np.int64, float: np.float64}

TURNED_TEXTS = frozenset({"decimal", "objectid", "timestamp", "date", "json", "array"})
"""Families of which a text is read as something else."""


def whole(values: Any, shape: Shape | None) -> tuple[bytes, Parts] | None:
    """The type of a column's values, none of which is None, and their bytes; None where they have to be told apart."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "Mbiuf":
        return _numbers(values, shape)
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    kinds = set(map(type, listed))
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if issubclass(kind, np.generic):  # a value that was taken out of an array
        return whole(np.array(listed), shape)
    if kind not in NUMBERS:
        return _objects(listed, kind, shape)
    try:
        return _numbers(np.array(listed, NUMBERS[kind]), shape)
    except OverflowError:  # more than 64 bits
        return None


def _numbers(values: NDArray[Any], shape: Shape | None) -> tuple[bytes, Parts] | None:
    family, kind = "" if shape is None else shape.family, values.dtype.kind
    if kind == "M":
        return MOMENT, [fixed(values.astype("M8[ms]").astype("<i8"))]
    if kind == "b":
        return FLAG, [fixed(values.astype(np.uint8))]
    if family == "decimal":
        return _amounts(values, shape)
    if kind == "f" or family == "float":
        return DOUBLE, [fixed(values.astype("<f8"))]
    return _integers(values, long=shape is not None and family == "integer" and shape.width == 8)


def _objects(values: Any, kind: type, shape: Shape | None) -> tuple[bytes, Parts] | None:
    family = "" if shape is None else shape.family
    if kind is str and family not in TURNED_TEXTS:
        return _texts(values)
    if kind is str and family == "objectid":
        return _hex_ids(values)
    if kind is ObjectId:
        return OBJECT_ID, [Cells(_bytes(b"".join([each.binary for each in values])), HEX_ID // 2)]
    if kind is UUID and family in {"", "uuid", "bytes"}:
        return BINARY, [UUID_HEAD, Cells(_bytes(b"".join([each.bytes for each in values])), 16)]
    return _decimals(column(values, shape)) if family == "decimal" else None


def _integers(values: NDArray[Any], *, long: bool) -> tuple[bytes, Parts] | None:
    """A number that is not said to be long has the narrower form where it fits, as the driver writes it."""
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    if long:
        return (INT64, [fixed(values.astype("<i8"))]) if high < 1 << 63 else None
    return (INT32, [fixed(values.astype("<i4"))]) if low >= -(1 << 31) and high < 1 << 31 else None


def _amounts(values: NDArray[Any], shape: Shape | None) -> tuple[bytes, Parts] | None:
    """Decimals: each amount is turned once, however often it comes."""
    different, places = np.unique(values, return_inverse=True)
    found = _decimals(column(different, shape))
    if found is None:
        return None
    kind, (cells,) = found
    return kind, [fixed(cells.data.reshape(-1, 16)[places])]


def _decimals(values: Any) -> tuple[bytes, Sequence[Cells]] | None:
    if not all(isinstance(each, Decimal128) for each in values):
        return None
    return DECIMAL, [Cells(_bytes(b"".join([each.bid for each in values])), 16)]


def _hex_ids(values: Any) -> tuple[bytes, Parts] | None:
    try:
        data = bytes.fromhex("".join(values))
    except ValueError:
        return None
    if set(map(len, values)) != {HEX_ID} or len(data) != len(values) * HEX_ID // 2:
        return None
    return OBJECT_ID, [Cells(_bytes(data), HEX_ID // 2)]


def _texts(values: Any) -> tuple[bytes, Parts] | None:
    try:
        found = texts(values)
    except UnicodeEncodeError:
        return None
    sizes = found.lengths + 1
    size = sizes.to_bytes(4, "little") if isinstance(sizes, int) else fixed(sizes.astype("<i4"))
    return TEXT, [size, found, b"\0"]


def _bytes(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, dtype=np.uint8)
