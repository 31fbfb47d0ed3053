"""Statements run as one migration: each call in turn, to the first that the server refuses.

MongoDB makes and drops collections and indexes for good, one by one: what was done before a refusal stays done.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from bson.errors import BSONError
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from harness.adapters.mongodb import script
from harness.adapters.mongodb.answers import Reply, answer
from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.commands import ADMIN, Command, commands
from harness.adapters.mongodb.connection import Connection, answering, documents, opened, run
from harness.adapters.mongodb.inspect import collections
from harness.adapters.mongodb.options import Unsupported
from harness.adapters.mongodb.reading import CURSORS, is_stream
from harness.adapters.mongodb.refusal import refusal, unwritten
from harness.adapters.mongodb.shortened import shortened
from harness.adapters.mongodb.transactions import Sessions
from harness.design.model import Statement
from harness.facts import Effect, Refusal
from harness.source import Source
from harness.underway import sending

UNSUPPORTED = "115"
"""The server's own code of a command that it does not support."""

NO_COLLECTION = 26

COPIES = re.compile(r"convertToCapped|[$]out\b|renameCollection", re.IGNORECASE)
"""What puts another collection in the place of one that was there."""

UNLIMITED = frozenset({"dropDatabase", "drop", "renameCollection"})
"""Commands that are over at once. ``maxTimeMS`` would have to fit in 31 bits, and is refused by some of them."""


def apply(connection: Connection, statements: Sequence[Statement], timeout_s: float) -> tuple[Effect, ...]:
    """Run them; the last effect carries the refusal if there was one."""
    return tuple(steps(connection, statements, timeout_s))


def steps(connection: Connection, statements: Sequence[Statement], timeout_s: float) -> Iterator[Effect]:
    """The same, giving control back after each statement."""
    return _Migration(connection, statements, timeout_s).effects()


class _Refused(Exception):  # noqa: N818  (it says what is so)
    def __init__(self, refused: Refusal) -> None:
        super().__init__(refused.message)
        self.refused = refused


class _Migration:
    """The statements of one script: what a later one knows of the results of earlier ones is in ``_answers``."""

    def __init__(self, connection: Connection, statements: Sequence[Statement], timeout_s: float) -> None:
        self._connection = connection
        self._statements = statements
        self._timeout_ms = max(1, round(timeout_s * 1000))
        self._answers: list[Any] = []
        self._sessions = Sessions(connection)

    def effects(self) -> Iterator[Effect]:
        """One for each statement, to the first that is refused."""
        with closing(self._sessions):
            for number, statement in enumerate(self._statements):
                before = self._stored() if COPIES.search(statement.text) else {}
                started = time.perf_counter()
                refused = self._statement(statement, self._statements[:number])
                took_s = time.perf_counter() - started
                after = self._stored() if before else {}
                anew = tuple(sorted(name for name in before if after.get(name, before[name]) != before[name]))
                yield Effect(statement, took_s, rewrites=anew, refusal=refused, started_s=started)
                if refused is not None:
                    return

    def _stored(self) -> dict[str, Any]:
        """The identity of each collection's storage; one that was written anew has another."""
        found = collections(self._connection)
        return {each["name"]: each["info"]["uuid"] for each in found if "uuid" in each.get("info", {})}

    def _statement(self, statement: Statement, before: Sequence[Statement]) -> Refusal | None:
        try:
            self._evaluate(statement, before)
        except _Refused as error:
            return error.refused
        return None

    def _evaluate(self, statement: Statement, before: Sequence[Statement]) -> None:
        """Evaluate it until it has the results of all the calls that it goes on with."""
        done = 0
        while True:
            found = script.calls(statement, before, tuple(self._answers))
            if isinstance(found, Refusal):
                raise _Refused(found)
            results = [self._call(call, statement.source.at(call.line - 1)) for call in found[done:]]
            done = len(found)
            if not (found and found[-1].awaits and results):
                return
            self._answers.append(results[-1])

    def _call(self, call: Call, source: Source) -> Any:
        try:
            if self._sessions.told(call):
                return None
            wanted = commands(call, self._connection.name)
        except Unsupported as error:
            raise _Refused(Refusal(str(error), UNSUPPORTED, source)) from error
        except OperationFailure as error:
            raise _Refused(refusal(error, source)) from error
        with sending(Statement(shortened(call), source)):
            return answer(call, [self._run(command, source, self._sessions.of(call)) for command in wanted])

    def _run(self, command: Command, source: Source, session: ClientSession | None) -> Reply:
        name = next(iter(command))
        try:
            if name == "dropDatabase":
                return self._empty()
            reply = send(self._connection, self._limited(name, command), session)
        except OperationFailure as error:
            if name == "drop" and error.code == NO_COLLECTION:
                return {"ok": 1.0}  # mongosh gives false for it, as MongoDB 7 does itself
            raise _Refused(refusal(error, source)) from error
        except (BSONError, OverflowError, TypeError) as error:
            raise _Refused(Refusal(f"no BSON can be made of it: {error}", UNSUPPORTED, source)) from error
        refused = unwritten(reply, source) if isinstance(reply, Mapping) else None
        if refused is not None:
            raise _Refused(refused)
        return reply

    def _limited(self, name: str, command: Command) -> Command:
        return command if name in UNLIMITED else {**command, "maxTimeMS": self._timeout_ms}

    def _empty(self) -> Reply:
        """``db.dropDatabase()``: everything that the design has in it; views first, which read the collections."""
        for found in sorted(collections(self._connection), key=lambda each: each["type"] != "view"):
            run(self._connection, {"drop": found["name"]})
        return {"ok": 1.0}


def send(connection: Connection, command: Command, session: ClientSession | None = None) -> Reply:
    """Run a command where the server wants it; of one with a cursor, all its documents."""
    name = next(iter(command))
    if is_stream(command):
        return opened(connection, command)
    if name in CURSORS:
        return list(documents(connection, command, session))
    if name in ADMIN:
        with answering():
            return connection.client.admin.command(command)
    return run(connection, command, session)
