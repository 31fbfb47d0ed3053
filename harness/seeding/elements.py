"""Arrays of documents: how many elements each row has, and the values of each element.

A field such as ``items[].sku`` is a column like any other; its values are those of the first element. Every further
element is a *turn*: the same column with another key, in the rows whose array goes on. So a value stays a pure function
of (seed, table, column, row number), and an element's fields agree with each other as a row's do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.design.model import Entity
from harness.seeding.counters import Ints, chosen, key
from harness.seeding.violations import ITEMS

USUAL = 4
"""The most elements of an array of which nobody says how many it may have."""

MOST = 8
"""The most that are made, where an array may have more."""

FEWER = 0.7
"""How many arrays have one element more, to those that have not."""


@dataclass(frozen=True, slots=True)
class Elements:
    """An array whose rows differ in length.

    Attributes:
        of: the key of the lengths.
        fields: the columns within it.
        leader: the one that tells the elements of a row apart; empty for none.
    """

    of: int
    least: int
    most: int
    fields: frozenset[str]
    leader: str = ""

    def counts(self, numbers: Ints) -> Ints:
        """How many elements each row has."""
        weights = [FEWER**extra for extra in range(self.most - self.least + 1)]
        return self.least + chosen(self.of, numbers, weights)


def path(name: str) -> str:
    """The outermost array that a field lies in; empty for a field that lies in none."""
    before, within, _ = name.partition("[]")
    return before if within else ""


def elements(entity: Entity, of: int, able: Mapping[str, int]) -> Mapping[str, Elements]:
    """By field, the array that it lies in, where all of the array's fields are able to have further values.

    ``able``: such fields; for one that takes words from a list how many there are, else 0.
    """
    names = [field.name for field in entity.fields if path(field.name)]
    found: dict[str, Elements] = {}
    for array in dict.fromkeys(map(path, names)):
        within = frozenset(name for name in names if path(name) == array)
        least, most = _limits(entity, array)
        if within <= set(able) and most > least and not any("[]" in name.removeprefix(f"{array}[]") for name in within):
            leader = next((name for name in names if name in within and able[name] >= most), "")
            each = Elements(key(of, "elements", array), least, most, within, leader)
            found.update(dict.fromkeys(within, each))
    return found


def _limits(entity: Entity, array: str) -> tuple[int, int]:
    """The fewest and the most elements: what the validator says, within what is usual."""
    least, most = 1, 0
    for check in entity.checks:
        limit = ITEMS.fullmatch((check.expression or "").strip()) if check.fields == (array,) else None
        if limit is not None and limit["operator"] == ">=":
            least = max(least, int(limit["number"]))
        elif limit is not None:
            most = int(limit["number"])
    return least, max(min(most or least + USUAL - 1, least + MOST - 1), least)


def gathered(parts: Sequence[Any], places: Sequence[Ints], counts: Ints) -> list[Any]:
    """One sequence for each row, of the values of its elements.

    Args:
        parts: the values of each turn.
        places: the rows, counted within these, that each turn's values are of.
        counts: how many elements each row has.
    """
    order = np.argsort(np.concatenate(places), kind="stable")
    ends = np.cumsum(counts).tolist()
    starts = [0, *ends[:-1]]
    if all(isinstance(part, np.ndarray) and not np.ma.isMaskedArray(part) for part in parts):
        flat: Any = np.concatenate(parts)[order]
    else:
        listed = [value for part in parts for value in (part.tolist() if isinstance(part, np.ndarray) else part)]
        flat = [listed[place] for place in order.tolist()]
    return [flat[start:end] for start, end in zip(starts, ends, strict=True)]
