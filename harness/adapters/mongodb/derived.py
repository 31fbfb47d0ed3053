"""What an application of a collection would send, written from its fields in mongosh's JavaScript."""

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId

from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.load import made
from harness.adapters.mongodb.names import collection
from harness.design.model import Entity
from harness.facts import Batch
from harness.watching import settable


def inserts(entity: Entity, rows: Batch) -> tuple[str, ...]:
    """See ``Deriving.inserts``."""
    return tuple(f"{collection(entity.name)}.insertOne({literal(each)})" for each in made(entity, rows))


def passing(entity: Entity, rows: Batch) -> tuple[tuple[str, ...], ...]:
    """See ``Deriving.passing``: a document is written, and removed by its id."""
    name = collection(entity.name)
    known = ({"_id": ObjectId(), **each} for each in made(entity, rows))
    return tuple(
        (f"{name}.insertOne({literal(each)})", f"{name}.deleteOne({{ _id: {literal(each['_id'])} }})") for each in known
    )


def reads(entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """See ``Deriving.reads``."""
    if entity.primary_key is None:
        return (f"{collection(entity.name)}.find().limit(1)",) if keys else ()
    return tuple(f"{collection(entity.name)}.find({_filter(entity, key)})" for key in keys)


def updates(entity: Entity, keys: Sequence[Sequence[str]], rows: Batch | None) -> tuple[str, ...]:
    """See ``Deriving.updates``; a nested document is written whole, as applications do."""
    names = _settable(entity)
    if rows is None:
        changes = [f"[{{ $set: {literal({name: f'${name}' for name in names})} }}]" if names else ""] * len(keys)
    else:
        changes = [_set(each, names) for each in made(entity, rows)]
    return tuple(
        f"{collection(entity.name)}.updateOne({_filter(entity, key)}, {change})"
        for key, change in zip(keys, changes, strict=False)
        if change
    )


def deletes(entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """See ``Deriving.deletes``."""
    return tuple(f"{collection(entity.name)}.deleteOne({_filter(entity, key)})" for key in keys)


def inserted(entity: Entity, row: Batch, values: Mapping[str, str]) -> str:
    """See ``Repeating.inserted``; of a nested document or an array the whole is given."""
    (own,) = made(entity, row)
    given = {**{name: literal(value) for name, value in own.items()}, **_whole(entity, values)}
    return f"{collection(entity.name)}.insertOne({{ {_members(given)} }})"


def assigned(entity: Entity, key: Sequence[str], values: Mapping[str, str]) -> str:
    """See ``Repeating.assigned``."""
    change = f"{{ $set: {{ {_members(_whole(entity, values))} }} }}"
    return f"{collection(entity.name)}.updateOne({_filter(entity, key)}, {change})"


def _members(given: Mapping[str, str]) -> str:
    return ", ".join(f"{literal(name)}: {value}" for name, value in given.items())


def _whole(entity: Entity, values: Mapping[str, str]) -> dict[str, str]:
    """What was drawn of an array is one of its elements."""
    arrays = {field.name.partition("[]")[0] for field in entity.fields if "[]" in field.name}
    return {name: f"[{value}]" if name in arrays else value for name, value in values.items()}


def _filter(entity: Entity, key: Sequence[str]) -> str:
    primary = entity.primary_key
    names = primary.fields if primary is not None else ()
    return "{ " + ", ".join(f"{name}: {value}" for name, value in zip(names, key, strict=True)) + " }"


def _settable(entity: Entity) -> list[str]:
    """Outermost fields of which no part says who the document is or whom it refers to."""
    free = set(settable(entity))
    bound = {_root(field.name) for field in entity.fields if field.name not in free}
    return [name for name in dict.fromkeys(_root(f.name) for f in entity.fields) if name not in bound | {"_id"}]


def _root(path: str) -> str:
    return path.partition(".")[0].removesuffix("[]")


def _set(document: Mapping[str, Any], names: Sequence[str]) -> str:
    kept = {name: document[name] for name in names if name in document}
    return f"{{ $set: {literal(kept)} }}" if kept else ""
