"""Documents compared like a schema's objects: what a migration did to the data."""

from collections import Counter

import pytest

from harness.adapters.mongodb.session import MongoDBSession
from harness.design.compare import differences
from harness.design.model import Schema
from harness.facts import Batch
from tests.adapters.mongodb.shell import made


def content(session: MongoDBSession) -> Schema:
    return Schema((), session.content())


def test_each_document_of_a_small_collection_is_told(session: MongoDBSession) -> None:
    made(session, "db.users.insertMany([{ _id: 1, role: 'admin' }, { _id: 2, role: 'user' }])")
    before = content(session)
    made(session, "db.users.updateOne({ _id: 1 }, { $set: { role: 'user' } }); db.users.deleteOne({ _id: 2 })")
    assert [str(difference) for difference in differences(before, content(session))] == [
        'document users 1 changed from { _id: 1, role: "admin" } to { _id: 1, role: "user" }',
        'document users 2 is gone ({ _id: 2, role: "user" })',
    ]


def test_what_is_brought_back_is_the_same(session: MongoDBSession) -> None:
    made(session, "db.users.insertMany([{ _id: 1, n: 5 }, { _id: 2, n: 6 }])")
    before = content(session)
    made(session, "db.users.updateMany({}, { $inc: { n: 1 } })", "db.users.updateMany({}, { $inc: { n: -1 } })")
    assert content(session) == before


def test_another_type_of_the_same_number_is_another_value(session: MongoDBSession) -> None:
    made(session, "db.users.insertOne({ _id: 1, n: 5 })")
    before = content(session)
    made(session, "db.users.updateOne({ _id: 1 }, [{ $set: { n: { $toLong: '$n' } } }])")
    assert differences(before, content(session))


def test_what_a_clock_makes_is_no_difference(session: MongoDBSession) -> None:
    made(session, "db.log.insertMany([{ n: 1 }, { n: 2 }])", "db.log.updateMany({}, [{ $set: { at: '$$NOW' } }])")
    before = content(session)
    made(session, "db.log.deleteMany({})", "db.log.insertMany([{ n: 2 }, { n: 1 }])")
    made(session, "db.log.updateMany({}, [{ $set: { at: '$$NOW' } }])")
    assert content(session) == before


def large(session: MongoDBSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.adapters.mongodb.content.SMALL", 500)
    entity = made(session, "db.createCollection('n')").entity("n")
    assert entity
    session.load(entity, [Batch(("_id", "v"), (range(1000), [0] * 1000), 1000)])


def test_a_large_collection_is_told_by_its_hash_whatever_the_order(
    session: MongoDBSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(session, monkeypatch)
    before = content(session)
    kinds = Counter(each.kind for each in before.objects)
    assert kinds["documents"] == 1
    assert 20 < kinds["document"] < 100

    made(session, "db.n.deleteOne({ _id: 1 })", "db.n.insertOne({ _id: 1, v: 0 })")
    assert differences(before, content(session)) == ()
    made(session, "db.n.updateOne({ _id: 1 }, { $set: { v: 1 } })")
    assert any(each.what.startswith("documents n") for each in differences(before, content(session)))


def test_of_a_large_collection_examples_of_what_differs_are_told(
    session: MongoDBSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(session, monkeypatch)
    before = content(session)
    made(session, "db.n.updateMany({}, { $inc: { v: 1 } }); db.n.deleteMany({ _id: { $lt: 10 } })")
    told = [str(each) for each in differences(before, content(session))]

    assert any("changed from { _id: " in text and "v: 0 } to {" in text for text in told)
    assert not any("extra" in text for text in told)


def test_a_long_document_is_told_in_short_with_its_hash(session: MongoDBSession) -> None:
    made(session, "db.n.insertOne({ _id: 1, text: 'x'.repeat(10000), n: 1 })")
    (before,) = session.content()
    made(session, "db.n.updateOne({}, { $set: { n: 2 } })")
    (after,) = session.content()
    assert len(after.definition) < 2100
    assert after.definition != before.definition
