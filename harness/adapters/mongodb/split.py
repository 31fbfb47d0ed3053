"""A script cut into its top-level statements, each with its own lines, by the JavaScript engine's own parser.

What is declared for the statements after it stays with them: ``const levels = […]`` and the loop over them are one
statement, so that each can be understood alone.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from harness.adapters.mongodb.sandbox import SANDBOX, Failure
from harness.design.model import Statement

DECLARES = re.compile(r"\s*(?:const|let|var|(?:async\s+)?function\s*\*?|class)\s+(?P<names>[\w$]+|[{\[][^=]*)")
NAME = re.compile(r"[A-Za-z_$][\w$]*")
ASSIGNS = re.compile(r"\s*(?P<names>[A-Za-z_$][\w$]*)\s*=(?!=)")

Span = tuple[int, int]


def split(script: Statement) -> tuple[Statement, ...]:
    """The single statements of a script, in order, without comments around them and final semicolons."""
    text = script.text
    return tuple(_statement(script, start, end) for start, end in _together(text, _spans(text)))


def _statement(script: Statement, start: int, end: int) -> Statement:
    text = script.text[start:end].rstrip().removesuffix(";").rstrip()
    above = script.text.count("\n", 0, start)
    return replace(script, text=text, source=script.source.at(above, text.count("\n") + 1))


@lru_cache(maxsize=256)
def _spans(text: str) -> tuple[Span, ...]:
    """Where each statement begins and ends; the whole is one where the engine cannot tell."""
    found = SANDBOX.ask({"split": text})
    if isinstance(found, Failure):
        return ((0, len(text)),)
    return tuple((_offset(text, start), _offset(text, end)) for start, end in found)


def _offset(text: str, units: int) -> int:
    """JavaScript counts in units of UTF-16."""
    if text.isascii():
        return units
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))


def _together(text: str, spans: Sequence[Span]) -> list[Span]:
    """From a declaration to the last statement that speaks of what it declares, all is one."""
    result: list[Span] = []
    number = 0
    while number < len(spans):
        last = number
        reading = number
        while reading <= last:
            names = _declared(text[slice(*spans[reading])])
            last = max([last, *(n for n in range(reading + 1, len(spans)) if _speaks(text[slice(*spans[n])], names))])
            reading += 1
        result.append((spans[number][0], spans[last][1]))
        number = last + 1
    return result


def _declared(text: str) -> frozenset[str]:
    found = DECLARES.match(text) or ASSIGNS.match(text)
    return frozenset(NAME.findall(found["names"])) if found else frozenset()


def _speaks(text: str, names: frozenset[str]) -> bool:
    return any(re.search(rf"(?<![\w$.]){re.escape(name)}(?![\w$])", text) for name in names)
