"""Where the values of a column come from: drawn, distinct by a permutation, counted, a digit of a key, a parent's."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from harness.seeding import locales
from harness.seeding.counters import Ints, permuted
from harness.seeding.domain import Value
from harness.seeding.keys import Pairing
from harness.seeding.kinds import Kind, Values
from harness.seeding.pools import texts
from harness.seeding.special import Disjoint, Issued
from harness.seeding.table import Cells, Column, Link, Making


@dataclass(frozen=True, slots=True)
class Drawn:
    """Values that may repeat. ``cases``: other kinds for rows of some cases of the column's group."""

    kind: Kind
    cases: Mapping[int, Kind] = field(default_factory=dict)

    def cells(self, column: Column, rows: Making) -> Cells:
        """Drawn by the kind of each row's case."""
        of = rows.salted(column)
        if not self.cases or column.group is None:
            return Cells(self.kind.raw(self.kind.draw(of, rows)))
        chosen = rows.case(column.group)
        raw = self.kind.raw(self.kind.draw(of, rows))
        for number, kind in self.cases.items():
            here = np.flatnonzero(chosen == number)
            if len(here):
                other = kind.raw(kind.draw(of, rows))
                raw = raw.astype(object) if raw.dtype != other.dtype else raw.copy()
                raw[here] = other[here]
        return Cells(raw)


@dataclass(frozen=True, slots=True)
class Distinct:
    """Values of which no two rows have the same: row n takes the ordinal that a permutation gives it.

    Attributes:
        of: the permutation's key; columns of persons share one, so that a mail still matches its name.
        span: how many ordinals the rows are spread over; more than rows, so that some are spare.
        rows: how many rows take one; the ordinals of numbers above are spare.
        reserved: planted values; a row that would have one by nature takes a spare one.
        tail: kind for the rows after ``rows`` (outside the head of a partial key); None when there are none.
    """

    kind: Kind
    of: int
    span: int
    rows: int
    reserved: set[Value] = field(default_factory=set)
    tail: Kind | None = None

    def cells(self, column: Column, rows: Making) -> Cells:
        """The permutation's values."""
        inside = np.minimum(rows.numbers, self.rows - 1)
        if isinstance(self.kind, Issued):
            raw = self.kind.given(inside, rows.born())
        else:
            raw = self.kind.raw(self._ordinals(inside))
        if self.reserved:
            raw = self._spared(raw, self.kind)
        if self.tail is not None:
            rest = self.tail.raw(self.tail.draw(column.of, rows))
            raw = np.where(rows.numbers < self.rows, raw, rest)
        return Cells(raw)

    def _ordinals(self, numbers: Ints) -> Ints:
        if isinstance(self.kind, Disjoint):
            return numbers
        return permuted(self.of, numbers, self.span)

    def _spared(self, raw: Values, kind: Kind) -> Values:
        """Each reserved value that a row has by nature is exchanged for the spare one of its own."""
        spares = [value for value in self._spares(kind) if value not in self.reserved]
        taken = [(np.flatnonzero(raw == value), place) for place, value in enumerate(sorted(self.reserved, key=str))]
        if not any(len(found) for found, _ in taken):
            return raw
        raw = raw.copy()
        for found, place in taken:
            if len(found):
                raw[found] = spares[place]
        return raw

    def _spares(self, kind: Kind) -> list[Value]:
        count = min(2 * len(self.reserved) + 1, self.span - self.rows)
        numbers = np.arange(self.rows, self.rows + count, dtype=np.int64)
        values: list[Value] = kind.raw(self._ordinals(numbers)).tolist()
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Slugged(Distinct):
    """What addresses of pages call a row: the words of its title, with its number where no two may be the same.

    Attributes:
        by: the column whose words are taken.
        longest: most letters.
        numbered: whether the row's number follows.
    """

    by: str
    longest: int
    numbered: bool

    def cells(self, column: Column, rows: Making) -> Cells:
        """The words of the other column, in small letters and with hyphens between them."""
        del column
        room = self.longest - (1 + len(str(self.rows)) if self.numbered else 0)
        words = [slug(str(text))[:room].strip("-") or "n" for text in rows.cells(self.by).raw.tolist()]
        if self.numbered:
            words = [f"{word}-{n + 1}" for word, n in zip(words, rows.numbers.tolist(), strict=True)]
        return Cells(texts([f"{word}x" if word in self.reserved else word for word in words]))


def slug(text: str) -> str:
    """A text as a part of an address: letters without marks and digits, with hyphens between words."""
    plain = unicodedata.normalize("NFKD", text.translate(locales.SPELLED).replace("'", ""))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if c.isascii()).lower()).strip("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(Drawn):
    """A name, and what is said of it: "Round Oak Lamp, made for gifts. Easy to clean"."""

    by: str

    def cells(self, column: Column, rows: Making) -> Cells:
        """The words of the other column before those that are drawn."""
        said = self.kind.raw(self.kind.draw(rows.salted(column), rows)).tolist()
        pairs = zip(rows.cells(self.by).raw.tolist(), said, strict=True)
        return Cells(texts([f"{name}, {rest[0].lower()}{rest[1:]}" for name, rest in pairs]))


@dataclass(frozen=True, slots=True)
class Serial:
    """Whole numbers from ``first`` on, in the order of the rows: what a sequence gives.

    ``holes``: how many numbers from the first on those are that no row has, in their order.
    """

    first: int
    step: int = 1
    holes: tuple[int, ...] = ()

    def cells(self, column: Column, rows: Making) -> Cells:
        """The row numbers, past the holes."""
        del column
        return Cells(self.numbers(rows.numbers))

    def numbers(self, rows: Ints) -> Ints:
        """The number of each row."""
        if self.holes:
            before = np.array(self.holes, dtype=np.int64) - np.arange(len(self.holes))  # rows before each hole
            rows = rows + np.searchsorted(before, rows, side="right")
        return rows * self.step + self.first

    def row(self, value: int) -> int | None:
        """The row that has a number; None for a hole, and for what is no number of it."""
        place, beside = divmod(value - self.first, self.step)
        return None if place < 0 or beside or place in self.holes else place - sum(hole < place for hole in self.holes)

    def since(self, value: int) -> int:
        """The first row whose number is at least this one."""
        place = max(-((self.first - value) // self.step), 0)
        return place - sum(hole < place for hole in self.holes)

    def number(self, row: int) -> int:
        """The number of one row."""
        return int(self.numbers(np.array([row], dtype=np.int64))[0])


@dataclass(frozen=True, slots=True)
class Digit:
    """A digit of a unique key's pairing, as a value of a kind; ``tail`` for rows outside the head of a partial key."""

    kind: Kind
    pairing: Pairing
    digit: int
    tail: Kind | None = None

    def cells(self, column: Column, rows: Making) -> Cells:
        """The value of each row's digit."""
        inside = np.minimum(rows.numbers, self.pairing.rows - 1)
        raw = self.kind.raw(self.pairing.digits(inside)[self.digit])
        if self.tail is not None:
            rest = self.tail.raw(self.tail.draw(column.of, rows))
            raw = np.where(rows.numbers < self.pairing.rows, raw, rest)
        return Cells(raw)


@dataclass(frozen=True, slots=True)
class Parental:
    """The value that the parent has in the referenced field."""

    link: Link
    place: int

    def cells(self, column: Column, rows: Making) -> Cells:
        """Made anew from the parent's row number: nothing is looked up."""
        del column
        parent = rows.parents(self.link)
        found = rows.elsewhere(self.link.target, np.maximum(parent, 0)).cells(self.link.target_fields[self.place])
        absent = parent < 0
        if found.absent is not None:
            absent = absent | found.absent
        return Cells(found.raw, absent if absent.any() else None)


@dataclass(frozen=True, slots=True)
class Nothing:
    """NULL everywhere: a nullable column whose values cannot be made."""

    def cells(self, column: Column, rows: Making) -> Cells:
        """No value at all."""
        del column
        count = len(rows.numbers)
        return Cells(np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.bool_))
