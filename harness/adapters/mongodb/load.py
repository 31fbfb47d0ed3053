"""Documents by bulk: made from columns, encoded ahead, sent unordered while the next ones are being made."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import bson
from bson.codec_options import DatetimeConversion
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import AWARE, Connection, documents, run
from harness.adapters.mongodb.encoded import encoded
from harness.adapters.mongodb.refusal import NOWHERE, refusal, unwritten
from harness.adapters.mongodb.values import column
from harness.design.model import Entity
from harness.engine import Unsatisfied
from harness.facts import Batch, Refusal

AT_ONCE = 10_000
"""Documents of one command, unless they are large."""

EVERY_MOMENT = AWARE.with_options(datetime_conversion=DatetimeConversion.DATETIME_AUTO)
"""Also those that no calendar of Python has."""

BYTES = 8 << 20
"""A command's document may have 16 MB."""


class _Ready(RawBSONDocument):
    """Bytes that are sent as they are. Unlike its parent it does not look into them: that takes longer than sending."""

    __slots__ = ("raw",)
    raw: bytes

    def __init__(self, raw: bytes) -> None:
        self.raw = raw


class _Unwritten(Exception):  # noqa: N818  (it says what is so)
    def __init__(self, refused: Refusal) -> None:
        super().__init__(refused.message)
        self.refused = refused


def load(connection: Connection, entity: Entity, batches: Iterable[Batch]) -> int:
    """Documents written; all of them or, with ``Unsatisfied``, none."""
    written: list[Any] | None = None if is_empty(connection, entity.name) else []
    try:
        return _written(connection, entity, batches, written)
    except _Unwritten as error:
        _remove(connection, entity.name, written)
        raise Unsatisfied(entity.name, error.refused) from error


def inserted(connection: Connection, entity: Entity, batches: Iterable[Batch]) -> int:
    """Documents written; after ``Unsatisfied`` some may be there."""
    try:
        return _written(connection, entity, batches, None)
    except _Unwritten as error:
        raise Unsatisfied(entity.name, error.refused) from error


def identified(entity: Entity, batch: Batch) -> list[Any]:
    """The ids of a batch that has some, as they are stored."""
    field = entity.field("_id")
    return column(batch.columns[batch.fields.index("_id")], None if field is None else field.shape)


def _written(connection: Connection, entity: Entity, batches: Iterable[Batch], written: list[Any] | None) -> int:
    """Write them; ``written`` is given the ids, when it is a list. One command is on its way while one is made."""
    count, waiting = 0, None
    with ThreadPoolExecutor(1) as sender:
        for part in _parts(each for batch in batches for each in _encoded(entity, batch)):
            if written is not None:
                written += [_id(each) for each in part]
            _finish(waiting)
            waiting = sender.submit(_insert, connection, entity.name, part)
            count += len(part)
        _finish(waiting)
    return count


def _finish(waiting: "Future[None] | None") -> None:
    if waiting is not None:
        waiting.result()


def _id(document: _Ready) -> Any:
    return RawBSONDocument(document.raw)["_id"]


def _parts(found: Iterator[bytes]) -> Iterator[list[_Ready]]:
    """Documents, as many as one command takes."""
    part: list[_Ready] = []
    size = 0
    for each in found:
        if part and (len(part) == AT_ONCE or size + len(each) > BYTES):
            yield part
            part, size = [], 0
        part.append(_Ready(each))
        size += len(each)
    if part:
        yield part


def _encoded(entity: Entity, batch: Batch) -> Iterator[bytes]:
    try:
        yield from encoded(entity, batch)
    except (BSONError, OverflowError) as error:
        raise _Unwritten(Refusal(f"no BSON can be made of it: {error}", "", NOWHERE)) from error


def _insert(connection: Connection, collection: str, part: Sequence[RawBSONDocument]) -> None:
    command = {"insert": collection, "documents": part, "ordered": False}
    try:
        refused = unwritten(run(connection, command), NOWHERE)
    except OperationFailure as error:
        raise _Unwritten(refusal(error, NOWHERE)) from error
    if refused is not None:
        raise _Unwritten(refused)


def made(entity: Entity, batch: Batch) -> list[dict[str, Any]]:
    """The documents of a batch as the driver gives them."""
    return [bson.decode(each, EVERY_MOMENT) for each in encoded(entity, batch)]


def is_empty(connection: Connection, collection: str) -> bool:
    """Whether a collection has no documents."""
    return not list(documents(connection, {"find": collection, "limit": 1, "projection": {"_id": 1}}))


def _remove(connection: Connection, collection: str, written: Sequence[Any] | None) -> None:
    """Take back what was written before the refusal: everything, where nothing was there before."""
    if written is None:
        run(connection, {"delete": collection, "deletes": [{"q": {}, "limit": 0}]})
        return
    for start in range(0, len(written), AT_ONCE):
        ids = list(written[start : start + AT_ONCE])
        run(connection, {"delete": collection, "deletes": [{"q": {"_id": {"$in": ids}}, "limit": 0}]})


def attempt(connection: Connection, entity: Entity, rows: Batch) -> Refusal | None:
    """What the server says of documents that are taken back in any case."""
    try:
        part = [_Ready(each) for each in _encoded(entity, rows)]
    except _Unwritten as error:
        return error.refused
    ids = [_id(each) for each in part]
    there = _there(connection, entity.name, ids)
    try:
        _insert(connection, entity.name, part)
    except _Unwritten as error:
        return error.refused
    finally:
        _remove(connection, entity.name, [each for each in ids if each not in there])
    return None


def _there(connection: Connection, collection: str, ids: Sequence[Any]) -> list[Any]:
    """Those of the ids that are taken already: their documents are not ours to remove."""
    find = {"find": collection, "filter": {"_id": {"$in": list(ids)}}, "projection": {"_id": 1}}
    return [each["_id"] for each in documents(connection, find)]
