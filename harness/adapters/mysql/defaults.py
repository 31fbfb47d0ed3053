"""Defaults of documents as SQL: literals as they are, bare words as text, expressions in parentheses.

Only CURRENT_TIMESTAMP and its synonyms stand without parentheses; any other expression wants them, in MySQL from 8.0.13
on, and so does every default of a BLOB, TEXT, JSON or geometry column. MariaDB takes them too.
"""

import re
from collections.abc import Sequence

from harness.adapters.mysql.grammar import Lexeme, code
from harness.adapters.mysql.names import RESERVED, literal

NOW = re.compile(
    r"(?:CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP)(?:\s*\(\s*\d*\s*\))?\Z|NOW\s*\(\s*\d*\s*\)\Z", re.IGNORECASE
)
ON_UPDATE = re.compile(r"\s+ON\s+UPDATE\s+", re.IGNORECASE)
MOMENTS = re.compile(r"(?:datetime|timestamp)", re.IGNORECASE)
EXPRESSED = re.compile(r"(?:tiny|medium|long)?(?:text|blob)\b|json\b|geometry|point|polygon", re.IGNORECASE)
"""Types whose default must be an expression."""

PRECISION = re.compile(r"\(\s*([1-6])\s*\)")
CONSTANTS = frozenset({"NULL", "TRUE", "FALSE"})


def default(written: str, type_: str) -> str:
    """What stands behind DEFAULT, with an ON UPDATE that the document has in the same place."""
    value, *updated = ON_UPDATE.split(written.strip(), maxsplit=1)
    return " ON UPDATE ".join([_value(value.strip(), type_), *(moment(word, type_) for word in updated)])


def _value(value: str, type_: str) -> str:
    lexemes = code(value)
    if MOMENTS.match(type_) and NOW.match(value):
        return moment(value, type_)
    if _encloses(value, lexemes) or value.upper() == "NULL":
        return value
    if _means_text(value, lexemes):
        value = literal(value)
    elif lexemes and not _constant(lexemes):
        return f"({value})"
    return f"({value})" if EXPRESSED.match(type_) else value


def _means_text(value: str, lexemes: Sequence[Lexeme]) -> bool:
    """Bare words (``default pending``) and bare JSON can only be meant as a text."""
    words = lexemes and all(lexeme.kind == "word" for lexeme in lexemes)
    return value[:1] in {"{", "["} or bool(words and value.upper() not in CONSTANTS and not _is_function(value))


def moment(value: str, type_: str) -> str:
    """CURRENT_TIMESTAMP with the column's own precision: the servers refuse any other (1067)."""
    precision = PRECISION.search(type_)
    wanted = f"({precision[1]})" if precision else ""
    if not wanted or PRECISION.search(value) or not NOW.match(value):
        return value
    return value.partition("(")[0].rstrip() + wanted


def _encloses(value: str, lexemes: Sequence[Lexeme]) -> bool:
    """Whether one pair of parentheses stands around all of it."""
    depth = 0
    for index, lexeme in enumerate(lexemes):
        depth += (lexeme.text == "(") - (lexeme.text == ")")
        if depth == 0:
            return lexeme.text == ")" and index == len(lexemes) - 1 and value.startswith("(")
    return False


def _constant(lexemes: Sequence[Lexeme]) -> bool:
    """A literal, maybe with a sign or a character set or type in front (``-1``, ``DATE '2024-01-01'``)."""
    *front, last = lexemes
    prefixes = {"-", "+", "DATE", "TIME", "TIMESTAMP", "B", "X"}
    fits = all(lexeme.upper in prefixes or lexeme.text.startswith("_") for lexeme in front)
    return fits and (last.kind in {"string", "number"} or (not front and last.upper in CONSTANTS))


def _is_function(word: str) -> bool:
    """CURRENT_DATE and its like are functions without parentheses."""
    return word.lower() in RESERVED and word.lower().startswith(("current_", "local", "utc_"))
