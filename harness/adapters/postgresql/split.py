r"""A script cut into single statements, each with its own lines.

The scanner cuts, not the parser, so that one wrong statement does not hide the others: at each ``;`` outside
parentheses, literals and ``BEGIN ATOMIC`` bodies. psql's own commands (``\connect``) end with their line.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from harness.adapters.postgresql.grammar import Lexeme, lexemes
from harness.design.longlists import Lexis, Scanner, Span, blanked, outermost
from harness.design.model import Statement
from harness.design.place import lines
from harness.source import Source

PSQL_COMMAND = re.compile(r"^[ \t]*(\\\S[^\r\n]*)", re.MULTILINE)

ROWS = re.compile(
    r"^[ \t]*copy\b[^;]*\bfrom\s+stdin\b[^;]*;[^\n]*\n((?:(?!\\\.).*\n)*\\\.[^\n]*)", re.IGNORECASE | re.MULTILINE
)
r"""Rows that pg_dump writes after a COPY: no SQL, to the line ``\.``."""

SENDS_ROWS = frozenset({"auto", "none", "unmixed"})
"""How scripts are run by those who can send rows: psql, and Flyway. Tools that hand a text to a driver cannot."""

BEGINNINGS = frozenset(
    {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE_P", "COMMENT", "GRANT", "COMMIT", "SELECT"}
)
"""Keywords which, first on a line after a ``;``, begin a statement even where a parenthesis was never closed."""


SCANNER = Scanner(
    Lexis(
        space=r"\s++|--[^\n]*+|/\*(?:[^*/]|\*(?!/)|/(?!\*))*+\*/",
        name=r'(?:[^\W\d][\w$]*+|"(?:[^"]|"")*+")',
        literal=r"""(?<![\w$])[eE]'(?:[^'\\]++|\\.|'')*+'|'[^']*+'|"[^"]*+"|(?<![\w$])\$\$(?:[^$]|\$(?!\$))*+\$\$""",
        special=r"""'"$;\\/\-eE""",
        harmless=r"[eE](?!(?<![\w$].)')|-(?!-)|/(?!\*)",
        verb=r"INSERT\s++INTO\b",
        before=r"(?:\s*+OVERRIDING\s++(?:SYSTEM|USER)\s++VALUE)?+\s*+VALUES",
        after=r"(?:\s*+ON\s++CONFLICT(?:\s*+\([\w\s,]*+\)|\s++ON\s++CONSTRAINT\s++\w++)?+\s*+DO\s++NOTHING)?+",
    )
)
"""Comments in comments, and strings in dollars with a word between them, are left to the grammar."""


def statements(script: Statement) -> tuple[Statement, ...]:
    """The single statements of a script, in order, without comments around them and final semicolons."""
    copied = _copied(script.text)
    text = blanked(script.text, copied)
    spans, lists = outermost(text, SCANNER, _cut)
    place = lines(script)
    rows = {border: span for span in copied for border in _before(span[0], spans)}

    def statement(start: int, end: int) -> Statement:
        found = lists.get(start)
        if found is not None:
            first = text[start : found.first]
            return replace(
                script,
                text=text[start : found.end],
                source=place(start, found.end),
                parts=(),
                first=first,
                several=found.several,
            )
        sent = (_rows(script, place, rows[start]),) if start in rows and script.transaction in SENDS_ROWS else ()
        return replace(script, text=text[start:end].rstrip(), source=place(start, end), parts=sent)

    return tuple(statement(start, end) for start, end in spans)


@lru_cache(maxsize=2)
def _copied(text: str) -> tuple[Span, ...]:
    """Where rows stand after a COPY. Kept, since a script is measured before it is cut."""
    return tuple(found.span(1) for found in ROWS.finditer(text))


def code_size(script: Statement) -> int:
    """See ``Measuring.code_size``."""
    copied = _copied(script.text)
    listed = ((found.first, found.end) for found in SCANNER.lists(blanked(script.text, copied)))
    return len(script.text) - sum(end - start for start, end in (*copied, *listed))


def _cut(text: str) -> list[Span]:
    """Where statements begin and end, psql's commands among them."""
    commands = [(found.start(1), found.end(1)) for found in PSQL_COMMAND.finditer(text)]
    tokens = lexemes(blanked(text, commands))
    outside = [command for command in commands if not _inside(command[0], tokens)]
    if len(outside) < len(commands):
        tokens = lexemes(blanked(text, outside))
    return sorted([*_spans(text, tokens, [start for start, _ in outside]), *outside])


def _before(offset: int, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Where the last statement before an offset begins."""
    index = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return (spans[index][0],) if index >= 0 else ()


def _rows(script: Statement, place: Callable[[int, int], Source], span: tuple[int, int]) -> Statement:
    """The rows that a COPY brings, as its part."""
    text = script.text[slice(*span)]
    return replace(script, text=text[: text.rfind("\\.")], source=place(*span), parts=())


def _inside(offset: int, tokens: Sequence[Lexeme]) -> bool:
    """Whether the offset lies within a token, that is in a literal that goes over the line's end."""
    index = bisect_right(tokens, offset, key=lambda token: token.start) - 1
    return index >= 0 and tokens[index].start < offset < tokens[index].end


def _spans(text: str, tokens: Sequence[Lexeme], borders: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Start and end of each statement; a psql command is a border too."""
    current: list[Lexeme] = []
    nesting = _Nesting()
    ahead = iter((*borders, len(text) + 1))
    border = next(ahead)
    for index, token in enumerate(tokens):
        if token.start > border:
            if current:
                yield current[0].start, current[-1].end
            current, nesting = [], _Nesting()
            while token.start > border:
                border = next(ahead)
        if token.kind == ";" and (nesting.outermost or _begins(text, tokens[index + 1 : index + 2], current)):
            if current:
                yield current[0].start, current[-1].end
            current, nesting = [], _Nesting()
        else:
            nesting.enter(token, current[-1].kind if current else "")
            current.append(token)
    if current:
        yield current[0].start, current[-1].end


def _begins(text: str, following: Sequence[Lexeme], current: Sequence[Lexeme]) -> bool:
    """Whether a new statement follows though a parenthesis is open; a rule's actions are no new statements."""
    if not following or following[0].kind not in BEGINNINGS or "RULE" in {token.kind for token in current[:4]}:
        return False
    if any(token.kind == "ATOMIC" for token in current):
        return False
    start = following[0].start
    return text[text.rfind("\n", 0, start) + 1 : start].strip() == ""


class _Nesting:
    """How deep a token stands in parentheses and in the body of an SQL-standard function."""

    def __init__(self) -> None:
        self._parentheses = 0
        self._blocks = 0

    @property
    def outermost(self) -> bool:
        return self._parentheses == 0 and self._blocks == 0

    def enter(self, token: Lexeme, before: str) -> None:
        match token.kind:
            case "(" | "[":
                self._parentheses += 1
            case ")" | "]":
                self._parentheses = max(0, self._parentheses - 1)
            case "ATOMIC" if before == "BEGIN_P":
                self._blocks += 1
            case "CASE" if self._blocks:
                self._blocks += 1
            case "END_P" if self._blocks:
                self._blocks -= 1
