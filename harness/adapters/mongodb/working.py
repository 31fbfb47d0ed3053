"""Sending as an application does, and trying what it would send without a lasting effect."""

from collections.abc import Sequence

from bson.errors import BSONError
from pymongo.errors import OperationFailure

from harness.adapters.mongodb import script, timings
from harness.adapters.mongodb.commands import Command, commands, is_reading
from harness.adapters.mongodb.connection import Connection, raw, run
from harness.adapters.mongodb.options import Unsupported
from harness.adapters.mongodb.reading import CURSORS
from harness.adapters.mongodb.refusal import NOWHERE, refusal, unwritten
from harness.design.model import Statement
from harness.facts import Refusal

UNSUPPORTED = "115"


def send(connection: Connection, texts: Sequence[str]) -> Refusal | None:
    """See ``Sending.send``; a single server has no transactions: what came before a refusal stays done."""
    for text in texts:
        found = _commands(connection, text)
        if isinstance(found, Refusal):
            return found
        for command in found:
            refused = _sent(connection, command)
            if refused is not None:
                return refused
    return None


def tried(connection: Connection, text: str) -> Refusal | None:
    """See ``Executing.tried``: documents that it touches are put back, those that it makes are removed."""
    found = _commands(connection, text)
    if isinstance(found, Refusal):
        return found
    for command in found:
        refused = _sent(connection, command) if is_reading(command) else _undone(connection, command)
        if refused is not None:
            return refused
    return None


def _commands(connection: Connection, text: str) -> list[Command] | Refusal:
    calls = script.calls(Statement(text, NOWHERE))
    if isinstance(calls, Refusal):
        return calls
    try:
        return [command for call in calls for command in commands(call, connection.name)]
    except Unsupported as error:
        return Refusal(str(error), UNSUPPORTED, NOWHERE)


def _sent(connection: Connection, command: Command) -> Refusal | None:
    try:
        if next(iter(command)) in CURSORS:
            for _ in raw(connection, command):
                pass
            return None
        return unwritten(run(connection, command), NOWHERE)
    except OperationFailure as error:
        return refusal(error, NOWHERE)
    except (BSONError, OverflowError) as error:
        return Refusal(f"no BSON can be made of it: {error}", "", NOWHERE)


def _undone(connection: Connection, command: Command) -> Refusal | None:
    with timings.undone(connection, command):
        return _sent(connection, command)
