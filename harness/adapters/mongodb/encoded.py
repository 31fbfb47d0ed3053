"""Columns put together as documents in BSON, without a Python object for each value.

``address.city`` lies in ``address``, ``items[].sku`` in each of ``items``. A column of a field within an array has a
sequence for each document, one value for each element; all columns of one array have the same lengths. A value that is
no sequence stands for an array of one.

A column of one type is turned as a whole; one that is not, value by value, by the driver's own encoder. The form is
that of https://bsonspec.org/spec.html: a type, the name, the value; the size before a document and a zero behind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, compress
from typing import Any

import bson
import numpy as np

from harness.adapters.mongodb.values import SEQUENCES, column
from harness.adapters.mongodb.vectors import Parts, whole
from harness.cells import SLICE, Cells, Mask, absent, blobs, fixed, joined, present, texts
from harness.design.model import Entity, Field, Shape
from harness.facts import Batch

NULL, DOCUMENT, ARRAY = b"\x0a", b"\x03", b"\x04"


@dataclass(slots=True)
class _Place:
    """A field of a document.

    Attributes:
        values: its own column; None for one that only has fields in it.
        shape: what values it takes; None where that is not known.
        kept: without a value it is null; others are left out.
        within: the fields of the document that it holds, or of each document in its array.
        many: it is an array of documents.
    """

    values: Any = None
    shape: Shape | None = None
    kept: bool = False
    within: dict[str, "_Place"] = field(default_factory=dict)
    many: bool = False


def encoded(entity: Entity, batch: Batch) -> Iterator[bytes]:
    """The documents of a batch, with an ``_id`` first: one that the server makes would not be known.

    Raises:
        BSONError, OverflowError: BSON has no form for a value.
    """
    names, columns = list(batch.fields), list(batch.columns)
    if "_id" not in names:
        names.insert(0, "_id")
        columns.insert(0, [bson.ObjectId() for _ in range(batch.rows)])
    fields = {each.name: each for each in entity.fields}
    for start in range(0, batch.rows, SLICE):
        rows = min(SLICE, batch.rows - start)
        root = _Place()
        for name, values in zip(names, columns, strict=True):
            _put(root, name, values[start : start + rows], fields)
        found = joined(_document(root, rows), rows)
        data = found.data.tobytes()
        ends = np.cumsum(found.each(rows)).tolist()
        yield from (data[first:end] for first, end in zip([0, *ends], ends, strict=False))


def _put(root: _Place, name: str, values: Any, fields: dict[str, Field]) -> None:
    place, path = root, ""
    for part in name.split("."):
        inner = part.removesuffix("[]")
        place = place.within.setdefault(inner, _Place())
        known = fields.get(f"{path}{inner}")
        place.kept = place.kept or f"{path}{inner}" == "_id" or (known is not None and _takes_null(known))
        place.many = place.many or part.endswith("[]")
        path += f"{part}."
    place.values = values
    place.shape = fields[name].shape if name in fields else None


def _takes_null(field: Field) -> bool:
    """Whether a field that has no value must be there all the same."""
    return ("required", "yes") in field.options


def _document(place: _Place, rows: int) -> Parts:
    """The documents of a place, each with its size."""
    parts: Parts = [part for name, inner in place.within.items() for part in _element(name, inner, rows)]
    return _enclosed(parts)


def _enclosed(parts: Parts) -> Parts:
    """With the size before it, which counts itself and the zero behind it."""
    sizes: Any = 5 + sum(len(part) if isinstance(part, bytes) else part.lengths for part in parts)
    size = int(sizes).to_bytes(4, "little") if np.ndim(sizes) == 0 else fixed(np.asarray(sizes, dtype="<i4"))
    return [size, *parts, b"\0"]


def _element(name: str, place: _Place, rows: int) -> Parts:
    """A field of each document; of those that have none, nothing or null."""
    key = name.encode() + b"\0"
    gone = None if place.values is None else absent(place.values)
    if gone is None:
        return _there(key, place, rows)
    if gone.all():
        return [NULL + key] if place.kept else []
    some = rows - int(gone.sum())
    found = joined(_there(key, _without(place, gone), some), some).spread(gone)
    if not place.kept:
        return [found]
    return [found, joined([NULL + key], rows - some).spread(~gone)]


def _without(place: _Place, gone: Mask) -> _Place:
    """A place in the documents that have it."""
    within = {name: _only(inner, ~gone) for name, inner in place.within.items()}
    return replace(place, values=present(place.values, gone), within=within)


def _only(place: _Place, wanted: Mask) -> _Place:
    """A place in some of the documents."""
    values = place.values
    if isinstance(values, np.ndarray):
        values = values[wanted]
    elif values is not None:
        values = list(compress(values, wanted.tolist()))
    return replace(place, values=values, within={name: _only(inner, wanted) for name, inner in place.within.items()})


def _there(key: bytes, place: _Place, rows: int) -> Parts:
    """A field that every document has."""
    if place.within:
        return [ARRAY + key, *_array(place, rows)] if place.many else [DOCUMENT + key, *_document(place, rows)]
    found = whole(place.values, place.shape)
    if found is not None:
        kind, parts = found
        return [kind + key, *parts]
    name = key[:-1].decode()
    return [blobs([bson.encode({name: value})[4:-1] for value in column(place.values, place.shape)])]


def _array(place: _Place, rows: int) -> Parts:
    """The arrays of documents, all elements encoded as one column of documents."""
    counts = np.zeros(rows, dtype=np.int64)
    for leaf in _leaves(place):
        listed = leaf.values.tolist() if isinstance(leaf.values, np.ndarray) else leaf.values
        depth = _depth(leaf.shape)
        leaf.values = [_several(value, depth) for value in listed]
        counts = np.maximum(counts, np.fromiter(map(len, leaf.values), np.int64, rows))
    for leaf in _leaves(place):
        leaf.values = _chained(leaf.values, counts.tolist())
    total = int(counts.sum())
    numbers = [str(number) for number in range(int(counts.max(initial=0)))]
    labels = texts([label for count in counts.tolist() for label in numbers[:count]])
    elements = joined([DOCUMENT, labels, b"\0", *_document(replace(place, values=None), total)], total)
    ends = np.cumsum(np.concatenate(([0], elements.each(total))))[np.cumsum(counts)]
    return _enclosed([Cells(elements.data, np.diff(ends, prepend=0))])


def _leaves(place: _Place) -> Iterator[_Place]:
    for inner in place.within.values():
        if inner.values is not None:
            yield inner
        yield from _leaves(inner)


def _several(value: Any, depth: int) -> Any:
    """The values of the elements; one that is no sequence of such values is that of the only element."""
    if value is None:
        return ()
    return value if _is_nested(value, depth + 1) else (value,)


def _depth(shape: Shape | None) -> int:
    """In how many arrays a field's own value lies."""
    return 0 if shape is None or shape.family != "array" else 1 + _depth(shape.element)


def _is_nested(value: Any, depth: int) -> bool:
    """Whether a value lies in so many arrays, as far as there is anything in them."""
    if depth == 0:
        return True
    return isinstance(value, SEQUENCES) and all(each is None or _is_nested(each, depth - 1) for each in value[:1])


def _chained(values: Sequence[Any], counts: list[int]) -> Any:
    """The elements of all rows as one column; a row without any has none of its fields in its elements."""
    alike = {each.dtype if isinstance(each, np.ndarray) else None for each in values}
    if len(alike) == 1 and None not in alike and list(map(len, values)) == counts:
        return np.concatenate(values)
    listed = (each.tolist() if isinstance(each, np.ndarray) else each for each in values)
    full = [each or [None] * count for each, count in zip(listed, counts, strict=True)]
    if any(len(each) != count for each, count in zip(full, counts, strict=True)):
        raise ValueError("the columns of an array have different lengths")
    return list(chain.from_iterable(full))
