"""Where a MongoDB server is: URLs read, first contact made. The driver is imported when it is needed."""

import os
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from harness.adapters.mongodb.settings import REPLICA_SET
from harness.errors import InputError, ServerError
from harness.servers.endpoint import host_and_port, port_number
from harness.servers.model import Address

if TYPE_CHECKING:
    from pymongo import MongoClient

ADMINISTRATOR = "harness"
ADMIN = "admin"
PORT = 27017

COMMAND = re.compile(r"(?<= to execute command )\{ (\w+): .*\}", re.DOTALL)
"""A command as the server repeats it, whole, when it is not allowed."""

INITIATED = 23
"""The code of a server whose files say already of which set it is a member."""

_CONNECT_TIMEOUT_S = 5


def administrator(host: str, port: int, password: str) -> Address:
    """The administrator's address on a server of our own."""
    return Address("mongodb", _place(host, port), port, ADMINISTRATOR, password, ADMIN, (("authSource", ADMIN),))


def parse(url: str) -> Address | None:
    """The address in a ``mongodb://`` URL, as the drivers read it; None for other schemes.

    Raises:
        InputError: the URL cannot be read, or names several servers.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InputError(f"--server: not a URL: {error}") from error
    if parts.scheme == "mongodb+srv":
        raise InputError("--server: mongodb+srv names several servers: give one, as mongodb://user:password@host:port")
    if parts.scheme != "mongodb":
        return None
    login, _, place = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    host, port = host_and_port(place)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    database = unquote(parts.path[1:])
    options.setdefault("authSource", database or ADMIN)
    number = port_number(port or str(PORT))
    return Address(
        engine="mongodb",
        host=_place(unquote(host) or "localhost", number),
        port=number,
        user=unquote(user),
        password=unquote(password),
        database=database or ADMIN,
        options=tuple(options.items()),
    )


def client(address: Address, *, timeout_ms: int = _CONNECT_TIMEOUT_S * 1000, **parameters: Any) -> "MongoClient[Any]":
    """The driver's client for an address where somebody listens.

    Raises:
        ServerError: the driver is not installed.
        InputError: an option of the URL is none.
        OSError: nobody listens there. The driver would ask twice a second for as long as it may.
    """
    try:
        from pymongo import MongoClient  # noqa: PLC0415  (optional driver)
        from pymongo.errors import ConfigurationError, InvalidURI  # noqa: PLC0415
    except ImportError as error:
        raise ServerError("the MongoDB driver is missing: pip install 'schema-harness[mongodb]'") from error
    try:
        made: MongoClient[Any] = MongoClient(
            _uri(address), connect=False, **{**_parameters(address, timeout_ms), **parameters}
        )
    except (ConfigurationError, InvalidURI, ValueError) as error:
        raise InputError(f"--server: {address}: {error}") from error
    try:
        _knock(address)
        if address.user and not address.password:  # the driver (4.20) fails in itself then
            raise InputError(f"--server: {address}: a user without a password: give one as user:password@host")
    except (OSError, InputError):
        made.close()
        raise
    return made


def _knock(address: Address) -> None:
    if not address.host.startswith("/"):
        socket.create_connection((address.host, address.port), _CONNECT_TIMEOUT_S).close()
        return
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(_CONNECT_TIMEOUT_S)
        door.connect(address.host)


def _uri(address: Address) -> str:
    if address.host.startswith("/"):
        return f"mongodb://{quote(address.host, safe='')}"
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"mongodb://{host}:{address.port}"


def socket_path(directory: str, port: int) -> str:
    """The socket that a server makes in a directory for its port."""
    return os.path.join(directory, f"mongodb-{port}.sock")  # noqa: PTH118  (text in, text out)


def _place(host: str, port: int) -> str:
    """A host as the clients take it: of a directory the socket in it."""
    return socket_path(host, port) if host.startswith("/") and not host.endswith(".sock") else host


def _parameters(address: Address, timeout_ms: int) -> Mapping[str, Any]:
    """The driver's parameters beside the place; what the URL says of them counts."""
    given = dict(address.options)
    source = given.pop("authSource", ADMIN)
    login = {"username": address.user, "password": address.password, "authSource": source} if address.user else {}
    ours: dict[str, Any] = {
        "appname": "harness",
        "serverSelectionTimeoutMS": timeout_ms,
        "connectTimeoutMS": timeout_ms,
        "retryReads": False,
        "retryWrites": False,
    }
    if "replicaSet" not in given:
        # A member of a replica set knows itself by another name than the one that is mapped to it.
        ours["directConnection"] = True
    return {**ours, **login, **given}


def probe(address: Address) -> str:
    """The version of the server that answers at an address, after a command with its user and password."""
    with _briefly(), client(address) as connection:
        build = connection.admin.command("buildInfo")
        connection.admin.command("listDatabases", nameOnly=True)  # buildInfo asks for no password
    return str(build["version"]).partition("-")[0]


def probe_of_member(address: Address) -> str:
    """The same, of a server that was started for it and has its administrator: made a replica set of one, if need be.

    Its one member is known by a name within its container, which is never asked for: see ``directConnection``.
    """
    with client(address) as connection:
        if "setName" not in connection.admin.command("hello"):
            _become_a_set(connection, address.host if address.host.startswith("/") else f"127.0.0.1:{PORT}")
        if not connection.admin.command("hello").get("isWritablePrimary"):
            raise ConnectionError("the replica set has no primary yet")
    return probe(address)


def _become_a_set(connection: "MongoClient[Any]", name: str) -> None:
    """Of one member of that name. A server on a copy of another's files is told its own name in the place of that."""
    try:
        member = {"_id": 0, "host": name}
        connection.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
    except Exception as error:
        if getattr(error, "code", None) != INITIATED:
            raise
        found = connection.admin.command("replSetGetConfig")["config"]
        (known,) = found["members"]
        if known["host"] != name:  # else it is about to find itself
            renamed = {**found, "version": found["version"] + 1, "members": [{**known, "host": name}]}
            connection.admin.command("replSetReconfig", renamed, force=True)


def drop(server: Address, name: str) -> None:
    """Drop a database, if it is there."""
    with _briefly(), client(server) as connection:
        connection.drop_database(name)


@contextmanager
def _briefly() -> Iterator[None]:
    """A refusal as the server words it; the driver puts the whole answer behind that."""
    try:
        yield
    except Exception as error:
        message = message_of(error)
        if message is None:
            raise
        raise ConnectionError(message) from error


def message_of(error: Exception) -> str | None:
    """The server's message in an error of the driver, with no more than the name of a command; None if it has none."""
    details = getattr(error, "details", None)
    said = details.get("errmsg") if isinstance(details, Mapping) else None
    return COMMAND.sub(r"\1", said).strip() if isinstance(said, str) else None


def admit(address: Address) -> None:
    """Make the administrator on a server that has no user yet, which lets nobody else do that over its socket."""
    with client(_nobody(address)) as connection:
        _create(connection, address)


def initiate(address: Address) -> None:
    """Make a server that was started for it a replica set of one, with its administrator."""
    with client(_nobody(address)) as connection:
        if "setName" not in connection.admin.command("hello"):
            member = {"_id": 0, "host": address.host}
            connection.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
        if not connection.admin.command("hello").get("isWritablePrimary"):
            raise ConnectionError("the replica set has no primary yet")
        _create(connection, address)


def _nobody(address: Address) -> Address:
    return Address(address.engine, address.host, address.port, "", "", ADMIN)


def _create(connection: "MongoClient[Any]", address: Address) -> None:
    written = {"w": 1, "j": True}  # a server that is killed at once, and started again, must know its administrator
    connection.admin.command(
        "createUser",
        address.user,
        pwd=address.password,
        roles=["root"],
        mechanisms=["SCRAM-SHA-256"],
        writeConcern=written,
    )
