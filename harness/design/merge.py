"""Facts put together: one schema out of what was said in many places, and what contradicts itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from harness.design.facts import Column, Entered, Fact, Part, Purpose
from harness.design.model import Check, Entity, Field, ForeignKey, Index, Key, Schema, Unread
from harness.source import Source


@dataclass(slots=True)
class _Entity:
    """What was said of one entity so far."""

    name: str
    kind: str = ""
    purpose: str = ""
    source: Source | None = None
    columns: list[Column] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


T = TypeVar("T", Key, ForeignKey, Check, Index)


def schema(facts: Iterable[Fact], created: frozenset[str], *, collections: bool) -> tuple[Schema, tuple[Unread, ...]]:
    """The schema that the facts describe, and the facts that could not be part of it.

    Args:
        facts: all facts of the document.
        created: the names, in lower case, of tables that its SQL makes: then an index list may speak of them.
        collections: what is described are collections.
    """
    held = _held(facts)
    unread: list[Unread] = []
    entities: list[Entity] = []
    for one in held.values():
        if one.source is None and not one.columns and one.name.lower() not in created:
            unread += _of_nothing(one)
            continue
        if one.source is None and not one.columns and not one.parts:
            continue
        keys = _keys(_things(one, Key))
        fields, conflicts = _fields(one, keys)
        unread += conflicts
        unread += _unaimed(one)
        kind = one.kind or "table"
        entities.append(Entity(
            one.name, "collection" if collections and kind == "table" else kind, fields,
            _keys(_things(one, Key)), _foreign_keys(_things(one, ForeignKey)), _checks(_things(one, Check)),
            _indexes(_things(one, Index)), purpose=one.purpose,
            source=one.source or (one.columns[0].field.source if one.columns else one.parts[0].thing.source),
        ))  # fmt: skip
    return Schema(tuple(entities)), tuple(unread)


def _held(facts: Iterable[Fact]) -> dict[str, _Entity]:
    held: dict[str, _Entity] = {}
    for fact in facts:
        if not isinstance(fact, Entered | Purpose | Column | Part):
            continue
        name = fact.name if isinstance(fact, Entered) else fact.entity
        one = held.setdefault(name.lower(), _Entity(name))
        match fact:
            case Entered():
                one.source = one.source or fact.source
                one.kind = one.kind or fact.kind
                one.purpose = one.purpose or fact.purpose
            case Purpose():
                one.purpose = one.purpose or fact.text
            case Column():
                one.columns.append(fact)
            case Part():
                one.parts.append(fact)
    return held


def _of_nothing(one: _Entity) -> Iterator[Unread]:
    """Parts of an entity that has neither a section nor columns."""
    for part in one.parts:
        source = part.thing.source
        if source is not None:
            yield Unread(one.name, f"it speaks of {one.name}, which is no table of this document", source)


def _fields(one: _Entity, keys: tuple[Key, ...]) -> tuple[tuple[Field, ...], tuple[Unread, ...]]:
    """The fields; a second listing adds what the first left out, and is put aside where it says something else."""
    fields: dict[str, Field] = {}
    listing: dict[str, int] = {}
    conflicting = _conflicting(one)
    unread: list[Unread] = []
    for column in one.columns:
        name, source = column.field.name.lower(), column.field.source
        if column.listing in conflicting:
            assert source is not None
            first = one.columns[0].listing
            reason = f"{one.name} is described twice, and not alike: the columns on line {first} were taken"
            unread.append(Unread(f"{column.field.name} {column.field.type}", reason, source))
        elif name not in fields:
            fields[name] = column.field
            listing[name] = column.listing
        elif listing[name] == column.listing and source is not None:
            unread.append(Unread(column.field.name, f"{one.name} has this column twice", source))
        else:
            fields[name] = _both(fields[name], column.field)
    primary = {name.lower() for key in keys if key.primary for name in key.fields}
    return tuple(replace(f, nullable=False) if n in primary else f for n, f in fields.items()), tuple(unread)


def _conflicting(one: _Entity) -> set[int]:
    """The later listings that give another type, or hold hardly any column of the first: another table, it seems."""
    listings = list(dict.fromkeys(column.listing for column in one.columns))
    if len(listings) < 2:
        return set()
    by = {number: {c.field.name.lower(): c.field for c in one.columns if c.listing == number} for number in listings}
    first = by[listings[0]]
    return {number for number in listings[1:] if _differs(first, by[number])}


def _differs(first: dict[str, Field], second: dict[str, Field]) -> bool:
    shared = first.keys() & second.keys()
    if any(_plain(first[name].type) != _plain(second[name].type) for name in shared):
        return True
    return "id" in second and len(second.keys() - first.keys()) > 0 and len(first.keys() - second.keys()) > 0


def _plain(type_: str) -> str:
    return "".join(type_.lower().split())


def _both(first: Field, second: Field) -> Field:
    return replace(
        first,
        nullable=first.nullable if first.nullable is not None else second.nullable,
        default=first.default if first.default is not None else second.default,
        description=first.description or second.description,
    )


def _things(one: _Entity, kind: type[T]) -> list[T]:
    return [part.thing for part in one.parts if isinstance(part.thing, kind)]


def _keys(found: list[Key]) -> tuple[Key, ...]:
    """Each key once; of several primary keys the one with the most fields, and the first of those."""
    primary = max((k for k in found if k.primary), key=lambda k: len(k.fields), default=None)
    keys: dict[tuple[str, ...], Key] = {}
    for key in found:
        if not key.primary and (primary is None or key.fields != primary.fields):
            keys.setdefault(tuple(sorted(f.lower() for f in key.fields)), key)
    return (*((primary,) if primary else ()), *keys.values())


def _foreign_keys(found: list[ForeignKey]) -> tuple[ForeignKey, ...]:
    """One for each list of fields, with everything that is said of it anywhere."""
    merged: dict[tuple[str, ...], ForeignKey] = {}
    for key in found:
        if not key.target:
            continue
        name = tuple(f.lower() for f in key.fields)
        old = merged.get(name)
        if old is None:
            merged[name] = key
        elif old.target.lower() == key.target.lower():
            merged[name] = replace(
                old, target_fields=old.target_fields or key.target_fields, on_delete=old.on_delete or key.on_delete,
                on_update=old.on_update or key.on_update,
            )  # fmt: skip
    return tuple(merged.values())


def _unaimed(one: _Entity) -> Iterator[Unread]:
    """Columns that are said to be foreign keys, with nothing that says of what."""
    keys = _things(one, ForeignKey)
    aimed = {tuple(f.lower() for f in key.fields) for key in keys if key.target}
    for key in keys:
        if not key.target and tuple(f.lower() for f in key.fields) not in aimed and key.source is not None:
            yield Unread(
                ", ".join(key.fields), f"{one.name}: said to be a foreign key, and not to which table", key.source
            )


def _checks(found: list[Check]) -> tuple[Check, ...]:
    return tuple({(check.expression, check.fields): check for check in reversed(found)}.values())[::-1]


def _indexes(found: list[Index]) -> tuple[Index, ...]:
    """Each index once: by name, or by its fields where none is given."""
    merged: dict[object, Index] = {}
    for index in found:
        identity: object = index.name.lower() if index.name else tuple(k.text.lower() for k in index.keys)
        old = merged.get(identity)
        if old is None:
            merged[identity] = index
        else:
            merged[identity] = replace(
                old, keys=old.keys or index.keys, unique=old.unique if old.unique is not None else index.unique,
                predicate=old.predicate or index.predicate, method=old.method or index.method,
                purpose=old.purpose or index.purpose,
            )  # fmt: skip
    return tuple(merged.values())
