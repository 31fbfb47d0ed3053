"""Rows by the ten thousand that a script puts in with INSERT: found by a scanner, since nobody can parse each of them.

A *list* is one long statement, or many short ones with the same beginning, whose values are what stands there: no query
is among them, and nothing is returned. To whoever runs scripts it is a single statement (in pieces of half a megabyte,
since a server takes no more at once), and it is read by its first row alone. Whether it stands where a statement can
stand, outside of bodies, strings and comments, the engine's own scanner says: it is shown the script with the first
row of each list only.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONG = 60_000
"""Characters of a script in which lists are looked for, and of statements that are one."""

MANY = 200
"""Statements in a row that are a list, however short."""

PIECE = 500_000
"""Characters that are sent at once; a statement that is longer by itself is sent as it is."""

DEPTH = 4
"""How deep calls in a row may be nested."""

UP_TO = "(,"
"""How the text of a range begins that stands for all whole numbers up to one: ``(,9000]``."""

FLAGS = re.IGNORECASE | re.DOTALL

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lexis:
    """What of a dialect tells where a value and a statement end, as regular expressions.

    Attributes:
        space: white space and comments; alternatives.
        name: one part of a name.
        literal: what may hold a parenthesis, a comma or a semicolon: strings, quoted names; alternatives.
        special: characters that may mean something, as in a character class, beside parentheses.
        harmless: where they mean nothing after all; alternatives.
        verb: INSERT and its kin, up to the table's name.
        before: what stands between the columns and the rows.
        after: what may stand behind the rows.
    """

    space: str
    name: str
    literal: str
    special: str
    harmless: str
    verb: str
    before: str
    after: str

    def row(self, depth: int = DEPTH) -> str:
        """A parenthesis in which no query stands, and others to a depth."""
        inner = f"|{self.row(depth - 1)}" if depth else ""
        return (
            r"\((?!\s*+(?:SELECT|WITH|VALUES|TABLE)\b)"
            rf"(?:[^(){self.special}]++|{self.literal}|{self.harmless}{inner})*+\)"
        )


class Scanner:
    """What finds the lists of a dialect in scripts, and their statements and values."""

    def __init__(self, lexis: Lexis) -> None:
        space, row = f"(?:{lexis.space})*+", lexis.row()
        columns = rf"(?:\s*+\(\s*+{lexis.name}(?:\s*+,\s*+{lexis.name})*+\s*+\))?+"
        head = rf"{lexis.verb}\s*+{lexis.name}(?:\s*+\.\s*+{lexis.name})*+{columns}{lexis.before}"
        first = rf"(?P<first>(?P<head>{head}){space}{row})"
        rest = rf"(?P<rest>(?:{space},{space}{row})*+{lexis.after})"
        self._begins = re.compile(rf"^[ \t]*+(?={lexis.verb})", re.IGNORECASE | re.MULTILINE)
        self._statement = re.compile(rf"{space}{first}{rest}{space};", FLAGS)
        self._row = re.compile(rf"(?:{lexis.space}|,)*+(?P<row>{row})", FLAGS)
        value = rf"[^(),{lexis.special}]++|{lexis.literal}|{lexis.harmless}|{lexis.row(DEPTH - 1)}"
        self._value = re.compile(rf"(?:{value})*+", FLAGS)

    def lists(self, text: str) -> tuple["LongList", ...]:
        """The lists of a script in their order, whatever they stand in, each in pieces."""
        return _lists(self, text) if len(text) >= LONG else ()

    def found(self, text: str) -> Iterator["LongList"]:
        """See ``lists``."""
        reached = 0
        for candidate in self._begins.finditer(text):
            if candidate.start() < reached:
                continue
            reached = candidate.end()
            while (found := self._statement.match(text, reached)) is not None:
                places, reached = self._alike(text, found)
                if len(places) >= MANY or places[-1][2] - places[0][0] >= LONG:
                    yield from _pieces(places)

    def _alike(self, text: str, found: re.Match[str] | None) -> tuple[list[tuple[int, int, int]], int]:
        """Where the statements lie that begin as one does and follow it, and where the last of them ends."""
        assert found is not None
        match, head, places, position = self._statement.match, found["head"], [], 0
        while found is not None:
            start, first = found.span("first")
            if not text.startswith(head, start):
                break
            places.append((start, first, found.end("rest")))
            position = found.end()
            found = match(text, position)
        return places, position

    def singles(self, text: str) -> list[Span]:
        """Where each statement of a list's text begins and ends."""
        return [(found.start("first"), found.end("rest")) for found in self._following(f"{text};", 0)]

    def rows(self, text: str) -> Iterator[list[str]]:
        """The values of each row of a list's text, as they stand there."""
        for found in self._following(f"{text};", 0):
            position = found.end("head")
            while (row := self._row.match(text, position, found.end("rest"))) is not None:
                position = row.end()
                yield self._values(row["row"][1:-1])

    def _following(self, text: str, position: int) -> Iterator[re.Match[str]]:
        """The statements from a position on, up to what is none that a list can have."""
        while (found := self._statement.match(text, position)) is not None:
            yield found
            position = found.end()

    def _values(self, row: str) -> list[str]:
        values, position = [], -1
        while position < len(row):
            found = self._value.match(row, position + 1)
            assert found is not None  # it may be empty
            values.append(found[0].strip())
            position = max(found.end(), position + 1)
        return values


@dataclass(frozen=True, slots=True)
class LongList:
    """A list, or a piece of one: from ``start`` to the end of its last row, and of its ``first`` one."""

    start: int
    first: int
    end: int
    several: int


@lru_cache(maxsize=2)
def _lists(scanner: Scanner, text: str) -> tuple[LongList, ...]:
    """Kept, since a script is measured before it is cut."""
    return tuple(scanner.found(text))


def _pieces(places: Sequence[tuple[int, int, int]]) -> Iterator[LongList]:
    begin = 0
    for number, (_, _, end) in enumerate(places):
        last = number + 1 == len(places)
        if last or places[number + 1][2] - places[begin][0] > PIECE:
            yield LongList(places[begin][0], places[begin][1], end, number + 1 - begin)
            begin = number + 1


def outermost(
    text: str, scanner: Scanner, cut: Callable[[str], Sequence[Span]]
) -> tuple[Sequence[Span], dict[int, LongList]]:
    """Where a script's statements begin and end, and which of them are lists, by where they begin.

    ``cut``: tells where statements begin and end in a text; a list's span ends with its first row.
    """
    lists = scanner.lists(text)
    spans = cut(blanked(text, [(each.first, each.end) for each in lists]))
    known = set(spans)
    kept = {each.start: each for each in lists if (each.start, each.first) in known}
    if len(kept) < len(lists):  # within a body, say: there each statement is what it is
        spans = cut(blanked(text, [(each.first, each.end) for each in kept.values()]))
    return spans, kept


def blanked(text: str, spans: Sequence[Span]) -> str:
    """The text with blanks in the place of some of its parts."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], " " * (end - start)]
        last = end
    return "".join((*pieces, text[last:]))
