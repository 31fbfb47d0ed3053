"""A connection that behaves the same on every server, and its failures in the harness's words."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import pymysql
from pymysql.constants import CR, ER
from pymysql.cursors import DictCursor

from harness.adapters.mysql.address import CHARSET, connect, maker
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.names import literal
from harness.errors import ServerError, ServerGone
from harness.servers.model import Address

WAIT_S = 10

COM_RESET_CONNECTION = 0x1F
"""A command that the driver has no call for."""

Connection: TypeAlias = "pymysql.connections.Connection[DictCursor]"
Row = Mapping[str, Any]

SETTINGS = (
    ("time_zone", "'+00:00'"),
    ("autocommit", "1"),
    ("foreign_key_checks", "1"),
    ("unique_checks", "1"),
    ("sql_auto_is_null", "0"),
    ("sql_safe_updates", "0"),
    ("sql_quote_show_create", "1"),
    ("default_storage_engine", "'InnoDB'"),
    ("group_concat_max_len", "1048576"),
    ("sql_select_limit", "18446744073709551615"),
    ("sql_big_selects", "1"),
    ("lock_wait_timeout", "86400"),
    ("innodb_lock_wait_timeout", "50"),
    ("wait_timeout", "28800"),
    ("net_read_timeout", "600"),
    ("net_write_timeout", "600"),
)
"""What a server may have set otherwise, of what any user may set back."""

GONE = frozenset(
    {CR.CR_SERVER_GONE_ERROR, CR.CR_SERVER_LOST, CR.CR_CONNECTION_ERROR, CR.CR_CONN_HOST_ERROR,
     ER.SERVER_SHUTDOWN, ER.NEW_ABORTING_CONNECTION, 1927, 3169, 4031}
)  # fmt: skip
"""Error numbers of a server that is gone or has cut the connection. 1927 is MariaDB's, 3169 and 4031 are MySQL's."""

EXHAUSTED = {
    ER.DISK_FULL: "its disk is full",
    ER.RECORD_FILE_FULL: "it has no room left",
    ER.ERROR_ON_WRITE: "it cannot write its files",
    ER.OUTOFMEMORY: "it has no memory left",
    ER.OUT_OF_RESOURCES: "it has no memory left",
}
"""Error numbers that say nothing about the statement."""

NO_SPACE = "Got error 28"
"""How a storage engine's ENOSPC begins (1030)."""

UNKNOWN_DATABASE = ER.BAD_DB_ERROR
DENIED = frozenset({ER.ACCESS_DENIED_ERROR, ER.DBACCESS_DENIED_ERROR, 1698})

CROWDED = frozenset({ER.CON_COUNT_ERROR, ER.TOO_MANY_USER_CONNECTIONS, 1226})
"""Too many connections: of all, of the user, of the user by the account's own limit."""

INTERRUPTED = 1317
"""KILL QUERY has ended it."""


@contextmanager
def connected(database: Address, flavour: Flavour) -> Iterator[Connection]:
    """An open connection in autocommit; ServerError says why there is none."""
    connection = _bare(database)
    try:
        said, version = server_version(connection)
        if said != flavour.title:
            raise ServerError(f"{database}: this is {said} {version}, not {flavour.title}: they are two engines")
        if numbers(version) < flavour.oldest:
            oldest = ".".join(map(str, flavour.oldest))
            raise ServerError(f"{database}: {said} {version} is older than {oldest}, the oldest that is supported")
        _settle(connection, flavour)
        yield connection
    finally:
        if connection.open:
            connection.close()


def opened(
    database: Address, flavour: Flavour, *, local_infile: bool = False, limit_s: float | None = None
) -> Connection:
    """Another connection, to be closed by the caller; one with ``local_infile`` sends files that the server wants.

    With ``limit_s`` the server itself ends a statement that takes as long, where it can.
    """
    connection = _bare(database, local_infile=local_infile)
    _settle(connection, flavour, limit_s=limit_s)
    return connection


def _bare(database: Address, *, local_infile: bool = False) -> Connection:
    parameters = {"connect_timeout": WAIT_S, "cursorclass": DictCursor, "autocommit": None}
    try:
        return connect(database, local_infile=local_infile, **parameters)
    except (pymysql.err.MySQLError, OSError) as error:
        raise ServerError(f"{database}: {_reason(error)}") from error


def reset(connection: Connection, flavour: Flavour, *, limit_s: float | None = None) -> None:
    """Bring an open connection into the state of a new one; its default database and roles stay as they are."""
    connection._execute_command(COM_RESET_CONNECTION, b"")  # type: ignore[attr-defined]  # noqa: SLF001
    connection._read_ok_packet()  # type: ignore[attr-defined]  # noqa: SLF001
    _settle(connection, flavour, f"NAMES {CHARSET}", limit_s=limit_s)


def _settle(connection: Connection, flavour: Flavour, *more: str, limit_s: float | None = None) -> None:
    settings = {"sql_mode": literal(flavour.sql_mode), **dict(SETTINGS), **dict(flavour.settings)}
    if limit_s is not None and flavour.limit:
        settings[flavour.limit] = f"{limit_s:.3f}"
    run(connection, "SET " + ", ".join((*more, *(f"SESSION {name} = {value}" for name, value in settings.items()))))


def server_version(connection: Connection) -> tuple[str, str]:
    """Who made the server, and its version. A proxy's handshake may say something else, so it is asked."""
    return maker(str(rows(connection, "SELECT VERSION() AS version")[0]["version"]))


def numbers(version: str) -> tuple[int, ...]:
    """A version to be compared."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def code(error: BaseException) -> int:
    """The server's error number; 0 when the driver has one of its own making."""
    number = error.args[0] if error.args else 0
    return number if isinstance(number, int) else 0


def said(error: BaseException) -> str:
    """The server's message."""
    text = str(error.args[-1]) if error.args else ""
    return text.strip() or type(error).__name__


def _reason(error: BaseException) -> str:
    """Why a connection was refused, and what to do."""
    number, text = code(error), said(error)
    if number in DENIED:
        return f"{text}: check the user and password in the address"
    if number == UNKNOWN_DATABASE:
        return f"{text}: check the names in the address"
    if number in CROWDED:
        return f"{text}: ten connections for the user are enough for a run"
    return f"cannot connect: {text}: is the server running and the address right?"


@contextmanager
def answering(connection: Connection) -> Iterator[None]:
    """Turns the failures that are the server's and not the statement's into ServerGone and ServerError."""
    try:
        yield
    except pymysql.err.MySQLError as error:
        _raise_failure(connection, error)
        raise


def _raise_failure(connection: Connection, error: pymysql.err.MySQLError) -> None:
    number = code(error)
    if number in GONE or not connection.open:
        raise ServerGone(f"the server went away in the middle of the work: {said(error)}") from error
    if number in EXHAUSTED or said(error).startswith(NO_SPACE):
        why = EXHAUSTED.get(number, "its disk is full")
        raise ServerError(f"the server cannot go on, {why}: {said(error)}: make room there") from error


def run(connection: Connection, text: str) -> int:
    """Send a text as it stands and take all that comes back; how many rows it affected."""
    with answering(connection), connection.cursor() as cursor:
        # Encoded here, as ``inspect.shown`` decoded it: PyMySQL 2 refuses what is no UTF-8.
        affected: int = cursor.execute(text.encode("utf-8", "surrogateescape"))  # type: ignore[call-overload]
        while cursor.nextset():
            affected += max(cursor.rowcount, 0)
        return affected


def rows(connection: Connection, text: str, parameters: Sequence[object] | None = None) -> list[dict[str, Any]]:
    """The rows of a query; ``%s`` are parameters when some are given."""
    with answering(connection), connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return list(cursor.fetchall())
