"""The size of a server's files, read from its directory: every command that tells sizes waits for locks itself.

``dbStats`` and ``collStats`` take a lock on each collection, and so tell of a statement that holds one only when it is
over (6.0). Files are seen of a server of our own on this machine alone: its databases share a directory, in which
nobody else writes.
"""

import os
from pathlib import Path

from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import Connection, answering

STORED = ("collection-", "index-")
"""How the names of WiredTiger's files begin that hold documents and indexes."""


def directory(connection: Connection) -> Path | None:
    """Where the server keeps its files, if that is beside its socket, as with the servers that are started here."""
    address = connection.client.address
    if address is None or not address[0].startswith("/"):
        return None
    try:
        with answering():
            options = connection.client.admin.command("getCmdLineOpts")["parsed"]
    except OperationFailure:
        return None  # the user may not ask
    path = Path(options.get("storage", {}).get("dbPath", "/"))
    return path if path.parent == Path(address[0]).parent else None


def size(path: Path) -> int:
    """Bytes of the files of all collections and indexes; files come and go meanwhile."""
    total = 0
    with os.scandir(path) as found:
        for file in found:
            if file.name.startswith(STORED):
                try:
                    total += file.stat().st_size
                except FileNotFoundError:
                    continue
    return total
