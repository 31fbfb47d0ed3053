"""A schema made into tables whose rows can be made: each column gets its origin, each unique key its construction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from harness.design.longlists import UP_TO
from harness.design.model import Entity, Field, Shape
from harness.seeding import meanings
from harness.seeding.aging import aged
from harness.seeding.atoms import FLIPPED, Balance, Computed, Relates
from harness.seeding.cases import Asked, Conditions, Head, absence_of, conditions
from harness.seeding.counters import key
from harness.seeding.decided import Keys
from harness.seeding.distinct import keyed, persons
from harness.seeding.domain import Domain, Value, valued
from harness.seeding.elements import elements
from harness.seeding.foreign import free_of, links_of, untie
from harness.seeding.keys import uniques
from harness.seeding.kinds import Kind, Listed
from harness.seeding.likely import NUMBERS, STATUS, likely
from harness.seeding.linear import solved
from harness.seeding.model import Order, Unfillable, Volume
from harness.seeding.moments import calendar, reaches
from harness.seeding.observed import Observing, as_seen
from harness.seeding.origins import Drawn, Nothing, Parental
from harness.seeding.overlaps import Slotted
from harness.seeding.partitions import room
from harness.seeding.rules import INSTANTS
from harness.seeding.table import Applied, Column, Link, Origin, Table
from harness.seeding.totals import totals
from harness.seeding.values import Setting, kind_of
from harness.seeding.volumes import is_optional, volumes
from harness.seeding.volumes import order as ordered
from harness.seeding.wishes import wished, with_wishes
from harness.seeding.worded import worded
from harness.seeding.words import SPARE_PEOPLE, is_placed, person

UNKNOWN = Shape("other")


@dataclass(slots=True)
class Built:
    """All tables, parents first, with what could not be done as asked."""

    tables: dict[str, Table] = field(default_factory=dict)
    volumes: list[Volume] = field(default_factory=list)
    unfillable: list[Unfillable] = field(default_factory=list)


def built(order: Order) -> Built:
    """The tables of an order, without plants."""
    result = Built()
    wanted = {v.entity: v for v in volumes(order.schema, order.rows, order.default_rows, order.ratio, order.ratios)}
    entities = ordered(order.schema)
    spare = min(8 + 2 * len(order.plants), SPARE_PEOPLE)
    for entity in entities:
        table = _started(entity, order, wanted[entity.name].rows, result)
        result.tables[entity.name] = table
    _aged(result.tables)
    for name in untie(result.tables):
        reason, remedy = "its references go in a circle, each row's from itself", "allow NULL in one of them"
        result.unfillable.append(Unfillable(name, "foreign keys", reason, remedy, fatal=True))
    for entity in entities:
        _finished(result.tables[entity.name], wanted[entity.name], result, spare)
    return result


def _started(entity: Entity, order: Order, rows: int, result: Built) -> Table:
    shapes = {f.name: f.shape or UNKNOWN for f in entity.fields if f.generated is None}
    within = room(entity, order.schema)
    checks = entity.checks if within is None else (*entity.checks, within)
    wishes = wished(entity, order, result.unfillable)
    plain = Asked(entity, checks, shapes, order.now, _unique(entity), wishes)
    asked = _with_likely(with_wishes(plain, result.unfillable))
    return Table(
        entity,
        rows if shapes else 0,
        key(order.seed, entity.name),
        order.now,
        asked,
        conditions(asked),
        calendar(entity, [name for k in entity.foreign_keys for name in k.fields]),
        shapes,
        result.tables,
        taken=_taken(entity, order, shapes),
        beyond=_beyond(entity, order),
        objects=order.schema.objects,
    )


def _beyond(entity: Entity, order: Order) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, f, text in order.taken:
        if name == entity.name and _is_range(text):
            found[f] = max(int(text[len(UP_TO) : -1]), found.get(f, 0))
    return found


def _is_range(text: str) -> bool:
    return text.startswith(UP_TO)


def _taken(entity: Entity, order: Order, shapes: Mapping[str, Shape]) -> dict[str, frozenset[Value]]:
    """Values that others put into the table."""
    found: dict[str, set[Value]] = {}
    for name, f, text in order.taken:
        if name != entity.name or f not in shapes or _is_range(text):
            continue
        if (value := valued(text, shapes[f], order.now)) is not None:
            found.setdefault(f, set()).add(value)
    return {f: frozenset(values) for f, values in found.items()}


def _aged(tables: Mapping[str, Table]) -> None:
    """Tables that others refer to begin before these."""
    names = {name.lower(): name for name in tables}
    targets = {
        name: [names[k.target.lower()] for k in table.entity.foreign_keys if k.target.lower() in names]
        for name, table in tables.items()
    }
    for name, reach in reaches({n: t.calendar for n, t in tables.items()}, targets).items():
        tables[name].calendar = replace(tables[name].calendar, reach_us=reach)


def _with_likely(asked: Asked) -> Asked:
    """The conditions with those that are only likely, as far as these contradict none."""
    plain = conditions(asked)
    found = (*likely(asked.entity, plain.domains), *totals(asked.entity, plain.domains, asked.wishes))
    for check in found:
        more = replace(asked, checks=(*asked.checks, check))
        if conditions(more).contradictions == plain.contradictions:
            asked = more
    return asked


def _unique(entity: Entity) -> frozenset[str]:
    """Fields whose values a unique key of all rows may decide."""
    linked = {name for k in entity.foreign_keys for name in k.fields}
    return frozenset(n for u in uniques(entity) if u.predicate is None for n in u.fields) - linked


def _finished(table: Table, volume: Volume, result: Built, spare: int) -> None:
    table.links = links_of(table)
    keys = keyed(table, spare)
    if keys.heads and (always := _headed(table, keys)):
        keys = keyed(table, spare, always)
        _headed(table, keys)
    result.unfillable.extend(keys.unfillable)
    for name in table.conditions.contradictions:
        result.unfillable.append(
            Unfillable(table.name, name, "no row can satisfy it together with the others", "correct the CHECK", True)
        )
    table.links, table.rows = keys.links, keys.rows
    why = keys.why if keys.rows < volume.rows else volume.why
    table.columns = _columns(table, keys, result)
    table.elements = elements(table.entity, table.of, _repeatable(table))
    if any(u.fatal and u.entity == table.name for u in result.unfillable):
        table.rows, why = 0, "cannot be filled"
    elif not table.columns:
        table.rows, why = 0, "no columns to fill"
    elif (empty := _empty_parent(table)) is not None:
        table.rows, why = 0, f"{empty} has no rows"
    result.volumes.append(Volume(table.name, table.rows, why))


def _repeatable(table: Table) -> dict[str, int]:
    """Columns of which a row may have several values, drawn and in no condition that is tried; see ``elements``."""
    tried = {trial.name for trial in table.conditions.trials}
    bound = {name for check in table.entity.checks if check.name in tried for name in check.fields}
    drawn = {n: c.origin.kind for n, c in table.columns.items() if isinstance(c.origin, Drawn) and n not in bound}
    return {
        n: kind.size if isinstance(kind, Listed) and kind.values.dtype.kind not in "biufM" else 0
        for n, kind in drawn.items()
    }


def _empty_parent(table: Table) -> str | None:
    """A table without rows that every row would have to reference."""
    needed = (k for k in table.entity.foreign_keys if not is_optional(table.entity, k) and k.target != table.name)
    return next((k.target for k in needed if k.target in table.tables and not table.tables[k.target].rows), None)


def _headed(table: Table, keys: Keys) -> frozenset[str]:
    """Give the conditions the heads of partial keys; the names of those whose predicate no row can leave."""
    heads = [Head(u.name, u.predicate or "") for u in uniques(table.entity) if u.name in keys.heads]
    table.conditions, table.heads = conditions(table.asked, heads), keys.heads
    sides = {side for group in table.conditions.groups for case in group.cases for side in case.heads}
    return frozenset(name for name, inside in sides if inside and (name, False) not in sides)


def _columns(table: Table, keys: Keys, result: Built) -> dict[str, Column]:
    parental = {name: (link, place) for link in reversed(table.links) for name, place in _determined(link)}
    groups = {name: n for n, group in enumerate(table.conditions.groups) for name in group.fields}
    untied = {name for fields in table.untied for name in free_of(table.entity, fields)}
    found: dict[str, Column] = {}
    for f in table.entity.fields:
        if f.name not in table.shapes:
            continue
        origin: Origin | None
        if f.name in parental:
            origin = Parental(*parental[f.name])
        elif f.name in untied:
            origin = Nothing()
        else:
            origin = keys.origins.get(f.name) or _drawn(table, f, groups.get(f.name))
        if origin is None:
            if _left_out(table, f, result):
                continue
            origin = Nothing()
        origin = worded(table, f, origin) or origin
        group = None if isinstance(origin, Slotted) else groups.get(f.name)  # a span has both its ends
        found[f.name] = _column(table, f, origin, keys, group)
    return _related(table, found)


def _determined(link: Link) -> Iterator[tuple[str, int]]:
    """The fields whose values a link makes, with their places in it."""
    if link.mode == "implied":
        return
    for place, name in enumerate(link.fields):
        if name != link.shared:
            yield name, place


def _left_out(table: Table, f: Field, result: Built) -> bool:
    """What becomes of a field whose values cannot be made: its default, NULL, or no rows at all."""
    if table.conditions.domains[f.name].absent:
        return False
    if f.default is not None or f.identity is not None:
        return True
    if f.nullable is not False:
        return False
    result.unfillable.append(
        Unfillable(
            table.name,
            f.name,
            f"values of type {f.type} cannot be made",
            "give the column a default, or allow NULL",
            True,
        )
    )
    return True


def _column(table: Table, f: Field, origin: Origin, keys: Keys, group: int | None) -> Column:
    shape, domain = table.shapes[f.name], table.conditions.domains[f.name]
    optional = domain.absent is None and f.name not in keys.present
    linked = isinstance(origin, Parental | Nothing)
    absence = 1.0 if domain.absent else absence_of(f, table.asked) if optional and not linked else 0.0
    fixed = f.name in keys.origins or linked or f.name in _referenced(table)
    someone = person(origin.kind) if isinstance(origin, Drawn) else None
    of = key(table.of, f.name) if someone is None else persons(table)
    if someone is not None and someone.other:
        of = key(table.of, "other person")
    if isinstance(origin, Drawn) and is_placed(origin.kind):
        of = key(table.of, "place")
    fixed = fixed or (someone is not None and someone.part != "username")
    return Column(f, shape, domain, of, origin, absence, group, (), fixed)


def _referenced(table: Table) -> frozenset[str]:
    entities = (t.entity for t in table.tables.values())
    return frozenset(n for e in entities for k in e.foreign_keys if k.target == table.name for n in k.target_fields)


def _drawn(table: Table, f: Field, group: int | None) -> Drawn | None:
    setting = setting_of(table)
    domain = table.conditions.domains[f.name]
    kind = kind_of(f, table.shapes[f.name], domain, 0, setting)
    if kind is None:
        return None
    wish = table.asked.wishes.get(f.name)
    if wish is not None and wish.seen is not None:
        kind = as_seen(kind, wish, Observing(table.shapes[f.name], domain, table.rows, table.now))
    if table.calendar.event is not None and STATUS.search(meanings.plain(f.name)) and isinstance(kind, Listed):
        kind = aged(kind, table.rows)
    if group is None:
        return Drawn(kind)
    cases = table.conditions.groups[group].cases
    return Drawn(kind, _kinds(table, f, domain, {n: case.domains[f.name] for n, case in enumerate(cases)}))


def _kinds(table: Table, f: Field, base: Domain, domains: Mapping[int, Domain]) -> dict[int, Kind]:
    """Kinds of the cases whose values are narrower than all rows'; equal ones shared."""
    shared: dict[Domain, Kind | None] = {}
    for domain in domains.values():
        plain = replace(domain, absent=base.absent)
        if plain != base and domain.absent is not True and plain not in shared:
            shared[plain] = kind_of(f, table.shapes[f.name], domain, 0, setting_of(table))
    found = {n: shared.get(replace(domain, absent=base.absent)) for n, domain in domains.items()}
    return {n: kind for n, kind in found.items() if kind is not None}


def setting_of(table: Table) -> Setting:
    """What kinds need to know of their table."""
    return Setting(table.entity, table.rows, table.now, table.calendar)


def _related(table: Table, columns: dict[str, Column]) -> dict[str, Column]:
    """Relations given to the later of their columns, in an order without circles."""
    rules = list(_rules(table.conditions))
    rank = _ranks(table, columns, rules)
    given: dict[str, list[Applied]] = {}
    for applied in rules:
        for turned in _turned(applied, rank, columns):
            name = "" if isinstance(turned.rule, Balance) else turned.rule.field
            if name and isinstance(columns[name].origin, Drawn):  # what keys decide does not give way
                given.setdefault(name, []).append(turned)
    return {name: replace(c, rules=tuple(given.get(name, ()))) for name, c in columns.items()}


def _rules(found: Conditions) -> Iterator[Applied]:
    yield from (Applied(rule) for rule in found.rules)
    for number, group in enumerate(found.groups):
        yield from (Applied(rule, number, place) for place, case in enumerate(group.cases) for rule in case.rules)


def _turned(applied: Applied, rank: Mapping[str, int], columns: Mapping[str, Column]) -> Iterator[Applied]:
    """A rule as one of the column that is made last; none where that cannot be reckoned."""
    rule = applied.rule
    if isinstance(rule, Balance):
        able = sorted((name for name in rule.fields if name in rank), key=rank.__getitem__)
        found = solved(rule.of, rule.operator, able[-1]) if len(able) == len(rule.fields) else None
        if found is None:
            return
        rule, applied = found, replace(applied, rule=found)
    if isinstance(rule, Computed):
        families = {columns[name].shape.family for name in (rule.field, *rule.others) if name in columns}
        alike = families <= NUMBERS or (len(families - NUMBERS) == 1 and families <= NUMBERS | INSTANTS)
        if alike and all(rank.get(name, -1) < rank.get(rule.field, -1) for name in rule.others):
            yield applied
        return
    if rule.field not in rank or rule.other not in rank:
        return
    if rank[rule.other] > rank[rule.field]:
        offset = rule.offset
        if isinstance(offset, str | bool) or not hasattr(offset, "__neg__"):
            return
        rule = Relates(rule.other, FLIPPED[rule.operator], rule.field, -offset)
    yield replace(applied, rule=rule)


def _bounded(
    rules: Sequence[Applied], computed: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Columns that are compared with a computed one, which then comes first, as it cannot give way."""
    for rule in (a.rule for a in rules if isinstance(a.rule, Relates)):
        for name, other in ((rule.field, rule.other), (rule.other, rule.field)):
            if other in computed and name not in computed and name not in computed[other]:
                yield name, (other,)
    for of in (a.rule for a in rules if isinstance(a.rule, Balance)):
        able = [name for name in of.fields if solved(of.of, of.operator, name) is not None]
        if able and of.fields[-1] not in able and able[-1] not in computed:  # what cannot give way comes first
            yield able[-1], tuple(name for name in of.fields if name != able[-1])


def _ranks(table: Table, columns: Mapping[str, Column], rules: Sequence[Applied]) -> dict[str, int]:
    """The order in which columns are made: keys, the event, the rest; computed ones after what they come from."""
    computed: dict[str, tuple[str, ...]] = {a.rule.field: a.rule.others for a in rules if isinstance(a.rule, Computed)}
    computed |= dict(_bounded(rules, computed))

    def place(name: str) -> tuple[int, int]:
        positions = list(columns)
        if columns[name].fixed:
            return 0, positions.index(name)
        return (1 if name == table.calendar.event else 2), positions.index(name)

    usual = sorted(columns, key=place)
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in usual:
        sorter.add(name, *(n for n in computed.get(name, ()) if n in columns))
    try:
        found = list(sorter.static_order())
    except CycleError:
        found = usual
    levels = {name: _level(name, computed, columns) for name in found}
    order = sorted(found, key=lambda name: (levels[name], usual.index(name)))
    for rule in (a.rule for a in rules if a.group is None):
        if isinstance(rule, Relates) and rule.operator == "=" and {rule.field, rule.other} <= set(order):
            first, last = sorted((rule.field, rule.other), key=order.index)
            if levels[first] == levels[last] and last not in computed:  # what is decided comes before what is free
                order.remove(last)
                order.insert(order.index(first) + 1, last)
    return {name: n for n, name in enumerate(order)}


def _level(name: str, computed: Mapping[str, Sequence[str]], columns: Mapping[str, Column], depth: int = 0) -> int:
    """How many computations stand between a column and what is drawn."""
    if name not in computed or depth > len(columns):
        return 0
    return 1 + max((_level(n, computed, columns, depth + 1) for n in computed[name]), default=0)
