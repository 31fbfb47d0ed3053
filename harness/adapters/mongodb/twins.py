"""Large databases copied with their whole server: a second one is started on a copy of the files.

A server copies documents one by one and builds each index anew; the files are copied in a fraction of that time. The
copy of a member of a replica set says that its name is the other one's, and is told its own (``probe_of_member``).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from harness.adapters.mongodb.connection import answering, connected, run
from harness.servers.model import Address

LEAST_DOCUMENTS = 100_000
"""Fewer are copied in no more time than a server takes to start."""

MOST_BESIDE = 4
"""How many times its own size the other databases of the server may have, which are copied with it."""


def worth(template: Address) -> bool:
    """Whether a copy of that database is made sooner with its server."""
    with connected(template) as connection:
        found = run(connection, {"dbStats": 1})
        if found["objects"] < LEAST_DOCUMENTS:
            return False
        with answering():
            everything = connection.client.admin.command("listDatabases")["totalSize"]
        return bool(everything <= (MOST_BESIDE + 1) * max(found["totalSize"], 1))


@contextmanager
def still(template: Address) -> Iterator[None]:
    """While inside, nobody writes, and the files hold all that was written.

    https://www.mongodb.com/docs/manual/reference/command/fsync/: files that are copied meanwhile are a backup.
    """
    with connected(template) as connection, answering():
        connection.client.admin.command("fsync", lock=True)
        try:
            yield
        finally:
            connection.client.admin.command("fsyncUnlock")
