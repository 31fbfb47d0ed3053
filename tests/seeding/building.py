"""Observed schemas in a few words, and their rows as dictionaries."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from harness.design.model import Check, Entity, Field, ForeignKey, Index, IndexKey, Key, Schema, Shape
from harness.seeding.model import Order, Plant
from harness.seeding.rows import Seeded, seeded

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)

SHAPES: dict[str, Shape] = {
    "smallint": Shape("integer", width=2), "integer": Shape("integer", width=4), "bigint": Shape("integer", width=8),
    "text": Shape("text"), "boolean": Shape("boolean"), "date": Shape("date"), "real": Shape("float", width=4),
    "timestamp": Shape("timestamp", precision=6), "timestamptz": Shape("timestamp", precision=6, zoned=True),
    "time": Shape("time", precision=6), "interval": Shape("interval"), "uuid": Shape("uuid"), "jsonb": Shape("json"),
    "inet": Shape("network", detail="inet"), "bytea": Shape("bytes"), "tstzrange": Shape("range", detail="tstzrange"),
    "text[]": Shape("array", element=Shape("text")), "integer[]": Shape("array", element=Shape("integer", width=4)),
    "unknown": Shape("other"),
}  # fmt: skip


def shape(text: str) -> Shape:
    if text in SHAPES:
        return SHAPES[text]
    if found := re.fullmatch(r"(varchar|char)\((\d+)\)", text):
        return Shape("text", length=int(found[2]), fixed=found[1] == "char")
    if found := re.fullmatch(r"numeric\((\d+),(\d+)\)", text):
        return Shape("decimal", precision=int(found[1]), scale=int(found[2]))
    if found := re.fullmatch(r"enum\((.+)\)", text):
        return Shape("enum", labels=tuple(found[1].split("|")))
    raise ValueError(text)


def field(text: str) -> Field:
    """``name type [null] [default x]``: not null unless said."""
    name, type_, *rest = text.split()
    default = text.split(" default ", 1)[1] if " default " in text else None
    return Field(name, type_, nullable="null" in rest, default=default, shape=shape(type_))


def table(
    name: str,
    *fields: str,
    primary: str = "id",
    unique: tuple[str, ...] = (),
    partial: Mapping[str, str] | None = None,
    references: Mapping[str, str] | None = None,
    checks: tuple[str, ...] = (),
) -> Entity:
    """A table. ``references``: ``{"user_id": "users"}`` or ``{"a,b": "parents(x,y)"}``."""
    keys = [Key(f"{name}_pkey", _names(primary), primary=True)] if primary else []
    keys += [Key(f"{name}_{u.replace(',', '_')}_key", _names(u)) for u in unique]
    links = tuple(_reference(name, own, target) for own, target in (references or {}).items())
    indexes = tuple(
        Index(f"{name}_{columns}_one", name, tuple(IndexKey(c) for c in _names(columns)), unique=True, predicate=where)
        for columns, where in (partial or {}).items()
    )
    found = tuple(Check(f"check {n}", text) for n, text in enumerate(checks))
    return Entity(name, "table", tuple(map(field, fields)), tuple(keys), links, found, indexes)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _reference(name: str, own: str, target: str) -> ForeignKey:
    entity, _, fields = target.rstrip(")").partition("(")
    return ForeignKey(f"{name}_{own}_fkey", _names(own), entity, _names(fields or "id"))


def made(
    *tables: Entity,
    rows: Mapping[str, int] | None = None,
    default_rows: int = 400,
    ratio: int = 4,
    seed: int = 42,
    plants: tuple[Plant, ...] = (),
) -> Seeded:
    order = Order(Schema(tables), seed, NOW, rows or {}, default_rows, ratio, plants)
    return seeded(order)


def rows_of(
    found: Seeded, name: str, *, first: int = 0, last: int | None = None, size: int = 20_000
) -> list[dict[str, Any]]:
    """Rows as dictionaries of Python values."""
    result: list[dict[str, Any]] = []
    for batch in found.batches(name, first=first, last=last, batch_rows=size):
        columns = [column.tolist() if hasattr(column, "tolist") else column for column in batch.columns]
        result.extend(dict(zip(batch.fields, values, strict=True)) for values in zip(*columns, strict=True))
    return result
