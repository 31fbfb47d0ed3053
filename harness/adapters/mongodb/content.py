"""The documents of a database as objects that are compared like those of a schema: what a migration did to the data.

Each document of a collection is an object, so that a comparison names those that differ. A large collection is told in
bounded memory: the number of its documents, a hash over all of them, whatever their order, and some as examples,
chosen by a hash of their ids, so that before and after a migration they are the same ones.

Whoever tries migrations looks many times at the same documents: what was told of a collection is told again where the
server's own hash of it is the same.

What a run makes with its own clock is never the same twice: ids that the server or a driver gave, and moments since
the run began, are alike in every document.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import Connection, documents, run
from harness.adapters.mongodb.inspect import collections
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.sample import count
from harness.design.model import SchemaObject

SMALL = 5_000
"""Documents up to which each of them is told."""

EXAMPLES = 50
"""About how many documents of a larger collection are told; four times as many at most, when it grows."""

LONGEST = 2_000
"""Characters that are told of a document; of a longer one its hash is told as well."""

OF_THIS_RUN = "an ObjectId of this run"

FEW = 100
"""Documents up to which they are told anew each time: no hash is asked for."""

KNOWN = 64
"""Collections of which it is remembered what was told of them."""

_SHARES: dict[tuple[str, str], int] = {}
_TOLD: dict[tuple[str, str, int], tuple[SchemaObject, ...]] = {}

LATEST = timedelta(minutes=1)
"""How far the server's clock may be ahead of ours."""

BEGAN = datetime.now(UTC).replace(microsecond=0)
"""When this process began to know of MongoDB: before the first of its documents."""


def content(connection: Connection) -> tuple[SchemaObject, ...]:
    """All documents; those of views are those of their collections."""
    found = [each["name"] for each in collections(connection) if each["type"] != "view"]
    return tuple(thing for name in sorted(found) for thing in _collection(connection, name))


def _collection(connection: Connection, name: str) -> tuple[SchemaObject, ...]:
    number = count(connection, name)
    one_in = _one_in(connection, name, number) if number > SMALL else 1
    hashed = hashes(connection, [name]).get(name) if number > FEW else None
    known = (name, hashed or "", one_in)
    if hashed is not None and known in _TOLD:
        return _TOLD[known]
    told = tuple(_large(connection, name, one_in) if number > SMALL else _small(connection, name))
    if hashed is not None:
        while len(_TOLD) >= KNOWN:
            del _TOLD[next(iter(_TOLD))]
        _TOLD[known] = told
    return told


def _small(connection: Connection, name: str) -> Iterator[SchemaObject]:
    told = [(_told(each.get("_id")), _brief(_told(each))) for each in documents(connection, {"find": name})]
    seen: Counter[str] = Counter()
    for id_, text in sorted(told):
        seen[id_] += 1  # several may have an id that the server gave
        again = f" ({seen[id_]})" if seen[id_] > 1 else ""
        yield SchemaObject("document", f"{name} {id_}{again}", text)


def hashes(connection: Connection, names: Sequence[str]) -> Mapping[str, str]:
    """The server's own hash of the documents of each collection in their order by ``_id``.

    Those that it has no hash of (time series), or that the user may not ask for, are left out.
    """
    try:
        return dict(run(connection, {"dbHash": 1, "collections": list(names)})["collections"])
    except OperationFailure:
        return {}


def _large(connection: Connection, name: str, one_in: int) -> Iterator[SchemaObject]:
    """One in so many documents, and a sum of hashes of all, which does not depend on the order."""
    total, number = 0, 0
    for each in documents(connection, {"find": name}):
        text = _told(each)
        total += _hash(text)
        number += 1
        id_ = _told(each.get("_id"))
        if _hash(id_) % one_in == 0 and id_ != OF_THIS_RUN:
            yield SchemaObject("document", f"{name} {id_}", _brief(text))
    yield SchemaObject("documents", name, f"{number} documents, hash {total % (1 << 128):032x}")


def _one_in(connection: Connection, name: str, number: int) -> int:
    """The share of its documents that is told of a collection: the same each time, unless it has grown manifold."""
    known = _SHARES.get((connection.name, name), 0)
    if not known or number // known > 4 * EXAMPLES:
        known = max(1, number // EXAMPLES)
        _SHARES[connection.name, name] = known
    return known


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), sys.byteorder)


def _brief(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… (hash {_hash(text):032x})"


def _told(value: Any) -> str:
    return literal(settled(value))


def settled(value: Any) -> Any:
    """The value with a word in the place of what this run's clock has made."""
    if isinstance(value, Mapping):
        return {name: settled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [settled(each) for each in value]
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)  # the driver forgets the zone after a cursor's first batch
    return _since_the_run_began(value) or value


def _since_the_run_began(value: Any) -> str | None:
    """The word for an id or a moment of this run; None for any other value."""
    moment = value.generation_time if isinstance(value, ObjectId) else value
    if not isinstance(moment, datetime) or not BEGAN <= moment <= datetime.now(UTC) + LATEST:
        return None
    return OF_THIS_RUN if isinstance(value, ObjectId) else "a moment of this run"
