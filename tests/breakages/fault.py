"""What a fault is: an edit of a shipped design, the check that must find it, and on which line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One broken document.

    ``edits`` are pairs of texts; each first text stands in the document and is replaced everywhere unless ``times``
    says how often (from the top). ``on`` is a piece of the line, in the broken document, that the finding points at.
    ``also`` are checks whose question has the same answer: an index that cannot serve is not used either.
    """

    name: str
    check: str
    on: str
    edits: tuple[tuple[str, str], ...]
    times: int = -1
    severity: str = "error"
    also: tuple[str, ...] = ()

    def applied(self, text: str) -> str:
        """The document with the fault in it."""
        for old, new in self.edits:
            assert old in text, f"{self.name}: the design no longer holds {old!r}"
            text = text.replace(old, new, self.times)
        return text
