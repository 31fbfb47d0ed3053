"""Spans that must not overlap: ``EXCLUDE USING gist (room_id WITH =, daterange(arrives, leaves) WITH &&)``.

Rows of one owner (a room) take one slot of time each, one after the other; a span lies within its slot. So no two
overlap, and nothing is looked up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from harness.design.model import SchemaObject, Shape
from harness.seeding.counters import bits, key
from harness.seeding.keys import Pairing
from harness.seeding.moments import DAY, micros, to_ticks
from harness.seeding.table import Cells, Column, Making, Table

EXCLUSION = "exclusion constraint"
RANGE = re.compile(
    r"(?:date|ts|tstz)range\(\s*\"?(\w+)\"?\s*,\s*\"?(\w+)\"?\s*(?:,\s*'[^']*'(?:::text)?\s*)?\)\s+WITH\s+&&"
)
EQUAL = re.compile(r"(?:^|[(,])\s*\"?(\w+)\"?(?:\s+\w+_ops)?\s+WITH\s+=")
REACH_DAYS = 730
AHEAD_DAYS = 60
"""How far into the future spans reach: what is booked is not over yet."""
HALF_HOUR_US = 1_800_000_000
MOST_UNITS = {"date": 7, "timestamp": 8}
"""The longest spans: a week, four hours."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Rows that are the same in ``equal`` may not overlap from ``start`` to ``end``."""

    name: str
    equal: tuple[str, ...]
    start: str
    end: str


def overlaps(entity: str, objects: Sequence[SchemaObject]) -> Iterator[Overlap]:
    """The exclusion constraints of a table on two columns that a range is made of."""
    for each in objects:
        found = RANGE.search(each.definition) if each.kind == EXCLUSION else None
        table, _, name = each.name.rpartition(".")
        if found is not None and table == entity:
            yield Overlap(name, tuple(EQUAL.findall(each.definition)), found[1], found[2])


@dataclass(frozen=True, slots=True)
class Slotted:
    """The first or the last moment of a row's span.

    Attributes:
        of: the key of the spans' lengths.
        first: the tick that the first slot begins at.
        unit: ticks that spans are counted in; ``wide`` of them are a slot, at most ``most`` of them a span.
        end: whether it is the last moment.
    """

    of: int
    pairing: Pairing
    first: int
    unit: int
    wide: int
    most: int
    end: bool

    def cells(self, column: Column, rows: Making) -> Cells:
        """Within the slot that is the row's place among those of its owner."""
        del column
        inside = np.minimum(rows.numbers, self.pairing.rows - 1)
        place = self.pairing.digits(inside)[1]
        chance = bits(key(self.of, "span"), inside)
        length = 1 + (chance % np.uint64(self.most)).astype(np.int64)
        after = ((chance >> np.uint64(20)) % np.uint64(1 << 20)).astype(np.int64) % np.maximum(self.wide - length, 1)
        begin = self.first + (place * self.wide + after) * self.unit
        return Cells(begin + length * self.unit if self.end else begin)


def slotted(table: Table, overlap: Overlap, pairing: Pairing, shape: Shape) -> tuple[Slotted, Slotted]:
    """The origins of both ends of the spans of a table."""
    slots = max(degree for _, _, degree in pairing.tiers())
    unit_us = DAY if shape.family == "date" else HALF_HOUR_US
    wide = max(REACH_DAYS * DAY // unit_us // slots, 3)
    begin = micros(table.now) + AHEAD_DAYS * DAY - slots * wide * unit_us
    first, unit = (int(to_ticks(np.array([us]), shape)[0]) for us in (begin // unit_us * unit_us, unit_us))
    most = min(MOST_UNITS[shape.family], wide - 1)
    of = key(table.of, overlap.start, overlap.end)
    start, end = (Slotted(of, pairing, first, unit, wide, most, end=last) for last in (False, True))
    return start, end
