"""Tables and columns as sentences name them: in singular or plural, by the last word, without their endings."""

import re
from collections.abc import Collection

from harness.design.model import Field, Schema

WORD = re.compile(r"[^\W\d_]+")

SHORTEST = 5
"""Letters of a word that may have an ending."""

NO_NAMES = frozenset({"at", "on", "by", "is", "to", "of", "in", "has", "no"})
"""Parts of columns' names that are words of every sentence."""

ONLY_ONE = re.compile(
    r"\bunique|\bno (?:duplicate|two)\b|\beindeutig|"
    r"\b(?:only|at most|no more than|exactly|just)\s+(?:ever\s+)?(?:(?:have|has|hold|holds|be)\s+)?"
    r"(?:one|once|a single)\b",
    re.IGNORECASE,
)
"""That there is one of something at most."""


def spoken(text: str) -> set[str]:
    """The words of a sentence in lower case, as they stand without a plural's ending, and in the singular."""
    found = WORD.findall(text.lower().replace("e-mail", "email"))
    return {form for word in found for form in (singular(word), word.removesuffix("s"))}


def tables(schema: Schema, text: str) -> list[str]:
    """The tables that a sentence names, by the last word of their names, in its order."""
    words = [singular(word) for word in WORD.findall(text.lower())]
    places = {e.name: min(words.index(w) for w in said) for e in schema.entities if (said := forms(e.name) & {*words})}
    return sorted(places, key=lambda name: places[name])


def forms(name: str) -> set[str]:
    """The last word of a table's name as sentences have it, in German without the ending of the plural."""
    last = last_word(name)
    return {last, *(last.removesuffix(end) for end in ("e", "n", "en") if len(last) > SHORTEST)}


def last_word(name: str) -> str:
    """The last word of a table's name, in the singular: ``item`` of ``shop.order_items``."""
    return singular(re.split(r"[._]", name.lower())[-1])


def parts(field: Field, table: Collection[str]) -> set[str]:
    """The words of a column's name, without those of its table's: ``invoice_no`` of an invoice."""
    return {singular(part) for part in field.name.lower().split("_")} - {*table} - NO_NAMES


def singular(word: str) -> str:
    """A word in lower case without the ending of its plural."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("ses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word
