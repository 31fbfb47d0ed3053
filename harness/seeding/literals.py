"""Planting: rows that carry the literal values of the example queries, placed so that every key still holds.

Conditions on a foreign key are conditions on the parent (``orders.user_id = 42`` asks for a user 42), so they climb to
it first. Then rows are placed, parents before children: where a key decides the row it is that row, else a low row
number, because low rows are popular parents. The row's cases, links and values are then given by number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from harness.seeding.atoms import Absent, Among, Atom, Bound, Matches
from harness.seeding.beds import Atoms, Bed, Contradicted, NotPlanted, ThereAlready, is_taken, narrow
from harness.seeding.cases import Case
from harness.seeding.conditioned import atom_of
from harness.seeding.counters import Ints
from harness.seeding.domain import Contradiction, Domain, Value
from harness.seeding.identity import namesakes
from harness.seeding.making import Rows
from harness.seeding.model import Plant, Unfillable
from harness.seeding.origins import Distinct, Serial
from harness.seeding.placing import number_of, row_of
from harness.seeding.table import Link, Table
from harness.seeding.trial import failing
from harness.seeding.values import Setting, kind_of

REMEDY = "no row is planted for this condition; write another literal, or a query on values that are there"


def planted(tables: Mapping[str, Table], plants: Sequence[Plant]) -> Iterator[Unfillable]:
    """Plant everything that can be; what cannot is told."""
    beds: list[Bed] = []
    for number, plant in enumerate(plants):
        table = next((t for n, t in tables.items() if n.lower() == plant.entity.lower()), None)
        if table is None or not table.rows:
            yield Unfillable(plant.entity, "plant", "there is no such table with rows", REMEDY)
            continue
        atoms, unread = _atoms(table, plant)
        yield from unread
        _bedded(beds, table, atoms, plant.group or f"plant {number}")
    names = list(tables)
    for name in reversed(names):
        for bed in [b for b in beds if b.table.name == name]:
            _climb(bed, beds)
    # A number that is asked for decides the row: those come before the rows that any will do for.
    for bed in sorted(beds, key=lambda b: (names.index(b.table.name), not _numbered(b))):
        try:
            _plant(bed)
        except ThereAlready:
            continue
        except Contradicted as reason:
            yield Unfillable(bed.table.name, _said(bed), str(reason), REMEDY)
        except NotPlanted as reason:
            gap = Unfillable(bed.table.name, _said(bed), str(reason), REMEDY)
            yield from (replace(gap, group=group) for group in sorted(bed.groups))


def _numbered(bed: Bed) -> bool:
    return any(isinstance(bed.table.columns[name].origin, Serial) for name in bed.atoms)


def _said(bed: Bed) -> str:
    return "plant on " + (", ".join(bed.atoms) or "its parents")


def _atoms(table: Table, plant: Plant) -> tuple[Atoms, list[Unfillable]]:
    """Conditions as atoms by field, and those that cannot be met."""
    found: Atoms = {}
    unread: list[Unfillable] = []
    for name, operator, literal in plant.values:
        column = next((c for n, c in table.columns.items() if n.lower() == name.lower()), None)
        atom = None if column is None else atom_of(column, operator.lower().strip(), literal)
        if column is None or atom is None or not _added(found, table, column.field.name, atom):
            reason = "the column does not take such a value" if column else _unfilled(table, name)
            group = plant.group if atom is None else ""  # what a CHECK forbids is the query's mistake
            unread.append(Unfillable(table.name, f"{name} {operator} {literal!r}", reason, REMEDY, group=group))
    return found, unread


def _unfilled(table: Table, name: str) -> str:
    """Why no value can be given to a column that rows do not fill."""
    field = next((f for f in table.entity.fields if f.name.lower() == name.lower()), None)
    if field is not None and field.generated is not None:
        return f"the server makes the column of others ({field.generated}), and no row is made for what comes of them"
    return "there is no such column to fill"


def _added(to: Atoms, table: Table, name: str, atom: Atom) -> bool:
    """Add a condition where it does not contradict the others; values of one IN list come one by one."""
    before = to.get(name, [])
    lists = [a for a in before if isinstance(a, Among)]
    if isinstance(atom, Among) and lists:
        atom = Among(name, (*lists[0].values, *atom.values))
    after = [a for a in before if not (isinstance(atom, Among) and isinstance(a, Among))] + [atom]
    try:
        narrow(table, name, after, table.conditions.domains[name])
    except Contradiction:
        return False
    to[name] = after
    return True


def _bedded(beds: list[Bed], table: Table, atoms: Atoms, group: str) -> Bed:
    """The bed for these conditions: one that asks for the same unique value, else a new one."""
    for bed in beds:
        if bed.table is table and _same_key(bed, atoms) and _merged(bed, atoms):
            bed.groups.add(group)
            return bed
    bed = Bed(table, atoms, {group})
    beds.append(bed)
    return bed


def _same_key(bed: Bed, atoms: Atoms) -> bool:
    """Whether both ask for one value of a field that is unique."""
    for name, more in atoms.items():
        wanted = _wanted(more)
        unique = isinstance(bed.table.columns[name].origin, Distinct | Serial)
        if unique and wanted is not None and wanted == _wanted(bed.atoms.get(name, [])):
            return True
    return False


def _wanted(atoms: Sequence[Atom]) -> object:
    return next((a.value for a in atoms if isinstance(a, Bound) and a.operator == "="), None)


def _merged(bed: Bed, atoms: Atoms) -> bool:
    """Whether the bed took these conditions as well."""
    trial = {name: list(found) for name, found in bed.atoms.items()}
    for name, more in atoms.items():
        for atom in more:
            if atom not in trial.get(name, []) and not _added(trial, bed.table, name, atom):
                return False
    bed.atoms = trial
    return True


def _climb(bed: Bed, beds: list[Bed]) -> None:
    """Conditions on foreign keys go to the parent; links without any follow the query's other plants."""
    for link in bed.table.links:
        asked = {n: bed.atoms.pop(n) for n in link.fields if n in bed.atoms} if link.mode != "implied" else {}
        if any(isinstance(a, Absent) and not a.negated for atoms in asked.values() for a in atoms):
            bed.above[link.name] = None
        elif asked or link.mode != "implied":
            above = _above(bed, link, asked, beds)
            if above is not None:
                bed.above[link.name] = above


def _above(bed: Bed, link: Link, asked: Atoms, beds: list[Bed]) -> Bed | None:
    target = bed.table.tables[link.target]
    atoms: Atoms = {}
    for name, found in asked.items():
        other = link.target_fields[link.fields.index(name)]
        atoms[other] = [_renamed(a, other) for a in found if not isinstance(a, Absent)]
    for other_bed in beds:
        if other_bed.table is target and other_bed is not bed and other_bed.groups & bed.groups:
            taken = {b for b in bed.above.values() if b is not None}
            if other_bed not in taken and _merged(other_bed, atoms):
                return other_bed
    return _bedded(beds, target, atoms, min(bed.groups)) if any(atoms.values()) else None


def _renamed(atom: Atom, name: str) -> Atom:
    match atom:
        case Bound():
            return Bound(name, atom.operator, atom.value)
        case Among():
            return Among(name, atom.values, atom.negated)
        case Matches():
            return Matches(name, atom.pattern, atom.fold, atom.negated)
    return atom


def _plant(bed: Bed) -> None:
    """Find the row, its cases and its values."""
    table = bed.table
    above = {name: -1 if b is None else b.row for name, b in bed.above.items()}
    parents = {name: row for name, row in above.items() if row is not None}
    bed.row = row_of(bed, parents)
    table.parents.setdefault(bed.row, {}).update(parents)
    cases = _chosen(bed)
    table.choices.setdefault(bed.row, {}).update(cases)
    values = table.planted.setdefault(bed.row, {})
    for name, atoms in bed.atoms.items():
        values[name] = _value(bed, name, atoms, cases)
    values.update(namesakes(table, bed.row, values))
    _precede(bed, values)
    if failing(table, Rows(table, np.array([bed.row]))).any():
        _undo(bed)
        raise Contradicted("a CHECK refuses a row with these values")


def _undo(bed: Bed) -> None:
    for given in (bed.table.planted, bed.table.parents, bed.table.choices):
        if bed.row is not None:
            given.pop(bed.row, None)
    bed.row = None


def _chosen(bed: Bed) -> dict[int, int]:
    """For each group the case that the planted conditions agree with, the most frequent first."""
    table, found = bed.table, {}
    for number, group in enumerate(table.conditions.groups):
        touched = group.fields & (set(bed.atoms) | _linked(bed))
        if not touched:
            continue
        able = sorted(range(len(group.cases)), key=lambda place: -group.cases[place].weight)
        fitting = [place for place in able if _fits(bed, group.cases[place])]
        if not fitting:
            raise Contradicted("the CHECKs take no row with these values together")
        found[number] = fitting[0]
    return found


def _linked(bed: Bed) -> set[str]:
    return {name for link in bed.table.links if link.name in bed.above for name in link.fields}


def _fits(bed: Bed, case: Case) -> bool:
    try:
        for name, atoms in bed.atoms.items():
            if name in case.domains:
                narrow(bed.table, name, atoms, case.domains[name])
    except Contradiction:
        return False
    row = np.array([bed.row or 0], dtype=np.int64)
    if any(bool(bed.table.in_head(name, row)[0]) != side for name, side in case.heads):
        return False
    for link in bed.table.links:
        if link.name in bed.above:
            wants = bed.above[link.name] is None
            if any(n in case.domains and case.domains[n].absent not in {None, wants} for n in link.fields):
                return False
    return True


def _value(bed: Bed, name: str, atoms: Sequence[Atom], cases: Mapping[int, int]) -> Any:
    """A value that satisfies the conditions on a field; a literal that is asked for is itself."""
    table = bed.table
    column = table.columns[name]
    base = table.conditions.domains[name]
    if column.group is not None and column.group in cases:
        base = table.conditions.groups[column.group].cases[cases[column.group]].domains[name]
    domain = narrow(table, name, atoms, base)
    if domain.absent:
        return None
    if len(bed.atoms) == 1 and is_taken(table, name, domain.among or ()):
        raise ThereAlready
    reserved = column.origin.reserved if isinstance(column.origin, Distinct) else set()
    if isinstance(column.origin, Serial):
        return number_of(bed, name, column.origin, domain)
    value = _natural(bed, name, domain)
    if column.shape.family == "array" and domain.holds:
        return value
    if domain.among is not None:
        value = next((v for v in domain.among if v not in reserved), None)
    if value is None or value in reserved:
        raise NotPlanted(f"another plant has this value of {name}")
    if isinstance(column.origin, Distinct):
        reserved.add(value)
    if column.shape.family == "array" and domain.among is not None:
        return [value, *(each for each in _natural(bed, name, base)[1:] if each != value)]
    return value


def _natural(bed: Bed, name: str, domain: Domain) -> Any:
    """What the row has by nature where that will do, else a value made for the domain."""
    table, column = bed.table, bed.table.columns[name]
    setting = Setting(table.entity, table.rows, table.now, table.calendar)
    kind = kind_of(column.field, column.shape, domain, 0, setting)
    if kind is None:
        raise NotPlanted(f"values of {name} cannot be made")
    rows = Rows(table, np.array([bed.row], dtype=np.int64))
    return kind.raw(kind.draw(column.of, rows)).tolist()[0]


def _precede(bed: Bed, values: dict[str, Value | None]) -> None:
    """A planted instant before the row's event takes the event with it: created <= updated also here."""
    table, event = bed.table, bed.table.calendar.event
    if event is None or event in values or event not in table.columns:
        return
    shape = table.columns[event].shape
    others = {name for name, _ in table.calendar.places}
    told = [int(v) for n, v in values.items() if n in others and v is not None and table.shapes[n] == shape]
    natural: Ints = Rows(table, np.array([bed.row], dtype=np.int64)).cells(event).raw
    if told and min(told) < int(natural[0]):
        values[event] = min(told)
