"""A connection to one database that behaves the same on every server, and its failures in the harness's words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient, timeout
from pymongo.client_session import ClientSession as Session
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from harness.adapters.mongodb.address import client, message_of
from harness.adapters.mongodb.marker import MARKER
from harness.adapters.mongodb.recipe import OLDEST
from harness.errors import ServerError, ServerGone
from harness.servers.model import Address
from harness.servers.ready import is_older

Document: TypeAlias = dict[str, Any]

WAIT_MS = 10_000
CLOSING_S = 0.5
GONE_S = 1e-9
"""Over before it begins: the driver (4.20) looks again after half a second, however little it may wait."""

AWARE: CodecOptions[Document] = CodecOptions(tz_aware=True)
RAW: CodecOptions[RawBSONDocument] = CodecOptions(RawBSONDocument)

GOING = frozenset({89, 91, 189, 11600, 11602, 10107, 13435, 13436})
"""Codes of a server that is shut down, steps down, or has lost its network."""

DENIED = frozenset({13, 18})
EXHAUSTED = {14031: "its disk is full", 146: "it has no memory left", 39: "it cannot write its files"}
"""Codes that say nothing about the command."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection. ``members``: it is a replica set, which has transactions."""

    client: MongoClient[Document]
    database: Database[Document]
    version: str
    members: bool

    @property
    def name(self) -> str:
        """The database's name."""
        return self.database.name


@contextmanager
def connected(address: Address) -> Iterator[Connection]:
    """An open connection to a database that is there; ServerError says why there is none."""
    try:
        opening = client(address, timeout_ms=WAIT_MS)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ServerError(
            f"{address}: cannot connect: {reason}: is the server running and the address right?"
        ) from error
    try:
        yield _greeted(opening, address)
    finally:
        # It says goodbye, and would look for a server that has gone until its patience ends.
        with timeout(CLOSING_S if _known(opening) else GONE_S):
            opening.close()


def _known(opened: MongoClient[Document]) -> bool:
    """Whether the server answered when the driver last asked."""
    return any(each.is_server_type_known for each in opened.topology_description.server_descriptions().values())


def _greeted(opened: MongoClient[Document], address: Address) -> Connection:
    try:
        hello = opened.admin.command("hello")
        version = str(opened.admin.command("buildInfo")["version"]).partition("-")[0]
        there = _is_there(opened, address.database)
    except PyMongoError as error:
        raise ServerError(f"{address}: {_reason(error)}") from error
    if hello.get("msg") == "isdbgrid":
        raise ServerError(f"{address}: this is mongos, the router of a sharded cluster: give the address of a mongod")
    if is_older(version, OLDEST):
        raise ServerError(f"{address}: MongoDB {version} is older than {OLDEST}, the oldest that is supported")
    if not there:
        raise ServerError(f"{address}: there is no database of that name: check the names in the address")
    return Connection(opened, opened[address.database], version, "setName" in hello)


def _is_there(opened: MongoClient[Document], name: str) -> bool:
    """Whether a database exists. To MongoDB one without collections is none; ours have one from the start."""
    if name == "admin":
        return bool(opened.admin.command("listDatabases", nameOnly=True)["ok"])  # asks for the password
    return bool(opened[name].list_collection_names(filter={"name": MARKER}) or opened[name].list_collection_names())


def _reason(error: PyMongoError) -> str:
    """Why a connection was refused, and what to do."""
    text = said(error)
    if isinstance(error, OperationFailure) and error.code in DENIED:
        return f"{text}: check the user and password in the address"
    return f"cannot connect: {text}: is the server running and the address right?"


def said(error: PyMongoError) -> str:
    """The server's message, without what the driver puts around it."""
    message = message_of(error)
    if message is not None:
        return message
    lines = str(error).strip().splitlines()
    return lines[0].partition(", Timeout:")[0].partition(" (configured timeouts")[0] if lines else type(error).__name__


@contextmanager
def answering() -> Iterator[None]:
    """Turns the failures that are the server's and not the command's into ServerGone and ServerError."""
    try:
        yield
    except (AutoReconnect, NetworkTimeout, ServerSelectionTimeoutError) as error:
        raise ServerGone(f"the MongoDB server went away in the middle of the work: {said(error)}") from error
    except ConfigurationError as error:
        raise ServerError(f"the MongoDB driver and the server do not agree: {said(error)}") from error
    except OperationFailure as error:
        _raise_failure(error)
        raise


def _raise_failure(error: OperationFailure) -> None:
    if error.code in GOING:
        raise ServerGone(f"the MongoDB server went away in the middle of the work: {said(error)}") from error
    if error.code in EXHAUSTED:
        raise ServerError(
            f"the MongoDB server cannot go on, {EXHAUSTED[error.code]}: {said(error)}: make room there"
        ) from error


def run(connection: Connection, command: Mapping[str, Any], session: Session | None = None) -> Document:
    """Run a command, given as its document: its name is the first key."""
    with answering():
        return connection.database.command(dict(command), codec_options=AWARE, session=session)


def flush(connection: Connection) -> None:
    """Wait for the journal: a server that is killed right after it has kept all that was done before."""
    touch = {"q": {"_id": "flushed"}, "u": {"_id": "flushed"}, "upsert": True}
    run(connection, {"update": MARKER, "updates": [touch], "writeConcern": {"w": 1, "j": True}})


def documents(connection: Connection, command: Mapping[str, Any], session: Session | None = None) -> Iterator[Document]:
    """All documents of a command that gives a cursor."""
    with answering():
        yield from connection.database.cursor_command(dict(command), codec_options=AWARE, session=session)


def opened(connection: Connection, command: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The first documents of a change stream, which has no last one; then it is closed."""
    cursor = run(connection, command)["cursor"]
    if cursor["id"]:
        run(connection, {"killCursors": str(cursor["ns"]).partition(".")[2], "cursors": [cursor["id"]]})
    return list(cursor["firstBatch"])


def raw(connection: Connection, command: Mapping[str, Any]) -> Iterator[RawBSONDocument]:
    """All documents of a command that gives a cursor, as the bytes they are."""
    with answering():
        found = connection.database.cursor_command(dict(command), codec_options=RAW)
        yield from cast("Iterator[RawBSONDocument]", found)  # the driver's type of it is the database's
