"""Which tables are filled, in what order, and how many rows each should get before its keys have a say."""

from collections.abc import Iterator, Mapping, Sequence

from harness.design.model import Entity, ForeignKey, Schema
from harness.seeding import meanings
from harness.seeding.keys import uniques
from harness.seeding.model import Ratio, Volume

FILLED = frozenset({"table", "partitioned table", "collection", "time series"})
LOOKUP_ROWS = 20
TIMES_DEFAULT = 10
BUDGET = 60
GIVEN = "given: {:g} per row of {}"


def order(schema: Schema) -> tuple[Entity, ...]:
    """The tables to fill, parents first.

    Where foreign keys form a circle, one that may be NULL is followed last. Rows know their parents' keys without
    looking them up, so the circle does no harm to a load that checks foreign keys at its end.
    """
    waiting = {e.name: e for e in schema.entities if e.kind in FILLED}
    done: list[Entity] = []
    while waiting:
        free = [e for e in waiting.values() if not _parents(e, waiting, optional=True)]
        free = free or [e for e in waiting.values() if not _parents(e, waiting, optional=False)][:1]
        chosen = free or [next(iter(waiting.values()))]
        done.extend(waiting.pop(entity.name) for entity in chosen)
    return tuple(done)


def _parents(entity: Entity, among: Mapping[str, Entity], *, optional: bool) -> list[str]:
    keys = (k for k in entity.foreign_keys if optional or not is_optional(entity, k))
    return [k.target for k in keys if k.target in among and k.target != entity.name]


def is_optional(entity: Entity, foreign_key: ForeignKey) -> bool:
    """Whether a row needs no parent: one of the fields may be NULL."""
    return any(f is None or f.nullable is not False for f in map(entity.field, foreign_key.fields))


def volumes(
    schema: Schema, given: Mapping[str, int], default_rows: int, ratio: int, ratios: Mapping[str, Ratio] | None = None
) -> tuple[Volume, ...]:
    """Rows of every table that is filled, parents first; what unique keys allow comes on top (see ``build``)."""
    found: dict[str, Volume] = {}
    for entity in order(schema):
        number = _given(given, entity.name)
        asked = _asked(entity, found, ratios or {}) if number is None else Volume(entity.name, number, "given")
        found[entity.name] = asked or _derived(entity, found, default_rows, ratio)
    return tuple(_within_budget(tuple(found.values()), default_rows))


def _given(given: Mapping[str, int], name: str) -> int | None:
    return next((max(rows, 0) for key, rows in given.items() if key.lower() == name.lower()), None)


def _asked(entity: Entity, found: Mapping[str, Volume], ratios: Mapping[str, Ratio]) -> Volume | None:
    """What the ratio of its own gives it."""
    ratio = next((each for name, each in ratios.items() if name.lower() == entity.name.lower()), None)
    known = {k.target.lower(): found[k.target].rows for k in entity.foreign_keys if k.target in found}
    if ratio is None or not known:
        return None
    parent = ratio.parent.lower() or max(known, key=lambda name: known[name])
    if parent not in known:
        return None
    return Volume(entity.name, round(known[parent] * ratio.number), GIVEN.format(ratio.number, parent))


def _derived(entity: Entity, found: Mapping[str, Volume], default_rows: int, ratio: int) -> Volume:
    known = {k.target: found[k.target].rows for k in entity.foreign_keys if k.target in found}
    parents = {name: rows for name, rows in known.items() if not meanings.is_lookup(name) or rows >= default_rows}
    if not parents:
        lookup = meanings.is_lookup(entity.name)
        rows = min(meanings.few(entity.name) or LOOKUP_ROWS, default_rows) if lookup else default_rows
        return Volume(entity.name, rows, "a lookup table" if lookup else "the default")
    largest = max(parents, key=lambda name: parents[name])
    if _is_one_to_one(entity, largest):
        return Volume(entity.name, parents[largest], f"one per row of {largest}")
    most = max(
        default_rows * TIMES_DEFAULT, parents[largest] * (ratio if found[largest].why.startswith("given") else 1)
    )
    rows = min(parents[largest] * ratio, most)
    if rows == parents[largest] * ratio:
        return Volume(entity.name, rows, f"{ratio} per row of {largest}")
    return Volume(entity.name, rows, f"at most {TIMES_DEFAULT} times the default")


def _is_one_to_one(entity: Entity, parent: str) -> bool:
    links = [set(k.fields) for k in entity.foreign_keys if k.target == parent]
    return any(u.predicate is None and set(u.fields) <= fields for u in uniques(entity) for fields in links if u.fields)


def _within_budget(found: Sequence[Volume], default_rows: int) -> Iterator[Volume]:
    """Derived volumes of a wide schema are cut so that the whole stays in proportion to what was asked for."""
    large = [v for v in found if not v.why.startswith("given") and v.rows > default_rows]
    scale = max([default_rows, *(v.rows for v in found if v.why.startswith("given"))])
    total, budget = sum(v.rows for v in large), BUDGET * scale
    for volume in found:
        if total > budget and volume in large:
            rows = max(volume.rows * budget // total, default_rows)
            yield Volume(volume.entity, rows, f"{volume.why}, cut to keep all tables together under {budget}")
        else:
            yield volume
