"""Statements of a script sent to the server, long lists of rows among them."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pymysql.constants import COMMAND
from pymysql.err import MySQLError
from pymysql.protocol import OKPacketWrapper

from harness.adapters.mysql.connection import Connection, answering, run
from harness.adapters.mysql.refusal import refusal
from harness.adapters.mysql.split import SCANNER
from harness.design.model import Statement
from harness.design.place import lines
from harness.facts import Refusal
from harness.underway import sending

MULTI_STATEMENTS = {True: struct.pack("<H", 0), False: struct.pack("<H", 1)}
"""What COM_SET_OPTION takes for a text of several statements to be allowed, or not."""


def sent(connection: Connection, statement: Statement) -> Refusal | None:
    """Send a statement; what the server refused of it, if anything."""
    with sending(statement):
        if statement.several > 1:
            return _listed(connection, statement)
        try:
            run(connection, statement.text)
        except MySQLError as error:
            return refusal(error, statement)
        return None


def _listed(connection: Connection, statement: Statement) -> Refusal | None:
    """Many statements in one text, each by itself to the server, which stops at the first that it refuses."""
    taken = 0
    with several(connection):
        try:
            with answering(connection):
                for _ in _answers(connection, statement.text):
                    taken += 1
        except MySQLError as error:
            return refusal(error, _single(statement, taken))
    return None


def _answers(connection: Connection, text: str) -> Iterator[None]:
    """Send a text, and take the answer to each of its statements, with less work than the cursor has."""
    connection._execute_command(COMMAND.COM_QUERY, text.encode("utf-8", "surrogateescape"))  # type: ignore[attr-defined]  # noqa: SLF001
    more = True
    while more:
        answer = OKPacketWrapper(connection._read_packet())  # type: ignore[no-untyped-call]  # noqa: SLF001
        connection.server_status, more = answer.server_status, answer.has_next  # type: ignore[attr-defined]
        yield


@contextmanager
def several(connection: Connection) -> Iterator[None]:
    """While inside, the server takes texts of several statements."""
    _set(connection, on=True)
    try:
        yield
    finally:
        if connection.open:
            _set(connection, on=False)


def _set(connection: Connection, *, on: bool) -> None:
    """The driver has no call for it: its own two are those that it sends commands by."""
    with answering(connection):
        connection._execute_command(COMMAND.COM_SET_OPTION, MULTI_STATEMENTS[on])  # type: ignore[attr-defined]  # noqa: SLF001
        connection._read_packet()  # type: ignore[no-untyped-call]  # noqa: SLF001


def _single(statement: Statement, number: int) -> Statement:
    """One of a list's statements."""
    places = SCANNER.singles(statement.text)
    start, end = places[min(number, len(places) - 1)]
    source = lines(statement)(start, end)
    return replace(statement, text=statement.text[start:end], source=source, first="", several=1)
