"""What a scenario asks of columns, said as conditions, so that the same construction keeps it as keeps a CHECK.

What contradicts the schema is left out, and said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from harness.design.model import Check, Entity
from harness.seeding.cases import Asked, conditions
from harness.seeding.keys import uniques
from harness.seeding.model import Order, Unfillable, Wish

REMEDY = "correct the scenario"


def wished(entity: Entity, order: Order, unfillable: list[Unfillable]) -> dict[str, Wish]:
    """The wishes for an entity by field; those that cannot be are said."""
    found: dict[str, Wish] = {}
    for wish in order.wishes:
        if wish.entity.lower() != entity.name.lower():
            continue
        field = entity.field(wish.field)
        if field is None and wish.seen is not None:
            continue
        if field is None:
            near = _near(wish.field, [f.name for f in entity.fields])
            reason = f"the scenario speaks of it, and the table has no such column{near}"
            unfillable.append(Unfillable(entity.name, wish.field, reason, REMEDY))
        else:
            found[field.name] = _possible(replace(wish, field=field.name), entity, unfillable)
    return found


def _near(name: str, there: Sequence[str]) -> str:
    found = get_close_matches(name.lower(), [each.lower() for each in there], n=1)
    return f" (did you mean {next(each for each in there if each.lower() == found[0])}?)" if found else ""


def unknown(order: Order) -> Iterator[Unfillable]:
    """Tables that the order speaks of and the schema has not."""
    there = [entity.name for entity in order.schema.entities]
    parents = (ratio.parent for ratio in order.ratios.values() if ratio.parent)
    asked = [*order.rows, *order.ratios, *parents, *(wish.entity for wish in order.wishes if wish.seen is None)]
    known = {name.lower() for name in there}
    for name in dict.fromkeys(name for name in asked if name.lower() not in known):
        yield Unfillable(
            name, "rows", f"the scenario speaks of it, and there is no such table{_near(name, there)}", REMEDY
        )


def _possible(wish: Wish, entity: Entity, unfillable: list[Unfillable]) -> Wish:
    """The wish without what the column cannot do."""
    linked = {name for key in entity.foreign_keys for name in key.fields}
    needed = {name for unique in uniques(entity) if unique.primary for name in unique.fields}
    field = entity.field(wish.field)
    if wish.null and (wish.field in needed or field is None or field.nullable is False):
        if wish.seen is None:
            unfillable.append(Unfillable(entity.name, wish.field, "it takes no NULL", f"{REMEDY}: [null]"))
        wish = replace(wish, null=None)
    if wish.skew is not None and wish.field not in linked:
        unfillable.append(Unfillable(entity.name, wish.field, "it is no reference", f"{REMEDY}: [skew]"))
        wish = replace(wish, skew=None)
    return wish


def with_wishes(asked: Asked, unfillable: list[Unfillable]) -> Asked:
    """The conditions with what is asked of values, as far as it contradicts none."""
    before = conditions(asked).contradictions
    for wish in asked.wishes.values():
        for check in _checks(wish):
            more = replace(asked, checks=(*asked.checks, check))
            if conditions(more).contradictions == before:
                asked = more
            else:
                reason = f"no value is left by its constraints and the scenario: {check.expression}"
                unfillable.append(Unfillable(asked.entity.name, wish.field, reason, f"{REMEDY}: [values]"))
    return asked


def _checks(wish: Wish) -> Iterator[Check]:
    name = '"' + wish.field.replace('"', '""') + '"'
    listed = [_quoted(text) for text, weight in wish.shares if weight > 0]
    if listed and not {text for text, _ in wish.shares} <= {"true", "false"}:
        yield Check(f"wished {wish.field}", f"{name} IN ({', '.join(listed)})", (wish.field,))
    if wish.low is not None:
        yield Check(f"wished {wish.field} at least", f"{name} >= {_quoted(wish.low)}", (wish.field,))
    if wish.high is not None:
        yield Check(f"wished {wish.field} at most", f"{name} <= {_quoted(wish.high)}", (wish.field,))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
