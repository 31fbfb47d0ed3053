"""What a session must do so that indexes can be tried: their size, what they cost a writer, and how values spread."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.model import Index

LOOKED_AT = 200_000
"""Rows that are grouped to see how values are spread: the first ones, which stand in no order that matters here."""

FREQUENT = 30
"""Most frequent values that are told."""

STAGE = "harness_rows"
"""The rows that are written into copies, where they stand in a table; numbered by ``harness_n`` from 1 on."""

COPY = "harness_copy_"


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


def spread(groups: Sequence[tuple[object, int]]) -> Spread:
    """Of values with their rows, the most frequent first; None stands for rows without one."""
    frequent = tuple((str(value), rows) for value, rows in groups[:FREQUENT] if value is not None)
    return Spread(sum(rows for _, rows in groups), len(groups), frequent)


class Copies(Protocol):
    """Empty copies of a table that rows of it can be written to, part by part."""

    @property
    def parts(self) -> int:
        """How many parts there are."""
        ...

    @property
    def rows(self) -> int:
        """Rows of a part."""
        ...

    def write(self, copy: int, part: int) -> float:
        """Seconds that the server took to write one part (``rows`` rows) of the table's rows into a copy."""
        ...


class Building(Protocol):
    """What an engine does for copies of one entity."""

    def stage(self, count: int) -> int:
        """Lay up to so many of the entity's rows ready; how many there are."""
        ...

    def copy(self, name: str, without: str | None) -> None:
        """Make an empty copy with all indexes but that one."""
        ...

    def write(self, name: str, first: int, count: int) -> None:
        """Write ``count`` of the rows that lie ready into a copy, from number ``first`` (0, …) on."""
        ...

    def drop(self, names: Sequence[str]) -> None:
        """Take away copies, and what lies ready; some may not have been made. A server that is gone is no error."""
        ...


@dataclass(frozen=True, slots=True)
class _Copies:
    building: Building
    parts: int
    rows: int

    def write(self, copy: int, part: int) -> float:
        """See ``Copies.write``; with the way to the server, which is the same for all copies."""
        started = time.perf_counter()
        self.building.write(f"{COPY}{copy}", part * self.rows, self.rows)
        return time.perf_counter() - started


@contextmanager
def copied(building: Building, without: Sequence[str], parts: int, rows: int) -> Iterator[Copies]:
    """Copies as ``Trying.copies`` asks for them, gone at the end."""
    names = [f"{COPY}{number}" for number in range(len(without) + 1)]
    try:
        there = building.stage(parts * rows)
        for name, index in zip(names, (None, *without), strict=True):
            building.copy(name, index)
        yield _Copies(building, there // rows, rows)
    finally:
        building.drop(names)


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
