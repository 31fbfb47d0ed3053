"""What decides the rows of a table: its columns, its links to other tables, and what was planted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from harness.design.model import Entity, Field, SchemaObject, Shape
from harness.seeding.cases import Asked, Conditions, Rule
from harness.seeding.counters import Ints
from harness.seeding.domain import Domain, Value
from harness.seeding.elements import Elements
from harness.seeding.keys import Pairing
from harness.seeding.kinds import Drawing, Values
from harness.seeding.moments import Calendar

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cells:
    """Raw values of a column, and where it is NULL (None for nowhere; the raw value there means nothing)."""

    raw: Values
    absent: Mask | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A foreign key, and how the parent of a row is found.

    Attributes:
        mode: ``skewed`` (low parents are popular), ``unique`` (a permutation), ``tree`` (a lower row of the same
            table), ``chain`` (the row before), ``even`` (parent = row modulo parents: invertible), ``paired`` (a digit
            of a unique key), ``sibling`` (the row before of the same owner), ``cousin`` (a lower row that has the same
            parent by the link ``apart``), ``aligned`` (a parent that has the same value of the field ``shared``),
            ``implied`` (all its fields are made by other links).
        absence: the share of rows without a parent.
        digit: which digit of ``pairing``.
        head: the rows for which the mode holds; the others are skewed (a partial unique key).
        apart: another link to the same table, whose parent must be another one.
        rising: whether it must be a later one.
        skew: the exponent of zipf's law that its parents follow; None takes the usual tail.
    """

    name: str
    fields: tuple[str, ...]
    target: str
    target_fields: tuple[str, ...]
    mode: str
    of: int
    absence: float = 0.0
    pairing: Pairing | None = None
    digit: int = 0
    head: int | None = None
    shared: str | None = None
    apart: str | None = None
    rising: bool = False
    skew: float | None = None


class Making(Drawing, Protocol):
    """Some rows of a table, whose columns are made when they are asked for."""

    table: "Table"

    def cells(self, name: str) -> Cells:
        """A column's cells."""
        ...

    def case(self, group: int) -> Ints:
        """The case of a group of conditions that each row takes."""
        ...

    def parents(self, link: Link) -> Ints:
        """The parent's row number of each row; -1 for none."""
        ...

    def elsewhere(self, table: str, numbers: Ints) -> "Making":
        """Rows of another table."""
        ...

    def salted(self, column: "Column") -> int:
        """The key of a column's randomness in this attempt."""
        ...


class Origin(Protocol):
    """Where the raw values of a column come from."""

    def cells(self, column: "Column", rows: Making) -> Cells:
        """The column's cells, before rules, NULLs and plants."""
        ...


@dataclass(frozen=True, slots=True)
class Applied:
    """A relation to columns that are made before, in the rows of one case of a group or (None) in all."""

    rule: Rule
    group: int | None = None
    case: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is filled.

    Attributes:
        of: the key of its randomness.
        absence: the share of NULL.
        group: the number of the group of conditions that it belongs to.
        fixed: never made again in a trial: keys, and what others refer to.
    """

    field: Field
    shape: Shape
    domain: Domain
    of: int
    origin: Origin
    absence: float = 0.0
    group: int | None = None
    rules: tuple[Applied, ...] = ()
    fixed: bool = False


@dataclass(slots=True)
class Table:
    """A table with everything that decides its rows. Filled in while it is built, then only read.

    Attributes:
        of: the key of its randomness.
        asked: what its conditions were read from.
        tables: all tables, by name.
        heads: how many rows the head of each partial unique key has; a pairing: the first row of each owner is in it.
        planted: per row number the raw values (None: NULL) that were planted there.
        parents: per row number and link name the parent's row number that was planted there.
        choices: per row number and group the case that it takes.
        taken: per field the values that others put there.
        beyond: per field the whole number after which those of rows begin.
        elements: per field the array that it lies in, where arrays differ in length.
        objects: what else the schema has: exclusion constraints are among it.
        untied: fields of foreign keys that refer to nothing, since their values would come from the row itself.
    """

    entity: Entity
    rows: int
    of: int
    now: datetime
    asked: Asked
    conditions: Conditions
    calendar: Calendar
    shapes: Mapping[str, Shape]
    tables: Mapping[str, "Table"]
    columns: dict[str, Column] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    heads: dict[str, int | Pairing] = field(default_factory=dict)
    planted: dict[int, dict[str, Value | None]] = field(default_factory=dict)
    parents: dict[int, dict[str, int]] = field(default_factory=dict)
    choices: dict[int, dict[int, int]] = field(default_factory=dict)
    taken: dict[str, frozenset[Value]] = field(default_factory=dict)
    beyond: dict[str, int] = field(default_factory=dict)
    elements: Mapping[str, Elements] = field(default_factory=dict)
    untied: frozenset[tuple[str, ...]] = frozenset()
    objects: tuple[SchemaObject, ...] = ()

    @property
    def name(self) -> str:
        """The entity's name."""
        return self.entity.name

    def in_head(self, key: str, numbers: Ints) -> Mask:
        """Which rows are in the head of a partial unique key."""
        head = self.heads.get(key, 0)
        return head.leads(numbers) if isinstance(head, Pairing) else numbers < head
