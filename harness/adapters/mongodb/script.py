"""What a script of mongosh does, by a real JavaScript engine: it is evaluated in a sandbox where ``db`` only records.

Never parsed by hand, and never run with access to anything: see ``sandbox``, ``evaluator`` and ``recorder/``.
"""

import hashlib
import re
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bson.errors import BSONError

from harness.adapters.mongodb import wire
from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.sandbox import SANDBOX, SECONDS, Failure
from harness.design.model import Statement
from harness.facts import Refusal
from harness.source import Source

SYNTAX = "9"
"""The server's own code of what cannot be parsed."""

BAD = "2"
"""The server's own code of a bad value."""

LINE = re.compile(r"(?:statement\.js|^<anonymous>):(\d+)")
SAID = re.compile(r"^(?:Uncaught |JavaScript rejected promise with reason: )?((?:\w*Error|Waiting): .*)$", re.MULTILINE)
OF_SHELL = re.compile(r"^([ \t]*)(?=(?:use|show)[ \t]+[\w-]+[ \t]*;?[ \t]*$)", re.MULTILINE)
"""Commands of the shell that are no JavaScript: ``use shop``."""

FAILURES = {
    "time": f"the script was ended after {SECONDS:g} seconds: does a loop in it never end?",
    "memory": "the script was ended: it takes more memory than a migration may",
    "process": "the script was ended: it takes more memory than a migration may",
}

UNTELLABLE = (BSONError, LookupError, TypeError, ValueError, ArithmeticError)

_NOW: list[int] = []


def calls(
    statement: Statement, before: Sequence[Statement] = (), answers: Sequence[Any] = ()
) -> tuple[Call, ...] | Refusal:
    """The calls that a statement makes, in order; or why it cannot be evaluated, on its line.

    Args:
        statement: what is evaluated.
        before: what was evaluated before it, for the variables that it leaves.
        answers: results of calls that the scripts went on with, in order.
    """
    found = _evaluated((*(each.text for each in before), statement.text), wire.packed(list(answers)))
    if isinstance(found, Failure):
        return refused(found, statement)
    return found


@lru_cache(maxsize=512)
def _evaluated(texts: tuple[str, ...], answers: str) -> tuple[Call, ...] | Failure:
    scripts = [{"id": _id(text, number), "text": OF_SHELL.sub(r"\1//", text)} for number, text in enumerate(texts)]
    found = SANDBOX.ask({"scripts": scripts, "answers": wire.unpacked(answers), "clock": _now()})
    try:
        return found if isinstance(found, Failure) else tuple(_call(each) for each in found)
    except UNTELLABLE as error:  # it has changed what it was recorded with
        return Failure("script", f"Error: what it does cannot be told: {error}")


def _now() -> int:
    """One moment for the whole run, in milliseconds: a script that is evaluated again gives the same calls."""
    if not _NOW:
        _NOW.append(int(time.time() * 1000))
    return _NOW[0]


def _id(text: str, number: int) -> str:
    """What ids that the script makes are made of: those of two scripts are never the same."""
    return hashlib.blake2b(f"{number} {text}".encode(), digest_size=5).hexdigest()


def _call(found: dict[str, Any]) -> Call:
    return Call(
        str(found["m"]),
        str(found["c"]),
        tuple(wire.value(each) for each in found["a"]),
        tuple((str(name), tuple(wire.value(each) for each in given)) for name, given in found["h"]),
        max(1, int(found["l"])),
        awaits=bool(found["w"]),
        session=int(found["s"]),
    )


def refused(failure: Failure, statement: Statement) -> Refusal:
    """A failure as the refusal of its statement."""
    if failure.kind != "script":
        return Refusal(FAILURES.get(failure.kind, failure.kind), BAD, statement.source)
    said = SAID.search(failure.text)
    message = said[1] if said else failure.text.strip().partition("\n")[0]
    return Refusal(
        message, SYNTAX if message.startswith("SyntaxError") else BAD, _place(failure.text, statement.source)
    )


def _place(text: str, source: Source) -> Source:
    """The line that the engine pointed at, else the statement's."""
    found = LINE.search(text)
    if found is None:
        return source
    line = min(source.line + int(found[1]) - 1, source.end_line)
    return Source(source.path, line, line)
