"""What is left in a database of a migration that was cut off, and whether its documents have changed."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pymongo.errors import PyMongoError

from harness.abilities import Remain
from harness.adapters.mongodb.connection import Connection, answering, raw, run
from harness.adapters.mongodb.content import hashes

OURS = "harness looks on"
"""The comment by which the look itself is known among what runs."""


def remains(connection: Connection) -> tuple[Remain, ...]:
    """See ``Remaining.remains``: what runs in the database, index builds among it, and who waits for a lock."""
    with answering():
        found = connection.client.admin.command({"currentOp": True, "active": True, "comment": OURS})["inprog"]
    return tuple(
        Remain("waiting session" if each.get("waitingForLock") else "session", each.get("desc") or each.get("op", ""))
        for each in found
        if str(each.get("ns", "")).startswith(f"{connection.name}.")
    )


@contextmanager
def holding(connection: Connection, entity: str, *, writing: bool) -> Iterator[None]:
    """See ``Holding.holding``: a transaction keeps an intent lock on each collection that it has touched to its end."""
    with connection.client.start_session() as session:
        session.start_transaction()
        if writing:
            run(connection, {"update": entity, "updates": [{"q": {}, "u": [{"$set": {}}]}]}, session)
        else:
            run(connection, {"find": entity, "limit": 1}, session)
        try:
            yield
        finally:
            with suppress(PyMongoError):  # the server may have been killed meanwhile
                session.abort_transaction()


def digest(connection: Connection, entity: str) -> str:
    """See ``Digesting.digest``: the server's own hash, else one of the documents as they come."""
    return hashes(connection, [entity]).get(entity) or _read(connection, entity)


def _read(connection: Connection, entity: str) -> str:
    """The sum of hashes of all documents, which does not depend on their order."""
    total = 0
    for each in raw(connection, {"find": entity}):
        total += int.from_bytes(hashlib.blake2b(each.raw, digest_size=16).digest(), sys.byteorder)
    return f"{total % (1 << 128):032x}"
