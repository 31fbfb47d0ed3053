"""Comments that silence a finding: ``-- harness: ignore CHECK because …`` on its line or above it.

In SQL, JavaScript, Python and HTML comments. One that stands on a line of its own is about the statement or paragraph
that begins below it; one that ends a line of code is about that line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.source import Source

IGNORE = re.compile(
    r"^(?P<before>.*?)(?:--|//|#|/\*|<!--)+\s*harness:\s*ignore\s+(?P<checks>[\w-]+(?:\s*,\s*[\w-]+)*)(?P<rest>.*)$",
    re.IGNORECASE,
)
BECAUSE = re.compile(r"^\s*[,:]?\s*because\s+(?P<reason>.*?)\s*(?:\*/|-->)?\s*$", re.IGNORECASE)
LONGEST = 200
"""Lines that one statement or paragraph below a comment may have."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """One check that a comment silences.

    Attributes:
        reason: empty when none is given; then nothing is silenced.
        source: the comment's line.
        about: the lines that it is about.
    """

    check: str
    reason: str
    source: Source
    about: Source


def ignores(text: str, path: str) -> Iterator[Ignore]:
    """Every one in a file."""
    if "harness" not in text:
        return
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = IGNORE.match(line) if "harness" in line else None
        if found is None:
            continue
        because = BECAUSE.match(found["rest"])
        reason = because["reason"] if because else ""
        last = number if found["before"].strip() else _last(lines, number)
        for check in re.split(r"\s*,\s*", found["checks"]):
            yield Ignore(check.lower(), reason, Source(path, number, number), Source(path, number, last))


def _last(lines: Sequence[str], number: int) -> int:
    """The last line of what begins below a comment: to the end of its statement, or of its paragraph."""
    begun = False
    for at in range(number + 1, min(len(lines), number + LONGEST) + 1):
        line = lines[at - 1].strip()
        if not line:
            if begun:
                return at - 1
            continue
        begun = begun or not IGNORE.match(line)
        if begun and line.endswith(";"):
            return at
    return min(len(lines), number + LONGEST)
