"""When one index does the work of another: the same keys, or a longer list that begins with them."""

from harness.design.model import Index, IndexKey, Schema
from harness.facts import Access

ORDERED = {"btree", None}
"""Methods whose keys have an order, so that a prefix serves; another method serves only for its own equal."""


def gone_through(access: Access, schema: Schema) -> tuple[Index, ...]:
    """The live indexes that a plan goes through, in its order.

    A name need be an index's own only within its table (MySQL; ``PRIMARY`` is in all of them), so a node's table counts
    where it has one.
    """
    nodes = [node for node in access.walk() if node.index is not None]
    found = (i for n in nodes for i in schema.indexes() if i.name == n.index and n.entity in {None, i.entity})
    return tuple(dict.fromkeys(found))


def covers(wider: Index, narrower: Index) -> bool:
    """Whether ``wider`` can answer whatever ``narrower`` answers; uniqueness is another matter."""
    if wider.entity != narrower.entity or wider.predicate != narrower.predicate or not (wider.valid and narrower.valid):
        return False
    if wider.method != narrower.method or not narrower.keys:
        return False
    if not set(narrower.includes) <= {*wider.includes, *(k.text for k in wider.keys)}:
        return False
    if wider.method not in ORDERED:
        return same_keys(wider, narrower)
    return begins_with(wider, narrower)


def begins_with(wider: Index, narrower: Index) -> bool:
    """Whether the keys of ``narrower`` lead ``wider``, in the same directions or all in the opposite ones.

    A B-tree is read both ways (PostgreSQL documentation, "Indexes and ORDER BY").
    """
    head = wider.keys[: len(narrower.keys)]
    pairs = list(zip(head, narrower.keys, strict=False))
    if len(head) < len(narrower.keys) or not all(_same_column(a, b) for a, b in pairs):
        return False
    return all(_way(a) == _way(b) for a, b in pairs) or all(_way(a) == _opposite(b) for a, b in pairs)


def same_keys(one: Index, other: Index) -> bool:
    """Whether both have the same keys in the same order and directions (or all in the opposite ones)."""
    return len(one.keys) == len(other.keys) and begins_with(one, other)


def leads(index: Index, fields: tuple[str, ...]) -> bool:
    """Whether those fields, in any order, are the first keys of an index that every row is in."""
    first = {key.text.lower() for key in index.keys[: len(fields)] if not key.expression}
    wanted = {field.lower() for field in fields}
    whole = index.predicate is None or all(f"{f.lower()} is not null" in index.predicate.lower() for f in fields)
    return first == wanted and whole and index.valid


def inherited(index: Index, by: Schema) -> Index | None:
    """The index of a partitioned table that an index of a partition is a part of; None for an index of its own."""
    parent = dict(index.options).get("parent")
    above = by.index(parent.rpartition(".")[2].strip('"')) if parent else None
    return None if above is None else inherited(above, by) or above


def named(index: Index) -> str:
    """How to speak of an index: its name, and the constraint it stands behind."""
    return f"{index.name} (the index behind constraint {index.constraint})" if index.constraint else f"{index.name}"


def keys_text(index: Index) -> str:
    """The keys as one would write them: ``status, created_at DESC``."""
    return ", ".join(key.text + (" DESC" if key.descending else "") for key in index.keys)


def _same_column(one: IndexKey, other: IndexKey) -> bool:
    return (one.text, one.expression, one.length, one.options) == (
        other.text,
        other.expression,
        other.length,
        other.options,
    )


def _way(key: IndexKey) -> tuple[bool, str]:
    descending = bool(key.descending)
    return descending, key.nulls or ("first" if descending else "last")


def _opposite(key: IndexKey) -> tuple[bool, str]:
    descending, nulls = _way(key)
    return not descending, "last" if nulls == "first" else "first"
