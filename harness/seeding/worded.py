"""Columns that repeat words of another column of their row: ``slug`` beside ``title``, a product's description."""

from harness.design.model import Entity, Field
from harness.seeding import meanings, pools
from harness.seeding.domain import Domain, matching
from harness.seeding.origins import Described, Distinct, Drawn, Slugged
from harness.seeding.table import Origin, Table

SAMPLES = ("soft-oak-lamp", "soft-oak-lamp-17", "n", "n-1")
NAMED = ("title", "name", "headline", "label", "subject")


def worded(table: Table, f: Field, origin: Origin) -> Origin | None:
    """The origin of a column whose words are another one's; None where it is none, or may not hold them."""
    if table.shapes[f.name].family != "text":
        return None
    meaning = meanings.text(table.entity, f)
    if meaning == "description" and isinstance(origin, Drawn) and not origin.cases and pools.is_english():
        by, of = _beside(table.entity, f), table.conditions.domains[f.name]
        room = of.longest is None or of.longest >= DESCRIBED
        plain = of.among is None and not (of.excluded or of.patterns or of.unlike or of.weights) and of.upper is None
        return Described(origin.kind, by=by) if by is not None and room and plain else None
    return slugged(table, f, origin) if meaning in {"slug", "plan code"} else None


DESCRIBED = 250
"""Letters that a column must have room for, to hold a name and what is said of it."""


def slugged(table: Table, f: Field, origin: Origin) -> Slugged | None:
    """The origin of a column of slugs; None where it may not hold such words."""
    by, of = _beside(table.entity, f), table.conditions.domains[f.name]
    alone = isinstance(origin, Distinct) and origin.tail is None and not isinstance(origin, Slugged)
    drawn = isinstance(origin, Drawn) and not origin.cases
    if by is None or not (alone or drawn) or not _takes(of) or _is_referenced(table, f.name):
        return None
    longest = of.longest if of.longest is not None else 200
    first = origin if isinstance(origin, Distinct) else None
    reserved = set() if first is None else first.reserved
    span, rows = (1, table.rows) if first is None else (first.span, first.rows)
    kind = first.kind if first is not None else origin.kind  # type: ignore[attr-defined]
    return Slugged(kind, table.of, span, rows, reserved, by=by, longest=longest, numbered=alone)


def _beside(entity: Entity, f: Field) -> str | None:
    inside = f.name.rpartition(".")[0]
    able = [
        other
        for other in entity.fields
        if other.name.rpartition(".")[0] == inside and other.shape is not None and other.shape.family == "text"
    ]
    names = {meanings.plain(other.name): other.name for other in able if other.generated is None}
    return next((names[name] for name in NAMED if name in names), None)


def _takes(of: Domain) -> bool:
    """Whether a column may hold slugs of any words."""
    plain = of.among is None and not of.excluded and of.upper is not True and not of.weights and of.shortest <= 1
    return plain and (of.longest is None or of.longest >= 24) and all(matching(each, of) for each in SAMPLES)


def _is_referenced(table: Table, name: str) -> bool:
    entities = (other.entity for other in table.tables.values())
    return any(name in k.target_fields for e in entities for k in e.foreign_keys if k.target == table.name)
