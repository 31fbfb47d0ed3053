"""Sessions, transactions and change streams in scripts, on a replica set of one that starts where they are used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.adapters.mongodb.adapter import MongoDB
from harness.adapters.mongodb.connection import connected
from harness.adapters.mongodb.fresh import fresh
from harness.adapters.mongodb.recipe import recipe
from harness.adapters.mongodb.session import MongoDBSession
from harness.adapters.mongodb.transactions import SINGLE
from harness.design.model import Statement
from harness.errors import ServerError
from harness.facts import Access, Refusal
from harness.pipeline import Options, verified
from harness.run.model import Silent
from harness.servers.model import Server
from harness.servers.provider import provide
from harness.source import Source
from tests.conftest import missing
from tests.images import mongodb as images

CONCERNS = '{ readConcern: { level: "snapshot" }, writeConcern: { w: "majority" } }'
UNLESS = "if (!orders.findOne({ _id: 1 }))"
BEGINS = "const session = db.getMongo().startSession(); const orders = session.getDatabase(db.getName()).orders;"


def statement(text: str) -> Statement:
    return Statement(text, Source("d.md", 10, 10 + text.count("\n")))


@pytest.fixture(scope="module")
def members(request: pytest.FixtureRequest) -> Iterator[Server]:
    opened = provide(recipe(None, None, replica_set=True), "local")
    try:
        server = opened.__enter__()
    except ServerError as error:
        missing(request.config, "mongodb", str(error))
        raise
    yield server
    opened.__exit__(None, None, None)


@pytest.fixture
def session(members: Server) -> Iterator[MongoDBSession]:
    with fresh(members, "test", None) as address, connected(address) as connection:
        made = MongoDBSession(connection)
        made.apply([statement('db.createCollection("orders")')], timeout_s=10)
        yield made


def refused(session: MongoDBSession, *texts: str) -> Refusal | None:
    return session.apply([statement(text) for text in texts], timeout_s=10)[-1].refusal


@pytest.mark.parametrize(
    ("work", "left"),
    [
        ("session.startTransaction(); orders.insertOne({}); session.commitTransaction(); session.endSession()", 1),
        ("session.startTransaction(); orders.insertOne({ _id: 1 }); session.abortTransaction()", 0),
        ("session.startTransaction(); orders.insertOne({ _id: 1 })", 0),
        ("session.withTransaction(() => { orders.insertMany([{ _id: 1 }, { _id: 2 }]) })", 2),
        ("session.withTransaction(async () => { await orders.insertOne({ _id: 1 }) })", 1),
        (f"session.startTransaction({CONCERNS}); {UNLESS} orders.insertOne({{}}); session.commitTransaction()", 1),
    ],
)  # fmt: skip
def test_a_transaction_keeps_what_it_commits(session: MongoDBSession, work: str, left: int) -> None:
    assert refused(session, f"{BEGINS}\n{work}") is None
    assert session.count("orders") == left


def test_a_refused_statement_in_a_transaction_leaves_nothing_of_it(session: MongoDBSession) -> None:
    work = "session.startTransaction(); orders.insertOne({ _id: 1 });\norders.insertOne({ _id: 1 });"
    found = refused(session, f"{BEGINS} {work} session.commitTransaction()")

    assert found is not None
    assert "E11000" in found.message
    assert found.source.line == 11
    assert session.count("orders") == 0


def test_a_commit_of_nothing_is_refused_in_words(session: MongoDBSession) -> None:
    found = refused(session, f"{BEGINS}\nsession.commitTransaction()")

    assert found is not None
    assert "No transaction started" in found.message


def test_a_change_stream_opens_and_ends(session: MongoDBSession) -> None:
    loop = 'const s = db.orders.watch([{ $match: { operationType: "insert" } }]); while (!s.isClosed()) s.tryNext()'
    query = "db.orders.watch([{ $match: { 'fullDocument.total': { $gt: 5 } } }])"

    assert refused(session, loop, "db.watch()") is None
    found = session.explain(query, execute=True)
    assert isinstance(found, Access)
    assert (found.operation, found.native, found.entity) == ("other", "$changeStream", "orders")
    assert all(0 < time < 60_000 for time in session.timings([query]))


def test_a_change_stream_that_the_server_refuses_is_refused(session: MongoDBSession) -> None:
    assert isinstance(session.explain("db.orders.watch([{ $group: { _id: 1 } }])", execute=True), Refusal)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("session.startTransaction()", True),
        ("db.orders.watch([])", True),
        ("db.orders.aggregate([{ $changeStream: {} }])", True),
        ('db.createCollection("a", { changeStreamPreAndPostImages: { enabled: true } })', True),
        ("db.watches.find({ watch: 1 })", False),
        ("db.getMongo().startSession()", False),
    ],
)
def test_only_what_needs_members_asks_for_them(text: str, *, wanted: bool) -> None:
    assert MongoDB().wants_members([statement("db.a.find()"), statement(text)]) is wanted


DOCUMENT = f"""# Orders
**Type:** MongoDB
## Migrations
### Migration 001: Orders
**Up:**
```javascript
db.createCollection("orders");
{BEGINS}
session.withTransaction(() => {{ orders.insertOne({{ _id: 1 }}) }});
```
**Down:**
```javascript
db.orders.drop();
```
"""


@pytest.mark.parametrize("way", ["local", pytest.param("docker", marks=[pytest.mark.thorough, pytest.mark.docker])])
def test_a_document_with_a_transaction_starts_a_replica_set(
    way: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "transactions.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    try:
        image = images.image() if way == "docker" else None
        report = verified(path, Options(server=way, image=image, select=("up-applies", "round-trip-exact")), Silent())
    except ServerError as error:
        missing(request.config, "docker" if way == "docker" else "mongodb", str(error))
        raise

    assert [(f.check, f.verdict) for f in report.findings] == [("up-applies", "holds"), ("round-trip-exact", "holds")]


def test_a_single_server_says_what_a_transaction_needs(request: pytest.FixtureRequest) -> None:
    try:
        with (
            provide(recipe(None, None, replica_set=False), "local") as server,
            fresh(server, "test", None) as address,
            connected(address) as connection,
        ):
            found = refused(MongoDBSession(connection), f"{BEGINS} session.startTransaction()")
    except ServerError as error:
        missing(request.config, "mongodb", str(error))
        raise
    assert found is not None
    assert found.message == SINGLE
