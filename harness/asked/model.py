"""What a query asks of each table, in one vocabulary for all engines. Values only, found in the text, never in a plan.

One ``Asked`` is one query block: a SELECT with its own FROM (a sub-select is a block of its own), or a MongoDB find or
pipeline with the leading stages that still see the collection's fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from harness.design.model import Schema, Statement

Part = Literal["equal", "range", "pattern", "other"]

EQUAL = frozenset({"=", "in", "is null"})
RANGE = frozenset({"<", "<=", ">", ">="})
PATTERN = frozenset({"like", "ilike", "regex"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that holds of every row that the block gives.

    Attributes:
        entity: whose field it tests.
        field: the field.
        operator: ``=``, ``in``, ``is null``, ``<`` ``<=`` ``>`` ``>=``, ``like``, ``ilike``, ``regex``, ``<>``,
            ``not in query``, ``code`` (JavaScript that the server runs for each document); else the engine's own.
        line: how many lines below the statement's first it stands.
        through: the expression around the field (``lower(email)``); empty when the field stands bare.
        value: the literal it is compared with, as text; None for a placeholder, an expression or another field.
        other: the entity and field on the other side of a join's condition, or that a NOT IN's sub-select gives.
        nullable: of a NOT IN: that the sub-select may give NULL.
        text: the condition, for people.
    """

    entity: str
    field: str
    operator: str
    line: int
    through: str = ""
    value: str | None = None
    other: tuple[str, str] | None = None
    nullable: bool = False
    text: str = ""

    @property
    def part(self) -> Part:
        """What an ordered index can make of it."""
        if self.operator in EQUAL:
            return "equal"
        if self.operator in RANGE:
            return "range"
        return "pattern" if self.operator in PATTERN else "other"


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of the block's order."""

    entity: str
    field: str
    descending: bool
    through: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A table that a block reads. ``linked``: a condition ties it to the others, or that none does is written out."""

    alias: str
    entity: str
    line: int
    linked: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """One query block.

    Attributes:
        line: where it begins, in lines below the statement's first.
        outermost: whether its rows are the query's answer.
        sorts: its order as far as it is by fields of the tables; empty when ``ordered`` is by something else.
        ordered: whether it has an order at all.
        limit: the most rows it gives; None without a limit, -1 for a placeholder.
        limit_line: where the limit stands.
        skip: rows passed over first; None without, -1 for a placeholder.
        skip_line: where that stands.
        whole: the entities of which every field is given on.
        folded: whether it groups, counts or makes rows distinct, so that its rows are not those of a table.
        found: the fields that are read of each entity, as far as they are named: pairs of entity and field.
    """

    line: int
    outermost: bool
    reads: tuple[Read, ...] = ()
    conditions: tuple[Condition, ...] = ()
    sorts: tuple[Sort, ...] = ()
    ordered: bool = False
    limit: int | None = None
    limit_line: int = 0
    skip: int | None = None
    skip_line: int = 0
    whole: tuple[str, ...] = ()
    folded: bool = False
    found: tuple[tuple[str, str], ...] = ()

    def of(self, entity: str) -> Iterator[Condition]:
        """The conditions on one entity."""
        return (condition for condition in self.conditions if condition.entity == entity)


@runtime_checkable
class Asking(Protocol):
    """An engine that can tell what a query asks."""

    def asked(self, statement: Statement, schema: Schema) -> tuple[Asked, ...]:
        """The query's blocks, the outermost first; nothing for a text that cannot be read."""
        ...

    def unpaged(self, text: str) -> str | None:
        """The query without its outermost limit and offset; None where it has none."""
        ...
