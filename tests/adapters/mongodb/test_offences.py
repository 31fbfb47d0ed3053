"""What breaks one rule of a validator each: refused where it is enforced, taken where it only warns."""

from datetime import UTC, datetime

from harness.adapters.mongodb.session import MongoDBSession
from harness.design.model import Entity
from harness.facts import Batch
from harness.seeding.model import Order
from harness.seeding.rows import seeded
from tests.adapters.mongodb.shell import made

RULES = """{ bsonType: "object", additionalProperties: false, required: ["name", "size"], properties: {
  _id: {}, name: { bsonType: "string", minLength: 3, maxLength: 12, pattern: "^[A-Za-z]" },
  size: { bsonType: "int", minimum: 10, maximum: 90, multipleOf: 10 },
  price: { bsonType: "decimal", minimum: NumberDecimal("0.5") },
  kind: { enum: ["a", "b"] }, level: { enum: [1, 2] }, at: { bsonType: "date" }, on: { bsonType: "bool" },
  tags: { bsonType: "array", minItems: 1, maxItems: 3, uniqueItems: true, items: { bsonType: "string" } },
  place: { bsonType: "object", additionalProperties: false, required: ["city"], properties: {
    city: { bsonType: "string" } } },
  lines: { bsonType: "array", minItems: 1, maxItems: 4, items: { bsonType: "object", required: ["sku"], properties: {
    sku: { bsonType: "string" }, count: { bsonType: "int", minimum: 1 } } } } } }"""

WANTED = {
    *(("type", name) for name in ("name", "size", "price", "at", "on", "tags", "tags[]", "place", "place.city")),
    *(("type", name) for name in ("lines", "lines[]", "lines[].sku", "lines[].count")),
    *(("check", f"name {word}") for word in ("minLength", "maxLength", "pattern")),
    *(("check", f"size {word}") for word in ("minimum", "maximum", "multipleOf")),
    *(("check", f"{name} {word}") for name in ("tags", "lines") for word in ("minItems", "maxItems")),
    ("check", "price minimum"),
    ("check", "level enum"),
    ("check", "lines[].count minimum"),
    ("uniqueItems", "tags"),
    ("additionalProperties", ""),
    ("additionalProperties", "place"),
}

DOCUMENT: dict[str, object] = {
    "_id": 1, "name": "abcd", "size": 20, "price": 2, "kind": "a", "level": 1, "at": datetime(2026, 1, 1, tzinfo=UTC),
    "on": True, "tags": ["x", "y"], "place.city": "Oslo", "lines[].sku": ["s"], "lines[].count": [2],
}  # fmt: skip


def things(session: MongoDBSession, action: str = "error") -> Entity:
    script = f'db.createCollection("things", {{ validator: {{ $jsonSchema: {RULES} }}, validationAction: "{action}" }})'
    entity = made(session, script).entity("things")
    assert entity
    return entity


def row() -> Batch:
    return Batch(tuple(DOCUMENT), tuple([value] for value in DOCUMENT.values()), 1)


def test_every_rule_has_an_offence_that_is_refused_for_its_sake(session: MongoDBSession) -> None:
    entity = things(session)
    assert session.attempt(entity, row()) is None

    offences = list(session.offences(entity, row()))

    assert {(each.kind, each.constraint) for each in offences} == WANTED
    for each in offences:
        refused = session.attempt(entity, each.rows)
        assert refused is not None, each
        assert each.fields[0] in f"{refused.message} {refused.detail}", (each, refused)
    assert session.count("things") == 0


def test_a_validator_that_only_warns_takes_them_all(session: MongoDBSession) -> None:
    entity = things(session, "warn")

    assert [each for each in session.offences(entity, row()) if session.attempt(entity, each.rows)] == []


def test_a_seeded_document_is_the_beginning_as_well(session: MongoDBSession) -> None:
    entity = things(session)
    found = seeded(Order(session.inspect(), 7, datetime(2026, 1, 1, tzinfo=UTC), rows={"things": 1}))

    batch = next(found.batches("things"))
    assert {e.constraint for e in session.offences(entity, batch)} <= {name for _, name in WANTED}
    assert all(session.attempt(entity, each.rows) is not None for each in session.offences(entity, batch))


def test_a_collection_without_a_validator_has_no_rule_to_break(session: MongoDBSession) -> None:
    unruly = made(session, 'db.createCollection("free")').entity("free")
    assert unruly
    assert list(session.offences(unruly, Batch(("_id",), ([1],), 1))) == []
