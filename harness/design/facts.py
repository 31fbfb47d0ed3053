"""Single facts that the readers of this folder find, before they are put together to a Design.

Every block of a document yields at least one fact; one from which nothing came yields ``Unread``. So nothing is lost.
"""

from dataclasses import dataclass, field

from harness.design.claim_types import Claim
from harness.design.drawn import Diagram
from harness.design.model import Check, Field, ForeignKey, Index, Key, Migration, Query, Script, Unread
from harness.design.names import folded
from harness.source import Source


@dataclass(frozen=True, slots=True)
class Entered:
    """An entity has a section of its own."""

    name: str
    kind: str
    purpose: str
    source: Source


@dataclass(frozen=True, slots=True)
class Purpose:
    """What an entity is for."""

    entity: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Column:
    """A field of an entity; ``listing`` is the line of the table or list that it stands in."""

    entity: str
    field: Field
    listing: int


@dataclass(frozen=True, slots=True)
class Part:
    """A key, a reference, a check or an index of an entity."""

    entity: str
    thing: Key | ForeignKey | Check | Index


@dataclass(frozen=True, slots=True)
class Prose:
    """Words that explain and claim nothing, and marks of the format (labels, headers)."""

    source: Source


Fact = Entered | Purpose | Column | Part | Prose | Claim | Script | Query | Migration | Diagram | Unread


@dataclass(frozen=True, slots=True)
class Known:
    """What readers must know of the rest of the document.

    Attributes:
        entities: the names of all entities, as spelled, each with the names of its fields as far as they were read.
        indexes: the names of all indexes that are listed or created.
        engine: the document's engine; empty when it names none.
    """

    entities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    indexes: frozenset[str] = frozenset()
    engine: str = ""

    def entity(self, name: str) -> str | None:
        """The entity that is meant by a name, whatever its case and number; None when there is none."""
        name = name.removeprefix("public.")
        if name in self.entities:
            return name
        same = [e for e in self.entities if e.lower() == name.lower()]
        alike = [e for e in self.entities if folded(e) == folded(name)]
        return next(iter((*same, *alike)), None)

    def has_field(self, entity: str, name: str) -> bool:
        """Whether that entity is known to have that field."""
        return name.lower() in (f.lower() for f in self.entities.get(entity, ()))

    def index(self, name: str) -> str | None:
        """The index of that name, whatever its case."""
        return next((i for i in self.indexes if i.lower() == name.lower()), None)
