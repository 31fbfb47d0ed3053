"""What a scenario asks of columns, said as conditions, so that the same construction keeps it as keeps a CHECK.

What contradicts the schema is left out, and said.
"""

from collections.abc import Iterator
from dataclasses import replace

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
            reason = "the scenario speaks of it, and the table has no such column"
            unfillable.append(Unfillable(entity.name, wish.field, reason, REMEDY))
        else:
            found[field.name] = _possible(replace(wish, field=field.name), entity, unfillable)
    return found


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
