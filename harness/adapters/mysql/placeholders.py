"""Placeholders of drivers and templates (``?``, ``:id``, ``%s``, ``@p``, ``{id}``, ``$1``) as numbers of equal length.

So the parser reads a literal wherever one can stand, ``LIMIT ?`` too, and all offsets stay those of the text as
written. TRUE and FALSE become numbers as well, since the parser keeps no place of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from harness.adapters.mysql.grammar import QUOTED, SKIPPED

PIECES = re.compile(
    rf"""
    (?P<kept>{QUOTED}|{SKIPPED})
    | (?P<placeholder>
        \?
      | (?<![\w:\]]):[A-Za-z_]\w*                     # :name
      | %\([A-Za-z_]\w*\)s | (?<!\w)%s\b           # Python's drivers; a%s is a remainder
      | (?<![\w@`'"])@[A-Za-z_]\w*                    # @name, a variable that somebody has set before
      | \{{\{{\s*[A-Za-z_][\w.]*\s*\}}\}}             # double braces
      | \$?\{{[A-Za-z_][\w.]*\}}                      # single braces, with or without a dollar
      | (?<![\w$])\$\d+\b                             # $1
    )
    | (?<![\w.`@$])(?<!\bIS\s)(?<!\bNOT\s)(?P<boolean>TRUE|FALSE)\b(?!\s*[(.])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


COUNTS = re.compile(r"\b(?:LIMIT|OFFSET|INTERVAL)\s*\Z|\bLIMIT\s+\S+\s*,\s*\Z", re.IGNORECASE)
"""Before a placeholder that takes a number only; elsewhere a text is taken for whatever is wanted there."""


def supplied(text: str) -> tuple[str, ...]:
    """A literal for each placeholder of a query, in their order; see ``Supplying.supplied``."""
    return tuple("10" if COUNTS.search(text, 0, start) else "'10'" for start in sorted(numbered(text).ends))


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text as long as the one that was written, with numbers in the place of placeholders.

    Attributes:
        text: what the parser reads.
        ends: of each placeholder by its start: the offset after it.
        booleans: TRUE and FALSE by their start, in small letters.
    """

    text: str
    ends: Mapping[int, int]
    booleans: Mapping[int, str]


def numbered(text: str) -> Numbered:
    """The text with its placeholders as numbers."""
    pieces: list[str] = []
    ends: dict[int, int] = {}
    booleans: dict[int, str] = {}
    last = 0
    for found in PIECES.finditer(text):
        if found["kept"]:
            continue
        if found["boolean"]:
            booleans[found.start()] = found[0].lower()
        else:
            ends[found.start()] = found.end()
        pieces += [text[last : found.start()], "0" * len(found[0])]
        last = found.end()
    return Numbered("".join((*pieces, text[last:])), ends, booleans)
