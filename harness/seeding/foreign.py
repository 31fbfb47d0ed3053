"""Foreign keys made into links: which parent each row has, so that every key finds its target without a look-up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from harness.design.model import Entity, ForeignKey
from harness.seeding.atoms import Relates
from harness.seeding.counters import key
from harness.seeding.keys import uniques
from harness.seeding.model import Wish
from harness.seeding.observed import zipf_exponent
from harness.seeding.table import Link, Table
from harness.seeding.volumes import is_optional

ABSENT_SHARE = 0.1


def links_of(table: Table) -> tuple[Link, ...]:
    """The links of a table, those of several fields first; unique keys are not yet looked at."""
    found: list[Link] = []
    made: set[str] = set()
    for foreign_key in _usable(table):
        link = _link(table, foreign_key, made)
        found.append(link)
        made |= set(link.fields)
    return tuple(_parted(table, _cousins(table, found)))


def _cousins(table: Table, links: list[Link]) -> list[Link]:
    """A tree within an owner, ``(tenant_id, parent_id)``: rows of one owner are then found by their numbers."""
    for link in [each for each in links if each.mode == "aligned" and each.target == table.name]:
        base = next((o for o in links if link.shared in o.fields and o.mode in {"skewed", "even"}), None)
        if base is not None and not base.absence:
            links = [replace(each, mode="even") if each is base else each for each in links]
            links = [replace(each, mode="cousin", apart=base.name) if each is link else each for each in links]
    return links


def untie(tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Leave out foreign keys whose values would come from the rows that have them, as far as they may be NULL.

    ``orders (id, last_item) -> items (order_id, id)`` beside ``items (order_id) -> orders (id)``: which item is an
    order's is known once the order has its id, so the order's own id must not come from the item.

    Returns:
        tables in a circle that cannot be left.
    """
    stuck: list[str] = []
    while (circle := _circle({name: links_of(table) for name, table in tables.items()})) is not None:
        table, link = next(
            ((tables[name], link) for name, link in circle if _may_be_untied(tables[name].entity, link)),
            (tables[circle[0][0]], circle[0][1]),
        )
        if not _may_be_untied(table.entity, link):
            stuck.append(table.name)
        table.untied |= {link.fields}
    return tuple(stuck)


def _may_be_untied(entity: Entity, link: Link) -> bool:
    return bool(free_of(entity, link.fields))


def free_of(entity: Entity, fields: Sequence[str]) -> tuple[str, ...]:
    """The fields of a key that may be NULL."""
    return tuple(name for name in fields if (f := entity.field(name)) is not None and f.nullable is not False)


Steps = list[tuple[str, Link]]


def _circle(links: Mapping[str, Sequence[Link]]) -> Steps | None:
    """Links by which a field's value comes from itself, with the tables that they are of; None when there are none."""
    sources = {
        (name, field): (link, (link.target, link.target_fields[place]))
        for name, found in links.items()
        for link in reversed(found)
        if link.mode != "implied" and link.target != name
        for place, field in enumerate(link.fields)
        if field != link.shared
    }
    for start in sources:
        at, steps, seen = start, Steps(), set[tuple[str, str]]()
        while at in sources and at not in seen:
            seen.add(at)
            link, following = sources[at]
            steps.append((at[0], link))
            at = following
        if at in seen:
            return steps
    return None


def _usable(table: Table) -> list[ForeignKey]:
    """Foreign keys to tables that are filled, each target by its own fields; the widest first."""
    able = [
        replace(k, target=_name(table, k), target_fields=k.target_fields or _primary(table, k))
        for k in table.entity.foreign_keys
        if _name(table, k) and k.fields not in table.untied and all(name in table.shapes for name in k.fields)
    ]
    fitting = (k for k in able if len(k.fields) == len(k.target_fields))
    return sorted(fitting, key=lambda k: (-len(k.fields), k.target == table.name, -_depth(table, k), k.fields))


MOST_DEEP = 8


def _depth(table: Table, k: ForeignKey, so_far: int = 0) -> int:
    """Through how many tables a reference of several fields goes: the deepest one decides the fields that others share.

    A task's tenant is that of its project, which is that of the project's owner.
    """
    target = table.tables[_name(table, k)]
    further = [
        o for o in target.entity.foreign_keys if set(o.fields) & set(k.target_fields) and o.target != target.name
    ]
    if len(k.fields) < 2 or not further or so_far > MOST_DEEP:
        return so_far
    return max(_depth(target, replace(o, target=_name(target, o)), so_far + 1) for o in further if _name(target, o))


def _name(table: Table, foreign_key: ForeignKey) -> str:
    """The name of the target as its own entity has it."""
    wanted = foreign_key.target.lower()
    return next((name for name in table.tables if name.lower() == wanted), "")


def _primary(table: Table, foreign_key: ForeignKey) -> tuple[str, ...]:
    primary = table.tables[_name(table, foreign_key)].entity.primary_key
    return primary.fields if primary else ()


def _link(table: Table, k: ForeignKey, made: set[str]) -> Link:
    name = k.name or f"{','.join(k.fields)} -> {k.target}"
    base = Link(name, k.fields, k.target, k.target_fields, "skewed", key(table.of, *k.fields))
    shared = [f for f in k.fields if f in made]
    if len(shared) == len(k.fields):
        return replace(base, mode="implied")
    if shared:
        return replace(base, mode="aligned", shared=shared[0])
    if k.target == table.name:
        own = next((f for f, t in zip(k.fields, k.target_fields, strict=True) if f == t), None)
        if own is not None:
            return replace(base, mode="sibling", shared=own)
        return replace(base, mode="tree" if is_optional(table.entity, k) else "rooted tree")
    if _is_referenced_in_part(table, k):
        return replace(base, mode="even")
    wish = table.asked.wishes.get(k.fields[0])
    skew = None if wish is None else wish.skew if wish.skew is not None else zipf_exponent(wish.seen)
    return replace(base, absence=_absence(table.entity, k, wish), skew=skew)


def _absence(entity: Entity, k: ForeignKey, wish: Wish | None) -> float:
    needed = {f for u in uniques(entity) if u.primary for f in u.fields}
    if len(free_of(entity, k.fields)) < len(k.fields):
        return 0.0  # what may not be NULL comes from the parent
    share = ABSENT_SHARE if wish is None or wish.null is None else wish.null
    return share if is_optional(entity, k) and not needed & set(k.fields) else 0.0


def _is_referenced_in_part(table: Table, k: ForeignKey) -> bool:
    """Whether a row that refers to this table must find one by the fields of ``k`` alone.

    So it is where a table has two references that share a field: (tenant_id, user_id) and (tenant_id, project_id).
    """
    entities = [t.entity for t in table.tables.values()]
    return any(
        set(k.fields) < set(o.target_fields) and _meets_another(e, o)
        for e in entities
        for o in e.foreign_keys
        if o.target == table.name
    )


def _meets_another(entity: Entity, k: ForeignKey) -> bool:
    own = set(k.fields)
    return any(own & set(o.fields) and not set(o.fields) <= own for o in entity.foreign_keys if o is not k)


def _parted(table: Table, links: list[Link]) -> Iterator[Link]:
    """Two links to one table that a condition keeps apart: sender and receiver, follower and followed."""
    rules = [r for r in table.conditions.rules if isinstance(r, Relates)]
    rising = [(r.field, r.other) for r in rules if r.operator == "<"]
    rising += [(r.other, r.field) for r in rules if r.operator == ">"]
    rising += _unordered(table.entity)
    pairs = [{r.field, r.other} for r in rules if r.operator == "<>"] + [set(pair) for pair in rising]
    for place, link in enumerate(links):
        before = next(
            (o for o in links[:place] if o.target == link.target and {_own(o), _own(link)} in pairs),
            None,
        )
        if before is None or link.mode not in {"skewed", "aligned"}:
            yield link
        else:
            yield replace(link, apart=before.name, rising=(_own(before), _own(link)) in rising)


def _unordered(entity: Entity) -> Iterator[tuple[str, str]]:
    """Two fields of which a unique index takes the lesser and the greater: each pair is there in one order only."""
    for index in entity.indexes:
        text = " ".join(key.text for key in index.keys if key.expression).lower()
        fields = next((u.fields for u in uniques(entity) if u.name == index.name), ())
        if index.unique and "least(" in text and "greatest(" in text and len(fields) == 2:
            yield fields[0], fields[1]
            yield fields[1], fields[0]


def each_owner_has(table: Table, link: Link) -> int:
    """How many rows that a link refers to each owner has at least, by the field that is shared."""
    target = table.tables[link.target]
    name = link.target_fields[link.fields.index(link.shared or "")]
    base = next((k for k in target.links if name in k.fields), None)
    owners = target.rows if base is None else target.tables[base.target].rows
    return target.rows // max(owners, 1)


def _own(link: Link) -> str:
    """The field that a link decides beside the one that it shares."""
    names = [name for name in link.fields if name != link.shared]
    return names[-1]
