r"""Texts from a regular expression: each expression counts its texts, and the text of any number in it is computed.

``^[A-Z]{3}-\d{4}$`` has 26^3 * 10^4 texts; text n is found by taking the digits of n in mixed radix. So texts drawn
from a pattern are as unique as the numbers they are drawn from. Open repetitions (``+``, ``*``) are taken short.
Classes are taken to printable ASCII without quotes and backslashes. Look-around and back references are not understood.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Protocol

OPEN_REPEAT = 8
PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789"
PRINTABLE = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~!@#$%&*+=:;,?/()[]{}<>^| "
POSIX = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "A-Za-z0-9", "upper": "A-Z", "lower": "a-z", "xdigit": "0-9A-Fa-f",
    "space": " ", "punct": "!#$%&*+,./:;<=>?@^_~-", "word": "A-Za-z0-9_",
}  # fmt: skip


class NotUnderstood(ValueError):  # noqa: N818  (the word says what is so)
    """A construct that texts cannot be made for."""


class Node(Protocol):
    """A part of an expression: how many texts it has, and each of them."""

    @property
    def size(self) -> int:
        """How many texts."""
        ...

    def text(self, number: int) -> str:
        """Text ``number`` of [0, size)."""
        ...


@dataclass(frozen=True, slots=True)
class Letters:
    """One character of a class."""

    characters: str

    @property
    def size(self) -> int:
        """How many characters."""
        return len(self.characters)

    def text(self, number: int) -> str:
        """That character."""
        return self.characters[number]


@dataclass(frozen=True, slots=True)
class Chain:
    """Parts one after the other; the last part turns fastest."""

    parts: tuple[Node, ...]
    size: int

    def text(self, number: int) -> str:
        """The parts' texts, joined."""
        found = []
        for part in reversed(self.parts):
            number, digit = divmod(number, part.size)
            found.append(part.text(digit))
        return "".join(reversed(found))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several; the numbers of each follow those of the one before."""

    options: tuple[Node, ...]
    size: int

    def text(self, number: int) -> str:
        """The text of the option that the number falls into."""
        for option in self.options:
            if number < option.size:
                return option.text(number)
            number -= option.size
        raise IndexError(number)


def chain(parts: Iterable[Node]) -> Node:
    """Parts in a row."""
    found = tuple(parts)
    size = 1
    for part in found:
        size *= part.size
    return Chain(found, size)


def choice(options: Iterable[Node]) -> Node:
    """One of several parts."""
    found = tuple(options)
    return Choice(found, sum(option.size for option in found))


@lru_cache(maxsize=256)
def compiled(
    pattern: str, shortest: int = 0, longest: int | None = None, *, distinct: bool = False, folded: bool = False
) -> Node:
    """The texts of a pattern (found anywhere in the text, so anchors only forbid what would stand around it).

    Lengths bound open repetitions; whether a whole text fits is for the caller to see. ``distinct`` gives each
    repetition one length and each choice one option, so that no text has two numbers; ``folded`` leaves out letters
    that differ from another one only in their case, which many collations take for the same. NotUnderstood when it
    cannot be.
    """
    try:
        tree = parser.parse(_python(pattern))
    except re.error as error:
        raise NotUnderstood(str(error)) from error
    missing = max(shortest - tree.getwidth()[0], 0)
    node = _sequence(list(tree), OPEN_REPEAT, missing)
    for room in range(OPEN_REPEAT - 1, -1, -1):
        if longest is None or _longest(node) <= longest:
            break
        node = _sequence(list(tree), room, missing)
    if distinct:
        node = _distinct(node, folded=folded)
    if node.size < 1:
        raise NotUnderstood(f"{pattern} has no text")
    return node


def _distinct(node: Node, *, folded: bool) -> Node:
    if isinstance(node, Choice):
        return max((_distinct(option, folded=folded) for option in node.options), key=lambda option: option.size)
    if isinstance(node, Letters) and folded:
        return Letters("".join({letter.lower(): letter for letter in node.characters}.values()))
    return chain(_distinct(part, folded=folded) for part in node.parts) if isinstance(node, Chain) else node


def _longest(node: Node) -> int:
    """Characters of the longest text."""
    if isinstance(node, Chain):
        return sum(map(_longest, node.parts))
    return max(map(_longest, node.options), default=0) if isinstance(node, Choice) else 1


def _python(pattern: str) -> str:
    """A POSIX expression in Python's spelling."""
    for name, letters in POSIX.items():
        pattern = pattern.replace(f"[:{name}:]", letters)
    pattern = re.sub(r"^\(\?[a-z]+\)", "", pattern)
    return pattern.replace(r"\m", r"\b").replace(r"\M", r"\b").replace(r"\y", r"\b")


def _sequence(items: list[Any], room: int, missing: int = 0) -> Node:
    """The parts of a sequence; ``missing`` characters are made up by the open repetitions."""
    return chain(_part(operator, argument, room, missing) for operator, argument in items)


def _part(operator: Any, argument: Any, room: int, missing: int) -> Node:
    if operator in _LETTERS:
        return Letters(_LETTERS[operator](argument))
    match operator:
        case codes.AT:
            return chain(())
        case codes.SUBPATTERN:
            return _sequence(list(argument[3]), room, missing)
        case codes.BRANCH:
            return choice(_sequence(list(option), room, missing) for option in argument[1])
        case codes.MAX_REPEAT | codes.MIN_REPEAT:
            return _repeated(argument, room, missing)
    raise NotUnderstood(f"{operator} in a pattern")


def _repeated(argument: Any, room: int, missing: int) -> Node:
    least, most, inner = argument
    part = _sequence(list(inner), min(room, 2))
    least = min(least + missing, int(most)) if missing else least
    counts = range(least, min(int(most), least + room) + 1)
    return choice(chain([part] * count) for count in counts)


def _class(items: list[Any]) -> str:
    wanted: set[str] = set()
    inverse = bool(items) and items[0][0] is codes.NEGATE
    for operator, argument in items[1:] if inverse else items:
        wanted |= _members(operator, argument)
    return _others(wanted) if inverse else "".join(sorted(wanted))


def _others(than: set[str]) -> str:
    """The characters that are not forbidden: plain ones when there are any."""
    return "".join(c for c in PLAIN if c not in than) or "".join(c for c in PRINTABLE if c not in than)


def _members(operator: Any, argument: Any) -> set[str]:
    if operator is codes.LITERAL:
        return {chr(argument)}
    if operator is codes.RANGE:
        return {chr(code) for code in range(argument[0], argument[1] + 1)}
    if operator is codes.CATEGORY:
        digits, spaces = set("0123456789"), {" "}
        words = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") | digits
        sets = {
            codes.CATEGORY_DIGIT: digits,
            codes.CATEGORY_SPACE: spaces,
            codes.CATEGORY_WORD: words,
            codes.CATEGORY_NOT_DIGIT: set(PRINTABLE) - digits,
            codes.CATEGORY_NOT_SPACE: set(PRINTABLE) - spaces,
            codes.CATEGORY_NOT_WORD: set(PRINTABLE) - words,
        }
        return sets[argument]
    raise NotUnderstood(f"{operator} in a class")


_LETTERS: dict[Any, Callable[[Any], str]] = {
    codes.LITERAL: chr,
    codes.NOT_LITERAL: lambda code: _others({chr(code)}),
    codes.ANY: lambda _: PLAIN,
    codes.IN: _class,
}


def found_in(pattern: str, text: str, *, fold: bool) -> bool:
    """Whether a text matches a POSIX expression; true when the expression is not understood."""
    try:
        return re.search(_python(pattern), text, re.IGNORECASE if fold else 0) is not None
    except re.error:
        return True
