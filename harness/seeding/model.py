"""What seeding is asked for and what it answers: values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from harness.design.model import Schema
from harness.seeding.locales import USUAL

Condition = tuple[str, str, str]
"""A field, an operator (``=``, ``<>``, ``<``, ``<=``, ``>``, ``>=``, ``in``, ``like``, ``ilike``, ``~``, ``~*``,
``is null``, ``is not null``) and the literal's text. Several ``in`` conditions on one field are one list."""


@dataclass(frozen=True, slots=True)
class Plant:
    """Conditions of an example query that one row of ``entity`` must satisfy together.

    Attributes:
        values: the conditions; none at all asks only for a row that is linked to the rest of its group.
        group: plants of one group (one query) are linked: where an entity of the group references another one, its
            planted row references that one's planted row, so that the query's joins find them together.
    """

    entity: str
    values: tuple[Condition, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Volume:
    """How many rows an entity gets, and why (``given``, ``10 per row of users``, ``no more fit UNIQUE (code)``)."""

    entity: str
    rows: int
    why: str


@dataclass(frozen=True, slots=True)
class Unfillable:
    """Something that cannot be made as asked: the reason, and what to do.

    Attributes:
        entity: the table.
        subject: the column, the constraint or the plant that it is about.
        reason: why, in a few words.
        remedy: what the scenario or the document can say to help.
        fatal: the entity gets no rows at all; else the rest of it is filled.
        group: whose plant it is; empty for what is no plant.
    """

    entity: str
    subject: str
    reason: str
    remedy: str
    fatal: bool = False
    group: str = ""

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.entity}: {self.subject}: {self.reason}: {self.remedy}"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Rows of a child for each row of a parent; of its largest, when none is named."""

    number: float
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the statistics of another database say of a column there.

    Attributes:
        common: the most common values as text, each with its share of all rows.
        bounds: values that part the others into parts of as many rows.
        distinct: how many values there are; negative: minus their share of the rows; 0 when it is not known.
        correlation: of the order of the values with that of the rows, from -1 to 1.
    """

    common: tuple[tuple[str, float], ...] = ()
    bounds: tuple[str, ...] = ()
    distinct: float = 0.0
    correlation: float = 0.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a column beyond its constraints, by whoever knows the data.

    Attributes:
        null: the share of NULL.
        skew: of a reference: the exponent of zipf's law; 0 gives each parent as many rows.
        shares: the values that there are, each with its weight.
        low: the lowest value, as text; ``high`` the highest.
        seen: what statistics say; a column that cannot be so is made as usual, and nothing is said.
    """

    entity: str
    field: str
    null: float | None = None
    skew: float | None = None
    shares: tuple[tuple[str, float], ...] = ()
    low: str | None = None
    high: str | None = None
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that decides the rows: the same order gives the same rows, on any machine.

    Attributes:
        schema: observed; its fields carry shapes.
        seed: the one integer that all values come from.
        now: the reference instant that dates are recent to; never after the moment of loading.
        rows: rows per entity, where given.
        default_rows: rows of an entity that has no parents and no number of its own.
        ratio: rows of a child per row of its largest parent, where it has no number of its own.
        plants: rows that the example queries ask for.
        ratios: rows of single children, by their names.
        wishes: what is asked of single columns.
        locale: Faker's locale that names, addresses and sentences are of.
        taken: entity, field and text of values that others put there: no row has them where they are unique. For all
            whole numbers up to 9000 the text is ``(,9000]``.
    """

    schema: Schema
    seed: int
    now: datetime
    rows: Mapping[str, int] = field(default_factory=dict)
    default_rows: int = 10_000
    ratio: int = 10
    plants: tuple[Plant, ...] = ()
    ratios: Mapping[str, Ratio] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()
    locale: str = USUAL
    taken: tuple[tuple[str, str, str], ...] = ()
