"""What is planted on its way to a row, and what its fields may be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from harness.seeding.atoms import Absent, Atom
from harness.seeding.domain import Domain, Value, narrowed
from harness.seeding.table import Table

Atoms = dict[str, list[Atom]]


@dataclass(slots=True, eq=False)
class Bed:
    """A plant on its way to a row.

    Attributes:
        atoms: what its own fields must satisfy.
        groups: the queries that it serves.
        above: by link name the bed of its parent; None for no parent at all.
        row: where it was placed.
    """

    table: Table
    atoms: Atoms
    groups: set[str]
    above: dict[str, "Bed | None"] = field(default_factory=dict)
    row: int | None = None


class NotPlanted(Exception):  # noqa: N818  (the word says what is so)
    """Why a plant has no row."""


class Contradicted(NotPlanted):
    """A CHECK takes no such row: what is asked for cannot be there."""


class ThereAlready(NotPlanted):
    """A row that is not made here has the value."""


def narrow(table: Table, name: str, atoms: Sequence[Atom], base: Domain) -> Domain:
    """The domain of a planted field: a condition of a WHERE is true, so the field is there unless it asks for NULL."""
    null = any(isinstance(a, Absent) and not a.negated for a in atoms)
    more = () if null else (Absent(name, negated=True),)
    if table.shapes[name].family == "array":  # its lengths are those of the array, and the literal is an element
        base = replace(base, shortest=0, longest=None)
    return narrowed(base, [*atoms, *more], table.shapes[name], table.now)


def is_taken(table: Table, name: str, values: Iterable[Value]) -> bool:
    """Whether one of the values is there, or may be, in a row that others made."""
    taken, beyond = table.taken.get(name, frozenset()), table.beyond.get(name)
    return any(v in taken or (beyond is not None and isinstance(v, int) and v <= beyond) for v in values)
