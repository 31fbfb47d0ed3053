"""What is likely though no constraint asks for it: an order that is pending has not been shipped yet.

Where a table has a status with known labels and nullable instants named for some of them, the instant is there when
the status has come that far. Said as a condition, it is kept by the same construction as a CHECK; it is dropped where
it contradicts one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from harness.design.model import Check, Entity, Field
from harness.seeding import meanings
from harness.seeding.domain import Domain

STATUS = re.compile(r"(^|_)(status|state)$")
STEMS = (
    "ship", "deliver", "paid", "complet", "cancel", "refund", "return", "publish", "approv", "reject", "resolv", "clos",
    "confirm", "process", "fail", "expir", "fulfil", "dispatch", "archiv", "suspend", "captur",
    "void", "check", "submit", "accept", "declin", "assign", "activat", "sent",
)  # fmt: skip
NUMBERS = frozenset({"integer", "decimal", "float"})
ENDINGS = (
    "cancel",
    "refund",
    "reject",
    "fail",
    "expir",
    "return",
    "suspend",
    "archiv",
    "void",
    "uncollect",
    "declin",
    "no_show",
)
"""Stages that are not on the way to another one."""


PARTS = (
    (r"^(used|redeemed|usage)_count$|^uses$", r"^(max|maximum)_(uses|redemptions|usage)$|usage_limit$"),
    (r"^(cost|purchase)_price|^unit_cost$", r"^(sale_|selling_|unit_|list_)?price(_amount)?$"),
    (r"^price(_amount)?$", r"^(compare_at|old|original|list|regular)_price$|^msrp$"),
    (r"(amount_)?paid(_amount)?(_cents)?$", r"^(grand_|invoice_)?total(_amount)?(_cents)?$|^amount(_cents)?$"),
    (r"(^|_)reserved", r"(^|_)(on_hand|in_stock|stock|quantity)$"),
    (r"(^|_)(failed|errors?)_count$", r"(^|_)(total|attempts?|runs?)_count$"),
    (r"(^|_)discount(_amount)?$", r"(^|_)(subtotal|sub_total|total|total_amount)$"),
    (r"(^|_)(tax|tax_amount)$", r"(^|_)(total|total_amount)$"),
)
"""A number that counts a part, and the one that counts the whole."""


def likely(entity: Entity, domains: Mapping[str, Domain]) -> tuple[Check, ...]:
    """Conditions that rows of such a table usually satisfy."""
    return (*_parts(entity, domains), *_stages(entity, domains), *_signs(entity, domains))


def _parts(entity: Entity, domains: Mapping[str, Domain]) -> Iterator[Check]:
    numbers = [f for f in entity.fields if f.name in domains and f.shape is not None and f.shape.family in NUMBERS]
    for part, whole in PARTS:
        small = next((f.name for f in numbers if re.search(part, meanings.plain(f.name))), None)
        large = next((f.name for f in numbers if re.search(whole, meanings.plain(f.name))), None)
        if small is not None and large is not None and small != large:
            yield Check(f"likely {small}", f'"{small}" <= "{large}"', (small, large))


INWARD = re.compile(r"^(receipt|received|in|inbound|purchase|deposit|credit|top_?up|restock|return(ed)?|income)$")
OUTWARD = re.compile(r"^(shipment|shipped|out|outbound|sale|withdrawal|debit|payment|issue|loss|refund|fee|expense)$")


def _signs(entity: Entity, domains: Mapping[str, Domain]) -> Iterator[Check]:
    """What must not be zero, and may be negative, is so for what goes out: a shipment, a withdrawal."""
    kinds = next((f for f in entity.fields if f.name in domains and _is_kind(f, domains[f.name])), None)
    amounts = [f for f in entity.fields if f.name in domains and f.shape is not None and f.shape.family in NUMBERS]
    amount = next((f for f in amounts if 0 in domains[f.name].excluded and domains[f.name].low < 0), None)
    if kinds is None or amount is None or domains[amount.name].high <= 0:
        return
    labels = [str(label) for label in domains[kinds.name].among or ()]
    sides = (
        (">", [n for n in labels if INWARD.match(n.lower())]),
        ("<", [n for n in labels if OUTWARD.match(n.lower())]),
    )
    for sign, found in sides:
        if found:
            listed = ", ".join(f"'{label}'" for label in found)
            text = f'"{kinds.name}" NOT IN ({listed}) OR "{amount.name}" {sign} 0'
            yield Check(f"likely {sign} {amount.name}", text, (kinds.name, amount.name))


def _is_kind(field: Field, domain: Domain) -> bool:
    return (
        domain.among is not None
        and re.search(r"(^|_)(kind|type|direction|reason)$", meanings.plain(field.name)) is not None
    )


def _stages(entity: Entity, domains: Mapping[str, Domain]) -> tuple[Check, ...]:
    status = next((f for f in entity.fields if STATUS.search(meanings.plain(f.name)) and f.name in domains), None)
    if status is None or domains[status.name].among is None:
        return ()
    labels = [str(label) for label in domains[status.name].among or ()]
    return tuple(_checks(entity, status, labels, domains))


def _checks(entity: Entity, status: Field, labels: Sequence[str], domains: Mapping[str, Domain]) -> Iterator[Check]:
    for field in entity.fields:
        if field.shape is None or field.shape.family not in {"date", "timestamp"} or field.name not in domains:
            continue
        stem = next((stem for stem in STEMS if stem in meanings.plain(field.name)), None)
        reached = _reached(stem, labels) if stem and domains[field.name].absent is None else []
        if reached and len(reached) < len(labels):
            listed = ", ".join("'" + label.replace("'", "''") + "'" for label in reached)
            text = f'("{status.name}" IN ({listed})) = ("{field.name}" IS NOT NULL)'
            yield Check(f"likely {field.name}", text, (status.name, field.name))


def _reached(stem: str, labels: Sequence[str]) -> list[str]:
    """The labels of a row that has been through the stage: its own and those after it, endings apart."""
    read = [meanings.plain(label) for label in labels]
    first = next((place for place, label in enumerate(read) if stem in label), None)
    if first is None:
        return []
    if stem in ENDINGS:
        return [labels[first]]
    after = zip(labels[first:], read[first:], strict=True)
    return [label for label, plain in after if not any(ending in plain for ending in ENDINGS)]
