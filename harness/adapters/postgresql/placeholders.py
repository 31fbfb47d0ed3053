"""Placeholders of drivers and templates (``:id``, ``?``, ``%s``, ``@p``, ``{id}``) as PostgreSQL's ``$1``.

The parser knows only ``$1``. The text is rewritten for it, and a map leads its offsets back to the text as written.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

PIECES = re.compile(
    r"""
    (?P<kept>
        '(?:[^']|'')*'                                # literals, names, bodies and comments keep what is in them
      | "(?:[^"]|"")*"
      | \$(?P<tag>[A-Za-z_]\w*)?\$.*?\$(?(tag)(?P=tag))\$
      | --[^\n]*
      | /\*.*?\*/
      | ::
    )
    | (?P<placeholder>
        (?<![\w\]:]):[A-Za-z_]\w*                     # :name
      | %\([A-Za-z_]\w*\)s | %s\b                     # psycopg
      | (?<![\w@])@[A-Za-z_]\w*                       # @name; PostgreSQL's own @ is the absolute value, hardly met
      | \{\{\s*[A-Za-z_][\w.]*\s*\}\}                 # {{ name }}
      | \$?\{[A-Za-z_][\w.]*\}                        # {name} ${name}
      | (?<![?@])\?(?![|&?])                           # ? where no operator can stand, see below
    )
    """,
    re.VERBOSE | re.DOTALL,
)

EXPECTS_VALUE = re.compile(
    r"(?:[=<>(,+*/|-]|\b(?:limit|offset|i?like|values|any|in|and|or|not|between|then|else|when|select|returning))\s*\Z",
    re.IGNORECASE,
)
"""What stands before a ``?`` that is a placeholder; elsewhere it is the operator of jsonb."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text with ``$n`` in the place of each placeholder.

    Attributes:
        text: what the parser reads.
        ends: offsets in ``text`` after each replacement.
        drifts: what to add to an offset at or after the end of that replacement.
    """

    text: str
    ends: tuple[int, ...] = ()
    drifts: tuple[int, ...] = ()

    def written(self, offset: int) -> int:
        """The offset in the text as written, for one that is not inside a replacement."""
        index = bisect_right(self.ends, offset) - 1
        return offset + (self.drifts[index] if index >= 0 else 0)


def numbered(text: str) -> Numbered:
    """The text with its placeholders numbered, from beyond the ``$n`` that are there."""
    number = max((int(n) for n in re.findall(r"\$(\d{1,5})", text)), default=0)
    pieces: list[str] = []
    ends: list[int] = []
    drifts: list[int] = []
    last = length = 0
    for found in PIECES.finditer(text):
        placeholder = found["placeholder"]
        if not placeholder or (placeholder == "?" and not _expects_value(text, found.start())):
            continue
        number += 1
        pieces += [text[last : found.start()], f"${number}"]
        length += found.start() - last + len(pieces[-1])
        last = found.end()
        ends.append(length)
        drifts.append(last - length)
    return Numbered("".join((*pieces, text[last:])), tuple(ends), tuple(drifts))


def _expects_value(text: str, offset: int) -> bool:
    return EXPECTS_VALUE.search(text, max(0, offset - 40), offset) is not None
