"""Sums that people expect of columns by their names alone: a line's total is its quantity times its price.

Said as conditions, they are reckoned as a CHECK's arithmetic is. A column that a CHECK or the scenario says more about,
or that is too narrow for such sums, is left as it is; and so is one whose parts may be NULL.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from harness.design.model import Check, Entity, Field, Shape
from harness.seeding import meanings
from harness.seeding.cases import UNTRIED
from harness.seeding.domain import Domain
from harness.seeding.ticks import limits, per_unit

NUMBERS = frozenset({"integer", "decimal", "float"})
ROOM = 10**6
"""Units that a sum must have room for."""
UNIT = r"(_cents|_minor|_amount|_value)*$"
QUANTITY = r"^(quantity|qty|units|pieces|hours)$"
PRICE = r"^(unit_(price|amount|cost|rate)|price(_per_unit|_each)?|rate|hourly_rate)" + UNIT
LINE = r"^(line_total|line|row_total|item_total|total(_price)?|subtotal|amount|extended_price)" + UNIT
SUBTOTAL = r"^(sub_?total|net|net_total|goods_total|items_total)" + UNIT
TOTAL = r"^((grand_|order_|invoice_)?total(_price|_gross)?|gross(_total)?)" + UNIT
TAX, SHIPPING = r"^(sales_)?(tax|vat)(_total)?" + UNIT, r"^(shipping|delivery|freight)(_cost|_fee|_total)?" + UNIT
DISCOUNT = r"^discount(_total)?" + UNIT
RATE = r"^(tax|vat)_(rate|percent|percentage|pct)$|^discount_(rate|percent|percentage|pct)$"
PAID, DUE = r"^(amount_)?paid" + UNIT, r"^(amount_)?(due|balance|outstanding)(_due)?" + UNIT
USUAL_TAX = "0.2"
MOST_DISCOUNT = "0.3"


def totals(entity: Entity, domains: Mapping[str, Domain], wished: Collection[str]) -> Iterator[Check]:
    """The sums of a table as conditions; ``wished``: columns that the scenario says something of."""
    numbers = {f.name: f for f in entity.fields if f.name in domains and f.shape and f.shape.family in NUMBERS}
    yield from (found := tuple(periods(entity, domains)))
    yield from () if found else spans(entity, domains)
    for place in dict.fromkeys(name.rpartition(".")[0] for name in numbers):  # of one object, not across arrays
        beside = {name: f for name, f in numbers.items() if name.rpartition(".")[0] == place}
        names = _Names(entity, beside, domains, wished)
        yield from _line(names)
        yield from _invoice(names)


def periods(entity: Entity, domains: Mapping[str, Domain]) -> Iterator[Check]:
    """What is billed by the month ends thirty days after it begins: ``period_start``, ``period_end``."""
    ends = {meanings.plain(f.name): f for f in entity.fields if f.name in domains and f.shape and f.nullable is False}
    for name, begin in ends.items():
        end = ends.get(name.replace("start", "end")) if re.search(r"period_start", name) else None
        if end is None or begin.shape is None or end.shape is None or begin.shape.family != end.shape.family:
            continue
        month = "30" if end.shape.family == "date" else "'30 days'::interval"
        if end.shape.family in {"date", "timestamp"}:
            yield Check(f"{UNTRIED}{end.name}", f'"{end.name}" = "{begin.name}" + {month}', (end.name, begin.name))


PAIRS = (
    ("depart", "arriv"), ("start", "end"), ("begin", "end"), ("from", "until"), ("from", "to"), ("pickup", "return"),
    ("check_in", "check_out"), ("checkin", "checkout"), ("open", "close"),
)  # fmt: skip


def spans(entity: Entity, domains: Mapping[str, Domain]) -> Iterator[Check]:
    """What ends does so after it began: ``departure`` and ``arrival``, ``starts_at`` and ``ends_at``."""
    times = [f for f in entity.fields if f.name in domains and f.shape and f.shape.family in {"date", "timestamp"}]
    names = [(meanings.plain(f.name), f) for f in times]
    for first, last in PAIRS:
        begin = next((f for name, f in names if re.search(rf"(^|_){first}", name)), None)
        end = next((f for name, f in names if re.search(rf"(^|_){last}", name)), None)
        if begin is not None and end is not None and begin.shape == end.shape and begin.name != end.name:
            yield Check(f"{UNTRIED}{end.name}", f'"{end.name}" >= "{begin.name}"', (end.name, begin.name))
            return


class _Names:
    """The numeric columns of a table, by what their names say."""

    def __init__(
        self, entity: Entity, numbers: Mapping[str, Field], domains: Mapping[str, Domain], wished: Collection[str]
    ) -> None:
        self._entity, self._numbers, self._domains, self._wished = entity, numbers, domains, wished

    def part(self, pattern: str, *but: str | None) -> str | None:
        """A column that is always there."""
        return next(
            (n for n, f in self._numbers.items() if n not in but and f.nullable is False and _is(f, pattern)), None
        )

    def has(self, pattern: str) -> bool:
        """Whether there is such a column at all."""
        return any(_is(f, pattern) for f in self._numbers.values())

    def sum(self, pattern: str, *but: str | None) -> tuple[str, int] | None:
        """A column that nothing else decides and that has room, with its digits after the point."""
        for name, f in self._numbers.items():
            if name not in but and f.shape and _is(f, pattern) and self._is_free(name, f.shape):
                return name, len(str(per_unit(f.shape))) - 1
        return None

    def _is_free(self, name: str, shape: Shape) -> bool:
        of, (_, high) = self._domains[name], limits(shape)
        plain = of.among is None and not of.excluded and of.step == 1 and not of.weights and name not in self._wished
        bound = any(name in check.fields and len(check.fields) > 1 for check in self._entity.checks)
        keyed = (key.fields for key in self._entity.keys)
        linked = any(name in fields for fields in (*keyed, *(k.fields for k in self._entity.foreign_keys)))
        room = of.high == high >= ROOM * per_unit(shape) and of.low <= per_unit(shape)
        return plain and room and not bound and not linked


def _is(field: Field, pattern: str) -> bool:
    return re.search(pattern, meanings.plain(field.name)) is not None


def _check(name: str, expression: str, *fields: str) -> Check:
    return Check(f"{UNTRIED}{name}", expression, (name, *fields))


def _line(names: _Names) -> Iterator[Check]:
    """``line_total = quantity * unit_price``, less a discount."""
    quantity, price = names.part(QUANTITY), names.part(PRICE)
    found = names.sum(LINE, quantity, price)
    if quantity is None or price is None or found is None:
        return
    name, digits = found
    product = f'"{quantity}" * "{price}"'
    rate = names.part(r"^discount_(rate|percent|percentage|pct)$")
    discount = names.part(DISCOUNT, rate)
    if rate is not None:
        product += f' * (1 - "{rate}" / 100.0)'
    elif discount is not None:
        yield _check(discount, f'"{discount}" <= {product} * {MOST_DISCOUNT}', quantity, price)
        product += f' - "{discount}"'
    yield _check(name, f'"{name}" = round({product}, {digits})', quantity, price)


def _invoice(names: _Names) -> Iterator[Check]:
    """``total = subtotal + tax + shipping - discount``, and what is still to be paid of it."""
    subtotal = names.part(SUBTOTAL)
    if subtotal is not None:
        yield from _taxed(names, subtotal)
    total, paid, due = names.sum(TOTAL, subtotal), names.part(PAID), names.sum(DUE)
    whole = names.part(TOTAL, subtotal) or names.part(r"^amount" + UNIT)
    if paid is not None and due is not None and whole is not None and due[0] not in {paid, whole}:
        yield _check(due[0], f'"{due[0]}" = "{whole}" - "{paid}"', whole, paid)
    if subtotal is None or total is None:
        return
    parts = [f'"{subtotal}"']
    for sign, pattern in (("+", TAX), ("+", SHIPPING), ("-", DISCOUNT)):
        if (part := names.part(pattern, subtotal, total[0])) is not None:
            parts.append(f'{sign} "{part}"')
        elif names.has(pattern):
            return  # it may be NULL
    if len(parts) > 1:
        yield _check(total[0], f'"{total[0]}" = {" ".join(parts)}', subtotal)


def _taxed(names: _Names, subtotal: str) -> Iterator[Check]:
    tax, rate = names.sum(TAX, subtotal), names.part(r"^(tax|vat)_(rate|percent|percentage|pct)$")
    discount = names.sum(DISCOUNT, subtotal)
    if tax is not None:
        share = f'"{rate}" / 100.0' if rate is not None else USUAL_TAX
        yield _check(
            tax[0], f'"{tax[0]}" = round("{subtotal}" * {share}, {tax[1]})', subtotal, *([rate] if rate else [])
        )
    if discount is not None:
        yield _check(discount[0], f'"{discount[0]}" <= "{subtotal}" * {MOST_DISCOUNT}', subtotal)
