"""Placeholders in migrations: ``CREATE TABLE users (...);`` and ``-- Add indexes`` stand for SQL given elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from harness.design.model import Statement

TABLE = re.compile(
    r"^[ \t]*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<table>[\w.\"`]+)\s*"
    r"(?:\(\s*(?:--\s*)?(?:\.\.\.|…|\.{3}|/\*.*?\*/|as above|see above)[^;()]*\)|(?:\.\.\.|…))[^\S\n]*[^;\n]*;?",
    re.IGNORECASE | re.MULTILINE,
)
INDEXES = re.compile(
    r"^[ \t]*(?:--|#|/\*)\s*(?:\.\.\.|…)?\s*(?:(?:add|create|plus|and|then|with|also)\s+)?"
    r"(?:all\s+|the\s+|other\s+|remaining\s+)*"
    r"(?:table\s+)?ind(?:ex(?:es)?|ices)\b[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
CREATES_INDEX = re.compile(r"^[ \t]*CREATE\s+(?:UNIQUE\s+)?INDEX\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hole:
    """A placeholder: the table that is to be filled in, or (``table`` empty) the indexes of the tables made here."""

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
        yield Hole(table, _piece(script, match.start(), match.end()))
        end = match.end()
    if script.text[end:].strip():
        yield _piece(script, end, len(script.text))


Mark = tuple[Literal["table", "indexes"], re.Match[str]]


def _marks(text: str) -> list[Mark]:
    tables: list[Mark] = [("table", m) for m in TABLE.finditer(text)]
    # A comment above CREATE INDEX statements is only their heading.
    indexes: list[Mark] = [] if CREATES_INDEX.search(text) else [("indexes", m) for m in INDEXES.finditer(text)]
    return sorted(tables + indexes[:1], key=lambda mark: mark[1].start())


def _piece(script: Statement, start: int, end: int) -> Statement:
    above = script.text.count("\n", 0, start)
    text = script.text[start:end]
    blank = len(text) - len(text.lstrip("\n"))
    text = text[blank:].rstrip()
    return Statement(text, script.source.at(above + blank, text.count("\n") + 1), script.origin)
