"""Collections from what a document says of them: a validator of their fields, and their indexes.

``address.city`` is a field of an embedded document, ``items[].sku`` one of each document in an array. Everything that
the document does not say is left open: a validator that asks for more than the document would refuse sound documents.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.adapters.mongodb.checked import asked
from harness.adapters.mongodb.commands import index_name
from harness.adapters.mongodb.filters import filter_
from harness.adapters.mongodb.literal import literal, text
from harness.adapters.mongodb.names import collection
from harness.adapters.mongodb.types import Rule, most_items, rule
from harness.design.model import Entity, Field, Index, IndexKey, Schema, Statement
from harness.source import Source

UNKNOWN = Source("", 1, 1)

KINDS = frozenset({"text", "2dsphere", "2d", "hashed", "wildcard"})

NUMBERS = frozenset({"expireAfterSeconds", "textIndexVersion", "min", "max", "bits"})
"""Options of an index whose values are numbers."""

WORDS = frozenset({"default_language", "language_override"})
"""Options of an index whose values are words."""


def define(schema: Schema) -> tuple[Statement, ...]:
    """``createCollection`` with a validator for each entity that has fields, then all indexes."""
    made = [_made(_collection(entity), entity.source) for entity in schema.entities if entity.fields]
    made += [
        _made(statement if entity.fields else _instead(index, statement), index.source or entity.source)
        for entity in schema.entities
        for index, statement in _indexes(entity)
    ]
    return tuple(made)


def _instead(index: Index, statement: str) -> str:
    """The index in the place of one with the same keys: the server takes no second one of another name.

    For a collection that is there already: an entity without fields.
    """
    keys = literal({_path(key): _direction(key, index) for key in index.keys})
    there = collection(index.entity)
    return (
        f"{there}.getIndexes().filter((each) => JSON.stringify(each.key) === JSON.stringify({keys}))"
        f".forEach((each) => {there}.dropIndex(each.name));\n{statement}"
    )


def _made(statement: str, source: Source | None) -> Statement:
    return Statement(statement, source or UNKNOWN, "derived")


def _collection(entity: Entity) -> str:
    wanted = asked(entity.checks)
    schema = _schema(entity.fields, wanted.keywords)
    validator = {"$jsonSchema": schema} if schema else {}
    options = {"validator": {**validator, **({"$and": wanted.conditions} if wanted.conditions else {})}}
    return f"db.createCollection({text(entity.name)}{', ' + literal(options) if options['validator'] else ''})"


class _Node:
    """A field and those within it, while the tree is being made."""

    def __init__(self) -> None:
        self.field: Field | None = None
        self.asked: Rule = {}
        self.many = False
        self.within: dict[str, _Node] = {}

    def rule(self) -> Rule:
        """What the field's own words ask for, and those of the fields within it."""
        own = rule(self.field.type) if self.field is not None else {}
        listed = self.many or own.get("bsonType") == "array"
        limits = {**(most_items(self.field) if self.field is not None and listed else {}), **self.asked}
        if not self.within:
            return {**(own if not listed or "items" in own else _array(own)), **limits}
        inner = {"bsonType": "object", **_object(self.within)}
        return {"bsonType": "array", "items": inner, **limits} if listed else {**inner, **limits}


def _array(own: Rule) -> Rule:
    return {"bsonType": "array", **({"items": own} if own and own.get("bsonType") != "array" else {})}


def _schema(fields: Iterable[Field], asked_: Mapping[str, Rule]) -> Rule:
    root = _Node()
    for field in fields:
        node = root
        for part in field.name.split("."):
            node = node.within.setdefault(part.removesuffix("[]"), _Node())
            node.many = node.many or part.endswith("[]")
        node.field, node.asked = field, asked_.get(field.name, {})
    return {"bsonType": "object", **_object(root.within)} if root.within else {}


def _object(within: dict[str, _Node]) -> Rule:
    required = [name for name, node in within.items() if node.field is not None and node.field.nullable is False]
    properties = {name: node.rule() for name, node in within.items()}
    return {**({"required": required} if required else {}), "properties": properties}


def _indexes(entity: Entity) -> Iterator[tuple[Index, str]]:
    """Listed indexes, and those that make unique what is said to be."""
    listed = [index for index in entity.indexes if index.keys]
    for index in listed:
        if [key.text for key in index.keys] != ["_id"]:
            yield index, statement(index)
    there = {tuple(key.text for key in index.keys) for index in listed}
    for key in entity.keys:
        if key.fields != ("_id",) and key.fields not in there:
            keys = tuple(IndexKey(name) for name in key.fields)
            made = Index(key.name, entity.name, keys, unique=True, source=key.source)
            yield made, statement(made)


def statement(index: Index) -> str:
    """The statement that makes an index of a table that is there."""
    keys = {_path(key): _direction(key, index) for key in index.keys}
    options: dict[str, Any] = {"name": index.name or index_name(keys)}
    if index.unique:
        options["unique"] = True
    options.update(_options(index))
    return f"{collection(index.entity)}.createIndex({literal(keys)}, {_written(options, index)})"


def _path(key: IndexKey) -> str:
    return key.text.replace("[]", "")


def _direction(key: IndexKey, index: Index) -> Any:
    kind = dict(key.options).get("kind", "")
    if not kind and index.method and index.method.lower() in KINDS:
        kind = index.method.lower()
    if kind and kind != "wildcard":
        return kind
    return -1 if key.descending else 1


def _options(index: Index) -> Iterator[tuple[str, Any]]:
    for name, said in index.options:
        if name in NUMBERS:
            yield name, int(float(said))
        elif said in {"true", "yes"}:
            yield name, True
        elif said == "false":
            yield name, False
        elif name in WORDS:
            yield name, said


def _written(options: dict[str, Any], index: Index) -> str:
    """The options; a filter and a collation stand there as the document has them, in mongosh's notation."""
    raw = [f"{name}: {said}" for name, said in index.options if said.startswith("{")]
    raw += [f"partialFilterExpression: {filter_(index.predicate)}"] if index.predicate else []
    inner = literal(options).removeprefix("{").removesuffix("}").strip()
    return "{ " + ", ".join((inner, *raw)) + " }"
