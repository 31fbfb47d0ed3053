"""What the unique keys of a table decided so far: which fields are distinct, and how many rows there is room for."""

from dataclasses import dataclass, field

from harness.design.model import Field
from harness.seeding.keys import Pairing, Unique
from harness.seeding.kinds import Kind
from harness.seeding.model import Unfillable
from harness.seeding.table import Link, Origin, Table
from harness.seeding.values import Setting, kind_of

HEAD_SHARE = 2
"""The head of a partial key takes at most one row in two."""


@dataclass(slots=True)
class Keys:
    """What the unique keys decided.

    Attributes:
        rows: how many rows fit.
        why: the key that allows no more; empty while none does.
        present: fields that are never NULL because of a key.
        heads: the head of each partial key, see ``Table``.
        settled: sets of fields that are distinct by construction.
        headed: sets of fields that are distinct in so many of the first rows.
    """

    table: Table
    rows: int
    spare: int
    links: tuple[Link, ...]
    why: str = ""
    origins: dict[str, Origin] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    heads: dict[str, int | Pairing] = field(default_factory=dict)
    settled: list[frozenset[str]] = field(default_factory=list)
    headed: list[tuple[frozenset[str], int | Pairing]] = field(default_factory=list)
    unfillable: list[Unfillable] = field(default_factory=list)

    @property
    def taken(self) -> set[str]:
        """Fields that a key already decides."""
        linked = {f for k in self.links if k.mode in {"unique", "paired", "chain"} for f in k.fields}
        return set(self.origins) | linked

    @property
    def setting(self) -> Setting:
        """What kinds need to know."""
        return Setting(self.table.entity, self.rows, self.table.now, self.table.calendar)

    def limit(self, unique: Unique, room: int) -> None:
        """No more rows than a key has room for."""
        if room < self.rows:
            self.rows, self.why = room, f"no more fit {unique.name}"

    def settle(self, unique: Unique) -> None:
        """A key is kept by construction."""
        if unique.name in self.heads:
            self.headed.append((frozenset(unique.fields), self.heads[unique.name]))
        else:
            self.settled.append(frozenset(unique.fields))

    def head(self, unique: Unique, room: int) -> int | None:
        """Rows of the head of a partial key that has no room for all rows; None where all fit or nothing is partial."""
        if unique.predicate is None or room >= self.rows:
            return None
        head = min(room, self.rows // HEAD_SHARE)
        self.heads[unique.name] = head
        return head

    def field_of(self, name: str) -> Field | None:
        """A field of the table."""
        return self.table.entity.field(name)

    def kind(self, name: str, distinct: int) -> Kind | None:
        """The kind of a field with so many distinct values; None where there is none."""
        f = self.field_of(name)
        if f is None or f.name not in self.table.shapes:
            return None
        domain = self.table.conditions.domains[f.name]
        return kind_of(f, self.table.shapes[f.name], domain, distinct, self.setting)

    def is_linked(self, name: str) -> bool:
        """Whether a field is made by a link."""
        return any(name in k.fields for k in self.links)

    def give_up(self, unique: Unique) -> None:
        """Nothing is constructed for a key: that is told."""
        remedy = "give fewer rows for this table in the scenario, or look at what the server refuses"
        self.unfillable.append(
            Unfillable(
                self.table.name, unique.name, f"({', '.join(unique.fields)}) is not unique by construction", remedy
            )
        )
