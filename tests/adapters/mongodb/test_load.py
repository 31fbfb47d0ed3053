"""Documents in bulk: what arrives, what is refused, what is left of a refused load."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from bson import Decimal128, Int64, ObjectId

from harness.adapters.mongodb.connection import Connection, documents, run
from harness.adapters.mongodb.session import MongoDBSession
from harness.design.model import Entity
from harness.engine import Unsatisfied
from harness.facts import Batch
from tests.adapters.mongodb.shell import made

USERS = (
    """db.createCollection("users", { validator: { $jsonSchema: { required: ["email", "note"], properties: {
      email: { bsonType: "string" }, note: { bsonType: ["string", "null"] }, owner: { bsonType: "objectId" },
      visits: { bsonType: "long" }, total: { bsonType: "decimal" }, weight: { bsonType: "double" },
      at: { bsonType: "date" }, tags: { bsonType: "array", items: { bsonType: "objectId" } },
      address: { bsonType: "object", required: ["city"], properties: {
        city: { bsonType: "string" }, place: { bsonType: "object", properties: { lat: { bsonType: "double" } } } } },
      items: { bsonType: "array", maxItems: 3, items: { bsonType: "object", required: ["sku"], properties: {
        sku: { bsonType: "string" }, price: { bsonType: "decimal" } } } } } } } })""",
    "db.users.createIndex({ email: 1 }, { unique: true, name: 'users_email' })",
    "db.users.createIndex({ visits: 1 }, { name: 'visits' })",
)
HEX = "0123456789abcdef01234567"


def users(session: MongoDBSession) -> Entity:
    entity = made(session, *USERS).entity("users")
    assert entity
    return entity


def all_of(connection: Connection, name: str = "users") -> list[dict[str, Any]]:
    return list(documents(connection, {"find": name, "sort": {"_id": 1}}))


def batch(rows: int = 1, **columns: Any) -> Batch:
    return Batch(tuple(columns), tuple(columns.values()), rows)


def test_values_have_the_types_of_their_fields(session: MongoDBSession, connection: Connection) -> None:
    moment = np.array(["2026-01-02T03:04:05.678901", "NaT"], dtype="M8[us]")
    session.load(
        users(session),
        [
            batch(
                2,
                _id=[1, 2],
                email=["a", "b"],
                note=[None, "x"],
                owner=[HEX, None],
                visits=np.array([5, 6]),
                total=[Decimal("1.50"), 2],
                weight=[1, 2.5],
                at=moment,
                tags=[[HEX], []],
            )
        ],
    )
    first, second = all_of(connection)
    assert first == {
        "_id": 1,
        "email": "a",
        "note": None,
        "owner": ObjectId(HEX),
        "visits": 5,
        "total": Decimal128("1.50"),
        "weight": 1.0,
        "at": datetime(2026, 1, 2, 3, 4, 5, 678000, UTC),
        "tags": [ObjectId(HEX)],
    }
    assert isinstance(first["visits"], Int64)
    assert isinstance(first["weight"], float)
    assert second.keys() == first.keys() - {"owner", "at"}


def test_dotted_fields_are_nested(session: MongoDBSession, connection: Connection) -> None:
    columns: dict[str, Any] = {
        "_id": [1, 2, 3],
        "email": ["a", "b", "c"],
        "note": ["x", "x", "x"],
        "address": [{}, None, {}],
        "address.city": ["Bonn", "Rome", "Oslo"],
        "address.place.lat": [50, 41, None],
        "items[].sku": [["x", "y"], [], "z"],
        "items[].price": [[1, None], [], [2]],
    }
    session.load(users(session), [Batch(tuple(columns), tuple(columns.values()), 3)])
    assert all_of(connection) == [
        {
            "_id": 1,
            "email": "a",
            "note": "x",
            "address": {"city": "Bonn", "place": {"lat": 50.0}},
            "items": [{"sku": "x", "price": Decimal128("1")}, {"sku": "y"}],
        },
        {"_id": 2, "email": "b", "note": "x", "items": []},
        {
            "_id": 3,
            "email": "c",
            "note": "x",
            "address": {"city": "Oslo", "place": {}},
            "items": [{"sku": "z", "price": Decimal128("2")}],
        },
    ]


def test_a_refused_load_leaves_what_was_there(session: MongoDBSession, connection: Connection) -> None:
    entity = users(session)
    session.load(entity, [batch(_id=[1], email=["a"], note=["x"])])
    with pytest.raises(Unsatisfied) as caught:
        session.load(entity, [batch(3, _id=[2, 3, 4], email=["b", "a", "c"], note=["x"] * 3)])
    assert caught.value.refusal.detail == "index users_email"
    assert [each["_id"] for each in all_of(connection)] == [1]


def test_what_breaks_the_validator_is_refused(session: MongoDBSession, connection: Connection) -> None:
    with pytest.raises(Unsatisfied, match="users: Document failed validation") as caught:
        session.load(users(session), [batch(2, email=["a", 5], note=["x", "x"])])
    assert "email" in caught.value.refusal.detail
    assert all_of(connection) == []


def test_what_is_no_bson_is_refused(session: MongoDBSession, connection: Connection) -> None:
    with pytest.raises(Unsatisfied, match="no BSON can be made of it"):
        session.load(users(session), [batch(email=[1 << 70], note=["x"])])
    assert all_of(connection) == []


def test_many_documents_go_in_many_commands(session: MongoDBSession) -> None:
    def batches() -> Iterator[Batch]:
        for start in range(0, 45_000, 15_000):
            ids = range(start, start + 15_000)
            yield batch(15_000, _id=ids, email=[f"{n}@example.com" for n in ids], note=["x"] * 15_000)

    entity = users(session)
    with session.filling(session.inspect()):
        assert session.load(entity, batches()) == 45_000
    assert session.count("users") == 45_000


def test_large_documents_go_in_commands_that_the_server_takes(session: MongoDBSession) -> None:
    rows = 60
    large = ["x" * (1 << 20)] * rows
    assert session.load(users(session), [batch(rows, email=[str(n) for n in range(rows)], note=large)]) == rows


def test_a_key_that_rows_break_is_named_at_the_end_of_filling(session: MongoDBSession) -> None:
    entity = users(session)
    schema = session.inspect()
    with pytest.raises(Unsatisfied) as caught, session.filling(schema):
        session.load(entity, [batch(2, email=["a", "a"], note=["x", "x"])])
    assert (caught.value.entity, caught.value.refusal.detail) == ("users", "index users_email")
    assert session.inspect() == schema
    assert session.count("users") == 0


def test_rows_beside_those_that_are_there_are_judged_at_once(session: MongoDBSession) -> None:
    entity = users(session)
    schema = session.inspect()
    session.load(entity, [batch(email=["a"], note=["x"])])
    with session.filling(schema), pytest.raises(Unsatisfied):
        session.load(entity, [batch(email=["a"], note=["x"])])
    assert session.inspect() == schema
    assert session.count("users") == 1


def test_indexes_of_every_kind_are_put_back_exactly(session: MongoDBSession) -> None:
    schema = made(
        session,
        "db.c.createIndex({ a: 1 }, { partialFilterExpression: { a: { $gt: 1 } }, unique: true })",
        "db.c.createIndex({ t: 'text', u: 'text' }, { weights: { t: 5 }, default_language: 'german' })",
        "db.c.createIndex({ p: '2dsphere' })",
        "db.c.createIndex({ h: 'hashed' })",
        "db.c.createIndex({ '$**': 1 }, { wildcardProjection: { a: 1 } })",
        "db.c.createIndex({ at: 1 }, { expireAfterSeconds: 3600 })",
        "db.c.createIndex({ s: -1 }, { sparse: true, hidden: true })",
        "db.c.createIndex({ l: 1 }, { collation: { locale: 'de', strength: 2 } })",
        "db.createCollection('ts', { timeseries: { timeField: 't', metaField: 'm' } }); db.ts.createIndex({ m: 1 })",
        "db.createCollection('cl', { clusteredIndex: { key: { _id: 1 }, unique: true } })",
        "db.createView('v', 'c', [])",
    )
    with session.filling(schema):
        assert [index.name for index in session.inspect().indexes()] != [index.name for index in schema.indexes()]
    assert session.inspect() == schema


def test_an_attempt_leaves_nothing(session: MongoDBSession, connection: Connection) -> None:
    entity = users(session)
    session.load(entity, [batch(_id=[1], email=["a"], note=["x"])])
    assert session.attempt(entity, batch(_id=[2], email=["b"], note=["x"])) is None
    refused = session.attempt(entity, batch(_id=[1], email=["b"], note=["x"]))
    assert refused
    assert refused.detail == "index _id_"
    assert all_of(connection) == [{"_id": 1, "email": "a", "note": "x"}]


def test_a_missing_value_of_a_required_field_is_refused(session: MongoDBSession) -> None:
    refused = session.attempt(users(session), batch(email=[None], note=["x"]))
    assert refused
    assert refused.detail == "required: email"


def test_documents_of_a_time_series_arrive(session: MongoDBSession) -> None:
    series = made(session, "db.createCollection('ts', { timeseries: { timeField: 't', metaField: 'm' } })").entity("ts")
    assert series
    moments = np.array(["2026-01-01", "2026-01-02"], dtype="M8[ms]")
    assert session.load(series, [batch(2, t=moments, m=["a", "b"])]) == 2
    assert session.count("ts") == 2


def test_documents_of_a_time_series_without_an_id_are_told_apart_by_their_values(
    session: MongoDBSession, connection: Connection
) -> None:
    made(session, "db.createCollection('ts', { timeseries: { timeField: 't', metaField: 'm' } })")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    run(connection, {"insert": "ts", "documents": [{"t": moment, "m": name} for name in "abc"]})
    assert not any("_id" in document for document in documents(connection, {"find": "ts"}))
    assert len({each.key for each in session.recalled("ts")}) == 3
    assert session.imitated("ts", 2) == 2
