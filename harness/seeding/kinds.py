"""Kinds of values: a numbered set of values, of which a column draws.

A kind with ``size`` values knows value ``ordinal`` of [0, size), never the same for two ordinals. A column that may
repeat draws ordinals; a unique column takes them from a permutation. So uniqueness needs no memory of what was made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from harness.seeding.counters import Ints, Shape, below, chosen, spread
from harness.seeding.pools import Texts, texts

Values = NDArray[Any]
MOST = 1 << 62


class Drawing(Protocol):
    """The rows that values are drawn for (see ``rows.Rows``)."""

    numbers: Ints
    attempt: int

    def raw(self, name: str) -> Values:
        """The raw values of another column of these rows."""
        ...

    def absent(self, name: str) -> NDArray[np.bool_] | None:
        """Where another column is NULL; None for nowhere."""
        ...

    def born(self) -> Ints:
        """The moment of each row's own event, in microseconds since 1970."""
        ...


class Kind(Protocol):
    """A numbered set of values."""

    @property
    def size(self) -> int:
        """How many values there are."""
        ...

    def draw(self, of: int, rows: Drawing) -> Ints:
        """An ordinal for each row, as frequent as such values are."""
        ...

    def raw(self, ordinals: Ints) -> Values:
        """The values of ordinals: ticks of an ordered family, else what the driver takes."""
        ...

    def samples(self) -> Ints:
        """Ordinals to judge the kind by: some from everywhere, and those of the longest values."""
        ...


def spaced(size: int, count: int = 97) -> Ints:
    """Ordinals from everywhere in [0, size), both ends included."""
    size = min(size, MOST)
    return np.array(sorted({i * (size - 1) // max(count - 1, 1) for i in range(count)}), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Every ``step``-th tick from ``low``, without the holes (their ordinals, sorted)."""

    low: int
    size: int
    step: int = 1
    shape: Shape = "even"
    holes: tuple[int, ...] = ()

    def draw(self, of: int, rows: Drawing) -> Ints:
        """Spread by the shape."""
        return spread(of, rows.numbers, self.size, self.shape)

    def raw(self, ordinals: Ints) -> Values:
        """The ticks."""
        for hole in self.holes:
            ordinals = ordinals + (ordinals >= hole)
        return ordinals * self.step + self.low

    def samples(self) -> Ints:
        """From everywhere."""
        return spaced(self.size)


@dataclass(frozen=True, slots=True)
class Listed:
    """The values of a list, each as frequent as its weight."""

    values: Values
    weights: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """How many are listed."""
        return len(self.values)

    def draw(self, of: int, rows: Drawing) -> Ints:
        """By weight; evenly when there are no weights."""
        if not self.weights:
            return below(of, rows.numbers, self.size)
        return chosen(of, rows.numbers, self.weights)

    def raw(self, ordinals: Ints) -> Values:
        """The listed values."""
        found: Values = self.values[ordinals]
        return found

    def samples(self) -> Ints:
        """All of them."""
        return np.arange(self.size, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Numbered:
    """The words of a pool, then each again with a number: ``oak-lamp``, ``oak-lamp-2``. No word ends in a number."""

    words: Texts
    separator: str
    size: int = MOST

    def draw(self, of: int, rows: Drawing) -> Ints:
        """The words without numbers."""
        return below(of, rows.numbers, min(len(self.words), self.size))

    def raw(self, ordinals: Ints) -> Values:
        """Words, numbered from the second round on."""
        turn, place = np.divmod(ordinals, len(self.words))
        words = self.words[place]
        if not turn.any():
            return words
        sign = self.separator
        pairs = zip(words.tolist(), turn.tolist(), strict=True)
        return texts([f"{word}{sign}{number + 1}" if number else word for word, number in pairs])

    def samples(self) -> Ints:
        """From everywhere in the first round, and the longest word with the largest number."""
        longest = max(range(len(self.words)), key=lambda i: len(self.words[i]))
        last = (self.size - 1) // len(self.words) * len(self.words) + longest
        return np.append(spaced(min(len(self.words), self.size)), min(last, self.size - 1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Formed:
    """Values computed from their ordinal by a function."""

    size: int
    form: Callable[[Ints], Values | Sequence[Any]]
    extremes: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def draw(self, of: int, rows: Drawing) -> Ints:
        """Evenly."""
        return below(of, rows.numbers, self.size)

    def raw(self, ordinals: Ints) -> Values:
        """The formed values."""
        found = self.form(ordinals)
        return found if isinstance(found, np.ndarray) else objects(found)

    def samples(self) -> Ints:
        """From everywhere, and the given extremes."""
        return np.append(spaced(self.size), self.extremes).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Recased:
    """A text kind, in upper or lower case; kinds of text stay distinct when case is ignored."""

    inner: Kind
    upper: bool

    @property
    def size(self) -> int:
        """As many as before."""
        return self.inner.size

    def draw(self, of: int, rows: Drawing) -> Ints:
        """As before."""
        return self.inner.draw(of, rows)

    def raw(self, ordinals: Ints) -> Values:
        """The values in their case."""
        found = self.inner.raw(ordinals).tolist()
        return texts([text.upper() for text in found] if self.upper else [text.lower() for text in found])

    def samples(self) -> Ints:
        """As before."""
        return self.inner.samples()


def objects(values: Sequence[Any]) -> Values:
    """An array of Python objects, also where these are sequences."""
    result = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        result[place] = value
    return result
