"""Indexes that would fit what a query asks: equality first, then order, then range (the rule of ESR).

Equality leads because every key after it is then in order within it; a key after a range is in no order at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.asked.model import Asked, Condition, Sort
from harness.design.model import Entity, Index, IndexKey

MOST_KEYS = 4
MOST = 4
LONGEST = 63
LONGEST_TEXT = 700
"""Characters of a text from which it is no key: servers limit the bytes of a key."""

KEYLESS = frozenset({"json", "bytes", "geometry", "search", "xml", "other", "range"})


def candidates(block: Asked, entity: Entity) -> tuple[Index, ...]:
    """Indexes of an entity that could serve a block, the most promising first; none that is there already."""
    found: list[Index] = []
    for keys in _orders(block, entity):
        index = Index(_name(entity.name, keys), entity.name, keys, unique=False)
        if keys and not _there(entity, keys) and all(index.keys != other.keys for other in found):
            found.append(index)
    return tuple(found[:MOST])


def _orders(block: Asked, entity: Entity) -> Iterator[tuple[IndexKey, ...]]:
    conditions = [c for c in block.of(entity.name) if _keyable(entity, c.field)]
    fixed = _keys(c for c in conditions if c.part == "equal" and c.other is None)
    joined = _keys(c for c in conditions if c.part == "equal" and c.other is not None)
    ranged = _keys(c for c in conditions if c.part == "range")
    sorted_ = _sorted(block.sorts, entity)
    for equal in (fixed, (*joined, *fixed)):
        if sorted_ and equal:
            yield _cut((*equal, *_after(sorted_, equal)))
        if ranged and equal:
            yield _cut((*equal, *_after(ranged[:1], equal)))
    if ranged:
        yield ranged[:1]
    if fixed:
        yield _cut(fixed)
    if joined:
        yield _cut((*joined, *fixed))
    if sorted_ and block.limit is not None:
        yield _cut(sorted_)


def _keys(conditions: Iterator[Condition]) -> tuple[IndexKey, ...]:
    """The fields of conditions, each once; a field within an expression as that expression."""
    return tuple(dict.fromkeys(IndexKey(c.through or c.field, expression=bool(c.through)) for c in conditions))


def _sorted(sorts: Sequence[Sort], entity: Entity) -> tuple[IndexKey, ...]:
    """The order as keys, where it is all by plain fields of the entity."""
    own = [s for s in sorts if s.entity == entity.name and not s.through and _keyable(entity, s.field)]
    return tuple(IndexKey(s.field, descending=s.descending) for s in own) if len(own) == len(sorts) else ()


def _after(keys: Sequence[IndexKey], before: Sequence[IndexKey]) -> tuple[IndexKey, ...]:
    """The keys without those that are fixed already."""
    return tuple(key for key in keys if key.text not in {other.text for other in before})


def _cut(keys: Sequence[IndexKey]) -> tuple[IndexKey, ...]:
    return tuple(keys[:MOST_KEYS])


def _keyable(entity: Entity, name: str) -> bool:
    field = entity.field(name)
    if field is None:
        return True  # a path within a document
    shape = field.shape
    return shape is None or (shape.family not in KEYLESS and (shape.length or 0) <= LONGEST_TEXT)


def _there(entity: Entity, keys: Sequence[IndexKey]) -> bool:
    """Whether an index of the entity begins with these keys, in these directions or all in the opposite ones."""
    wanted = [(key.text, bool(key.descending)) for key in keys]
    turned = [(text, not descending) for text, descending in wanted]
    for index in entity.indexes:
        if index.predicate is None and index.valid and index.method in {"btree", None}:
            head = [(key.text, bool(key.descending)) for key in index.keys[: len(wanted)]]
            if head in (wanted, turned):
                return True
    return False


def _name(entity: str, keys: Sequence[IndexKey]) -> str:
    words = [word for key in keys for word in "".join(c if c.isalnum() else " " for c in key.text).split()]
    return "_".join(("idx", entity.rpartition(".")[2], *words)).lower()[:LONGEST]


def reordered(index: Index, block: Asked) -> Index | None:
    """An index with its keys in the order that a block's conditions want; None where they are in it, or want none.

    It is out of order where a key that the block ranges over stands before one that it fixes, or before one that it
    orders by.
    """
    if any(key.expression or key.length for key in index.keys) or index.method not in {"btree", None}:
        return None
    by_field = {key.text: key for key in index.keys}
    conditions = [c for c in block.of(index.entity) if c.field in by_field and not c.through]
    fixed = {c.field for c in conditions if c.part == "equal"}
    ranged = {c.field for c in conditions if c.part == "range"} - fixed
    sorts = [s.field for s in block.sorts if s.entity == index.entity and s.field in by_field]
    rank = {name: 0 if name in fixed else 1 if name in sorts else 2 if name in ranged else 3 for name in by_field}
    if not ranged - set(sorts) and not (ranged and fixed):
        return None
    wanted = sorted(index.keys, key=lambda key: (rank[key.text], sorts.index(key.text) if rank[key.text] == 1 else 0))
    used = [key.text for key in index.keys if rank[key.text] < 3]
    if used == [key.text for key in wanted if rank[key.text] < 3] or index.keys[0].text not in (fixed | ranged):
        return None
    keys = tuple(wanted)
    return replace(index, name=_name(index.entity, keys), keys=keys, unique=False, constraint=None, definition="")
