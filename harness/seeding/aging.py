"""Statuses by age: in a table that has grown for years the newest rows are on their way, and the older ones arrived.

The shares of the labels stay what they are; which rows have which label follows from how old a row is among all: the
later of its events, the more likely it is still on its way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.seeding.counters import Ints, unit
from harness.seeding.kinds import Drawing, Listed, Values
from harness.seeding.popularity import stages

STRAY = 0.05
"""The part of those on their way that are forgotten, as many at every age."""

BETWEEN = 0.9
"""The most of the newest rows that are on their way."""


@dataclass(frozen=True, slots=True)
class Aged:
    """A list of labels in a table of ``rows`` rows, whose events rise with the row number.

    Attributes:
        listed: the labels, each with its share.
        waiting: the places of those that a row has for a while only.
    """

    listed: Listed
    waiting: tuple[int, ...]
    rows: int

    @property
    def size(self) -> int:
        """As many as are listed."""
        return self.listed.size

    def draw(self, of: int, rows: Drawing) -> Ints:
        """On its way by age, then by the shares of those that are, or are not."""
        weights = np.asarray(self.listed.weights)
        shares, on = weights / weights.sum(), np.zeros(len(weights), np.bool_)
        on[list(self.waiting)] = True
        share = float(shares[on].sum())
        place = (rows.numbers + 0.5) / max(self.rows, 1)
        limit = _falling(share, place)
        drawn = unit(of, rows.numbers)
        inside = drawn < limit
        part = np.where(inside, drawn / limit, (drawn - limit) / np.maximum(1 - limit, 1e-9))
        found = np.empty(len(place), dtype=np.int64)
        for side, here in ((on, inside), (~on, ~inside)):
            edges = np.cumsum(shares[side])
            picked = np.searchsorted(edges, part[here] * edges[-1], side="right")
            found[here] = np.flatnonzero(side)[np.minimum(picked, len(edges) - 1)]
        return found

    def raw(self, ordinals: Ints) -> Values:
        """The labels."""
        return self.listed.raw(ordinals)

    def samples(self) -> Ints:
        """All of them."""
        return self.listed.samples()


def _falling(share: float, place: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of those on their way at each place among all, of which ``share`` is the mean.

    It rises in a straight line about the place from which on as many rows are as are on their way.
    """
    stray = STRAY * share
    edge = (BETWEEN - share) / (BETWEEN - stray)
    half = min(1 - edge, edge) / 2
    return stray + (BETWEEN - stray) * np.clip((place - edge + half) / (2 * half), 0.0, 1.0)


def aged(listed: Listed, rows: int) -> Listed | Aged:
    """A list by age, where its labels tell which are on the way and which are the end; else as it is."""
    labels: Sequence[str] = [str(value) for value in listed.values.tolist()]
    weights = listed.weights or (1.0,) * len(labels)
    on = [weight > 0 for weight in weights]
    waiting = tuple(place for place in stages(labels) if on[place])
    share = sum(weights[place] for place in waiting) / sum(weights)
    if not waiting or not 0 < share < BETWEEN:
        return listed
    return Aged(Listed(listed.values, tuple(weights)), waiting, rows)
