"""Seeding carried out: rows made from the observed schema, planted with the queries' literals, loaded in bulk."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from harness.design.model import Schema
from harness.engine import Session
from harness.plan.model import Scenario
from harness.run.base import concerned
from harness.run.bench import Bench
from harness.run.loading import Loading
from harness.run.plants import plants, unplanted
from harness.run.references import described, referring
from harness.run.taken import taken
from harness.seeding.german import is_german
from harness.seeding.locales import USUAL
from harness.seeding.model import Order, Plant, Ratio, Seen, Wish
from harness.seeding.rows import Seeded
from harness.servers.model import Address


def seed(
    bench: Bench, database: Address, schema: Schema, now: datetime, *, tables: Collection[str] | None = None
) -> None:
    """Fill every table (or those given); what cannot be filled is noted with the reason, and the rest is filled."""
    with bench.engine.connect(database) as session:
        order = ordered(bench, schema, now, session)
        noted(bench, order, Loading(bench, session, order, tables).run())


def ordered(bench: Bench, schema: Schema, now: datetime, session: Session) -> Order:
    """What decides the rows of a design's tables in the session's database."""
    schema = described(referring(concerned(bench, schema), bench.plan.design.schema), bench.plan.design.schema)
    made = order_of(bench.plan.scenario, schema, now, plants(bench.plan.queries, bench.engine, schema))
    return replace(made, taken=taken(bench, schema, session))


def order_of(scenario: Scenario, schema: Schema, now: datetime, planted: tuple[Plant, ...] = ()) -> Order:
    """What decides the rows, as a scenario has it."""
    return Order(
        schema=schema,
        seed=scenario.seed,
        now=now,
        rows=dict(scenario.rows),
        default_rows=scenario.default_rows,
        ratio=scenario.ratio,
        ratios={child: Ratio(number, parent) for child, parent, number in scenario.ratios},
        wishes=wishes(scenario),
        locale=_locale(scenario, schema),
        plants=planted,
    )


def _locale(scenario: Scenario, schema: Schema) -> str:
    """The scenario's; German where it says nothing and most names of the schema are German."""
    names = {name for entity in schema.entities for name in (entity.name, *(f.name for f in entity.fields))}
    return "de_DE" if scenario.locale == USUAL and is_german(names) else scenario.locale


def wishes(scenario: Scenario) -> tuple[Wish, ...]:
    """What the scenario asks of columns, all that is asked of one together."""
    found: dict[tuple[str, str], Wish] = {
        (o.entity, o.field): Wish(
            o.entity, o.field, null=o.null, seen=Seen(o.common, o.bounds, o.distinct, o.correlation)
        )
        for o in scenario.observed
    }

    def of(entity: str, field: str) -> Wish:
        return found.get((entity, field), Wish(entity, field))

    for entity, field, number in scenario.skew:
        found[entity, field] = replace(of(entity, field), skew=number)
    for entity, field, number in scenario.null:
        found[entity, field] = replace(of(entity, field), null=number)
    for each in scenario.values:
        wish = of(each.entity, each.field)
        found[each.entity, each.field] = replace(wish, shares=each.of, low=each.low, high=each.high, seen=None)
    return tuple(found.values())


def noted(bench: Bench, order: Order, found: Seeded) -> None:
    """Note what of an order cannot be made."""
    for gap in found.unfillable:
        bench.skip("seed" if gap.fatal else "plant", gap.entity if gap.fatal else gap.group or gap.entity, str(gap))
    for query, condition in unplanted(bench.plan.queries, bench.engine, order.schema):
        bench.skip("plant", query, condition)
