"""The whole schema, read back from the catalog: collections, their options, validators and indexes, views."""

from collections.abc import Iterator, Mapping
from typing import Any

from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import Connection, documents
from harness.adapters.mongodb.indexes import index, key, specifications
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.marker import MARKER
from harness.adapters.mongodb.shape import ANY, SHAPES
from harness.adapters.mongodb.validator import rules
from harness.design.model import Entity, Field, Options, Schema

KINDS = {"collection": "collection", "view": "view", "timeseries": "time series"}

DEFAULTS: Mapping[str, Any] = {
    "validator": {},
    "validationLevel": "strict",
    "validationAction": "error",
    "capped": False,
    "changeStreamPreAndPostImages": {"enabled": False},
    "recordPreImages": False,
}
"""Options that say nothing with these values; a server gives them or leaves them out, by what was done before."""

VALIDATING = ("validationLevel", "validationAction")

VIEW_OR_GONE = frozenset({26, 166})
"""NamespaceNotFound: dropped since it was listed; CommandNotSupportedOnView: a view over a view that is gone."""


def inspect(connection: Connection) -> Schema:
    """Everything in the database that the server did not bring itself."""
    entities = [_entity(connection, found) for found in collections(connection)]
    return Schema(tuple(sorted(entities, key=lambda entity: entity.name)))


def collections(connection: Connection) -> list[dict[str, Any]]:
    """What ``listCollections`` says of each collection and view of the design."""
    found = documents(connection, {"listCollections": 1})
    return [each for each in found if not each["name"].startswith("system.") and each["name"] != MARKER]


def _entity(connection: Connection, found: Mapping[str, Any]) -> Entity:
    name, kind = found["name"], KINDS[found["type"]]
    options = found.get("options", {})
    if kind == "view":
        return Entity(name, kind, options=_options(options))
    said = rules(options.get("validator", {}))
    fields = (*said.fields, *_of_time_series(options.get("timeseries", {})))
    indexes = tuple(index(spec, name, fields) for spec in _indexes(connection, name))
    return Entity(
        name,
        kind,
        fields=fields,
        keys=tuple(made for each in indexes if (made := key(each)) is not None),
        checks=said.checks,
        indexes=indexes,
        options=_options(options),
    )


def _of_time_series(options: Mapping[str, Any]) -> Iterator[Field]:
    """The fields that a time series must, or may, have; it takes no validator."""
    if "timeField" in options:
        yield Field(options["timeField"], "date", nullable=False, shape=SHAPES["date"])
    if "metaField" in options:
        yield Field(options["metaField"], "any", nullable=True, shape=ANY)


def _indexes(connection: Connection, name: str) -> list[dict[str, Any]]:
    """Sorted by name: the order in which they were made means nothing."""
    try:
        return sorted(specifications(connection, name), key=lambda spec: str(spec["name"]))
    except OperationFailure as error:
        if error.code in VIEW_OR_GONE:
            return []
        raise


def _options(given: Mapping[str, Any]) -> Options:
    told = {name: said for name, said in given.items() if name not in DEFAULTS or said != DEFAULTS[name]}
    if "validator" not in told:
        told = {name: said for name, said in told.items() if name not in VALIDATING}
    return tuple(sorted((name, _text(name, said)) for name, said in told.items()))


def _text(name: str, said: Any) -> str:
    return literal(canonical(said) if name == "validator" else said)


def canonical(validator: Any) -> Any:
    """A validator in which the order of what has none is always the same: properties, keywords, required names."""
    if not isinstance(validator, Mapping):
        return [canonical(each) for each in validator] if isinstance(validator, list) else validator
    return {name: _schema(said) if name == "$jsonSchema" else canonical(said) for name, said in validator.items()}


def _schema(schema: Any) -> Any:
    """A part of a JSON schema. Enumerated values stay as they are: the order of a document's keys is part of it."""
    if isinstance(schema, list):
        return [_schema(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {name: _keyword(name, schema[name]) for name in sorted(schema)}


def _keyword(name: str, said: Any) -> Any:
    if name == "enum":
        return said
    if name in {"required", "bsonType", "type"} and isinstance(said, list):
        return sorted(said, key=str)
    return _schema(said)
