"""What slows loading, set aside while collections are filled, and put back exactly.

Indexes are dropped, and made again from the server's own specifications in the order in which they were made. A
unique one stays where there are documents already: they would have to be told from new ones that break it. There is no
transaction around it: whatever goes wrong inside, the indexes are put back, and documents that a unique index cannot
be built on are removed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import Connection, run
from harness.adapters.mongodb.indexes import ID_INDEX, specifications
from harness.adapters.mongodb.load import is_empty
from harness.adapters.mongodb.refusal import NOWHERE, refusal
from harness.design.model import Schema
from harness.engine import Unsatisfied
from harness.errors import ServerError
from harness.facts import Refusal

KEPT = frozenset({"clustered", "prepareUnique", "collation"})
"""Options of indexes that stay in place: they are no index, or not all that ``createIndexes`` takes."""

FILLED = frozenset({"collection", "time series"})


@dataclass(frozen=True, slots=True)
class _Aside:
    """The indexes of one collection that are set aside."""

    collection: str
    specifications: Sequence[Mapping[str, Any]]
    was_empty: bool


@contextmanager
def filling(connection: Connection, schema: Schema) -> Iterator[None]:
    """Set aside, let fill, put back."""
    parts = [_set_aside(connection, entity.name) for entity in schema.entities if entity.kind in FILLED]
    try:
        yield
    except ServerError:
        raise  # there is nobody to put them back for
    except BaseException:
        _put_back(connection, parts)
        raise
    refused = _put_back(connection, parts)
    if refused is not None:
        raise refused


def _set_aside(connection: Connection, collection: str) -> _Aside:
    empty = is_empty(connection, collection)
    found = indexes_aside(connection, collection, empty=empty)
    for spec in found:
        run(connection, {"dropIndexes": collection, "index": spec["name"]})
    return _Aside(collection, found, empty)


def indexes_aside(connection: Connection, collection: str, *, empty: bool = True) -> list[Mapping[str, Any]]:
    """The specifications of the indexes that can be set aside."""
    return [spec for spec in specifications(connection, collection) if _goes(spec, empty=empty)]


def _goes(spec: Mapping[str, Any], *, empty: bool) -> bool:
    if spec["name"] == ID_INDEX or KEPT & set(spec):
        return False
    return empty or not spec.get("unique")


def _put_back(connection: Connection, parts: Sequence[_Aside]) -> Unsatisfied | None:
    """Make the indexes again; what the first of the collections whose documents do not allow it says."""
    first: Unsatisfied | None = None
    for part in parts:
        refused = _built(connection, part)
        if refused is not None:
            run(connection, {"delete": part.collection, "deletes": [{"q": {}, "limit": 0}]})
            _built(connection, part)
            first = first or Unsatisfied(part.collection, refused)
    return first


def _built(connection: Connection, part: _Aside) -> Refusal | None:
    """All of them in one go over the documents."""
    if not part.specifications:
        return None
    try:
        run(connection, {"createIndexes": part.collection, "indexes": list(part.specifications)})
    except OperationFailure as error:
        return refusal(error, NOWHERE)
    return None
