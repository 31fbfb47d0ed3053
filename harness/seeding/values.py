"""The kind of values of a field: by its family, its name and what conditions leave of its domain."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from harness.design.model import Entity, Field, Shape
from harness.seeding import meanings
from harness.seeding.conditions import branches, parsed
from harness.seeding.domain import Contradiction, Domain, domain, narrowed
from harness.seeding.kinds import Kind, Listed, Quantity
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
    if shape.element is None:
        return None
    single = replace(field, name=field.name.removesuffix("s"), nullable=False)
    element = kind_of(single, shape.element, _of_elements(field, single, shape.element, setting), distinct, setting)
    words = isinstance(element, Listed) and shape.element.family in {"text", "enum"}  # tags and scopes come once
    differing = words or ("uniqueItems", "true") in field.options
    return None if element is None else array(element, of, shape.element, differing=differing)


def _of_elements(field: Field, single: Field, shape: Shape, setting: Setting) -> Domain:
    """What conditions on ``field[]`` alone leave of the elements' domain."""
    plain = domain(single, shape)
    texts = [c.expression for c in setting.entity.checks if c.fields == (f"{field.name}[]",) and c.expression]
    found = [branches(tree) for tree in map(parsed, texts) if tree is not None]
    try:
        return narrowed(plain, [atom for each in found if len(each) == 1 for atom in each[0]], shape, setting.now)
    except Contradiction:
        return plain


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
