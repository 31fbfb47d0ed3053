"""Text from documents and servers made safe to print: no control characters, no lone surrogates, one line if asked."""

import re

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What could drive a terminal, turn the direction of text around, or break XML 1.0. Tab and newline may stay."""


def printable(text: str) -> str:
    """The text with each unprintable character replaced by U+FFFD."""
    return UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n"))


def one_line(text: str, width: int = 0) -> str:
    """The text on one line, its white space collapsed; cut with an ellipsis when longer than ``width`` (0: never)."""
    line = " ".join(printable(text).split())
    return line if not width or len(line) <= width else line[: width - 1].rstrip() + "…"
