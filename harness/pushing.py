"""An ability of engines of documents: which arrays a statement makes longer."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.model import Statement
from harness.source import Source


@dataclass(frozen=True, slots=True)
class Push:
    """An array that a write makes longer.

    Attributes:
        field: its path, as fields of a schema are named (``items[].notes``).
        how: the operator (``$push``, ``$addToSet``, ``$concatArrays``).
        bound: what keeps it short in the write itself, in its own words (``$slice: -50``); empty when nothing does.
    """

    entity: str
    field: str
    how: str
    bound: str
    source: Source


@runtime_checkable
class Pushing(Protocol):
    """An engine whose documents hold arrays that single writes make longer."""

    def pushes(self, statement: Statement) -> tuple[Push, ...]:
        """The arrays that a statement makes longer; none where it cannot be read."""
        ...
