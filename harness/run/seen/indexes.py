"""What was seen of indexes: the planner's choice weighed, and indexes that were tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from harness.design.model import Index
from harness.facts import Access
from harness.run.model import Observation
from harness.trying import Spread
from harness.ways import Ways

Class = Literal["document", "frequent", "rare", "absent"]
"""Of a text's values: as the document has them (the first drawn, where it has placeholders); of the most and the least
frequent in a sample of rows; one that no row has."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One throw: the ways of a query's text with values of one class, under one sample of statistics."""

    sample: str
    values: Class
    ways: Ways


@dataclass(frozen=True, slots=True)
class Weighed(Observation):
    """A claimed index of a query, weighed. ``trials`` is empty when the server refused to tell."""

    query: str
    index: Index
    trials: tuple[Trial, ...]


WIDE_SHARE = 0.1
"""Share of a table's rows from which an index that gives them narrows nothing down."""


@dataclass(frozen=True, slots=True)
class Attempt(Observation):
    """An index that the design does not have, built, and the query explained with it.

    Attributes:
        kind: ``new``, or ``order`` for the keys of ``instead`` in another order.
        index: the index; its name is one that it could have.
        ddl: the statement that makes it.
        unit: of what ``before`` and ``after`` count.
        before: what the query reads without it.
        after: what it reads with it, through it or not.
        taken: whether the server goes through it.
        size: its bytes; 0 where the server does not tell.
        built: False for one that the planner, asked about it beforehand, would not go through.
    """

    query: str
    kind: Literal["new", "order"]
    index: Index
    ddl: str
    unit: str
    before: int
    after: int
    taken: bool
    size: int
    instead: str = ""
    built: bool = True


@dataclass(frozen=True, slots=True)
class Written(Observation):
    """The same rows written to a copy of a table with all its indexes and to one without this one, part by part.

    Attributes:
        rows: rows of each part.
        with_s: seconds of each part with the index, in order.
        without_s: seconds of each part without it.
        index: its name. ``tried`` says that the design does not have it.
    """

    entity: str
    index: str
    rows: int
    with_s: tuple[float, ...]
    without_s: tuple[float, ...]
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Spreading(Observation):
    """How the values of the field that leads an index are spread."""

    entity: str
    field: str
    spread: Spread


@dataclass(frozen=True, slots=True)
class Untried(Observation):
    """Why nothing, or no more, was tried."""

    reason: str


def narrowing(access: Access, rows: Mapping[str, int]) -> frozenset[str]:
    """The indexes through which a plan finds few of a table's rows, and not a good part of all."""
    nodes = (node for node in access.walk() if node.index is not None)
    few = (n for n in nodes if (n.rows_returned or 0) < WIDE_SHARE * rows.get(n.entity or "", 0) or n.loops > 1)
    return frozenset(str(node.index) for node in few)
