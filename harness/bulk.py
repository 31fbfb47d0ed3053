"""Filling in steps that last: several connections load at once, and what was interrupted can go on.

A session that can do this keeps a *journal* in the database while tables are being filled: how the rows are made, what
is set aside, and which ranges of rows are there. The note of a range is written together with its rows, so that a
filling that was killed at any moment goes on to the same rows. The journal goes when everything is back in its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.model import Entity, Schema
from harness.facts import Batch


@dataclass(frozen=True, slots=True)
class Range:
    """Rows ``first`` to ``last`` (not included) of an entity, counted from 0."""

    entity: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Part:
    """Something set aside, to be put back.

    Attributes:
        number: its place in the order of putting back; identifies it in the journal.
        entity: what it belongs to.
        kind: ``index`` (needs its own entity's rows only) or ``reference`` (needs the rows of others).
        restore: the engine's own text of what to do.
    """

    number: int
    entity: str
    kind: str
    restore: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Journal:
    """What a filling has done so far. ``memo`` is the caller's text: how the rows are made."""

    memo: str
    done: tuple[Range, ...]
    aside: tuple[Part, ...]


@runtime_checkable
class Bulk(Protocol):
    """A session that fills in steps. Refused rows, and keys that they do not satisfy, raise ``Unsatisfied``."""

    def journal(self) -> Journal | None:
        """The journal of the filling that is under way in this database; None when there is none."""
        ...

    def begin(self, schema: Schema, memo: str) -> None:
        """Set aside what slows loading, and begin the journal."""
        ...

    def load_range(self, entity: Entity, batches: Iterable[Batch], rows: Range) -> int:
        """Write the rows of a range and note it; 0 when it is noted already."""
        ...

    def put_back(self, part: Part) -> None:
        """Put one part back, and strike it from the journal. What is there already is left."""
        ...

    def empty(self, entities: Iterable[Entity]) -> None:
        """Remove all rows of entities, which had none before, with the notes of their ranges."""
        ...

    def finish(self, schema: Schema) -> None:
        """Bring sequences and statistics up to date, and end the journal."""
        ...
