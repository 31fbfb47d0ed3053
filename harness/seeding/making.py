"""Rows by their numbers: any set of them, made column by column, each column when it is asked for."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

from harness.seeding.cases import Group
from harness.seeding.counters import Ints, chosen, key, stride, unit
from harness.seeding.elements import Elements, gathered
from harness.seeding.kinds import Listed, Values
from harness.seeding.moments import events, micros, to_micros
from harness.seeding.origins import Drawn
from harness.seeding.parents import elder, parents
from harness.seeding.rules import ruled
from harness.seeding.table import Cells, Column, Link, Mask, Table
from harness.seeding.ticks import ORDERED, rendered
from harness.seeding.trial import failing, refused

T = TypeVar("T")
TRIES = 40
Made = Values | list[Any]


class Rows:
    """Some rows of a table. ``attempt`` counts how often they were made again to meet a condition that is tried."""

    def __init__(self, table: Table, numbers: Ints, attempt: int = 0) -> None:
        self.table = table
        self.numbers = numbers
        self.attempt = attempt
        self._cells: dict[str, Cells] = {}
        self._parents: dict[str, Ints] = {}
        self._cases: dict[int, Ints] = {}
        self._born: Ints | None = None
        self._turns: dict[tuple[int, int], Turn] = {}

    def raw(self, name: str) -> Values:
        """The raw values of a column."""
        return self.cells(name).raw

    def absent(self, name: str) -> Mask | None:
        """Where a column is NULL."""
        return self.cells(name).absent

    def elsewhere(self, table: str, numbers: Ints) -> "Rows":
        """Rows of another table."""
        return Rows(self.table.tables[table], numbers)

    def turn(self, array: Elements, number: int) -> "Turn":
        """The rows whose array has an element of that number, counted from 0, with that element's values."""
        if (array.of, number) not in self._turns:
            self._turns[array.of, number] = Turn(self, array, number)
        return self._turns[array.of, number]

    def salted(self, column: Column) -> int:
        """The key of a column's randomness in this attempt; fixed columns do not change."""
        return column.of if column.fixed or not self.attempt else key(column.of, self.attempt)

    def cells(self, name: str) -> Cells:
        """A column's cells."""
        if name not in self._cells:
            column = self.table.columns[name]
            found = self._made(column)
            if column.rules:
                found = ruled(column, self, found)
            self._cells[name] = self._planted(column, self._nulled(column, found))
        return self._cells[name]

    def _nulled(self, column: Column, found: Cells) -> Cells:
        """NULL by share, and as the row's case wants it."""
        absent = found.absent
        if column.absence:
            drawn = unit(self._absent_by(column), self.numbers) < column.absence
            absent = drawn if absent is None else absent | drawn
        if column.group is None:
            return Cells(found.raw, absent)
        cases = self.case(column.group)
        for number, case in enumerate(self.table.conditions.groups[column.group].cases):
            wanted = case.domains[column.field.name].absent
            if wanted is not None and (wanted or absent is not None):
                base = np.zeros(len(self.numbers), np.bool_) if absent is None else absent
                absent = np.where(cases == number, wanted, base)
        return Cells(found.raw, absent)

    def _made(self, column: Column) -> Cells:
        return column.origin.cells(column, self)

    def _absent_by(self, column: Column) -> int:
        return key(column.of, "absent")

    def _planted(self, column: Column, found: Cells) -> Cells:
        name = column.field.name
        places = [(place, given[name]) for place, given in self._given(self.table.planted) if name in given]
        if not places:
            return found
        raw = found.raw.copy()
        absent = np.zeros(len(raw), np.bool_) if found.absent is None else found.absent.copy()
        for place, value in places:
            absent[place] = value is None
            if value is not None:
                raw[place] = value
        return Cells(raw, absent if absent.any() else None)

    def _given(self, by_row: Mapping[int, T]) -> Iterator[tuple[int, T]]:
        """The positions in these rows of those that something was planted for."""
        if not by_row or not len(self.numbers):
            return
        wanted = np.fromiter(by_row, dtype=np.int64, count=len(by_row))
        for place in np.flatnonzero(np.isin(self.numbers, wanted)).tolist():
            yield place, by_row[int(self.numbers[place])]

    def case(self, group: int) -> Ints:
        """The case of a group that each row takes."""
        if group not in self._cases:
            found = _cases(self.table, group, self.numbers)
            for place, choice in self._given(self.table.choices):
                found[place] = choice.get(group, int(found[place]))
            self._cases[group] = found
        return self._cases[group]

    def parents(self, link: Link) -> Ints:
        """The parent's row number of each row; -1 for none."""
        if link.name not in self._parents:
            found = parents(link, self)
            for place, given in self._given(self.table.parents):
                found[place] = given.get(link.name, int(found[place]))
            self._parents[link.name] = found
        return self._parents[link.name]

    def born(self) -> Ints:
        """The event of each row: its column where it has one."""
        if self._born is None:
            event = self.table.calendar.event
            self._born = natural = self._natural_event()
            if event in self.table.columns:
                cells, shape = self.cells(event), self.table.columns[event].shape
                told = to_micros(cells.raw, shape)
                self._born = told if cells.absent is None else np.where(cells.absent, natural, told)
        return self._born

    def _natural_event(self) -> Ints:
        """The event of each row before conditions and plants, never before its parent's."""
        now_us = micros(self.table.now)
        calendar = self.table.calendar
        own = events(key(self.table.of, "event"), self.numbers, self.table.rows, now_us, calendar.reach_us)
        link = elder(self.table)
        if link is None:
            return own
        parent = self.parents(link)
        theirs = self.elsewhere(link.target, np.maximum(parent, 0)).born()
        part = unit(key(self.table.of, "after parent"), self.numbers)
        moved = theirs + np.floor(np.maximum(now_us - 1 - theirs, 0) * part).astype(np.int64)
        return np.where((parent >= 0) & (own < theirs), moved, own)


class Turn(Rows):
    """Some rows with a further element of an array: the array's fields have other values, all else is as it was."""

    def __init__(self, rows: Rows, array: Elements, number: int) -> None:
        self.places = np.flatnonzero(array.counts(rows.numbers) > number)
        super().__init__(rows.table, rows.numbers[self.places], rows.attempt)
        self._rows, self._array, self._number = rows, array, number

    def salted(self, column: Column) -> int:
        """The key of this element."""
        return key(super().salted(column), "element", self._number)

    def cells(self, name: str) -> Cells:
        """A column's cells: the element's, or the row's."""
        if name in self._array.fields:
            return super().cells(name)
        found = self._rows.cells(name)
        return Cells(found.raw[self.places], None if found.absent is None else found.absent[self.places])

    def case(self, group: int) -> Ints:
        """The case of the row."""
        return self._rows.case(group)[self.places]

    def parents(self, link: Link) -> Ints:
        """The parent of the row."""
        return self._rows.parents(link)[self.places]

    def born(self) -> Ints:
        """The event of the row."""
        return self._rows.born()[self.places]

    def _made(self, column: Column) -> Cells:
        """As the origin has it; what leads an element is another word than in the elements before it."""
        kind = column.origin.kind if isinstance(column.origin, Drawn) and column.group is None else None
        if column.field.name != self._array.leader or not isinstance(kind, Listed):
            return super()._made(column)
        step = self._number * stride(key(column.of, "element"), kind.size)
        return Cells(kind.raw((kind.draw(self._rows.salted(column), self) + step) % kind.size))

    def _absent_by(self, column: Column) -> int:
        return key(super()._absent_by(column), "element", self._number)

    def _planted(self, column: Column, found: Cells) -> Cells:
        """Nothing: what is planted is in the first element."""
        del column
        return found


def _cases(table: Table, number: int, numbers: Ints) -> Ints:
    group = table.conditions.groups[number]
    of = key(table.of, "case", number)
    names = sorted({name for case in group.cases for name, _ in case.heads})
    sides = np.zeros(len(numbers), dtype=np.int64)
    for place, name in enumerate(names):
        sides += table.in_head(name, numbers).astype(np.int64) << place
    result = np.zeros(len(numbers), dtype=np.int64)
    for side in np.unique(sides).tolist():
        able = _able(group, {name: bool(side >> place & 1) for place, name in enumerate(names)})
        here = np.flatnonzero(sides == side)
        picked = chosen(of, numbers[here], [group.cases[case].weight for case in able])
        result[here] = np.array(able, dtype=np.int64)[picked]
    return result


def _able(group: Group, flags: Mapping[str, bool]) -> list[int]:
    fitting = [n for n, case in enumerate(group.cases) if all(flags[name] == side for name, side in case.heads)]
    return fitting or list(range(len(group.cases)))


def columns(table: Table, numbers: Ints) -> list[Made]:
    """The values of those rows, column by column: arrays, or lists where NULL is among them (None).

    Rows that fail a condition which is tried are made again, a few times, each on its own; so a row is the same in
    whatever company it is made.
    """
    rows = Rows(table, numbers)
    found = [_output(table, rows, name) for name in table.columns]
    bad = np.flatnonzero(failing(table, rows))
    for attempt in range(1, TRIES + 1):
        if not len(bad):
            break
        again = Rows(table, numbers[bad], attempt)
        found = [
            _spliced(_output(table, again, name), into, bad) for name, into in zip(table.columns, found, strict=True)
        ]
        bad = bad[failing(table, again)]
    return found


def stubborn(table: Table, numbers: Ints) -> tuple[str, ...]:
    """The names of CHECKs that some of those rows fail, however often they are made."""
    names: set[str] = set()
    for attempt in range(TRIES + 1):
        rows = Rows(table, numbers, attempt)
        bad = failing(table, rows)
        names |= {other.name for other in table.conditions.others if (refused(other, rows) & ~bad).any()}
        if not bad.any():
            return tuple(sorted(names))
        numbers = numbers[bad]
    last = Rows(table, numbers, TRIES)
    names |= {trial.name for trial in table.conditions.trials if refused(trial, last).any()}
    return tuple(sorted(names))


def _spliced(values: Made, into: Made, places: Ints) -> Made:
    result = _listed(into)
    for place, value in zip(places.tolist(), _listed(values), strict=True):
        result[place] = value
    return result


def _listed(values: Made) -> list[Any]:
    """Values as Python objects, None for NULL."""
    return values.tolist() if isinstance(values, np.ndarray) else values


def _output(table: Table, rows: Rows, name: str) -> Made:
    """A column's values: of a field within arrays, a sequence for each row."""
    array = table.elements.get(name)
    if array is None or not len(rows.numbers):
        return _single(table, rows, name)
    turns = [rows.turn(array, number) for number in range(1, array.most)]
    parts = [_single(table, each, name) for each in (rows, *turns)]
    places = [np.arange(len(rows.numbers)), *(turn.places for turn in turns)]
    return gathered(parts, places, array.counts(rows.numbers))


def _single(table: Table, rows: Rows, name: str) -> Made:
    column, cells = table.columns[name], rows.cells(name)
    raw, absent = cells.raw, cells.absent
    if column.shape.family in ORDERED:
        raw = rendered(raw if absent is None else np.where(absent, max(column.domain.low, 0), raw), column.shape)
    if absent is None:
        return raw
    if raw.dtype.kind == "M":
        return np.where(absent, np.datetime64("NaT"), raw)
    masked: Values = np.ma.MaskedArray(raw, absent)
    return masked
