"""Sending as an application does, and trying what it would send without a lasting effect."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bson.errors import BSONError
from pymongo.errors import OperationFailure

from harness.adapters.mongodb import script, timings
from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.commands import Command, commands, is_reading
from harness.adapters.mongodb.connection import Connection, raw, run
from harness.adapters.mongodb.options import Unsupported
from harness.adapters.mongodb.reading import CURSORS
from harness.adapters.mongodb.refusal import NOWHERE, refusal, unwritten
from harness.design.model import Statement
from harness.facts import Refusal

UNSUPPORTED = "115"


Ready = Mapping[str, Sequence[Call]]


def prepared(texts: Sequence[str]) -> Ready:
    """The calls of many texts, found by one evaluation of all and told apart by their lines.

    Each evaluation takes some tens of milliseconds. A text that goes on with what an earlier one gave, or that the
    others cannot be evaluated with, is left out.
    """
    starts = [1]
    for text in texts:
        starts.append(starts[-1] + text.count("\n") + 1)
    found = script.calls(Statement(";\n".join(texts), NOWHERE))
    calls: dict[str, list[Call]] = defaultdict(list)
    if not isinstance(found, Refusal):
        for call in found:
            if not call.awaits:
                calls[texts[bisect_right(starts, call.line) - 1]].append(call)
    return calls


def send(
    connection: Connection, texts: Sequence[str], patience_s: float | None = None, ready: Ready | None = None
) -> Refusal | None:
    """See ``Sending.send``; a single server has no transactions: what came before a refusal stays done.

    ``patience_s`` is for each command, waiting for locks included; ``ready`` has texts that need no evaluation.
    """
    limit = {} if patience_s is None else {"maxTimeMS": max(1, round(patience_s * 1000))}
    for text in texts:
        found = _commands(connection, text, ready or {})
        if isinstance(found, Refusal):
            return found
        for command in found:
            refused = _sent(connection, {**command, **limit})
            if refused is not None:
                return refused
    return None


def tried(connection: Connection, text: str) -> Refusal | None:
    """See ``Executing.tried``: documents that it touches are put back, those that it makes are removed."""
    found = _commands(connection, text, {})
    if isinstance(found, Refusal):
        return found
    for command in found:
        refused = _sent(connection, command) if is_reading(command) else _undone(connection, command)
        if refused is not None:
            return refused
    return None


def _commands(connection: Connection, text: str, ready: Ready) -> list[Command] | Refusal:
    calls = ready.get(text) or script.calls(Statement(text, NOWHERE))
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
