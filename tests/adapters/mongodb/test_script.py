"""Scripts are evaluated in a sandbox: what they call is known, and nothing that they do gets out of it."""

from datetime import UTC, datetime

import pytest
from bson import Decimal128, Int64, ObjectId

from harness.adapters.mongodb import script
from harness.adapters.mongodb.calls import Call
from harness.design.model import Statement
from harness.facts import Refusal
from harness.source import Source


def statement(text: str, line: int = 10) -> Statement:
    return Statement(text, Source("d.md", line, line + text.count("\n")))


def called(text: str) -> tuple[Call, ...]:
    found = script.calls(statement(text))
    assert not isinstance(found, Refusal), found
    return found


CALLS = [
    (
        "db.users.createIndex({ email: 1 }, { unique: true })",
        Call("createIndex", "users", ({"email": 1}, {"unique": True}), (), 1),
    ),
    (
        "db.users.find({ age: { $gt: 21 } })\n  .sort({ name: 1 })\n  .limit(5)",
        Call("find", "users", ({"age": {"$gt": 21}},), (("sort", ({"name": 1},)), ("limit", (5,))), 1),
    ),
    ('db.createCollection("users", {})', Call("createCollection", "", ("users", {}), (), 1)),
    ('db.getCollection("2-a").drop()', Call("drop", "2-a", (), (), 1)),
    ('db["a.b"].drop()', Call("drop", "a.b", (), (), 1)),
    ("db.a.b.drop()", Call("drop", "a.b", (), (), 1)),
    ('const n = "x";\n\ndb[n].drop()', Call("drop", "x", (), (), 3)),
    ("use shop\ndb.x.drop()", Call("drop", "x", (), (), 2)),
]


@pytest.mark.parametrize(("text", "call"), CALLS, ids=[text.splitlines()[0] for text, _ in CALLS])
def test_a_call_is_recorded(text: str, call: Call) -> None:
    assert called(text) == (call,)


VALUES = [
    ('ObjectId("64b000000000000000000001")', ObjectId("64b000000000000000000001")),
    ('ISODate("2024-01-02")', datetime(2024, 1, 2, tzinfo=UTC)),
    ('ISODate("2024-01-02T03:04:05.678Z")', datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)),
    ("new Date(0)", datetime(1970, 1, 1, tzinfo=UTC)),
    ('NumberLong("9007199254740993")', Int64(9007199254740993)),
    ("NumberInt(5)", 5),
    ('NumberDecimal("1.10")', Decimal128("1.10")),
    ("1", 1),
    ("1.5", 1.5),
    ("4294967296", 4294967296.0),
    ("null", None),
    ("undefined", None),
    ("{ b: 1, a: [true, 'x'] }", {"b": 1, "a": [True, "x"]}),
    ("{ oid: 'x' }", {"oid": "x"}),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _ in VALUES])
def test_a_value_has_its_type_of_bson(text: str, value: object) -> None:
    (call,) = called(f"db.x.insertOne({{ _id: 1, v: {text} }})")
    found = call.arguments[0]["v"]
    assert found == value
    assert type(found) is type(value)


def test_a_script_is_evaluated_again_with_the_results_that_it_goes_on_with() -> None:
    text = statement("db.a.find().forEach((each) => db.b.insertOne({ _id: each._id }))")
    (waiting,) = script.calls(text)
    assert waiting.awaits
    first, *rest = script.calls(text, (), [[{"_id": 1}, {"_id": 2}]])
    assert not first.awaits
    assert [call.arguments for call in rest] == [({"_id": 1},), ({"_id": 2},)]


def test_ids_that_a_script_makes_are_the_same_each_time_and_those_of_another_are_not() -> None:
    one, other = "db.a.insertOne({ n: 1 })", "db.a.insertOne({ n: 2 })"
    assert called(one) == called(one)
    assert called(one)[0].arguments[0]["_id"] != called(other)[0].arguments[0]["_id"]


def test_variables_of_statements_before_are_there() -> None:
    found = script.calls(statement("db.x.drop(n)"), (statement("const n = 5; db.y.drop()"),))
    assert found == (Call("drop", "x", (5,), (), 1),)


REFUSED = [
    ("\n\nfoo.bar()", 12, "foo is not defined"),
    ("db.x.find(\n{ a: })", 11, "Unexpected token"),
    ('db.x.find({ _id: ObjectId("x") })', 10, "24 hexadecimal digits"),
    ('db.collection("x").drop()', 10, "db.getCollection()"),
    ('sh.enableSharding("x")', 10, "several servers"),
    ("db.x.insertOne({ a: Symbol() })", 10, "cannot be stored"),
]


@pytest.mark.parametrize(("text", "line", "words"), REFUSED, ids=[text.strip() for text, _, _ in REFUSED])
def test_what_cannot_be_evaluated_is_refused_on_its_line(text: str, line: int, words: str) -> None:
    found = script.calls(statement(text))
    assert isinstance(found, Refusal)
    assert words in found.message
    assert found.source.line == line


POLLUTED = [
    "Array.prototype.map = () => { throw 1 }; Array.prototype.push = () => 0; Array.prototype.slice = () => []",
    "Object.prototype.toJSON = Array.prototype.toJSON = () => '[]'",
    "RegExp.prototype.test = () => true; RegExp.prototype.exec = () => null; String.prototype.replace = () => ''",
    "JSON.stringify = () => '[]'; Object.keys = () => []; WeakMap.prototype.get = () => ({ oid: 'x' })",
    "String = Number = BigInt = Reflect = undefined",
    "__harness_control__.taken = () => '[]'",
]


@pytest.mark.parametrize("text", POLLUTED)
def test_what_a_script_does_to_the_language_does_not_change_what_is_recorded(text: str) -> None:
    (call,) = called(f"{text}; db.x.insertOne({{ _id: 1, a: [NumberLong(5), new Date(0)] }})")
    assert call.arguments == ({"_id": 1, "a": [Int64(5), datetime(1970, 1, 1, tzinfo=UTC)]},)


def test_a_script_may_add_to_arrays_and_have_members_of_any_name() -> None:
    (call,) = called("Array.prototype.last = function () { return this.at(-1) }; const o = {}; o.constructor = 1; "
                     "o.toString = () => 'z'; db[`${o}`].insertOne({ _id: [1, 2].last() })")  # fmt: skip
    assert call == Call("insertOne", "z", ({"_id": 2},), (), 1)


@pytest.mark.parametrize(
    "text",
    [
        "await db.x.drop()",
        "(async () => { await db.x.drop() })()",
        "const f = async () => { db.x.drop() }; await f()",
    ],
)
def test_a_script_may_wait_as_in_mongosh(text: str) -> None:
    assert called(text) == (Call("drop", "x", (), (), 1),)


def test_a_refusal_within_a_promise_is_on_its_line() -> None:
    found = script.calls(statement("(async () => {\n  await db.x.drop();\n  nothing();\n})()"))
    assert isinstance(found, Refusal)
    assert (found.message, found.source.line) == ("ReferenceError: nothing is not defined", 12)


def test_what_is_not_there_is_null() -> None:
    found = script.calls(statement("if (!db.x.findOne({ a: 1 })) db.x.insertOne({ _id: 1 })"), (), [None])
    assert [call.method for call in found] == ["findOne", "insertOne"]  # type: ignore[union-attr]


def test_writes_in_bulk_of_the_older_way_are_one_call() -> None:
    updates = "b.find({ a: 1 }).upsert().updateOne({ $set: { b: 1 } }); b.find({}).remove()"
    (call,) = called(f"const b = db.x.initializeUnorderedBulkOp(); b.insert({{ _id: 1 }});\n{updates}; b.execute()")
    assert call.method == "bulkWrite"
    assert call.arguments == (
        [
            {"insertOne": {"document": {"_id": 1}}},
            {"updateOne": {"filter": {"a": 1}, "update": {"$set": {"b": 1}}, "upsert": True}},
            {"deleteMany": {"filter": {}}},
        ],
        {"ordered": False},
    )


FOUND = "() => ({ enumerable: true, configurable: true })"
ENDLESS = f"{{ ownKeys: () => ['a'], getOwnPropertyDescriptor: {FOUND}, get: () => p }}"

HOSTILE = [
    "while (true) {}",
    "for (;;) { try { for (;;); } catch (e) {} }",
    '"x".repeat(2 ** 30)',
    '"x".repeat(5e8).split("")',
    "const a = []; for (;;) a.push(new Array(1e6).fill(1.5))",
    "const a = []; for (;;) a.push(new Uint8Array(1e8).fill(1))",
    'this.constructor.constructor("return process")()',
    'db.constructor.constructor("return process")()',
    'db.x.find().constructor("return process")()',
    'new Function("return process")()',
    "function f() { return f() + 1 } f()",
    "for (;;) db.a.find()",
    "const a = []; a[0] = a; db.x.insertOne({ a })",
    'require("fs")',
    "new WebAssembly.Memory({ initial: 60000 })",
    "/(a+)+$/.test('a'.repeat(40) + 'b')",
    "Error.prepareStackTrace = () => { throw 1 }; nothing()",
    "throw null",
    "await new Promise(() => {})",
    "(async () => { throw new Error() })()",
    'import("fs")',
    "const c = db.x.find(); for (let i = 0; i < 1e7; i++) c.sort({ i })",
    "db.x.insertOne({ a: new Array(1e9) })",
    "db.x.insertOne({ get a() { throw new Error() } })",
    f"const p = new Proxy({{}}, {ENDLESS}); db.x.insertOne(p)",
    "Object.defineProperty(Object.prototype, 'a', { get() { throw 1 } }); db.x.drop()",
    "new Mongo('mongodb://localhost')",
]


BURNING = [
    "for (let i = 0; i < 1e7; i++) db.x.insertOne({ i })",
    "function* g() { while (true) yield {} } db.x.insertMany([...g()])",
    "db[{ [Symbol.toPrimitive]() { while (true) {} } }].drop()",
    "throw { get message() { while (true) {} }, toString() { while (true) {} } }",
]
"""More of those that run until they are ended, for seconds each."""


@pytest.mark.parametrize("text", [*HOSTILE, *(pytest.param(text, marks=pytest.mark.thorough) for text in BURNING)])
def test_hostile_scripts_end_in_a_refusal_and_the_next_one_is_evaluated(text: str) -> None:
    assert isinstance(script.calls(statement(text)), Refusal)
    assert called("db.x.drop()") == (Call("drop", "x", (), (), 1),)
