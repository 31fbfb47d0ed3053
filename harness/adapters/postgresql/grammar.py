"""PostgreSQL 18's own scanner and parser (libpg_query, by postgast), speaking in character offsets.

The library counts bytes; everything here and above counts characters, as the document does.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import postgast
from google.protobuf.message import DecodeError, Message
from postgast.pg_query_pb2 import KeywordKind, ParseResult, ScanToken, Token, TypeCast
from postgast.walk import unwrap_node


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token of the text. ``kind`` is the scanner's name (``SCONST``, ``CREATE``) or the character itself.

    Attributes:
        reserved: a keyword that cannot be a bare name.
    """

    start: int
    end: int
    kind: str
    reserved: bool = False


class Unparsable(Exception):  # noqa: N818  (the word says what is so)
    """The parser refused a text: its message, and the offset of the character it points at."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class TooDeep(Unparsable):
    """The text is nested deeper than the library can hand over (100 levels); nothing is known against it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parse tree and its text. Offsets in the tree are bytes: ask ``offset``."""

    text: str
    tree: ParseResult
    table: "array[int] | None"

    def offset(self, location: int) -> int:
        """The character offset of a location in the tree."""
        return location if self.table is None else self.table[location]


COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})
UNTERMINATED = "UNTERMINATED"
RUNS = re.compile(r"(?P<plain>[\x00-\x7f]+)|.", re.DOTALL)
"""Characters of one byte, as many as there are, or one of more."""


def parse(text: str) -> Parsed:
    """The parse tree; raises ``Unparsable``."""
    clean = _clean(text)
    table = _character_of_byte(clean)
    try:
        return Parsed(clean, postgast.parse(clean), table)
    except DecodeError as error:
        raise TooDeep("nested too deeply to be understood", 0) from error
    except postgast.PgQueryError as error:
        raise Unparsable(error.message, _character(table, len(clean), error.cursorpos - 1)) from error


def lexemes(text: str) -> tuple[Lexeme, ...]:
    """The tokens of any text, without comments; what is never closed is one last token to the end."""
    clean = _clean(text)
    table = _character_of_byte(clean)
    try:
        return _without_comments(postgast.scan(clean).tokens, table)
    except postgast.PgQueryError as error:
        at = _character(table, len(clean), error.cursorpos - 1)
    return (*lexemes(clean[:at]), Lexeme(at, len(clean), UNTERMINATED))


def normalised(text: str) -> str | None:
    """The text as the parser would write it (case, spaces and needless parentheses gone); None when it cannot."""
    try:
        return str(postgast.deparse(parse(text).tree))
    except (Unparsable, postgast.PgQueryError):
        return None


PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")


@lru_cache(maxsize=4096)
def reserved(word: str) -> bool:
    """Whether a bare lower-case word is a keyword that must be quoted to be a name."""
    found = lexemes(word)
    return len(found) != 1 or found[0].reserved


def _without_comments(tokens: Iterable[ScanToken], table: "array[int] | None") -> tuple[Lexeme, ...]:
    result = []
    for token in tokens:
        kind = chr(token.token) if token.token < 256 else Token.Name(token.token)
        if kind not in COMMENTS:
            result.append(
                Lexeme(
                    token.start if table is None else table[token.start],
                    token.end if table is None else table[token.end],
                    kind,
                    token.keyword_kind not in (KeywordKind.NO_KEYWORD, KeywordKind.UNRESERVED_KEYWORD),
                )
            )
    return tuple(result)


def _clean(text: str) -> str:
    """The text with what the C library cannot take (NUL, lone surrogates) replaced, character for character."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _character_of_byte(text: str) -> "array[int] | None":
    if text.isascii():
        return None
    table = array("I")
    for found in RUNS.finditer(text):
        start, end = found.span()
        table.extend(range(start, end) if found["plain"] else [start] * len(found[0].encode("utf-8")))
    table.append(len(text))
    return table


def _character(table: "array[int] | None", length: int, location: int) -> int:
    location = max(location, 0)
    if table is None:
        return min(location, length)
    return table[min(location, len(table) - 1)]


def uncast(node: Message) -> Message:
    """What a node is without the casts around it."""
    while isinstance(node, TypeCast):
        node = unwrap_node(node.arg)
    return node
