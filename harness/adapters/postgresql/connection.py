"""A connection that behaves the same on every server, and its failures in the harness's words."""

import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from harness.design.model import Statement
from harness.errors import ServerError, ServerGone
from harness.servers.model import Address

OLDEST = 14
WAIT_S = 10

# The driver logs what it could not clean up on a lost connection; the exception that follows says it better.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

Connection = psycopg.Connection[dict[str, Any]]

SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    "client_min_messages": "warning",
    "search_path": '"$user", public',
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "synchronize_seqscans": "off",
}
"""What a role or a database may have set otherwise. Given at the start, so that RESET leads back to them."""

REPLICA = "SELECT 1 WHERE pg_catalog.current_setting('session_replication_role') = 'replica'"

AS_ORIGIN = {"session_replication_role": "origin"}
"""Not among the settings that are always given: only some users may set it, to whatever value."""

EXHAUSTED = {
    "53100": "its disk is full",
    "53200": "its memory is exhausted",
    "58030": "it cannot read or write its files",
}
"""SQLSTATEs that say nothing about the statement."""

CHECKPOINT = "checkpoint request failed"
"""Said under XX000, which has no meaning of its own, when changes cannot be written (RequestCheckpoint in 14 to 18)."""

GOING = frozenset({"57P01", "57P02", "57P03"})
"""SQLSTATEs of a server that is being shut down or that crashed."""


@contextmanager
def connected(database: Address) -> Iterator[Connection]:
    """An open connection in autocommit; ServerError says why there is none."""
    connection = _enforcing(database, _opened(database))
    try:
        version = connection.info.server_version
        if version < OLDEST * 10_000:
            raise ServerError(
                f"{database}: PostgreSQL {version // 10_000} is older than {OLDEST}, the oldest that is supported"
            )
        yield connection
    finally:
        connection.close()


def _enforcing(database: Address, connection: Connection) -> Connection:
    """The connection, or one in its stead: in a replica's role neither foreign keys nor triggers do anything."""
    try:
        if not rows(connection, REPLICA):
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    try:
        return _opened(database, **AS_ORIGIN)
    except ServerError as error:
        raise ServerError(
            f"{database}: session_replication_role is replica on this server, or for this user, so that foreign keys "
            "and triggers do nothing, and the user may not change it: take that setting back (ALTER SYSTEM, ALTER "
            "DATABASE or ALTER ROLE … RESET session_replication_role), or use a user who may"
        ) from error


def _opened(database: Address, **more: str) -> Connection:
    try:
        return psycopg.connect(
            **_parameters(database, more),
            host=database.host,
            port=database.port,
            user=database.user,
            password=database.password,
            dbname=database.database,
            autocommit=True,
            prepare_threshold=None,
            row_factory=dict_row,
        )
    except psycopg.Error as error:
        raise ServerError(f"{database}: {_reason(error)}") from error
    except (KeyboardInterrupt, SystemExit) as ended:
        # Their variables hold the half-made connection, and while it is open its database cannot be dropped.
        traceback.clear_frames(ended.__traceback__)
        raise


def _parameters(database: Address, more: Mapping[str, str]) -> dict[str, Any]:
    """The library's parameters beside the address; what the URL says of them counts."""
    given = dict(database.options)
    settings = " ".join(f"-c {name}={_escaped(value)}" for name, value in {**SETTINGS, **more}.items())
    options = f"{settings} {given.pop('options', '')}".strip()
    ours = {"application_name": "harness", "client_encoding": "UTF8", "connect_timeout": WAIT_S}
    return {**ours, **given, "options": options}


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


def _reason(error: psycopg.Error) -> str:
    """Why a connection was refused, and what to do. The server's own word (FATAL) comes before the library's."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = next((line for line in lines if "FATAL:" in line), lines[0])
    said = line.rpartition("FATAL:")[2].rpartition(" failed: ")[2].strip()
    lower = said.lower()
    if "password authentication failed" in lower or "no password supplied" in lower:
        return f"{said}: check the user and password in the address"
    if "does not exist" in lower:
        return f"{said}: check the names in the address"
    if "too many" in lower or "remaining connection slots" in lower:
        return f"{said}: ten for the user are enough for a run"
    return f"cannot connect: {said}: is the server running and the address right?"


@contextmanager
def answering(connection: Connection) -> Iterator[None]:
    """Turns the failures that are the server's and not the statement's into ServerGone and ServerError."""
    try:
        yield
    except psycopg.Error as error:
        _raise_failure(connection, error)
        raise
    except (KeyboardInterrupt, SystemExit):
        # The answer may be half read: nothing more can be asked here, and who cleans up must see that.
        connection.pgconn.finish()
        raise


def _raise_failure(connection: Connection, error: psycopg.Error) -> None:
    state = error.sqlstate or ""
    if connection.broken or state in GOING:
        said = str(error).strip().splitlines()[0] if str(error).strip() else "the connection was cut"
        raise ServerGone(f"the PostgreSQL server went away in the middle of the work: {said}") from error
    said = error.diag.message_primary or ""
    why = EXHAUSTED["58030"] if said == CHECKPOINT else EXHAUSTED.get(state)
    if why:
        raise ServerError(f"the PostgreSQL server cannot go on, {why}: {said}: make room there") from error


def gone(connection: Connection) -> ServerGone | None:
    """What to raise after the driver's lower level, which raises nothing itself; None while the server is there."""
    if not connection.broken:
        return None
    said = connection.pgconn.get_error_message().strip() or "the connection was cut"
    return ServerGone(f"the PostgreSQL server went away in the middle of the work: {said.splitlines()[0]}")


def run(connection: Connection, text: str) -> psycopg.Cursor[dict[str, Any]]:
    """Send a text as it stands: nothing in it is a parameter of the driver."""
    with answering(connection):
        return connection.execute(text)


def send(connection: Connection, statement: Statement) -> None:
    """Send a statement of a script; a COPY with the rows that the script holds."""
    if not statement.parts:
        run(connection, statement.text)
        return
    with answering(connection), connection.cursor() as cursor, cursor.copy(statement.text.encode()) as sending:
        sending.write(statement.parts[0].text)


def together(connection: Connection, texts: Sequence[str]) -> list[list[dict[str, Any]]]:
    """The rows of many queries, sent without waiting for each other's answers."""
    with answering(connection), connection.pipeline():
        cursors = [connection.execute(text) for text in texts]
        return [cursor.fetchall() for cursor in cursors]


def results(connection: Connection, text: str) -> list[list[dict[str, Any]]]:
    """The rows of each query in a text of several statements, sent at once."""
    with answering(connection), connection.execute(text) as cursor:
        found = []
        while True:
            if cursor.pgresult is not None and cursor.pgresult.nfields:
                found.append(cursor.fetchall())
            if not cursor.nextset():
                return found


def rows(connection: Connection, text: str, parameters: Sequence[object] | None = None) -> list[dict[str, Any]]:
    """The rows of a query; ``%s`` are parameters when some are given."""
    with answering(connection):
        return connection.execute(text, parameters).fetchall()
