"""Unique keys by construction: which field, or which digits of the row number, make each of them distinct."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from harness.design.model import Entity
from harness.seeding.conditions import parsed
from harness.seeding.constants import fields_of
from harness.seeding.counters import Ints, below, key, permuted, stride

MOST_DIGITS = 1 << 31
FAVOURED = ((0.02, 8.0), (0.18, 2.0))
"""Tiers of owners: two in a hundred have eight times the mean, eighteen twice, the others share the rest."""


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique key, a unique constraint or a unique index of its own.

    Attributes:
        name: as people know it.
        fields: its fields, those of expressions included.
        primary: no NULL.
        predicate: of a partial index.
        nulls_differ: whether NULL differs from NULL (the default).
    """

    name: str
    fields: tuple[str, ...]
    primary: bool = False
    predicate: str | None = None
    nulls_differ: bool = True


def uniques(entity: Entity) -> tuple[Unique, ...]:
    """Everything that must be unique, the primary key first, then the simplest."""
    found = list(dict.fromkeys(_all(entity)))
    return tuple(sorted(found, key=lambda u: (not u.primary, u.predicate is not None, len(u.fields))))


def _all(entity: Entity) -> Iterator[Unique]:
    for k in entity.keys:
        differ = ("nulls_not_distinct", "yes") not in k.options
        yield Unique(k.name or f"UNIQUE ({', '.join(k.fields)})", k.fields, k.primary, None, differ)
    for index in entity.indexes:
        if index.unique and index.constraint is None:
            names = [name for k in index.keys for name in (_names(k.text) if k.expression else (k.text,))]
            missing = entity.kind == "collection" and "sparse" not in dict(
                index.options
            )  # it is a value like others there
            differ = ("nulls_not_distinct", "yes") not in index.options and not missing
            yield Unique(index.name or "unique index", tuple(dict.fromkeys(names)), False, index.predicate, differ)


def _names(expression: str) -> tuple[str, ...]:
    tree = parsed(expression)
    return () if tree is None else fields_of(tree)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Distinct combinations: row n belongs to an *owner* and is its k-th; the other digits follow from k.

    Owners stand in tiers of falling degree, so that low owners have more rows; within one owner the k-th row takes
    digit ``(offset(owner) + k * stride)`` of the combinations of the others, which is another one for each k.

    Attributes:
        of: the key that offsets and strides come from.
        rows: how many rows are paired.
        owners: how many owners there are.
        others: sizes of the other components.
        mixed: rows of one owner do not stand together.
        counted: the other digit counts from 0 for each owner (line numbers).
        most: the most rows that one owner has; 0 for as many as there are combinations.
    """

    of: int
    rows: int
    owners: int
    others: tuple[int, ...]
    mixed: bool
    counted: bool
    most: int = 0

    @property
    def combinations(self) -> int:
        """How many combinations of the others are used: no more than keep the arithmetic in 64 bits."""
        return min(capacity(self.others), MOST_DIGITS)

    def tiers(self) -> tuple[tuple[int, int, int], ...]:
        """First row, first owner and degree of each tier."""
        mean, most = self.rows / max(self.owners, 1), self.most or self.combinations
        tiers, row, owner = [], 0, 0
        for share, factor in FAVOURED:
            count, degree = int(self.owners * share), min(most, int(mean * factor))
            if count and degree > mean:
                tiers.append((row, owner, degree))
                row, owner = row + count * degree, owner + count
        tiers.append((row, owner, max(ceil((self.rows - row) / max(self.owners - owner, 1)), 1)))
        return tuple(tiers)

    def digits(self, numbers: Ints) -> tuple[Ints, ...]:
        """The owner and the other digits of each row."""
        owner, place = self._places(numbers)
        return (owner, *self._others(owner, place))

    def leads(self, numbers: Ints) -> NDArray[np.bool_]:
        """Which rows are the first of their owner."""
        return np.equal(self._places(np.minimum(numbers, self.rows - 1))[1], 0) & (numbers < self.rows)

    def _places(self, numbers: Ints) -> tuple[Ints, Ints]:
        """The owner of each row, and the row's place among those of its owner."""
        if self.mixed:
            numbers = permuted(key(self.of, "mixed"), numbers, self.rows)
        tiers = np.array(self.tiers(), dtype=np.int64)
        tier = np.searchsorted(tiers[:, 0], numbers, side="right") - 1
        within, place = np.divmod(numbers - tiers[tier, 0], tiers[tier, 2])
        return tiers[tier, 1] + within, place

    def _others(self, owner: Ints, place: Ints) -> Iterator[Ints]:
        rest = place
        if not self.counted:
            total = self.combinations
            offset = below(key(self.of, "offset"), owner, total)
            rest = (offset + place * stride(self.of, total)) % total
        for size in self.others:
            rest, digit = np.divmod(rest, size)
            yield digit


def capacity(sizes: Sequence[int]) -> int:
    """How many combinations of so many values there are."""
    total = 1
    for size in sizes:
        total *= size
    return total
