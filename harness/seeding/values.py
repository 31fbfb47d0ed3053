"""The kind of values of a field: by its family, its name and what conditions leave of its domain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlglot import exp

from harness.design.model import Entity, Field, Shape
from harness.seeding import meanings
from harness.seeding.atoms import FLIPPED, Among, Atom, Bound
from harness.seeding.conditions import OPERATORS, branches, parsed
from harness.seeding.constants import bare, constant, fields_of
from harness.seeding.counters import Ints, key, permuted
from harness.seeding.documents import elements
from harness.seeding.domain import Contradiction, Domain, domain, narrowed
from harness.seeding.kinds import Drawing, Formed, Kind, Listed, Quantity, Values, objects
from harness.seeding.measures import Measured
from harness.seeding.moments import Calendar, moment, time_of_day
from harness.seeding.numbers import number
from harness.seeding.places import placed
from harness.seeding.special import array, boolean, enum, special
from harness.seeding.ticks import per_unit
from harness.seeding.words import text


@dataclass(frozen=True, slots=True)
class Setting:
    """What a kind may need to know of its table."""

    entity: Entity
    rows: int
    now: datetime
    calendar: Calendar


def kind_of(field: Field, shape: Shape, of: Domain, distinct: int, setting: Setting) -> Kind | None:
    """The kind of a field, with at least ``distinct`` values where its domain has so many; None if there is none."""
    if of.absent:
        return None
    maker = MAKERS.get(shape.family)
    return special(field, shape, of, setting.now) if maker is None else maker(field, shape, of, distinct, setting)


def _number(field: Field, shape: Shape, of: Domain, distinct: int, setting: Setting) -> Kind:
    found = number(field, shape, of, distinct)
    place = None if distinct else placed(setting.entity, meanings.number(field), None, per_unit(shape))
    if place is not None and all(n in of.ticks for n in place.raw(place.samples()).tolist()):
        return place
    by = None if distinct else meanings.measured_by(setting.entity, field)
    if by is None or not isinstance(found, Quantity) or of.step != 1 or of.excluded:
        return found
    return Measured(found, by, per_unit(shape), of.ticks)


def _moment(field: Field, shape: Shape, of: Domain, distinct: int, setting: Setting) -> Kind:
    return moment(field, shape, of, distinct, table=setting.calendar, now=setting.now)


def _array(field: Field, shape: Shape, of: Domain, distinct: int, setting: Setting) -> Kind | None:
    if meanings.plain(field.name) == "coordinates" and of.shortest <= POSITION <= (of.longest or POSITION):
        return Formed(WHERE, _positions)
    if shape.element is None:
        return None
    single = replace(field, name=field.name.removesuffix("s"), nullable=False)
    element = kind_of(single, shape.element, _of_elements(field, single, shape.element, setting), distinct, setting)
    words = isinstance(element, Listed) and shape.element.family in {"text", "enum"}  # tags and scopes come once
    differing = words or ("uniqueItems", "true") in field.options
    if element is None:
        return None
    found = array(element, of, shape.element, differing=differing, apart=distinct)
    asked = [each for documents in of.holds for each in elements(documents[0])]
    return Holding(found, tuple(asked)) if asked else found


POSITION = 2
"""Numbers of a position: its longitude and its latitude, as GeoJSON has them (RFC 7946, 3.1.1)."""
WHERE = 1_800_000


def _positions(o: Ints) -> list[list[float]]:
    """Positions on land and sea, far from the poles."""
    return [
        [round(n % 3600 / 10 - 180, 1), round(n // 3600 / 5 - 45, 1)]
        for n in permuted(key("position"), o, WHERE).tolist()
    ]


@dataclass(frozen=True, slots=True)
class Holding:
    """Arrays with elements that all of them have."""

    inner: Kind
    asked: tuple[Any, ...]

    @property
    def size(self) -> int:
        """As many as before."""
        return self.inner.size

    def draw(self, of: int, rows: Drawing) -> Ints:
        """As before."""
        return self.inner.draw(of, rows)

    def raw(self, ordinals: Ints) -> Values:
        """What all have first, then the others; no longer than they were."""
        found = [[*self.asked, *(e for e in own if e not in self.asked)] for own in self.inner.raw(ordinals).tolist()]
        lengths = [max(len(own), len(self.asked)) for own in self.inner.raw(ordinals).tolist()]
        return objects([each[:length] for each, length in zip(found, lengths, strict=True)])

    def samples(self) -> Ints:
        """As before."""
        return self.inner.samples()


def _of_elements(field: Field, single: Field, shape: Shape, setting: Setting) -> Domain:
    """What conditions on ``field[]`` alone leave of the elements' domain."""
    plain = domain(single, shape)
    inside = [atom for check in setting.entity.checks if check.expression for atom in _bounds(check.expression, field)]
    plain = narrowed(plain, inside, shape, setting.now)
    texts = [c.expression for c in setting.entity.checks if c.fields == (f"{field.name}[]",) and c.expression]
    found = [branches(tree) for tree in map(parsed, texts) if tree is not None]
    try:
        return narrowed(plain, [atom for each in found if len(each) == 1 for atom in each[0]], shape, setting.now)
    except Contradiction:
        return plain


def _bounds(expression: str, field: Field) -> Iterator[Atom]:
    """What a CHECK on a whole array asks of its elements: ``roles <@ ARRAY['a', 'b']``, ``0 < ALL (numbers)``."""
    tree = parsed(expression)
    parts = () if tree is None else tree.flatten() if isinstance(tree, exp.And) else (tree,)
    for part in (each.unnest() for each in parts):
        if isinstance(part, exp.ArrayContainedBy) and isinstance(array := bare(part.expression), exp.Array):
            values = [value for each in array.expressions if (value := constant(each)) is not None]
            if fields_of(part.this) == (field.name,) and values:
                yield Among(field.name, tuple(values))
        all_of = part.expression if isinstance(part, exp.Binary) else None
        if isinstance(all_of, exp.Anonymous) and all_of.name.upper() == "ALL" and fields_of(all_of) == (field.name,):
            value, operator = constant(part.this), OPERATORS.get(type(part))
            if value is not None and operator is not None:
                yield Bound(field.name, FLIPPED[operator], value)


MAKERS: dict[str, Callable[[Field, Shape, Domain, int, Setting], Kind | None]] = {
    "integer": _number,
    "decimal": _number,
    "float": _number,
    "date": _moment,
    "timestamp": _moment,
    "time": lambda _, shape, of, distinct, __: time_of_day(shape, of, distinct),
    "interval": lambda _, shape, of, distinct, __: time_of_day(shape, of, distinct),
    "text": lambda field, _, of, distinct, setting: text(setting.entity, field, of, distinct, setting.rows),
    "boolean": lambda field, _, of, __, ___: boolean(field, of),
    "enum": lambda _, __, of, ___, ____: enum(of),
    "array": _array,
}


def sized(kind: Kind) -> int:
    """How many values a kind can give to a key; kinds whose values follow from other columns count their ticks."""
    return int(min(kind.size, np.iinfo(np.int64).max // 4))
