r"""A script cut into single statements, each with its own lines.

At each delimiter outside literals and comments, as the servers' own client cuts; unlike it, the body of a routine,
trigger or event is kept whole though it holds semicolons and no ``DELIMITER`` was set, since documents leave that out.
``DELIMITER`` lines set the delimiter and are no statements; ``\G`` ends one too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.adapters.mysql.grammar import QUOTED, SKIPPED, Lexeme, lexemes
from harness.design.longlists import Lexis, Scanner, Span, outermost
from harness.design.model import Statement
from harness.design.place import lines

COMMAND = re.compile(
    rf"(?P<kept>{QUOTED}|{SKIPPED})|^[ \t]*DELIMITER[ \t]+(?P<delimiter>\S+)[^\n]*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)

BODIED = frozenset({"PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"})
BODILESS = frozenset(
    {"TABLE", "INDEX", "VIEW", "DATABASE", "SCHEMA", "USER", "ROLE", "SEQUENCE", "SERVER", "TABLESPACE"}
)
"""What CREATE makes: the first of these words tells, so that a table named ``event`` is a table."""

BLOCKS = frozenset({"BEGIN", "CASE", "LOOP", "WHILE"})
FUNCTIONS = frozenset({"IF", "REPEAT"})
"""Blocks only where a statement begins; elsewhere ``IF (…)`` and ``REPEAT (…)`` are functions."""

STARTED_BY = frozenset(
    {"", ";", ":", "THEN", "ELSE", "DO", "BEGIN", "LOOP", "REPEAT", ")", "ROW", "SQL", "DATA", "DETERMINISTIC",
     "INVOKER", "DEFINER", "ATOMIC"}
)  # fmt: skip
"""What stands before a statement of a body."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the script between two DELIMITER lines."""

    start: int
    end: int
    delimiter: str


SCANNER = Scanner(
    Lexis(
        space=r"\s++|--(?=\s)[^\n]*+|\#[^\n]*+|/\*(?!M?!)(?:[^*]|\*(?!/))*+\*/",
        name=r"(?:[\w$]++|`(?:[^`]|``)*+`)",
        literal=r"""'(?:[^'\\]++|\\.|'')*+'|"(?:[^"\\]++|\\.|"")*+"|`(?:[^`]++|``)*+`""",
        special=r"""'"`;\\/\-\#""",
        harmless=r"-(?!-)|/(?!\*)",
        verb=r"(?:INSERT|REPLACE)\b(?:\s++(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\b)*+\s++INTO\b",
        before=r"\s*+VALUES?",
        after=r"(?:\s*+ON\s++DUPLICATE\s++KEY\s++UPDATE\b(?:[\w\s=,.+]|`[^`]*+`|\(\s*+[\w`]++\s*+\))++)?+",
    )
)


def statements(script: Statement) -> tuple[Statement, ...]:
    """The single statements of a script, in order, without comments around them and final semicolons."""
    place, text = lines(script), script.text
    spans, lists = outermost(text, SCANNER, _cut)

    def statement(start: int, end: int) -> Statement:
        found = lists.get(start)
        if found is None:
            return replace(script, text=text[start:end], source=place(start, end))
        first = text[start : found.first]
        source = place(start, found.end)
        return replace(script, text=text[start : found.end], source=source, first=first, several=found.several)

    return tuple(statement(start, end) for start, end in spans)


def code_size(script: Statement) -> int:
    """See ``Measuring.code_size``."""
    return len(script.text) - sum(found.end - found.first for found in SCANNER.lists(script.text))


def _cut(text: str) -> list[Span]:
    return [span for section in _sections(text) for span in _spans(text, section)]


def _sections(text: str) -> Iterator[_Section]:
    start, delimiter = 0, ";"
    for found in COMMAND.finditer(text):
        if found["delimiter"]:
            yield _Section(start, found.start(), delimiter)
            start, delimiter = found.end(), found["delimiter"]
    yield _Section(start, len(text), delimiter)


def _spans(text: str, section: _Section) -> Iterator[tuple[int, int]]:
    """Start and end of each statement of a section."""
    cut = _at_semicolons if section.delimiter == ";" else _at_delimiters
    for start, end in cut(text, section):
        yield start, start + len(text[start:end].rstrip())  # a literal that is never closed goes to the end


def _at_delimiters(text: str, section: _Section) -> Iterator[tuple[int, int]]:
    """A delimiter of one's own cuts wherever it stands outside literals and comments, ``END$$`` too."""
    pattern = re.compile(rf"{QUOTED}|{SKIPPED}|(?P<cut>{re.escape(section.delimiter)})", re.DOTALL)
    cuts = [found.span() for found in pattern.finditer(text, section.start, section.end) if found["cut"]]
    start = section.start
    for end, after in (*cuts, (section.end, section.end)):
        inside = list(lexemes(text[start:end]))
        while inside and inside[-1].text == ";":
            inside.pop()
        if inside:
            yield start + inside[0].start, start + inside[-1].end
        start = after


def _at_semicolons(text: str, section: _Section) -> Iterator[tuple[int, int]]:
    found = lexemes(text[section.start : section.end])
    nesting = _Nesting()
    first = position = 0
    while position < len(found):
        width = 1 if found[position].text == ";" else 2 if _sends(found, position) else 0
        if width and nesting.outermost:
            if position > first:
                yield section.start + found[first].start, section.start + found[position - 1].end
            nesting, first = _Nesting(), position + width
        else:
            nesting.enter(found[position])
        position += width or 1
    if first < len(found):
        yield section.start + found[first].start, section.start + found[-1].end


def _sends(found: Sequence[Lexeme], index: int) -> bool:
    r"""Whether the client's ``\G`` or ``\g`` stands here."""
    following = found[index + 1] if index + 1 < len(found) else None
    return found[index].text == "\\" and following is not None and following.text in {"G", "g"}


class _Nesting:
    """How deep a lexeme stands in executable comments and in the blocks of a body."""

    def __init__(self) -> None:
        self._comments = 0
        self._blocks = 0
        self._words: list[str] = []
        self._before = ("", "")
        self._bodied: bool | None = None

    @property
    def outermost(self) -> bool:
        return self._comments == 0 and self._blocks == 0

    def enter(self, lexeme: Lexeme) -> None:
        if lexeme.kind in {"open", "close"}:
            self._comments = max(0, self._comments + (1 if lexeme.kind == "open" else -1))
            return
        word = lexeme.upper
        if self._bodied is None:
            self._bodied = self._body(word)
        elif self._bodied and word == "END":
            self._blocks = max(0, self._blocks - 1)
        elif self._bodied and self._opens(word):
            self._blocks += 1
        self._before = (self._before[1], word)

    def _body(self, word: str) -> bool | None:
        """Whether this is a statement with a body, by its first words; None while they do not tell."""
        self._words.append(word)
        if self._words == ["BEGIN", "NOT"]:  # MariaDB's anonymous block: BEGIN NOT ATOMIC … END
            self._blocks = 1
            return True
        if self._words[0] not in {"CREATE", "BEGIN"} or word in BODILESS:
            return False
        return True if word in BODIED else None

    def _opens(self, word: str) -> bool:
        earlier, before = self._before
        if word in BLOCKS:
            return before not in {"END", "."}
        return word in FUNCTIONS and (before in STARTED_BY or earlier in {"FOLLOWS", "PRECEDES"})
