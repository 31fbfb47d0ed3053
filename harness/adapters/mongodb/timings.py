"""How long queries take. What one of them writes is put back as it was before."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo import DeleteOne, ReplaceOne
from pymongo.errors import BulkWriteError, OperationFailure

from harness.adapters.mongodb.commands import Command, is_reading, writes_out
from harness.adapters.mongodb.connection import RAW, Connection, answering, opened, raw, run
from harness.adapters.mongodb.explain import LONGEST_MS, queries
from harness.adapters.mongodb.reading import CURSORS, is_stream
from harness.adapters.mongodb.refusal import ON_VIEW
from harness.facts import Refusal

MOST_RESTORED = 20_000
"""Documents that are put back after a write. One that is about more is explained and not run, and then not timed."""


def timings(connection: Connection, texts: Sequence[str]) -> tuple[float, ...]:
    """Milliseconds from sending to the last document received; NaN for a text that the server refused."""
    return tuple(_timed(connection, text) for text in texts)


def _timed(connection: Connection, text: str) -> float:
    found = queries(text, connection.name)
    if isinstance(found, Refusal):
        return math.nan
    try:
        return sum(_command(connection, command) for command, _ in found)
    except OperationFailure:
        return math.nan


def _command(connection: Connection, command: Command) -> float:
    limited = {**command, "maxTimeMS": LONGEST_MS}
    if writes_out(command):  # the pipeline, without writing its result
        limited = {**limited, "pipeline": limited["pipeline"][:-1]}
    if is_reading(limited):
        return _clocked(connection, limited)[0]
    return _written(connection, limited)


def _clocked(connection: Connection, command: Command) -> tuple[float, Mapping[str, Any]]:
    """Milliseconds, and the reply of a command without a cursor."""
    reply: Mapping[str, Any] = {}
    started = time.perf_counter()
    if is_stream(command):
        opened(connection, command)
    elif next(iter(command)) in CURSORS:
        for _ in raw(connection, command):
            pass
    else:
        reply = run(connection, command)
    return (time.perf_counter() - started) * 1000, reply


def _written(connection: Connection, command: Command) -> float:
    """The time of a write, which is taken back; a refused one may have written some of it."""
    before = _touched(connection, command)
    if len(before) > MOST_RESTORED:
        return math.nan
    reply: Mapping[str, Any] = {}
    try:
        elapsed, reply = _clocked(connection, command)
    finally:
        _restore(connection, str(next(iter(command.values()))), before, _made(reply))
    return math.nan if reply.get("writeErrors") else elapsed


@contextmanager
def undone(connection: Connection, command: Command) -> Iterator[None]:
    """What the command does inside is taken back at the end, as far as it touches no more than ``MOST_RESTORED``."""
    collection = str(next(iter(command.values())))
    given = [each for each in command.get("documents", ()) if isinstance(each, Mapping)]
    ids = [each["_id"] for each in given if "_id" in each]
    before = [*_touched(connection, command), *_those(connection, collection, ids)]
    try:
        yield
    finally:
        _restore(connection, collection, before, ids)


def _those(connection: Connection, collection: str, ids: Sequence[Any]) -> list[RawBSONDocument]:
    return list(raw(connection, {"find": collection, "filter": {"_id": {"$in": list(ids)}}})) if ids else []


def _touched(connection: Connection, command: Command) -> list[RawBSONDocument]:
    """The documents that a write may change, as they are now, but no more than one over the most."""
    filters = [part["q"] for part in (*command.get("updates", ()), *command.get("deletes", ()))]
    filters += [command["query"]] if "query" in command else []
    if not filters:
        return []
    find = {"find": next(iter(command.values())), "filter": {"$or": filters}, "limit": MOST_RESTORED + 1}
    return list(raw(connection, find))


def _made(reply: Mapping[str, Any]) -> list[Any]:
    """The ids of documents that an update made because it found none."""
    upserted = [each["_id"] for each in reply.get("upserted", ())]
    modified = reply.get("lastErrorObject") or {}
    return [*upserted, *([modified["upserted"]] if "upserted" in modified else [])]


def _restore(connection: Connection, collection: str, before: Sequence[RawBSONDocument], made: Sequence[Any]) -> None:
    """The documents are again what they were, and those that were made are gone. To a view nothing was written."""
    changes: list[Any] = [DeleteOne({"_id": each}) for each in made]
    changes += [ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in before]
    if changes:
        there = connection.database.get_collection(collection, codec_options=RAW)
        try:
            with answering():
                there.bulk_write(changes, ordered=False, bypass_document_validation=True)
        except BulkWriteError as error:
            if any(each["code"] != ON_VIEW for each in error.details["writeErrors"]):
                raise
