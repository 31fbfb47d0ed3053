"""What is read back: every change of a schema is seen, and nothing that was not changed."""

import pytest

from harness.adapters.mongodb.session import MongoDBSession
from harness.design.compare import differences
from harness.design.model import IndexKey
from tests.adapters.mongodb.shell import made

BASE = (
    """db.createCollection("users", { validator: { $jsonSchema: { bsonType: "object", required: ["email", "status"],
      properties: {
        email: { bsonType: "string", maxLength: 100, description: "for the login" },
        status: { enum: ["new", "paid"] },
        age: { bsonType: ["int", "null"], minimum: 0 },
        address: { bsonType: "object", required: ["city"], properties: { city: { bsonType: "string" } } },
        items: { bsonType: "array", minItems: 1, maxItems: 3, items: { bsonType: "object", required: ["sku"],
          properties: { sku: { bsonType: "string" }, qty: { bsonType: "int", minimum: 1 } } } },
        tags: { bsonType: "array", items: { bsonType: "string" } } } } } })""",
    "db.users.createIndex({ email: 1 }, { unique: true, name: 'users_email' })",
    "db.users.createIndex({ status: 1, age: -1 }, { name: 'status_age' })",
    "db.users.createIndex({ 'items.sku': 1 })",
    "db.createView('paid', 'users', [{ $match: { status: 'paid' } }])",
)

CHANGES = {
    "a property": "db.runCommand({ collMod: 'users', validator: { $jsonSchema: { required: ['email'] } } })",
    "no validator": "db.runCommand({ collMod: 'users', validator: {} })",
    "level": "db.runCommand({ collMod: 'users', validationLevel: 'moderate' })",
    "action": "db.runCommand({ collMod: 'users', validationAction: 'warn' })",
    "an index": "db.users.createIndex({ age: 1 })",
    "an index less": "db.users.dropIndex('status_age')",
    "direction": "db.users.dropIndex('status_age'); db.users.createIndex({ status: 1, age: 1 }, "
    "{ name: 'status_age' })",
    "order": "db.users.dropIndex('status_age'); db.users.createIndex({ age: -1, status: 1 }, { name: 'status_age' })",
    "uniqueness": "db.users.dropIndex('users_email'); db.users.createIndex({ email: 1 }, { name: 'users_email' })",
    "sparseness": "db.users.dropIndex('users_email'); "
    "db.users.createIndex({ email: 1 }, { name: 'users_email', unique: true, sparse: true })",
    "a partial index": "db.users.dropIndex('users_email'); db.users.createIndex({ email: 1 }, "
    "{ name: 'users_email', unique: true, partialFilterExpression: { status: 'paid' } })",
    "expiry": "db.users.createIndex({ at: 1 }, { expireAfterSeconds: 60 })",
    "hiding": "db.users.hideIndex('status_age')",
    "collation": "db.users.createIndex({ a: 1 }, { collation: { locale: 'de' } })",
    "a collection": "db.createCollection('other')",
    "a collection less": "db.paid.drop(); db.users.drop()",
    "a view's pipeline": "db.runCommand({ collMod: 'paid', viewOn: 'users', pipeline: [] })",
    "a view less": "db.paid.drop()",
    "a capped collection": "db.createCollection('log', { capped: true, size: 4096, max: 10 })",
    "a time series": "db.createCollection('ts', { timeseries: { timeField: 't', metaField: 'm' } })",
    "a clustered collection": "db.createCollection('cl', { clusteredIndex: { key: { _id: 1 }, unique: true } })",
    "pre-images": "db.runCommand({ collMod: 'users', changeStreamPreAndPostImages: { enabled: true } })",
}

SAME = {
    "documents": "db.users.insertOne({ email: 'a', status: 'new', items: [{ sku: 'x' }] })",
    "an index made and dropped": "db.users.createIndex({ z: 1 }); db.users.dropIndex('z_1')",
    "an index made again": "db.users.dropIndex('status_age'); "
    "db.users.createIndex({ status: 1, age: -1 }, { name: 'status_age' })",
    "an option set to its default": "db.runCommand({ collMod: 'users', validationLevel: 'strict' })",
    "a collection there and back": "db.users.renameCollection('u'); db.u.renameCollection('users')",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_seen(session: MongoDBSession, statement: str) -> None:
    if "pre-images" in statement and session.version < "6":
        pytest.skip("MongoDB 6 has them first")
    before = made(session, *BASE)
    assert differences(before, made(session, statement))


VARIANTS = [
    ("db.a.createIndex({ t: 'text' }, { name: 'i', weights: { t: %s } })", "2", "3"),
    ("db.a.createIndex({ t: 'text' }, { name: 'i', default_language: %s })", "'none'", "'german'"),
    ("db.a.createIndex({ t: 'text' }, { name: 'i', language_override: %s })", "'lang'", "'sprache'"),
    ("db.a.createIndex({ '$**': 1 }, { name: 'i', wildcardProjection: { %s: 1 } })", "b", "c"),
    ("db.a.createIndex({ '%s.$**': 1 }, { name: 'i' })", "b", "c"),
    ("db.a.createIndex({ p: %s }, { name: 'i' })", "'2dsphere'", "'2d'"),
    ("db.a.createIndex({ p: '2d' }, { name: 'i', bits: %s })", "20", "26"),
    ("db.a.createIndex({ p: '2d' }, { name: 'i', min: %s, max: 90 })", "-90", "-45"),
    ("db.a.createIndex({ p: '2dsphere' }, { name: 'i', '2dsphereIndexVersion': %s })", "2", "3"),
    ("db.a.createIndex({ h: %s }, { name: 'i' })", "'hashed'", "1"),
    ("db.a.createIndex({ h: 'hashed', b: %s }, { name: 'i' })", "1", "-1"),
    ("db.a.createIndex({ t: 1 }, { name: 'i', expireAfterSeconds: %s })", "60", "61"),
    ("db.a.createIndex({ t: 1 }, { name: 'i', partialFilterExpression: { t: { $gt: %s } } })", "1", "2"),
    ("db.a.createIndex({ t: 1 }, { name: 'i', collation: { locale: 'en', strength: %s } })", "1", "2"),
    ("db.createCollection('a', { collation: { locale: 'en', strength: %s } })", "1", "2"),
    ("db.createCollection('a', { capped: true, size: 4096, max: %s })", "10", "11"),
    ("db.createCollection('a', { capped: true, size: %s })", "4096", "8192"),
    ("db.createCollection('a', { timeseries: { timeField: 't', granularity: %s } })", "'minutes'", "'hours'"),
    ("db.createCollection('a', { timeseries: { timeField: 't' }, expireAfterSeconds: %s })", "60", "61"),
    ("db.createCollection('b'); db.createView('a', 'b', [], { collation: { locale: %s } })", "'en'", "'de'"),
    ("db.createCollection('b'); db.createView('a', 'b', [{ $match: { n: %s } }])", "1", "NumberLong(1)"),
    ("db.createCollection('a', { validator: { $jsonSchema: { properties: { n: { maximum: %s } } } } })", "1", "2"),
    ("db.createCollection('a', { validator: { n: { $lt: %s } } })", "1", "2"),
    ("db.createCollection('a', { validator: { $jsonSchema: { additionalProperties: %s } } })", "false", "true"),
]


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        pytest.param(*each, id=each[0], marks=[pytest.mark.thorough] if number % 3 else [])
        for number, each in enumerate(VARIANTS)
    ],
)
def test_every_option_is_read_back(session: MongoDBSession, text: str, one: str, other: str) -> None:
    before = made(session, text.replace("%s", one))
    again = made(session, "db.dropDatabase()", text.replace("%s", one))
    after = made(session, "db.dropDatabase()", text.replace("%s", other))
    assert differences(before, again) == ()
    assert differences(before, after)


@pytest.mark.parametrize("statement", SAME.values(), ids=SAME.keys())
def test_what_is_the_same_is_seen_as_the_same(session: MongoDBSession, statement: str) -> None:
    before = made(session, *BASE)
    assert made(session, statement) == before


def test_the_order_of_properties_means_nothing_but_their_position(session: MongoDBSession) -> None:
    first = "{ $jsonSchema: { properties: { a: { bsonType: 'int' }, b: { minimum: 1, bsonType: 'int' } } } }"
    second = "{ $jsonSchema: { properties: { b: { bsonType: 'int', minimum: 1 }, a: { bsonType: 'int' } } } }"
    before = made(session, f"db.createCollection('c', {{ validator: {first} }})")
    after = made(session, f"db.runCommand({{ collMod: 'c', validator: {second} }})")
    assert [difference.kind for difference in differences(before, after)] == ["order"]


def test_fields_come_from_the_validator(session: MongoDBSession) -> None:
    users = made(session, *BASE).entity("users")
    assert users
    assert [(f.name, f.type, f.nullable) for f in users.fields] == [
        ("_id", "objectId", True),
        ("email", "string", False),
        ("status", "enum('new', 'paid')", False),
        ("age", "int | null", True),
        ("address", "object", True),
        ("address.city", "string", False),
        ("items", "array of object", True),
        ("items[].sku", "string", False),
        ("items[].qty", "int", True),
        ("tags", "array of string", True),
    ]
    email = users.field("email")
    assert email
    assert (email.description, email.shape and email.shape.length) == ("for the login", 100)
    assert [check.expression for check in users.checks] == [
        'char_length("email") <= 100',
        '"age" >= 0',
        'cardinality("items") >= 1',
        'cardinality("items") <= 3',
        '"items[].qty" >= 1',
    ]


def test_an_id_may_be_left_out_even_where_it_is_required(session: MongoDBSession) -> None:
    schema = "{ $jsonSchema: { required: ['_id'], properties: { _id: { bsonType: 'objectId' } } } }"
    found = made(session, f"db.createCollection('c', {{ validator: {schema} }})", "db.c.insertOne({})").entity("c")
    assert found
    assert [(f.name, f.nullable) for f in found.fields] == [("_id", True)]


def test_keys_are_those_of_unique_indexes(session: MongoDBSession) -> None:
    users = made(session, *BASE).entity("users")
    assert users
    assert [(k.name, k.fields, k.primary) for k in users.keys] == [
        ("_id_", ("_id",), True),
        ("users_email", ("email",), False),
    ]


def test_the_keys_of_an_index_are_fields(session: MongoDBSession) -> None:
    index = made(session, *BASE).index("items.sku_1")
    assert index
    assert index.keys == (IndexKey("items[].sku", descending=False),)
    assert index.definition == 'db.users.createIndex({ "items.sku": 1 }, { name: "items.sku_1" })'


KINDS = {
    "text": ("{ title: 'text', body: 'text' }", ["body", "title"]),
    "2dsphere": ("{ place: '2dsphere' }", ["place"]),
    "hashed": ("{ a: 'hashed' }", ["a"]),
    "wildcard": ("{ 'a.$**': 1 }", ["a.$**"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_indexes_are_told(session: MongoDBSession, kind: str) -> None:
    keys, fields = KINDS[kind]
    index = made(session, f"db.c.createIndex({keys}, {{ name: 'i' }})").index("i")
    assert index
    assert index.method == kind
    assert [key.text for key in index.keys] == fields
    assert {dict(key.options)["kind"] for key in index.keys} == {kind}


def test_a_partial_index_has_a_condition(session: MongoDBSession) -> None:
    filter_ = "{ status: 'paid', age: { $gte: 18 }, name: { $exists: true } }"
    schema = made(session, f"db.c.createIndex({{ a: 1 }}, {{ name: 'i', partialFilterExpression: {filter_} }})")
    index = schema.index("i")
    assert index
    assert index.predicate == '"status" = \'paid\' AND "age" >= 18 AND "name" IS NOT NULL'


def test_a_time_series_has_its_fields(session: MongoDBSession) -> None:
    series = made(session, "db.createCollection('ts', { timeseries: { timeField: 't', metaField: 'm' } })").entity("ts")
    assert series
    assert (series.kind, [f.name for f in series.fields]) == ("time series", ["_id", "t", "m"])
