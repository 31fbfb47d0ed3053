"""The scanner of MySQL's and MariaDB's language: a text as lexemes, whatever is wrong with it.

There is no parser of the servers' own to be had, so that what a statement is about is read from its lexemes (see
``intent``), and what a query means from sqlglot's tree (see ``parameters``). Whether it is right the server says.

Scanned with the servers' default modes: ``"x"`` is a string (ANSI_QUOTES off), a backslash escapes.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["word", "quoted", "string", "number", "variable", "open", "close", "mark"]

SKIPPED = r"--(?=\s|\Z)[^\n]*|\#[^\n]*|/\*(?!M?!).*?(?:\*/|\Z)"
"""Comments, optimizer hints among them. ``--`` begins one only before white space: ``5--1`` is 6."""

QUOTED = r"'(?:[^'\\]|\\.|'')*(?:'|\Z)|\"(?:[^\"\\]|\\.|\"\")*(?:\"|\Z)|`(?:[^`]|``)*(?:`|\Z)"

_LEXEME = re.compile(
    rf"""(?P<space>\s+|{SKIPPED})
      | (?P<open>/\*M?!\d*)                                   # a comment that the server runs: /*!80000 … */
      | (?P<close>\*/)
      | (?P<string>[nNxXbB]?'(?:[^'\\]|\\.|'')*(?:'|\Z)|"(?:[^"\\]|\\.|"")*(?:"|\Z))
      | (?P<quoted>`(?:[^`]|``)*(?:`|\Z))
      | (?P<variable>@@?(?:[\w.$]+|`[^`]*`|'[^']*'|"[^"]*"))
      | (?P<number>0[xX][0-9a-fA-F]+(?![\w$])|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w$]))
      | (?P<word>[\w$]+)
      | (?P<mark><=>|<=|>=|<>|!=|:=|->>|->|\|\||&&|<<|>>|.)""",
    re.VERBOSE | re.DOTALL,
)

NAMES = frozenset({"word", "quoted"})


class Lexeme(NamedTuple):
    """A token of the text, between two offsets. ``open`` and ``close`` are the marks around executable comments.

    A named tuple, because it is made twice as fast as a dataclass, and long scripts have millions.
    """

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """A bare word in capitals; a mark as it is; empty for what is quoted."""
        return self.text.upper() if self.kind in {"word", "mark"} else ""

    @property
    def name(self) -> str:
        """The name that it is, without quotes; empty when it cannot be one."""
        if self.kind == "quoted":
            return self.text.strip("`").replace("``", "`")
        return self.text if self.kind == "word" else ""


def lexemes(text: str) -> tuple[Lexeme, ...]:
    """The tokens of any text, without comments; what is never closed is one last token to the end."""
    found = []
    for match in _LEXEME.finditer(text):
        kind = match.lastgroup
        if kind != "space":
            found.append(Lexeme(kind, match[0], match.start(), match.end()))  # type: ignore[arg-type]
    return tuple(found)


def code(text: str) -> tuple[Lexeme, ...]:
    """The tokens that the server runs: executable comments are read as if they were none."""
    return tuple(lexeme for lexeme in lexemes(text) if lexeme.kind not in {"open", "close"})


def closing(found: Sequence[Lexeme], position: int) -> int:
    """The position after the parenthesis that closes the one at ``position``; the end when none does."""
    depth = 0
    for index in range(position, len(found)):
        depth += (found[index].text == "(") - (found[index].text == ")")
        if depth == 0:
            return index + 1
    return len(found)


class Cursor:
    """A place in a statement's lexemes, moved on by what is taken."""

    def __init__(self, found: Sequence[Lexeme], position: int = 0) -> None:
        self.found = found
        self.position = position

    @property
    def here(self) -> Lexeme | None:
        """The next lexeme; None at the end."""
        return self.found[self.position] if self.position < len(self.found) else None

    @property
    def rest(self) -> Sequence[Lexeme]:
        """All that is left."""
        return self.found[self.position :]

    def words(self, count: int) -> str:
        """The next lexemes as bare words in capitals, with one space between."""
        return " ".join(lexeme.upper for lexeme in self.found[self.position : self.position + count])

    def take(self, *phrases: str) -> str:
        """The first of the phrases that stands here, and go behind it; empty when none does."""
        for phrase in phrases:
            count = phrase.count(" ") + 1
            if self.words(count) == phrase:
                self.position += count
                return phrase
        return ""

    def skip(self) -> None:
        """Go behind the next lexeme, or behind all of a parenthesis."""
        here = self.here
        self.position = closing(self.found, self.position) if here and here.text == "(" else self.position + 1

    def path(self) -> tuple[str, ...]:
        """A qualified name, unquoted, its parts in order; empty when none stands here."""
        parts: list[str] = []
        while (here := self.here) is not None and here.kind in NAMES:
            parts.append(here.name)
            self.position += 1
            if not self.take("."):
                break
        return tuple(parts)

    def entity(self) -> str:
        """A name in the form of ``Entity.name``."""
        return ".".join(self.path())

    def list(self) -> tuple[str, ...]:
        """The first name in each part of a list in parentheses, and go behind it: columns, or key parts."""
        end = closing(self.found, self.position)
        inside = self.found[self.position + 1 : end - 1]
        self.position = end
        return tuple(part[0].name if part else "" for part in parts(inside))


def parts(found: Sequence[Lexeme], border: str = ",") -> tuple[Sequence[Lexeme], ...]:
    """The lexemes cut at each comma that stands in no parentheses."""
    result: list[Sequence[Lexeme]] = []
    depth = start = 0
    for index, lexeme in enumerate(found):
        depth += (lexeme.text == "(") - (lexeme.text == ")")
        if lexeme.text == border and depth == 0:
            result.append(found[start:index])
            start = index + 1
    return (*result, found[start:])
