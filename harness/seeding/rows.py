"""Rows for a schema from one integer seed: read this first.

``seeded(order)`` builds the tables (see ``build``); ``Seeded.batches`` makes their rows. A value is a pure function of
(seed, table, column, row number): nothing is remembered between rows, so memory does not grow with them, any range can
be made alone, and uniqueness comes from permutations and mixed radix, never from a set of what was seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from harness.design.model import Entity
from harness.facts import Batch
from harness.seeding.build import built
from harness.seeding.literals import planted
from harness.seeding.locales import USUAL, speaking
from harness.seeding.making import columns, stubborn
from harness.seeding.model import Order, Unfillable, Volume
from harness.seeding.table import Table

BATCH_ROWS = 20_000
PROBED = 1000
HELP = "give fitting values under [values] in the scenario, make it simpler, or give the table 0 rows under [rows]"


@dataclass(frozen=True, slots=True)
class Seeded:
    """Tables whose rows can be made.

    Attributes:
        volumes: how many rows each table has and why, in the order of loading: parents first.
        unfillable: what could not be done as asked; tables of fatal ones have no rows.
        locale: that words are of.
    """

    volumes: tuple[Volume, ...]
    unfillable: tuple[Unfillable, ...]
    tables: dict[str, Table]
    locale: str = USUAL

    def entity(self, name: str) -> Entity:
        """The entity that a volume speaks of."""
        return self.tables[name].entity

    def planted(self, name: str) -> int:
        """How many rows of a table carry values of example queries."""
        table = self.tables[name]
        return len(set(table.planted) | set(table.parents))

    def batches(
        self, name: str, *, first: int = 0, last: int | None = None, batch_rows: int = BATCH_ROWS
    ) -> Iterator[Batch]:
        """Rows ``first`` to ``last`` (not included; all, unless said) of a table, counted from 0.

        Columns that the server fills itself (generated ones, defaults of types that cannot be made) are left out.
        """
        table = self.tables[name]
        fields = tuple(table.columns)
        end = table.rows if last is None else min(last, table.rows)
        for start in range(first, end, batch_rows):
            numbers = np.arange(start, min(start + batch_rows, end), dtype=np.int64)
            with speaking(self.locale):
                found = columns(table, numbers)
            made = cast("list[Sequence[object]]", found)  # arrays are sequences in all but their type
            yield Batch(fields, tuple(made), len(numbers))


def seeded(order: Order) -> Seeded:
    """Everything that decides the rows of an order; the rows themselves are made when they are asked for."""
    with speaking(order.locale):
        found = built(order)
        told = (*planted(found.tables, order.plants), *_stubborn(found.tables))
    return Seeded(tuple(found.volumes), (*found.unfillable, *told), found.tables, order.locale)


def refused(said: str) -> str:
    """Why a table has no rows that a server did not take, from what it said, with what helps."""
    return f"the server refuses the rows: {said.strip()}: {HELP}"


def _stubborn(tables: Mapping[str, Table]) -> Iterator[Unfillable]:
    """CHECKs that the first rows already fail: the server will refuse these rows."""
    for table in tables.values():
        numbers = np.arange(min(table.rows, PROBED), dtype=np.int64)
        for name in stubborn(table, numbers):
            text = next((check.expression for check in table.entity.checks if check.name == name), None)
            reason = f"no rows were found that satisfy CHECK ({text or name}) together with the other constraints"
            yield Unfillable(table.name, name, reason, HELP)
