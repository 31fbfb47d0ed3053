"""Indexes as the server specifies them, and as the design's words."""

from collections.abc import Mapping
from typing import Any

from harness.adapters.mongodb.condition import condition
from harness.adapters.mongodb.connection import Connection, documents
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.validator import field_name
from harness.design.model import Field, Index, IndexKey, Key

ID_INDEX = "_id_"

PLAIN = frozenset({"v", "key", "name", "ns", "unique", "background"})
"""Parts of a specification that are told elsewhere, or mean nothing to the server."""

TEXT_KEY = "_fts"
TEXT_SUFFIX = "_ftsx"


def specifications(connection: Connection, collection: str) -> list[dict[str, Any]]:
    """The specifications of a collection's indexes, in the order in which they were made."""
    return list(documents(connection, {"listIndexes": collection}))


def index(spec: Mapping[str, Any], entity: str, fields: tuple[Field, ...]) -> Index:
    """One index."""
    own = spec["name"] == ID_INDEX or spec.get("clustered")
    keys = tuple(_keys(spec, fields))
    predicate = spec.get("partialFilterExpression")
    return Index(
        name=spec["name"],
        entity=entity,
        keys=keys,
        unique=bool(own or spec.get("unique")),
        predicate=None if predicate is None else condition(predicate, lambda path: field_name(path, fields)),
        method=next((kind for each in keys for name, kind in each.options if name == "kind"), "btree"),
        constraint=spec["name"] if own else None,
        options=_options(spec),
        definition=_definition(spec, entity),
    )


def key(index_: Index) -> Key | None:
    """The key that an index makes, of values that are all different; None where it makes none.

    A missing value is a value like all others, unless the index is sparse. Values within arrays are different from
    document to document only, so they make no key.
    """
    options = dict(index_.options)
    if not index_.unique or index_.predicate is not None or any("[]" in each.text for each in index_.keys):
        return None
    names = tuple(each.text for each in index_.keys)
    told = () if "sparse" in options or index_.constraint else (("nulls_not_distinct", "yes"),)
    return Key(index_.name, names, primary=index_.constraint is not None, options=told)


def _keys(spec: Mapping[str, Any], fields: tuple[Field, ...]) -> list[IndexKey]:
    """The keys in order; those of a text index stand where its pair of internal keys does."""
    result: list[IndexKey] = []
    for path, direction in spec["key"].items():
        if path == TEXT_KEY:
            result += [IndexKey(field_name(each, fields), options=(("kind", "text"),)) for each in spec["weights"]]
        elif path != TEXT_SUFFIX:
            result.append(_key(path, direction, fields))
    return result


def _key(path: str, direction: Any, fields: tuple[Field, ...]) -> IndexKey:
    if isinstance(direction, str):
        return IndexKey(field_name(path, fields), options=(("kind", direction),))
    if path == "$**" or path.endswith(".$**"):
        return IndexKey(path, expression=True, options=(("kind", "wildcard"),))
    return IndexKey(field_name(path, fields), descending=direction < 0)


def _options(spec: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Everything else that was said of it. Version 2 has been the only one that is made since MongoDB 3.4."""
    told = {name: literal(said) for name, said in spec.items() if name not in PLAIN and said is not False}
    if spec.get("v", 2) != 2:
        told["v"] = literal(spec["v"])
    return tuple(sorted(told.items()))


def _definition(spec: Mapping[str, Any], entity: str) -> str:
    told = {name: said for name, said in spec.items() if name not in {"v", "key", "ns"}}
    return f"db.{entity}.createIndex({literal(spec['key'])}, {literal(told)})"
