"""Which lines of the document a part of a statement's text stands on."""

import re
from bisect import bisect_left
from collections.abc import Callable

from harness.design.model import Statement
from harness.source import Source

NEWLINE = re.compile("\n")


def lines(statement: Statement) -> Callable[[int, int], Source]:
    """A function from ``start`` and ``end`` to the lines of ``text[start:end]``.

    Filled and derived texts may be longer than the lines they were made from; then the whole source stands for any
    part of them.
    """
    text, source = statement.text.rstrip(), statement.source
    breaks = [found.start() for found in NEWLINE.finditer(text)]  # scripts of tens of megabytes are met
    if len(breaks) > source.end_line - source.line:
        return lambda _start, _end: source

    def of(start: int, end: int) -> Source:
        first = bisect_left(breaks, start)
        return source.at(first, bisect_left(breaks, end) - first + 1)

    return of
