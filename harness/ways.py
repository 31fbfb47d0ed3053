"""The ways to answer a query: the one that the server takes, the best through one index, the best without that index.

An engine that can tell them has sessions that are ``Weighing``. Values and a protocol only, beside ``engine``.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.model import Index
from harness.facts import Access, Refusal


@dataclass(frozen=True, slots=True)
class Ways:
    """How one text can be answered, for one index.

    Attributes:
        chosen: whether the server goes through the index of its own accord.
        taken: the plan of its own choice.
        through: the best plan through the index, with what competes taken away; None when the index cannot serve.
        beside: the best plan without the index; None when it could not be told.
        unknown: why ``through`` could not be asked for (a text that takes no hint); empty when it could.

    The ``cost`` of each is in one unit: the planner's where it has one, else keys and documents examined.
    """

    chosen: bool
    taken: Access
    through: Access | None
    beside: Access | None
    unknown: str = ""

    @property
    def margin(self) -> float | None:
        """How many times the cost of the way taken the other one has: the one beside, or through the index.

        None when costs were not told.
        """
        other = self.beside if self.chosen else self.through
        if other is None or other.cost is None or self.taken.cost is None:
            return None
        # A cost of nothing is a constant row; one unit is less than a page.
        return max(other.cost, 1.0) / max(self.taken.cost, 1.0) if other.cost != self.taken.cost else 1.0


@runtime_checkable
class Weighing(Protocol):
    """A session that can weigh an index against the other ways. Nothing of it lasts."""

    def samplings(self) -> int:
        """How many different samples of statistics can be looked at; 1 where the planner keeps none."""
        ...

    def sampled(self, entities: Sequence[str], number: int) -> AbstractContextManager[str]:
        """While inside, the planner knows ``entities`` by another sample of their rows; gives the words for it.

        Number 0 is the statistics that are there.
        """
        ...

    def ways(self, text: str, index: Index, *, execute: bool) -> Ways | Refusal:
        """Weigh one text; ``execute``: also count the pages of the way through the index, where that ends soon."""
        ...
