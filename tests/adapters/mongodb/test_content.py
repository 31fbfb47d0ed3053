"""Documents compared like a schema's objects: what a migration did to the data."""

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


def test_a_large_collection_is_told_by_its_hash(session: MongoDBSession) -> None:
    entity = made(session, "db.createCollection('n')").entity("n")
    assert entity
    session.load(entity, [Batch(("_id", "v"), (range(1000), [0] * 1000), 1000)])
    before = session.content()
    assert [(each.kind, each.name) for each in before] == [("documents", "n")]
    made(session, "db.n.deleteOne({ _id: 1 })", "db.n.insertOne({ _id: 1, v: 0 })")
    assert session.content() == before
    made(session, "db.n.updateOne({ _id: 1 }, { $set: { v: 1 } })")
    assert session.content() != before
