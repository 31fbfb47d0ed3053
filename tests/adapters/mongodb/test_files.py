"""The size of a server's files is that of its collections and indexes, and is told while a lock is held."""

from harness.adapters.mongodb import files
from harness.adapters.mongodb.connection import Connection
from harness.adapters.mongodb.session import MongoDBSession


def _told(connection: Connection) -> int:
    """By the server, once all is on the disk."""
    connection.client.admin.command("fsync")
    found = connection.database.command("dbStats")
    return int(found["storageSize"] + found["indexSize"])


def test_what_an_index_takes_is_told(connection: Connection, session: MongoDBSession) -> None:
    documents = [{"n": n, "text": f"{n * 7919:x}" * 3} for n in range(5_000)]
    connection.database.notes.insert_many(documents)
    told, seen = _told(connection), session.look((), disk=True).disk_bytes
    connection.database.notes.create_index("text")
    grown = _told(connection) - told
    assert grown > 10_000
    after = session.look((), disk=True).disk_bytes
    assert seen is not None
    assert after is not None
    assert grown <= after - seen
    if not connection.members:  # which have an oplog, too; any server has collections of its own
        assert after - seen <= grown + 100_000
    assert session.look((), disk=False).disk_bytes is None


def test_files_of_other_servers_are_not_looked_for(connection: Connection) -> None:
    directory = files.directory(connection)
    assert directory is not None
    assert (directory / "WiredTiger").exists()
    assert files.size(directory) > 0
