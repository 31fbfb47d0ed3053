"""Files that hold both directions, told apart by marks on lines of their own (dbmate, goose)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.folders.model import Piece
from harness.folders.text import line_at, part


@dataclass(frozen=True, slots=True)
class Section:
    """What follows a mark. ``words``: the rest of the mark's line; ``line``: of the mark, from 1."""

    way: str
    words: str
    line: int
    body: Piece


def sections(path: Path, text: str, mark: re.Pattern[str]) -> Iterator[Section]:
    """The sections in order; ``mark`` has groups ``way`` and ``words``."""
    found = list(mark.finditer(text))
    ends = [line_at(text, match.start()) for match in found[1:]] + [text.count("\n") + 1]
    for match, end in zip(found, ends, strict=True):
        first = line_at(text, match.start())
        yield Section(match["way"].lower(), match["words"].strip(), first + 1, part(path, text, first + 1, end))
