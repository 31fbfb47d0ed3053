"""What is left in a database of a migration that was cut off, and whether its documents have changed."""

from harness.abilities import Remain
from harness.adapters.mongodb.connection import Connection, answering, run

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


def digest(connection: Connection, entity: str) -> str:
    """See ``Digesting.digest``: the server's own checksum of all documents in their order by ``_id``."""
    answer = run(connection, {"dbHash": 1, "collections": [entity]})
    return str(answer["collections"].get(entity, "none"))
