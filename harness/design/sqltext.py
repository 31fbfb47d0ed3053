"""SQL seen from afar, for telling what a fence is about: words, strings and comments apart, statements by their verb.

What a statement means is the engine's to say, through its own parser; here no text is judged right or wrong.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

TokenKind = Literal["comment", "string", "quoted", "word", "number", "dots", "mark"]
KINDS: tuple[TokenKind, ...] = get_args(TokenKind)
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<string>[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)|'(?:[^']|'')*(?:'|\Z)|\$(?P<tag>[^\W\d]?\w*)\$.*?(?:\$(?P=tag)\$|\Z))
      | (?P<quoted>"(?:[^"]|"")*(?:"|\Z)|`[^`]*(?:`|\Z))
      | (?P<word>[^\W\d][\w$]*)
      | (?P<number>\d[\w.]*)
      | (?P<dots>\.{3,}|…)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_SCRIPTED = re.compile(r"(?m)^[ \t]*//.*$")
_EXISTENCE = ("IF NOT EXISTS", "IF EXISTS", "CONCURRENTLY", "ONLY")
_CREATED = ("TABLE", "INDEX", "VIEW", "TYPE", "FUNCTION", "PROCEDURE", "TRIGGER", "EXTENSION", "SEQUENCE", "DOMAIN")


CHANGES = frozenset({"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "COMMENT", "GRANT", "REVOKE"})
"""Verbs of statements that change a database."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token. ``line`` counts from 0 in the text; ``start`` and ``end`` are offsets."""

    kind: TokenKind
    text: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement of a script, by its tokens without comments; ``line`` and ``end_line`` count from 0."""

    tokens: tuple[Token, ...]

    @property
    def line(self) -> int:
        """The line of its first token."""
        return self.tokens[0].line

    @property
    def end_line(self) -> int:
        """The line on which its last token ends."""
        return self.tokens[-1].line + self.tokens[-1].text.count("\n")

    @property
    def words(self) -> str:
        """Its words and numbers in upper case, with one space between, for matching; strings and marks left out."""
        return " ".join(t.text.upper() for t in self.tokens if t.kind == "word")

    @property
    def verb(self) -> str:
        """Its first word, upper case; empty when it begins with something else."""
        first = next((t for t in self.tokens if t.text != "("), self.tokens[0])
        return first.text.upper() if first.kind == "word" else ""

    @property
    def elided(self) -> bool:
        """Whether something is left out: ``(...)``."""
        return any(t.kind == "dots" for t in self.tokens)


@dataclass(frozen=True, slots=True)
class Made:
    """What a CREATE makes. ``table`` is an index's or trigger's table; names are unquoted."""

    kind: str
    name: str
    table: str


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    """All tokens of a text, comments too; never fails."""
    result: list[Token] = []
    line = 0
    for found in _TOKEN.finditer(text):
        kind = next((name for name in KINDS if found[name] is not None), None)
        if kind is not None:
            result.append(Token(kind, found[0], line, found.start(), found.end()))
        line += found[0].count("\n")
    return tuple(result)


def comments(text: str) -> list[Token]:
    """The comments of a script in their order; in one that is JavaScript, lines that begin with ``//`` too.

    No SQL begins a line so but for mysql's ``DELIMITER //``, which says nothing that is looked for in a comment.
    """
    lines = (
        Token("comment", line[0].strip(), text.count("\n", 0, line.start()), line.start(), line.end())
        for line in _SCRIPTED.finditer(text)
    )
    found = (token for token in tokens(text) if token.kind == "comment")
    return sorted([*found, *lines], key=lambda token: token.start)


@lru_cache(maxsize=256)
def pieces(text: str) -> tuple[Piece, ...]:
    """The statements of a text, cut at semicolons that stand in no parentheses."""
    result: list[Piece] = []
    current: list[Token] = []
    depth = 0
    for token in tokens(text):
        if token.kind == "comment":
            continue
        depth = max(0, depth + (token.text == "(") - (token.text == ")"))
        current.append(token)
        if token.text == ";" and not depth:
            result += _piece(current)
            current = []
    return (*result, *_piece(current))


def _piece(current: list[Token]) -> tuple[Piece, ...]:
    return (Piece(tuple(current)),) if any(t.text != ";" for t in current) else ()


def made(piece: Piece) -> Made | None:
    """What a CREATE statement makes; None for other statements."""
    if piece.verb != "CREATE":
        return None
    position = next((n for n, t in enumerate(piece.tokens[:8]) if t.text.upper() in _CREATED), None)
    if position is None:
        return None
    kind = piece.tokens[position].text.lower()
    name, after = _name(piece.tokens, _skip(piece.tokens, position + 1))
    table = ""
    if kind in {"index", "trigger"}:
        on = next((n for n in range(position, len(piece.tokens)) if piece.tokens[n].text.upper() == "ON"), None)
        name = "" if on == after and name.upper() == "ON" else name
        table = _name(piece.tokens, _skip(piece.tokens, on + 1))[0] if on is not None else ""
    return Made(kind, name, table)


def _skip(found: tuple[Token, ...], position: int) -> int:
    for words in _EXISTENCE:
        length = len(words.split())
        if " ".join(t.text.upper() for t in found[position : position + length]) == words:
            position += length
    return position


def _name(found: tuple[Token, ...], position: int) -> tuple[str, int]:
    """The name that begins at a position, unquoted and with its dots, and the position after it."""
    parts: list[str] = []
    while position < len(found) and found[position].kind in {"word", "quoted"}:  # T-SQL's [brackets] give no name
        parts.append(found[position].text.strip('"`'))
        position += 1
        if position >= len(found) or found[position].text != ".":
            break
        position += 1
    return ".".join(parts).removeprefix("public."), position


def created(text: str) -> tuple[Made, ...]:
    """Everything that the statements of a text create, in order."""
    return tuple(thing for piece in pieces(text) if (thing := made(piece)) is not None)


def inline_indexes(text: str) -> tuple[str, ...]:
    """The names of indexes and keys that stand within a CREATE or ALTER TABLE, unquoted."""
    found: list[str] = []
    for piece in pieces(text):
        words = piece.words.split()
        if piece.verb not in {"CREATE", "ALTER"} or "TABLE" not in words[:5]:
            continue
        held = piece.tokens
        for one, two, three in zip(held, held[1:], held[2:], strict=False):
            named = two.kind in {"word", "quoted"}
            word, then = one.text.upper(), three.text.upper()
            keyed = word == "CONSTRAINT" and then in {"UNIQUE", "PRIMARY", "EXCLUDE"}
            if named and (keyed or (word in {"KEY", "INDEX"} and then in {"(", "USING"})):
                found.append(two.text.strip('`"'))
    return tuple(found)
