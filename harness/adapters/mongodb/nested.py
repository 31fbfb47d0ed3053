"""Columns put together as documents: ``address.city`` lies in ``address``, ``items[].sku`` in each of ``items``.

A column of a field within an array has a sequence for each document, one value for each element; all columns of one
array have the same lengths. A value that is no sequence stands for an array of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Column = Sequence[Any]


@dataclass(slots=True)
class Place:
    """A field of a document.

    Attributes:
        column: its own values; None for one that only has fields in it.
        within: the fields of the document that it holds, or of each document in its array.
        many: it is an array of documents.
    """

    column: Column | None = None
    within: dict[str, "Place"] = field(default_factory=dict)
    many: bool = False


def documents(names: Sequence[str], columns: Sequence[Column], kept: frozenset[str]) -> Iterator[dict[str, Any]]:
    """One document for each row. A value that is None is left out, but for ``kept`` fields, where it is null."""
    if not any("." in name or "[]" in name for name in names):
        yield from _rows(list(names), list(columns), kept)
        return
    root = Place()
    for name, column in zip(names, columns, strict=True):
        _put(root, name, column)
    yield from _together(root, "", kept)


def _put(root: Place, name: str, column: Column) -> None:
    place = root
    for part in name.split("."):
        place = place.within.setdefault(part.removesuffix("[]"), Place())
        place.many = place.many or part.endswith("[]")
    place.column = column


def _together(place: Place, path: str, kept: frozenset[str]) -> Iterator[dict[str, Any]]:
    names = list(place.within)
    columns = [_column(inner, f"{path}{name}", kept) for name, inner in place.within.items()]
    return _rows(names, columns, frozenset(name for name in names if f"{path}{name}" in kept))


def _column(place: Place, path: str, kept: frozenset[str]) -> Column:
    if not place.within:
        return place.column or ()
    if place.many:
        return _present(place, list(_arrays(place, f"{path}[].", kept)))
    return _present(place, list(_together(place, f"{path}.", kept)))


def _present(place: Place, made: list[Any]) -> Column:
    """What was made of the fields, unless the column of the whole says that there is none."""
    if place.column is None:
        return made
    return [None if own is None else each for own, each in zip(place.column, made, strict=True)]


def _arrays(place: Place, path: str, kept: frozenset[str]) -> Iterator[list[dict[str, Any]]]:
    """The array of each document, from the sequences in the columns of its fields."""
    inner = [_column(each, f"{path}{name}", kept) for name, each in place.within.items()]
    names = list(place.within)
    nulls = frozenset(name for name in names if f"{path}{name}" in kept)
    for sequences in zip(*inner, strict=True):
        lists = [_several(each) for each in sequences]
        most = max(map(len, lists))
        yield list(_rows(names, [each or [None] * most for each in lists], nulls))


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def _rows(names: list[str], columns: list[Column], kept: frozenset[str]) -> Iterator[dict[str, Any]]:
    rows = zip(*columns, strict=True)
    if not any(None in column for column in columns):
        yield from (dict(zip(names, row, strict=True)) for row in rows)
        return
    for row in rows:
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None or name in kept}
