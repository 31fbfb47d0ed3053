"""Plans of real queries, of both engines of the server, and their times."""

import math
from collections import Counter
from collections.abc import Iterator

import pytest

from harness.adapters.mongodb.connection import Connection, connected, documents
from harness.adapters.mongodb.fresh import fresh
from harness.adapters.mongodb.session import MongoDBSession
from harness.facts import Access, Batch, Refusal
from harness.servers.model import Server
from tests.adapters.mongodb.shell import made

USERS, ORDERS = 100, 2000


@pytest.fixture(scope="module")
def standing(mongodb: Server) -> Iterator[Connection]:
    """For all tests: none leaves anything behind."""
    with fresh(mongodb, "test", None) as address, connected(address) as opened:
        yield opened


@pytest.fixture(scope="module")
def filled(standing: Connection) -> MongoDBSession:
    session = MongoDBSession(standing)
    schema = made(
        session,
        "db.createCollection('users')",
        "db.createCollection('orders')",
        "db.users.createIndex({ email: 1 }, { unique: true })",
        "db.orders.createIndex({ user: 1 }, { name: 'user' })",
        "db.orders.createIndex({ status: 1, total: -1 }, { name: 'status_total' })",
        "db.orders.createIndex({ tags: 1 }, { name: 'tags' })",
    )
    users, orders = schema.entity("users"), schema.entity("orders")
    assert users
    assert orders
    ids, numbers = range(USERS), range(ORDERS)
    session.load(users, [Batch(("_id", "email"), (ids, [f"u{n}@example.com" for n in ids]), USERS)])
    fields = ("_id", "user", "status", "total", "tags")
    columns = (
        numbers,
        [n % USERS for n in numbers],
        [["paid", "new"][n % 2] for n in numbers],
        numbers,
        [["a", f"b{n % 7}"] for n in numbers],
    )
    session.load(orders, [Batch(fields, columns, ORDERS)])
    return session


def plan(session: MongoDBSession, text: str, *, execute: bool = True) -> Access:
    found = session.explain(text, execute=execute)
    assert isinstance(found, Access), found
    return found


ORDERED = "db.orders.find({ user: 5 }).sort({ total: 1 })"
LOOKUP = "{ $lookup: { from: 'users', localField: 'user', foreignField: '_id', as: 'u' } }"
LOOKUP_BY_PIPELINE = """{ $lookup: { from: 'users', let: { x: '$user' }, as: 'u',
    pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$x'] } } }] } }"""

PLANS = {
    # query: (operations that matter, indexes, documents given, keys and documents examined)
    "by an index": ("db.orders.find({ user: 5 })", {"index scan"}, ("user",), 20, 40),
    "by _id": ("db.orders.find({ _id: 5 })", {"index scan"}, ("_id_",), 1, 2),
    "sorted in memory": (ORDERED, {"index scan", "sort"}, ("user",), 20, 40),
    "sorted by an index": (
        "db.orders.find({ status: 'paid' }).sort({ total: -1 }).limit(5)",
        {"index scan", "limit"},
        ("status_total",),
        5,
        10,
    ),
    "covered": (
        "db.orders.find({ status: 'paid' }, { _id: 0, total: 1 }).limit(5)",
        {"index only scan", "limit"},
        ("status_total",),
        5,
        5,
    ),
    "scanned": ("db.orders.find({ total: 5 })", {"scan"}, (), 1, ORDERS),
    "one of two ways": (
        "db.orders.find({ $or: [{ user: 5 }, { _id: 6 }] })",
        {"index scan", "append"},
        ("_id_", "user"),
        21,
        42,
    ),
    "found one": ("db.orders.findOne({ user: 5 })", {"index scan", "limit"}, ("user",), 1, 2),
    "counted": ("db.orders.countDocuments({ user: 5 })", {"index only scan", "aggregate"}, ("user",), 1, 21),
    "counted the old way": ("db.orders.count({ user: 5 })", {"index only scan", "aggregate"}, ("user",), 20, 21),
    "counted by a cursor": ("db.orders.find({ user: 5 }).count()", {"index only scan", "aggregate"}, ("user",), 20, 21),
    "distinct": ("db.orders.distinct('user')", {"index only scan"}, ("user",), USERS, USERS),
    "updated": (
        "db.orders.updateMany({ user: 5 }, { $set: { seen: true } })",
        {"index scan", "modify"},
        ("user",),
        20,
        40,
    ),
    "deleted": ("db.orders.deleteMany({ total: { $lt: 5 } })", {"scan", "modify"}, (), 5, ORDERS),
    "found and updated": (
        "db.orders.findOneAndUpdate({ user: 5 }, { $set: { seen: true } })",
        {"index scan", "modify"},
        ("user",),
        1,
        2,
    ),
    "grouped": (
        "db.orders.aggregate([{ $match: { user: 5 } }, { $group: { _id: '$status', n: { $sum: '$total' } } }])",
        {"index scan", "aggregate"},
        ("user",),
        1,
        40,
    ),
    "grouped, sorted and limited": (
        """db.orders.aggregate([{ $match: { status: 'paid' } }, { $group: { _id: '$user' } },
            { $sort: { _id: 1 } }, { $limit: 3 }])""",
        {"index scan", "aggregate", "sort"},
        ("status_total",),
        3,
        ORDERS,
    ),
    "joined by an index": (
        f"db.orders.aggregate([{{ $match: {{ user: 5 }} }}, {LOOKUP}])",
        {"index scan", "nested loop"},
        ("user", "_id_"),
        20,
        80,
    ),
    "joined by a pipeline": (
        f"db.orders.aggregate([{{ $match: {{ user: 5 }} }}, {LOOKUP_BY_PIPELINE}])",
        {"index scan", "nested loop"},
        ("user", "_id_"),
        20,
        80,
    ),
    "joined by a scan": (
        """db.users.aggregate([{ $match: { _id: 5 } },
            { $lookup: { from: 'orders', localField: '_id', foreignField: 'total', as: 'o' } }])""",
        {"index scan", "scan"},
        ("_id_",),
        1,
        ORDERS + 2,
    ),
    "joined as a graph": (
        """db.users.aggregate([{ $match: { _id: 5 } }, { $graphLookup: { from: 'orders', startWith: '$_id',
            connectFromField: 'user', connectToField: 'user', as: 'o' } }])""",
        {"index scan", "nested loop"},
        ("_id_", "user"),
        1,
        2,
    ),
    "united": (
        """db.orders.aggregate([{ $match: { user: 5 } },
            { $unionWith: { coll: 'users', pipeline: [{ $match: { email: 'u5@example.com' } }] } }])""",
        {"index scan", "append"},
        ("user", "email_1"),
        21,
        42,
    ),
    "in facets": (
        """db.orders.aggregate([{ $match: { user: 5 } }, { $facet: {
            n: [{ $count: 'n' }], by: [{ $group: { _id: '$status' } }, { $sort: { _id: 1 } }] } }])""",
        {"index scan", "aggregate", "sort"},
        ("user",),
        1,
        40,
    ),
    "merged into a collection": (
        "db.orders.aggregate([{ $match: { user: 5 } }, { $merge: { into: 'users' } }])",
        {"index scan", "modify"},
        ("user",),
        0,
        40,
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_tells_its_ways_and_counts(filled: MongoDBSession, standing: Connection, name: str) -> None:
    text, operations, indexes, returned, examined = PLANS[name]
    before = list(documents(standing, {"find": "orders"}))
    access = plan(filled, text)
    assert operations <= {node.operation for node in access.walk()}
    if "scan" not in operations:
        assert "scan" not in {node.operation for node in access.walk()}
    assert set(access.indexes()) == set(indexes)
    assert (access.rows_returned, access.pages_read) == (returned, examined)
    assert list(documents(standing, {"find": "orders"})) == before


def test_keys_and_documents_that_were_examined_are_told_apart(filled: MongoDBSession) -> None:
    examined: dict[str, int] = Counter()
    for node in plan(filled, "db.orders.find({ user: 5, total: { $gt: 1000 } })").walk():
        examined.update({name: int(said) for name, said in node.detail if name.endswith("Examined")})
    assert examined == {"keysExamined": 20, "docsExamined": 20}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_that_was_not_executed_counts_nothing(filled: MongoDBSession, name: str) -> None:
    text, _, indexes, _, _ = PLANS[name]
    access = plan(filled, text, execute=False)
    assert set(access.indexes()) == set(indexes)
    assert {(node.rows_returned, node.pages_read) for node in access.walk()} == {(None, None)}


def test_what_an_index_was_asked_for_is_told(filled: MongoDBSession) -> None:
    (scan,) = [node for node in plan(filled, "db.orders.find({ user: 5, total: 5 })").walk() if node.index]
    assert (scan.entity, scan.condition) == ("orders", "user: [5, 5]")


def test_what_is_tested_document_by_document_is_told(filled: MongoDBSession) -> None:
    fetch = plan(filled, "db.orders.find({ user: 5, total: 5 })")
    assert (fetch.native, fetch.filter) == ("FETCH", "{ total: { $eq: 5 } }")
    assert (fetch.rows_read, fetch.rows_returned) == (20, 1)


def test_a_sort_can_be_avoided(filled: MongoDBSession) -> None:
    made(filled, "db.orders.createIndex({ total: 1 }, { name: 'total' })")
    found = filled.explain(ORDERED, execute=False, unattractive=["sort"])
    made(filled, "db.orders.dropIndex('total')")
    assert isinstance(found, Access)
    assert found.indexes() == ("total",)


def test_a_plan_stays_what_it_is_where_nothing_else_can_serve(filled: MongoDBSession) -> None:
    found = filled.explain("db.orders.find({ total: 5 })", execute=True, unattractive=["scan"])
    assert isinstance(found, Access)
    assert (found.operation, found.rows_read) == ("scan", ORDERS)


REFUSED = {
    "no collection": ("db.nosuch.find({})", "there is no collection nosuch"),
    "no collection to join": (
        "db.orders.aggregate([{ $lookup: { from: 'nosuch', localField: 'a', foreignField: 'b', as: 'c' } }])",
        "there is no collection nosuch",
    ),
    "no operator": ("db.orders.find({ $nosuch: 1 })", "unknown top level operator: $nosuch"),
    "no stage": ("db.orders.aggregate([{ $nosuch: {} }])", "Unrecognized pipeline stage name: '$nosuch'"),
    "no index to hint": ("db.orders.find({ a: 1 }).hint('nosuch')", "hint provided does not correspond"),
    "no query": ("db.orders.createIndex({ z: 1 })", "there is nothing to explain"),
    "no method": ("db.orders.find({}).nosuch()", "find().nosuch() is not supported here"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_query_that_cannot_be_says_why(filled: MongoDBSession, text: str, message: str) -> None:
    found = filled.explain(text, execute=True)
    assert isinstance(found, Refusal)
    assert message in found.message


WRITES = {
    "deletion": "db.orders.deleteMany({ user: 5 })",
    "deletion of one": "db.orders.deleteOne({ status: 'paid' })",
    "update": "db.orders.updateMany({ user: 5 }, { $set: { total: 0 } })",
    "upsert": "db.orders.updateOne({ user: 777 }, { $set: { total: 0 } }, { upsert: true })",
    "replacement": "db.orders.replaceOne({ user: 5 }, { status: 'gone' })",
    "find and modify": "db.orders.findOneAndUpdate({ user: 5 }, { $inc: { total: 1 } })",
    "find and make": "db.orders.findOneAndUpdate({ user: 777 }, { $inc: { total: 1 } }, { upsert: true })",
    "find and delete": "db.orders.findOneAndDelete({ user: 5 })",
    "aggregation": "db.orders.aggregate([{ $match: { user: 5 } }, { $out: 'orders' }])",
}


@pytest.mark.parametrize("text", WRITES.values(), ids=WRITES.keys())
def test_timing_a_write_leaves_the_documents_as_they_were(
    filled: MongoDBSession, standing: Connection, text: str
) -> None:
    before = sorted(documents(standing, {"find": "orders"}), key=lambda each: each["_id"])
    assert all(ms > 0 for ms in filled.timings([text, text]))
    assert sorted(documents(standing, {"find": "orders"}), key=lambda each: str(each["_id"])) == sorted(
        before, key=lambda each: str(each["_id"])
    )


def test_a_refused_query_has_no_time(filled: MongoDBSession) -> None:
    first, second = filled.timings(["db.orders.find({ $nosuch: 1 })", "db.orders.find({ user: 5 })"])
    assert math.isnan(first)
    assert second > 0


def test_samples_of_nested_fields_are_single_values(filled: MongoDBSession) -> None:
    drawn = filled.sample("orders", ["tags", "user"], 50, seed=3)
    assert {tag for tag, _ in drawn} <= {'"a"', *(f'"b{n}"' for n in range(7))}
    assert len(drawn) == 50


def test_samples_leave_out_what_is_missing(filled: MongoDBSession) -> None:
    made(filled, "db.orders.updateOne({ _id: 7 }, { $set: { note: 'only here' } })")
    found = filled.sample("orders", ["note"], 10, seed=1)
    made(filled, "db.orders.updateOne({ _id: 7 }, { $unset: { note: 1 } })")
    assert found == (('"only here"',),)


def test_a_time_series_is_told_by_its_name(session: MongoDBSession) -> None:
    made(
        session,
        "db.createCollection('ts', { timeseries: { timeField: 't', metaField: 'm' } })",
        "db.ts.insertMany(Array.from({ length: 100 }, (_, i) => ({ t: new Date(2026, 0, 1, 0, i), m: i % 5 })))",
        "db.ts.createIndex({ m: 1, t: 1 }, { name: 'm_t' })",
    )
    access = plan(session, "db.ts.find({ m: 3 })")
    assert ({node.entity for node in access.walk()} - {None}, access.indexes()) == ({"ts"}, ("m_t",))
    assert access.rows_returned == 20


def test_a_search_around_a_place_has_a_short_condition(session: MongoDBSession) -> None:
    made(
        session, "db.p.insertOne({ at: { type: 'Point', coordinates: [3, 4] } }); db.p.createIndex({ at: '2dsphere' })"
    )
    access = plan(session, "db.p.find({ at: { $near: { type: 'Point', coordinates: [3, 4] } } }).limit(1)")
    assert access.indexes() == ("at_2dsphere",)
    assert all(len(node.condition or "") < 400 for node in access.walk())
