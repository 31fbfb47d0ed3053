"""What to do instead of a statement that stops others: the sequence that its engine knows, in words."""

import re

from harness.facts import Traits

REFUSED = re.compile(r"\brefused on (?:tables|collections)\b")

ROWS_FIRST = (
    "Bring what is there into the new shape first, in statements before it or a migration of its own: it may look so "
    "in production, too."
)


def safer(traits: Traits, text: str) -> str:
    """What to do instead; empty where nothing is known."""
    found = (words for when, words in traits.instead if re.search(when, text, re.IGNORECASE | re.DOTALL))
    return next(found, "")


def rows_first(reason: str) -> str | None:
    """What to do about an up that the rows refuse, of the reason why something was not looked at; None of others."""
    return ROWS_FIRST if REFUSED.search(reason) else None
