"""Counts as people read them: the one place where a noun gets its plural, and a verb its form."""

import re

ENDS_IN_Y = re.compile(r"[^aeiou]y$")
HISSES = re.compile(r"(?:s|x|z|ch|sh)$")


def counted(number: float, noun: str) -> str:
    """``1 row``, ``2,000 rows``, ``0 queries``; ``noun`` in the singular."""
    return f"{number:,.0f} {form(round(number), noun, plural(noun))}"


def form(number: float, one: str, many: str) -> str:
    """The word that goes with so many: ``form(1, "is", "are")``."""
    return one if number == 1 else many


def plural(noun: str) -> str:
    """``query``: ``queries``; ``index``: ``indexes``; the last word of several has the ending."""
    if ENDS_IN_Y.search(noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if HISSES.search(noun) else f"{noun}s"
