"""A backup by a copy of the server's files while it is locked, and from it a database again, on a server of its own.

https://www.mongodb.com/docs/manual/core/backups/: files that cannot be had as a snapshot are copied after
``fsync`` with ``lock``. mongodump is the other way; no package of a registry carries it, so it was never tried here.
"""

from contextlib import AbstractContextManager
from pathlib import Path

from harness.adapters.mongodb import programs, twins
from harness.adapters.mongodb.recipe import OLDEST
from harness.errors import ServerError
from harness.servers.model import Address, Binaries, Missing, Server

OUT_OF_REACH = (
    "MongoDB is backed up by a copy of its files, which are in reach on a server of our own on this machine alone: "
    "take --server local; of this server take a backup with mongodump by hand, and restore it elsewhere"
)


def copying() -> Binaries | Missing:
    """See ``Backing.programs``."""
    found = programs.find(None, OLDEST)
    if isinstance(found, Missing):
        return found
    return Binaries(found.home, found.version, "a copy of the files under fsync with lock")


def backup(server: Server, database: Address, path: Path) -> str | None:
    """See ``Backing.backup``: the whole server's."""
    if server.twins is None:
        return OUT_OF_REACH
    server.twins.copied(database, twins.still(database), path)
    return None


def restored(server: Server, database: Address, path: Path) -> AbstractContextManager[Address]:
    """See ``Backing.restored``: the same database on another server."""
    if server.twins is None:
        raise ServerError(OUT_OF_REACH)
    return server.twins.restored(database, path)
