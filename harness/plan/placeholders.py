"""Placeholders in migrations: ``CREATE TABLE users (...);`` and ``-- Add indexes`` stand for code given elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from harness.design.model import Statement

TABLE = re.compile(
    r"^[ \t]*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<table>[\w.\"`]+)\s*"
    r"(?:\(\s*(?:--\s*)?(?:\.\.\.|…|\.{3}|/\*.*?\*/|as above|see above)[^;()]*\)|(?:\.\.\.|…))[^\S\n]*[^;\n]*;?",
    re.IGNORECASE | re.MULTILINE,
)
COLLECTION = re.compile(
    r"^[ \t]*db\s*\.\s*createCollection\s*\(\s*(?P<quote>[\"'`])(?P<table>[^\"'`\n]+)(?P=quote)\s*,\s*"
    r"\{\s*(?:validator\s*:\s*)?\{?\s*(?:\.\.\.|…|/\*[^*]*\*/)\s*\}?\s*\}\s*\)[^\S\n]*;?",
    re.MULTILINE,
)
KINDS: dict[str, tuple[str, str]] = {
    "index": (
        r"(?:table\s+)?ind(?:ex(?:es)?|ices)",
        r"^[ \t]*CREATE\s+(?:UNIQUE\s+)?INDEX\b|\.createIndex(?:es)?\s*\(",
    ),
    "view": (r"(?:materiali[sz]ed\s+)?views?", r"^[ \t]*CREATE\s+(?:OR\s+REPLACE\s+|MATERIALIZED\s+)*VIEW\b"),
}
"""Of objects that a comment may stand for: the words for them, and what shows that the script makes them itself."""


@cache
def _standing_for(kind: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words, made = KINDS[kind]
    comment = (
        r"^[ \t]*(?:--|#|//|/\*)\s*(?:\.\.\.|…)?\s*(?:(?:add|create|plus|and|then|with|also)\s+)?"
        rf"(?:all\s+|the\s+|other\s+|remaining\s+)*{words}\b[^\n]*$"
    )
    return re.compile(comment, re.IGNORECASE | re.MULTILINE), re.compile(made, re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hole:
    """A placeholder: the table that is to be filled in, or (``table`` empty) what of a ``kind`` goes with those."""

    kind: str
    table: str
    statement: Statement


Part = Statement | Hole


def parts(script: Statement) -> Iterator[Part]:
    """The script in order, as pieces of plain code and holes; every piece keeps its own lines."""
    end = 0
    for kind, match in _marks(script.text):
        if script.text[end : match.start()].strip():
            yield _piece(script, end, match.start())
        table = match["table"].replace('"', "").replace("`", "") if kind == "table" else ""
        yield Hole(kind, table, _piece(script, match.start(), match.end()))
        end = match.end()
    if script.text[end:].strip():
        yield _piece(script, end, len(script.text))


def _marks(text: str) -> list[tuple[str, re.Match[str]]]:
    found = [("table", m) for pattern in (TABLE, COLLECTION) for m in pattern.finditer(text)]
    for kind in KINDS:
        comment, made = _standing_for(kind)
        if not made.search(text):  # else a comment is only their heading
            found += [(kind, m) for m in list(comment.finditer(text))[:1]]
    return sorted(found, key=lambda mark: mark[1].start())


def _piece(script: Statement, start: int, end: int) -> Statement:
    above = script.text.count("\n", 0, start)
    text = script.text[start:end]
    blank = len(text) - len(text.lstrip("\n"))
    text = text[blank:].rstrip()
    return Statement(text, script.source.at(above + blank, text.count("\n") + 1), script.origin)
