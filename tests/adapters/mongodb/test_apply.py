"""Migrations on a real server: what is done, what is refused and where, what stays."""

import pytest

from harness import underway
from harness.adapters.mongodb import apply
from harness.adapters.mongodb.session import MongoDBSession
from harness.design.model import Schema, Statement
from harness.servers.model import Address
from harness.source import Source
from tests.adapters.mongodb.shell import made, run
from tests.adapters.scripts import FIRST_LINE, PATH

VALIDATED = """db.createCollection("users", { validator: { $jsonSchema: {
  bsonType: "object", required: ["email"], properties: { email: { bsonType: "string" },
  address: { bsonType: "object", properties: { zip: { bsonType: "string", minLength: 5 } } } } } } })"""

TAKEN = {
    "insert": "db.users.insertMany([{ a: 1 }, { a: 2 }])",
    "update with operators": "db.users.updateMany({ a: { $gt: 0 } }, { $set: { b: 2 } }, { upsert: true })",
    "update with a pipeline": "db.users.updateMany({}, [{ $set: { c: { $add: ['$a', 1] } } }])",
    "replacement": "db.users.replaceOne({ a: 1 }, { a: 7 }, { upsert: true })",
    "deletion": "db.users.deleteOne({ a: 2 })",
    "find and modify": "db.users.findOneAndUpdate({ a: 1 }, { $inc: { a: 1 } }, { returnDocument: 'after' })",
    "bulk": """db.users.bulkWrite([{ insertOne: { document: { a: 5 } } },
        { updateOne: { filter: { a: 5 }, update: { $set: { a: 6 } }, upsert: true } },
        { deleteMany: { filter: { a: 6 } } }])""",
    "collMod": "db.runCommand({ collMod: 'users', validator: { a: { $exists: true } }, validationLevel: 'moderate' })",
    "renaming": "db.users.renameCollection('people')",
    "renaming by command": "db.adminCommand({ renameCollection: 'shop.users', to: 'shop.people' })",
    "aggregation into a collection": "db.users.aggregate([{ $match: {} }, { $out: 'copy' }])",
    "a collection with dots": "db.getCollection('a.b').insertOne({ a: 1 })",
    "indexes": "db.users.createIndexes([{ a: 1 }, { b: -1 }])",
    "hiding": "db.users.createIndex({ h: 1 }); db.users.hideIndex('h_1'); db.users.dropIndex('h_1')",
    "old names": "db.users.insert({ a: 1 }); db.users.update({}, { $set: { a: 2 } }, { multi: true }); "
    "db.users.remove({ a: 2 }, true)",
    "capping": "db.users.insertOne({ a: 1 }); db.users.convertToCapped(4096)",
    "a drop of what is not there": "db.nosuch.drop()",
    "counting": "db.users.countDocuments({ a: 1 })",
}

REFUSED = {
    "a duplicate": ("db.users.insertOne({ _id: 1, email: 'a' }); db.users.insertOne({ _id: 1, email: 'a' })", "11000"),
    "an unknown operator": ("db.users.updateOne({}, { $nosuch: { a: 1 } })", "9"),
    "an index of the same name": (
        "db.users.createIndex({ a: 1 }, { name: 'i' }); db.users.createIndex({ b: 1 }, { name: 'i' })",
        "86",
    ),
    "an unknown method": ("db.users.nosuch()", "115"),
    "a command about the server": ("db.adminCommand({ shutdown: 1 })", "115"),
    "settings of the server": ("db.adminCommand({ setParameter: 1, notablescan: true })", "115"),
    "another database": ("db.users.aggregate([{ $out: { db: 'other', coll: 'x' } }])", "115"),
    "a merge into another database": ("db.users.aggregate([{ $merge: { into: { db: 'other', coll: 'x' } } }])", "115"),
    "an index without keys": ("db.users.createIndex()", "115"),
    "a collection that is there": ("db.createCollection('users')", "48"),
    "an index that is not there": ("db.users.dropIndex('nosuch')", "27"),
}


@pytest.mark.parametrize("statement", TAKEN.values(), ids=TAKEN.keys())
def test_calls_of_mongosh_are_taken(session: MongoDBSession, statement: str) -> None:
    made(session, "db.createCollection('users')", statement)


@pytest.mark.parametrize(("statement", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_is_refused_on_its_line(session: MongoDBSession, statement: str, code: str) -> None:
    effects = run(session, VALIDATED, statement, "db.after.insertOne({})")
    assert len(effects) == 2
    assert effects[-1].refusal
    assert (effects[-1].refusal.code, effects[-1].refusal.source) == (
        code,
        Source(PATH, FIRST_LINE + 1, FIRST_LINE + 1),
    )


def test_what_came_before_a_refusal_stays(session: MongoDBSession) -> None:
    run(session, "db.one.insertOne({})", "db.one.updateOne({}, { $nosuch: 1 })")
    assert [entity.name for entity in session.inspect().entities] == ["one"]


def test_a_validator_says_what_a_document_breaks(session: MongoDBSession) -> None:
    refusal = run(session, VALIDATED, "db.users.insertOne({ email: 5, address: { zip: '1' } })")[-1].refusal
    assert refusal
    assert refusal.message == "Document failed validation"
    assert 'email: type did not match, bsonType: "string"' in refusal.detail
    assert "address.zip: specified string length was not satisfied, minLength: 5" in refusal.detail


def test_a_validator_says_what_is_missing(session: MongoDBSession) -> None:
    refusal = run(session, VALIDATED, "db.users.insertOne({ name: 'x' })")[-1].refusal
    assert refusal
    assert refusal.detail.startswith("required: email")


def test_a_duplicate_says_which_index(session: MongoDBSession) -> None:
    made(session, "db.users.createIndex({ email: 1 }, { unique: true, name: 'users_email' })")
    refusal = run(session, "db.users.insertMany([{ email: 'a' }, { email: 'a' }])")[-1].refusal
    assert refusal
    assert refusal.detail == "index users_email"


def test_a_dropped_database_is_empty_and_still_there(session: MongoDBSession, address: Address) -> None:
    made(session, "db.one.insertOne({})", "db.createView('v', 'one', [])", "db.dropDatabase()")
    assert session.inspect() == Schema()
    made(session, "db.one.insertOne({})")
    assert [entity.name for entity in session.inspect().entities] == ["one"]


def test_a_statement_is_ended_when_its_time_is_over(session: MongoDBSession) -> None:
    made(session, "db.n.insertMany(Array.from({ length: 2000 }, (_, i) => ({ i })))")
    slow = (
        "db.n.aggregate([{ $lookup: { from: 'n', pipeline: [{ $match: { $expr: { $gt: ['$i', 5] } } }], as: 'n' } }])"
    )
    effects = session.apply([Statement(slow, Source(PATH, 1, 1))], timeout_s=0.05)
    assert effects[0].refusal
    assert effects[0].refusal.code == "50"


COPIED = {
    "capping": ("db.users.convertToCapped(4096)", ("users",)),
    "a result in its own place": ("db.users.aggregate([{ $set: { b: 1 } }, { $out: 'users' }])", ("users",)),
    "a renaming over another": ("db.others.renameCollection('users', true)", ("users",)),
    "a result elsewhere": ("db.users.aggregate([{ $match: {} }, { $out: 'fresh' }])", ()),
    "a change of every document": ("db.users.updateMany({}, { $set: { b: 1 } })", ()),
    "a validator": ("db.runCommand({ collMod: 'users', validator: { a: { $exists: true } } })", ()),
}


@pytest.mark.parametrize("name", COPIED)
def test_a_collection_that_another_takes_the_place_of_is_told(session: MongoDBSession, name: str) -> None:
    made(session, "db.users.insertMany([{ a: 1 }, { a: 2 }])")
    made(session, "db.others.insertOne({ a: 3 })")
    text, wanted = COPIED[name]
    effects = run(session, text)
    assert [effect.refusal for effect in effects] == [None]
    assert effects[-1].rewrites == wanted


def test_the_call_that_runs_is_named_in_short_form(session: MongoDBSession, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    plain = apply.send

    def looking(*given: object) -> object:
        sent = underway.now()
        told.append("" if sent is None else f"{sent.statement.source.line} {sent.statement.text}")
        return plain(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(apply, "send", looking)
    documents = ", ".join(f"{{ a: {number} }}" for number in range(1200))
    made(
        session,
        f"db.users.insertMany([{documents}])\ndb.users.updateMany({{ a: {{ $gt: 3 }} }}, {{ $set: {{ b: 1 }} }})",
    )
    assert told == [
        f"{FIRST_LINE} db.users.insertMany([ 1,200 … ])",
        f"{FIRST_LINE} db.users.insertMany([ 1,200 … ])",
        f"{FIRST_LINE + 1} db.users.updateMany({{ a: {{ $gt: 3 }} }}, {{ $set: {{ b: 1 }} }})",
    ]
    assert underway.now() is None
