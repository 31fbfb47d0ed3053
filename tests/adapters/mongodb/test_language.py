"""Statements, what they are about, what is made from fields, and literals against fields: values only."""

import pytest

from harness.adapters.mongodb import define, intent, parameters, split, types
from harness.design.model import Entity, Field, Index, IndexKey, Schema, Statement
from harness.source import Source


def statement(text: str, line: int = 10) -> Statement:
    return Statement(text, Source("d.md", line, line + text.count("\n")))


SCRIPT = """// first; not code
use shop
db.createCollection("a"); // trailing; x
db.a.createIndex({ a: 1 })
db.a.find()
  .sort({ a: 1 }) /* ; */
const xs = ["é😀;"]
for (const x of xs) { db.b.insertOne({ x }); db.c.drop() }
db.d.find({ a: "x;y", b: /;/, c: `a;
b` })
if (1) db.e.drop(); else db.f.drop();
db.broken.find({ a: );
db.g.drop();"""


def test_statements_have_their_own_lines_and_declarations_stay_with_what_uses_them() -> None:
    found = [(each.source.line, each.source.end_line, each.text[:12]) for each in split.split(statement(SCRIPT, 1))]
    assert found == [
        (3, 3, "db.createCol"),
        (4, 4, "db.a.createI"),
        (5, 6, "db.a.find()\n"),
        (7, 8, "const xs = ["),
        (9, 10, "db.d.find({ "),
        (11, 11, "if (1) db.e."),
        (12, 12, "db.broken.fi"),
        (13, 13, "db.g.drop()"),
    ]


INTENTS = [
    ('db.createCollection("a")', "create", "table", "a", ("db.a.drop()",)),
    ("db.a.createIndex({ a: 1, b: -1 })", "create", "index", "a_1_b_-1", ('db.a.dropIndex("a_1_b_-1")',)),
    ('db.a.createIndex({ a: 1 }, { name: "x" })', "create", "index", "x", ('db.a.dropIndex("x")',)),
    ('db.createView("v", "a", [])', "create", "view", "v", ("db.v.drop()",)),
    ('db.a.renameCollection("b")', "rename", "table", "a", ('db.b.renameCollection("a")',)),
    ('db.runCommand({ collMod: "a", validator: {} })', "alter", "table", "a", None),
    ("db.a.drop()", "drop", "table", "a", None),
    ("db.a.updateMany({}, { $set: { b: 1 } })", "update", "table", "a", None),
    ("db.a.find({})", "select", "table", "a", ()),
    ("for (const n of ['a', 'b']) db.createCollection(n)", "create", "table", "a", ("db.b.drop()", "db.a.drop()")),
    ("db.a.find({", "invalid", "", "", None),
]


@pytest.mark.parametrize(("text", "verb", "kind", "name", "undo"), INTENTS, ids=[case[0] for case in INTENTS])
def test_a_statement_is_about(text: str, verb: str, kind: str, name: str, undo: tuple[str, ...] | None) -> None:
    found = intent.intent(statement(text))
    assert (found.verb, found.kind, found.name, found.undo) == (verb, kind, name, undo)


def test_users_are_beyond_the_database() -> None:
    assert intent.intent(statement('db.createUser({ user: "x" })')).beyond == "role"


TYPES = [
    ("ObjectId", {"bsonType": "objectId"}),
    ("string[]", {"bsonType": "array", "items": {"bsonType": "string"}}),
    ("Array<ObjectId>", {"bsonType": "array", "items": {"bsonType": "objectId"}}),
    ("array of Decimal128", {"bsonType": "array", "items": {"bsonType": "decimal"}}),
    ("enum('a', 'b')", {"bsonType": "string", "enum": ["a", "b"]}),
    ("string | null", {"bsonType": ["string", "null"]}),
    ("String(20)", {"bsonType": "string", "maxLength": 20}),
    ("Integer", {"bsonType": ["int", "long"]}),
    ("whatever", {}),
]


@pytest.mark.parametrize(("text", "rule"), TYPES, ids=[text for text, _ in TYPES])
def test_words_for_types_ask_for(text: str, rule: dict[str, object]) -> None:
    assert types.rule(text) == rule


def test_a_collection_is_made_from_its_fields_and_lists() -> None:
    entity = Entity(
        "u",
        "collection",
        fields=(
            Field("email", "string", False),
            Field("items[].sku", "string"),
            Field("address.city", "string", False),
        ),
        indexes=(
            Index(None, "u", (IndexKey("email"),), unique=True),
            Index("x", "u", (IndexKey("a"), IndexKey("b", descending=True)), predicate="st = 'a' AND n > 5"),
            Index(None, "u", (IndexKey("e"),), options=(("expireAfterSeconds", "3600"),)),
        ),
    )
    assert [each.text for each in define.define(Schema((entity,)))] == [
        (
            'db.createCollection("u", { validator: { $jsonSchema: { bsonType: "object", required: ["email"], '
            "properties: "
            '{ email: { bsonType: "string" }, items: { bsonType: "array", items: { bsonType: "object", properties: '
            '{ sku: { bsonType: "string" } } } }, address: { bsonType: "object", required: ["city"], properties: '
            '{ city: { bsonType: "string" } } } } } } })'
        ),
        'db.u.createIndex({ email: 1 }, { name: "email_1", unique: true })',
        'db.u.createIndex({ a: 1, b: -1 }, { name: "x", partialFilterExpression: { "st": "a", "n": { $gt: 5 } } })',
        'db.u.createIndex({ e: 1 }, { name: "e_1", expireAfterSeconds: 3600 })',
    ]


QUERY = """db.u.aggregate([
  { $match: { email: "a@b.c", age: { $gt: 21 }, "items.sku": { $in: ["x"] } } },
  { $lookup: { from: "o", localField: "_id", foreignField: "uid", as: "orders" } },
  { $match: { "orders.status": "open" } },
  { $limit: 5 }
])"""


def test_literals_stand_against_fields_of_their_collections() -> None:
    schema = Schema((Entity("u", fields=(Field("items[].sku", "string"),)), Entity("o")))
    found = parameters.parameters(statement(QUERY), schema)
    assert [(each.entity, each.field, each.operator, each.value) for each in found] == [
        ("u", "email", "=", "a@b.c"),
        ("u", "age", ">", "21"),
        ("u", "items[].sku", "in", "x"),
        ("o", "status", "=", "open"),
    ]
    assert [QUERY[each.start : each.end] for each in found] == ['"a@b.c"', "21", '"x"', '"open"']


def test_a_variable_that_is_nowhere_defined_is_a_placeholder() -> None:
    text = "db.u.find({ uid: ObjectId(userId), n: { $gt: least } }).limit(size)"
    found = parameters.parameters(statement(text), Schema((Entity("u"),)))
    assert [(text[each.start : each.end], each.field, each.operator, each.value) for each in found] == [
        ("ObjectId(userId)", "uid", "=", None),
        ("least", "n", ">", None),
        ("size", "", "", None),
    ]
