"""The construction of every unique key of a table, and how many rows the keys leave room for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import ceil

from harness.design.model import Field
from harness.seeding import meanings
from harness.seeding.counters import key
from harness.seeding.decided import Keys
from harness.seeding.foreign import each_owner_has
from harness.seeding.keys import Pairing, Unique, capacity, uniques
from harness.seeding.kinds import Kind, Numbered
from harness.seeding.origins import Digit, Distinct, Serial
from harness.seeding.overlaps import Overlap, overlaps, slotted
from harness.seeding.special import issued
from harness.seeding.table import Link, Table
from harness.seeding.ticks import limits
from harness.seeding.values import sized
from harness.seeding.words import SPARE_PEOPLE, people, person

WIDENED = 4


def keyed(table: Table, spare: int, always: Collection[str] = ()) -> Keys:
    """Construct all unique keys of a table; anew when one of them leaves room for fewer rows.

    ``always``: partial keys whose predicate is true in every row.
    """
    rows, why = table.rows, ""
    while True:
        keys = Keys(table, rows, spare, table.links, why)
        for index in table.entity.indexes if table.entity.kind == "collection" else ():
            if index.method == "2dsphere":  # a position is whole, or not there at all
                keys.present |= {n for n in table.shapes for k in index.keys if n.startswith(f"{k.text}.")}
        for overlap in overlaps(table.name, table.objects):
            _apart(keys, overlap)
        for unique in uniques(table.entity):
            _construct(keys, replace(unique, predicate=None) if unique.name in always else unique)
        if keys.rows == rows:
            return keys
        rows, why = keys.rows, keys.why


def _apart(keys: Keys, overlap: Overlap) -> None:
    """Spans of one owner that do not overlap, where the owner is a row of another table, a value, or there is none."""
    ends = (overlap.start, overlap.end)
    shapes = [keys.table.shapes.get(name) for name in ends]
    if None in shapes or shapes[0] != shapes[1] or len(overlap.equal) > 1 or set(ends) & keys.taken:
        return
    link = next((k for k in keys.links if k.fields == overlap.equal and k.mode in {"skewed", "even"}), None)
    owner = None if link is not None else next((keys.kind(name, keys.rows // 5 + 1) for name in overlap.equal), None)
    if overlap.equal and link is None and (owner is None or sized(owner) < keys.rows // 5 + 1):
        return
    owners = keys.table.tables[link.target].rows if link is not None else keys.rows // 5 + 1 if owner else 1
    pairing = Pairing(key(keys.table.of, *ends), keys.rows, owners, (keys.rows,), mixed=True, counted=True)
    if link is not None:
        changed = replace(link, mode="paired", pairing=pairing, digit=0, absence=0.0)
        keys.links = tuple(changed if k.name == link.name else k for k in keys.links)
    elif owner is not None:
        keys.origins[overlap.equal[0]] = Digit(owner, pairing, 0)
    shape = shapes[0]
    if shape is not None:
        keys.origins |= dict(zip(ends, slotted(keys.table, overlap, pairing, shape), strict=True))
    keys.present |= {*ends, *overlap.equal}
    keys.settled += [frozenset((*overlap.equal, name)) for name in ends]


def _construct(keys: Keys, unique: Unique) -> None:
    names = frozenset(unique.fields)
    if unique.primary or not unique.nulls_differ:
        keys.present |= names
    keys.present |= {n for n in names if n in _targets(keys.table)}
    if not names or any(done <= names for done in keys.settled):
        return
    first = next((rows for fields, rows in keys.headed if fields <= names), None)
    if first is not None and unique.predicate is not None:
        keys.heads[unique.name] = first
        return
    generated = {f.name for f in keys.table.entity.fields if f.generated is not None}
    if names <= generated:
        return  # what it is generated from decides; the server judges
    linked = next((k for k in keys.links if frozenset(k.fields) == names and k.mode != "implied"), None)
    if linked is not None and linked.pairing is not None and _led(unique, linked):
        keys.heads[unique.name] = linked.pairing
        keys.settle(unique)
    elif linked is not None and linked.mode not in {"paired", "unique"}:
        _unique_link(keys, unique, linked)
    elif len(names) == 1:
        _single(keys, unique, unique.fields[0])
    else:
        _several(keys, unique)


def _led(unique: Unique, link: Link) -> bool:
    """Whether a partial key on the owner of a pairing can be kept by the first row of each owner."""
    return unique.predicate is not None and link.digit == 0 and link.head is None


def _targets(table: Table) -> frozenset[str]:
    entities = (t.entity for t in table.tables.values())
    return frozenset(n for e in entities for k in e.foreign_keys if k.target == table.name for n in k.target_fields)


def _unique_link(keys: Keys, unique: Unique, link: Link) -> None:
    """One child a parent. Rows beyond the parents have none, where that may be; else there are no such rows."""
    parents = keys.table.tables[link.target].rows
    head = keys.head(unique, parents)
    mode = "chain" if link.target == keys.table.name else "unique"
    optional = all(n not in keys.present for n in link.fields) and link.absence > 0
    if head is None and mode == "unique" and not optional:
        keys.limit(unique, parents)
    changed = replace(link, mode=mode, head=head, absence=0.0 if head is None else link.absence)
    keys.links = tuple(changed if k.name == link.name else k for k in keys.links)
    keys.settle(unique)


def _single(keys: Keys, unique: Unique, name: str) -> None:
    f = keys.field_of(name)
    if f is None or name in keys.taken or name not in keys.table.shapes or keys.is_linked(name):
        keys.give_up(unique)
        return
    if unique.primary and _serial(keys, unique, f):
        return
    taken = keys.table.taken.get(name, frozenset())
    wanted = keys.rows + keys.spare + 2 * len(taken)
    kind = _issued(keys, name) if unique.primary else None
    kind = kind or keys.kind(name, wanted)
    if kind is None:
        if f.nullable is False and f.default is None:
            keys.give_up(unique)
        return
    room = max(sized(kind) - (2 * len(taken) + 1 if taken else 0), 0)
    if room < keys.rows:
        head = keys.head(unique, room)
        if head is None:
            keys.limit(unique, room)
    _distinct(keys, unique, name, kind)


def _issued(keys: Keys, name: str) -> Kind | None:
    """A document's own ObjectId, which follows from when it came to be."""
    table = keys.table
    if table.shapes[name].family != "objectid" or table.conditions.domains[name].among is not None:
        return None
    return issued(table.of, keys.rows, table.calendar.reach_us, table.now)


def _serial(keys: Keys, unique: Unique, f: Field) -> bool:
    """A whole-number key counts its rows, so that a parent's key is known from its row number alone."""
    domain, shape = keys.table.conditions.domains[f.name], keys.table.shapes[f.name]
    if shape.family != "integer" or domain.among is not None or domain.excluded:
        return False
    ticks = range(max(domain.ticks[0], 1 if limits(shape)[1] > 0 else 0), domain.high + 1, domain.ticks.step)
    beyond = keys.table.beyond.get(f.name)
    if beyond is not None and beyond in ticks[:-1]:
        ticks = ticks[ticks.index(beyond) + 1 :]
    if domain.step > 1:
        ticks = range(ticks.start + (domain.first - ticks.start) % domain.step, ticks.stop, domain.step)
    taken = sorted(int(value) for value in keys.table.taken.get(f.name, ()) if int(value) in ticks)
    keys.limit(unique, len(ticks) - len(taken))
    keys.origins[f.name] = Serial(ticks.start, ticks.step, tuple(ticks.index(value) for value in taken))
    keys.settle(unique)
    return True


def _distinct(keys: Keys, unique: Unique, name: str, kind: Kind) -> None:
    head = keys.heads.get(unique.name)
    rows = head if isinstance(head, int) else keys.rows
    of = key(keys.table.of, name) if person(kind) is None else persons(keys.table)
    taken = keys.table.taken.get(name, frozenset())
    span = _span(kind, rows + keys.spare + 2 * len(taken) + 1)
    tail = keys.kind(name, 0) if unique.name in keys.heads else None
    keys.origins[name] = Distinct(kind, of, max(span, 1), max(rows, 1), set(taken), tail)
    keys.settle(replace(unique, fields=(name,)))


def persons(table: Table) -> int:
    """The key that all columns about the person of a row share, so that a mail matches its name."""
    return key(table.of, "person")


def _span(kind: Kind, needed: int) -> int:
    """How many ordinals so many rows are spread over."""
    if isinstance(kind, Numbered):
        return max(needed, len(kind.words))
    someone = person(kind)
    if someone is not None:
        return someone.people
    return min(sized(kind), max(needed * WIDENED, 1000)) if not _is_code(kind) else sized(kind)


def _is_code(kind: Kind) -> bool:
    """Whether all of a kind's values look alike, so that rows may be spread over all of them."""
    return sized(kind) >= 1 << 24


def _several(keys: Keys, unique: Unique) -> None:
    """A key of several fields: digits of the row number where its fields are free, else one field that is distinct."""
    alone = next((n for n in unique.fields if _stands_alone(keys, n)), None)
    if alone is not None:
        _single(keys, replace(unique, primary=True), alone)
        return
    if _named(keys, unique) or _paired(keys, unique) or _joined(keys, unique):
        return
    free = [n for n in unique.fields if n not in keys.taken and not keys.is_linked(n) and n in keys.table.shapes]
    kinds = [(kind, n) for n in free if (kind := keys.kind(n, keys.rows + keys.spare)) is not None]
    best = max(kinds, key=lambda pair: sized(pair[0]), default=None)
    if best is not None and sized(best[0]) >= keys.rows:
        _single(keys, unique, best[1])
    else:
        keys.give_up(unique)


def _stands_alone(keys: Keys, name: str) -> bool:
    """Whether a field of a wider key is meant to be unique by itself: an identity, a sequence, a generated uuid."""
    f = keys.field_of(name)
    if f is None or name in keys.taken or keys.is_linked(name) or name not in keys.table.shapes:
        return False
    if meanings.text(keys.table.entity, f) in {"email", "username"} and keys.table.shapes[name].family == "text":
        return True
    default = f.default or ""
    return (
        f.identity is not None or "nextval" in default or (keys.table.shapes[name].family == "uuid" and "(" in default)
    )


def _named(keys: Keys, unique: Unique) -> bool:
    """Whether first and last names are in the key: rows have different ones while there are enough."""
    free = [n for n in unique.fields if n not in keys.taken and not keys.is_linked(n)]
    people_ = [found for n in free if (kind := keys.kind(n, 0)) is not None and (found := person(kind)) is not None]
    if not {"first name", "last name"} <= {found.part for found in people_} or keys.rows > people(0) - SPARE_PEOPLE:
        return False
    keys.settle(unique)
    return True


@dataclass(frozen=True, slots=True)
class _Part:
    """A component of a key: a link, or a field with its kind."""

    size: int
    link: Link | None = None
    name: str = ""
    kind: Kind | None = None


def _paired(keys: Keys, unique: Unique) -> bool:
    parts = _parts(keys, unique)
    if parts is None or len(parts) < 2:
        return False
    rising = any(p.link is not None and p.link.rising for p in parts)
    owner, *others = parts if rising else sorted(parts, key=_owning)
    room = min(capacity([max(p.size, 0) for p in (owner, *others)]), 1 << 62)
    head = keys.head(unique, room)
    rows = head if head is not None else min(keys.rows, room)
    if head is None:
        keys.limit(unique, room)
    if rows < 1:
        return True
    counted = len(others) == 1 and _counts(keys, others[0])
    mixed = not counted
    pairing = Pairing(
        key(keys.table.of, *unique.fields), rows, owner.size, tuple(p.size for p in others), mixed, counted
    )
    for digit, part in enumerate((owner, *others)):
        _assign(keys, part, pairing, digit, head)
    keys.settle(unique)
    return True


def _owning(part: _Part) -> tuple[bool, bool, int]:
    """The largest table that rows refer to owns them, and none of which another one decides a field."""
    return part.link is None, part.link is not None and part.link.shared is not None, -part.size


def _counts(keys: Keys, part: _Part) -> bool:
    """Whether a component numbers the rows of its owner: line_no, position, version."""
    f = keys.field_of(part.name) if part.link is None else None
    if f is None or keys.table.shapes[f.name].family != "integer":
        return False
    return meanings.number(f) in {"position", "version", ""} or part.name.lower().endswith(("_no", "_number", "_id"))


def _parts(keys: Keys, unique: Unique) -> list[_Part] | None:
    """The components of a key; None when one of them is already decided."""
    names = set(unique.fields)
    found: list[_Part] = []
    for link in keys.links:
        if set(link.fields) <= names and link.mode in {"skewed", "tree"} and not link.shared:
            rows = keys.table.tables[link.target].rows
            apart = next((p for p in found if p.link is not None and p.link.name == link.apart), None)
            if apart is not None and link.rising:  # half of them are owners, and the other is one of the half after it
                found[found.index(apart)] = replace(apart, size=rows - rows // 2)
                rows = rows // 2 + 1
            found.append(_Part(rows - (apart is not None), link))
            names -= set(link.fields)
    for link in keys.links:  # those that share a field with one before: as many as each owner has at least
        if link.mode == "aligned" and set(link.fields) - {link.shared} <= names and found and link.apart is None:
            found.append(_Part(each_owner_has(keys.table, link), link))
            names -= set(link.fields)
    if any(n in keys.taken or keys.is_linked(n) or n not in keys.table.shapes for n in names):
        return None
    linked = capacity([p.size for p in found])
    for name in [n for n in unique.fields if n in names]:
        needed = ceil((keys.rows + keys.spare) / max(linked, 1)) if len(names) == 1 else 0
        kind = keys.kind(name, 1)
        if kind is not None and needed * WIDENED > sized(kind):
            kind = keys.kind(name, needed * WIDENED)
        if kind is None:
            return None
        found.append(_Part(sized(kind), None, name, kind))
    return found


def _assign(keys: Keys, part: _Part, pairing: Pairing, digit: int, head: int | None) -> None:
    if part.link is not None:
        absence = part.link.absence if head is not None else 0.0
        mode = "aligned" if part.link.shared else "paired"
        changed = replace(part.link, mode=mode, pairing=pairing, digit=digit, head=head, absence=absence)
        keys.links = tuple(changed if k.name == part.link.name else k for k in keys.links)
    elif part.kind is not None:
        tail = keys.kind(part.name, 0) if head is not None else None
        keys.origins[part.name] = Digit(part.kind, pairing, digit, tail)


def _joined(keys: Keys, unique: Unique) -> bool:
    """A second key of the same owner: (order, line) beside (order, product). Its digits follow from the row's place."""
    owner = next((k for k in keys.links if k.pairing and not k.digit and set(k.fields) < set(unique.fields)), None)
    if owner is None or owner.pairing is None or owner.head is not None:
        return False
    most = max(degree for _, _, degree in owner.pairing.tiers())
    parts = [_free_part(keys, n, most + 1) for n in unique.fields if n not in owner.fields]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts) or capacity([part.size for part in found]) < most:
        return False
    counted = len(found) == 1 and _counts(keys, found[0])
    sizes = tuple(part.size for part in found)
    pairing = replace(
        owner.pairing, others=sizes, counted=counted, most=owner.pairing.most or owner.pairing.combinations
    )
    for digit, part in enumerate(found, start=1):
        _assign(keys, part, pairing, digit, None)
    keys.settle(unique)
    return True


def _free_part(keys: Keys, name: str, needed: int) -> _Part | None:
    """A component that no key decides yet: a link of one field, or a field with its kind."""
    link = next((k for k in keys.links if k.fields == (name,) and k.mode == "skewed"), None)
    if link is not None:
        return _Part(keys.table.tables[link.target].rows, link) if link.apart is None else None
    if name in keys.taken or keys.is_linked(name) or name not in keys.table.shapes:
        return None
    kind = keys.kind(name, needed * WIDENED)
    return None if kind is None else _Part(sized(kind), None, name, kind)
