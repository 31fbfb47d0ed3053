"""The documents of a database as objects that are compared like those of a schema: what a migration did to the data.

Each document of a small collection is an object, so that a comparison names those that differ; a larger collection is
one object, with the number of its documents and a hash over all of them, whatever their order.

What a run makes with its own clock is never the same twice: ids that the server or a driver gave, and moments since
the run began, are alike in every document.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId

from harness.adapters.mongodb.connection import Connection, documents
from harness.adapters.mongodb.inspect import collections
from harness.adapters.mongodb.literal import literal
from harness.design.model import SchemaObject

SMALL = 200
"""Documents up to which each of them is told."""

LATEST = timedelta(minutes=1)
"""How far the server's clock may be ahead of ours."""

BEGAN = datetime.now(UTC).replace(microsecond=0)
"""When this process began to know of MongoDB: before the first of its documents."""


def content(connection: Connection) -> tuple[SchemaObject, ...]:
    """All documents; those of views are those of their collections."""
    found = [each["name"] for each in collections(connection) if each["type"] != "view"]
    return tuple(thing for name in sorted(found) for thing in _collection(connection, name))


def _collection(connection: Connection, name: str) -> list[SchemaObject]:
    told = [(_told(each.get("_id")), _told(each)) for each in _some(connection, name)]
    if len(told) > SMALL:
        return [SchemaObject("documents", name, _digest(connection, name))]
    seen: Counter[str] = Counter()
    result = []
    for id_, text in sorted(told):
        seen[id_] += 1  # several may have an id that the server gave
        number = f" ({seen[id_]})" if seen[id_] > 1 else ""
        result.append(SchemaObject("document", f"{name} {id_}{number}", text))
    return result


def _some(connection: Connection, name: str) -> Iterator[Mapping[str, Any]]:
    return documents(connection, {"find": name, "limit": SMALL + 1})


def _digest(connection: Connection, name: str) -> str:
    """A sum of hashes does not depend on the order."""
    total, count = 0, 0
    for each in documents(connection, {"find": name}):
        total += int.from_bytes(hashlib.blake2b(_told(each).encode(), digest_size=16).digest(), sys.byteorder)
        count += 1
    return f"{count} documents, hash {total % (1 << 128):032x}"


def _told(value: Any) -> str:
    return literal(_settled(value))


def _settled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _settled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_settled(each) for each in value]
    return _since_the_run_began(value) or value


def _since_the_run_began(value: Any) -> str | None:
    """The word for an id or a moment of this run; None for any other value."""
    moment = value.generation_time if isinstance(value, ObjectId) else value
    if not isinstance(moment, datetime) or not BEGAN <= moment <= datetime.now(UTC) + LATEST:
        return None
    return "an ObjectId of this run" if isinstance(value, ObjectId) else "a moment of this run"
