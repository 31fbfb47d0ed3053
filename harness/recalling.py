"""What an engine of documents adds to its sessions so that what a migration loses of them can be told.

Documents of one collection may differ in their fields, so that no table of columns says what is to be compared: each
document tells it itself, value by value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Recalled:
    """A document in words.

    Attributes:
        key: its ``_id``, as an expression of the engine's language.
        values: what stands at each path (``address.city``, ``items[].sku``), as an expression too: equal texts, equal
            values. What is made by the clock of a run (new ids, the present moment) is alike in every document.
    """

    key: str
    values: Mapping[str, str]


@runtime_checkable
class Recalling(Protocol):
    """A session that tells documents as they are, and writes more of their kind."""

    def recalled(self, entity: str) -> Iterator[Recalled]:
        """Every document of a collection, one at a time."""
        ...

    def imitated(self, entity: str, count: int) -> int:
        """Write documents like those that are there, each with an ``_id`` of its own; how many the server took."""
        ...
