"""What a block asks, in one line of words, so that a table of texts reads beside what they ask."""

from collections.abc import Iterator

from harness.asked.model import Asked
from harness.design.model import Entity, Field, Schema


def schema(**entities: str) -> Schema:
    """Tables by their names, with the fields that a text lists; ``field?`` may be NULL."""
    return Schema(tuple(Entity(name, kind="table", fields=_fields(text)) for name, text in entities.items()))


def _fields(text: str) -> tuple[Field, ...]:
    return tuple(Field(word.rstrip("?"), "text", nullable=word.endswith("?")) for word in text.split())


def told(block: Asked) -> str:
    """Conditions, order, limit and the rest, in this order."""
    return "; ".join(_parts(block))


def _parts(block: Asked) -> Iterator[str]:
    for c in block.conditions:
        field = f"{c.entity}.{c.field}" + (f" in {c.through}" if c.through else "")
        other = ".".join(c.other) if c.other is not None else c.value if c.value is not None else "?"
        yield f"{c.part}: {field} {c.operator} {other}" + (" (null)" if c.nullable else "")
    for s in block.sorts:
        yield f"sort: {'-' if s.descending else ''}{s.entity}.{s.field}" + (f" in {s.through}" if s.through else "")
    if block.ordered and not block.sorts:
        yield "ordered by something else"
    if block.limit is not None:
        yield f"limit {block.limit}"
    if block.skip is not None:
        yield f"skip {block.skip}"
    if block.whole:
        yield f"all of {', '.join(block.whole)}"
    apart = [read.alias for read in block.reads if not read.linked]
    if apart:
        yield f"apart: {', '.join(apart)}"
    if block.folded:
        yield "folded"
