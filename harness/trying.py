"""What a session must do so that indexes can be tried: their size, what they cost a writer, and how values spread."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.model import Index


@dataclass(frozen=True, slots=True)
class Spread:
    """How the values of a field are spread over the rows.

    Attributes:
        rows: rows that were looked at.
        distinct: different values among them.
        frequent: the most frequent values as text, with their rows, the most frequent first.
    """

    rows: int
    distinct: int
    frequent: tuple[tuple[str, int], ...]


class Copies(Protocol):
    """Empty copies of a table that rows of it can be written to, part by part."""

    parts: int
    rows: int

    def write(self, copy: int, part: int) -> float:
        """Seconds that the server took to write one part (``rows`` rows) of the table's rows into a copy."""
        ...


@runtime_checkable
class Trying(Protocol):
    """A session on which indexes can be tried. What it makes beside them is gone afterwards."""

    def statements(self, index: Index) -> tuple[str, str]:
        """What makes an index, and what takes it away again."""
        ...

    def analyse(self, entity: str) -> None:
        """Bring the planner's statistics of an entity up to date."""
        ...

    def size(self, entity: str, index: str) -> int:
        """Bytes of an index; 0 when the server does not tell."""
        ...

    def spread(self, entity: str, field: str) -> Spread | None:
        """How the values of a field are spread; None for what cannot be grouped."""
        ...

    def copies(self, entity: str, without: Sequence[str], parts: int, rows: int) -> AbstractContextManager[Copies]:
        """Copies of a table with its indexes, without foreign keys and triggers.

        Copy 0 has all indexes; copy ``n`` has all but ``without[n - 1]``. There are up to ``parts`` parts of ``rows``
        rows, taken from the table.
        """
        ...


@runtime_checkable
class Supposing(Protocol):
    """A session whose planner can be asked about an index that is not there."""

    def supposed(self, text: str, indexes: Sequence[Index]) -> tuple[bool | None, ...]:
        """For each index whether the planner would go through it, were it alone added; None where it cannot tell."""
        ...
