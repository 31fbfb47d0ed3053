"""What a fault is: an edit of a shipped design, the check that must find it, and on which line."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One broken document.

    ``edits`` are pairs of texts; each first text stands in the document and is replaced everywhere unless ``times``
    says how often (from the top). ``on`` is a piece of the line, in the broken document, that the finding points at.
    ``also`` are checks whose question has the same answer: an index that cannot serve is not used either. ``alone``: no
    other fault is looked at beside it.
    """

    name: str
    check: str
    on: str
    edits: tuple[tuple[str, str], ...]
    times: int = -1
    severity: str = "error"
    also: tuple[str, ...] = ()
    alone: bool = False

    @property
    def checks(self) -> frozenset[str]:
        """All checks that must find it broken."""
        return frozenset((self.check, *self.also))

    def fits(self, text: str) -> bool:
        """Whether the document, with other faults in it, still holds what is edited."""
        return all(old in text for old, _ in self.edits)

    def applied(self, text: str) -> str:
        """The document with the fault in it."""
        for old, new in self.edits:
            assert old in text, f"{self.name}: the design no longer holds {old!r}"
            text = text.replace(old, new, self.times)
        return text


def planted(text: str, faults: Iterable[Fault]) -> str:
    """The document with all of them in it."""
    for fault in faults:
        text = fault.applied(text)
    return text
