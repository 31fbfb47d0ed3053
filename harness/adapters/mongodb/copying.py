"""A database copied into another one of the same server: collections with options, documents, indexes; then views."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import Connection, documents, flush, raw, run
from harness.adapters.mongodb.indexes import ID_INDEX, specifications
from harness.adapters.mongodb.inspect import collections
from harness.errors import ServerError

AT_ONCE = 1000

DENIED = 13


def copy(source: Connection, target: Connection) -> None:
    """Make everything of ``source`` in the empty ``target``."""
    found = sorted(collections(source), key=lambda each: each["type"] == "view")
    try:
        for each in found:
            _collection(source, target, each)
        flush(target)
    except OperationFailure as error:
        raise ServerError(f"{target.name}: cannot copy {source.name}: {error.details or error}") from error


def _collection(source: Connection, target: Connection, found: Mapping[str, Any]) -> None:
    name, options = found["name"], dict(found.get("options", {}))
    run(target, {"create": name, **options})
    if found["type"] == "view":
        return
    if found["type"] == "timeseries" or options.get("capped"):
        _by_client(source, target, name)
    else:
        _by_server(source, target, name, options)
    _indexes(target, name, [spec for spec in specifications(source, name) if spec["name"] != ID_INDEX])


def _by_server(source: Connection, target: Connection, name: str, options: Mapping[str, Any]) -> None:
    """``$out`` replaces the collection, and keeps its options."""
    out = {"$out": {"db": target.name, "coll": name}}
    if list(documents(source, {"find": name, "limit": 1})):
        invalid = {"bypassDocumentValidation": True} if "validator" in options else {}
        list(documents(source, {"aggregate": name, "pipeline": [out], "cursor": {}, **invalid}))


def _by_client(source: Connection, target: Connection, name: str) -> None:
    """Collections that ``$out`` does not write into, in their own order."""
    for part in _parts(raw(source, {"find": name, "sort": {"$natural": 1}})):
        run(target, {"insert": name, "documents": part, "bypassDocumentValidation": True})


def _parts(found: Iterator[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for each in found:
        part.append(each)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _indexes(target: Connection, name: str, wanted: Sequence[Mapping[str, Any]]) -> None:
    made = {spec["name"] for spec in specifications(target, name)}  # of a time series the server makes one itself
    missing = [dict(spec) for spec in wanted if spec["name"] not in made and not spec.get("clustered")]
    if missing:
        run(target, {"createIndexes": name, "indexes": missing})
