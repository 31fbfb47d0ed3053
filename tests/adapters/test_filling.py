"""A database filled in ranges: the same rows whoever makes them, going on after an interrupt, and what is refused."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.design.model import Schema
from harness.engine import Engine
from harness.run import filling
from harness.run.filling import Filling, stepwise
from harness.run.model import Loaded, Silent, Skipped
from harness.run.workers import workers
from harness.seeding.memo import read, written
from harness.seeding.model import Order, Plant
from harness.seeding.rows import seeded
from harness.servers.model import Address, Server
from tests.adapters.example import Example
from tests.adapters.scripts import made

NOW = datetime(2026, 1, 1, tzinfo=UTC)
USERS, ORDERS = 700, 6_000
SHOP = {
    "postgresql": """
CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email VARCHAR(255) UNIQUE NOT NULL, name VARCHAR(100) NOT NULL,
  created_at TIMESTAMP NOT NULL);
CREATE TABLE orders (id BIGSERIAL PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES users (id),
  status VARCHAR(20) NOT NULL CHECK (status IN ('pending', 'paid', 'shipped')), total DECIMAL(10,2) NOT NULL,
    created_at TIMESTAMP);
CREATE INDEX by_user ON orders (user_id, created_at DESC); CREATE INDEX by_name ON users (name)""",
    "mysql": """
CREATE TABLE users (id BIGINT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(255) NOT NULL, name VARCHAR(100) NOT NULL,
  created_at DATETIME NOT NULL, UNIQUE KEY email (email));
CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, user_id BIGINT NOT NULL, status VARCHAR(20) NOT NULL,
  total DECIMAL(10,2) NOT NULL, created_at DATETIME, CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id),
  CONSTRAINT known CHECK (status IN ('pending', 'paid', 'shipped')), KEY by_user (user_id, created_at));""",
    "mongodb": """
db.createCollection("users", { validator: { $jsonSchema: { bsonType: "object",
  required: ["email", "name"], properties: { email: { bsonType: "string" }, name: { bsonType: "string" },
    created_at: { bsonType: "date" } } } } });
db.createCollection("orders", { validator: { $jsonSchema: { bsonType: "object",
  required: ["status", "total"], properties: { status: { enum: ["pending", "paid", "shipped"] },
    total: { bsonType: "double" }, created_at: { bsonType: "date" } } } } });
db.users.createIndex({ email: 1 }, { unique: true }); db.orders.createIndex({ status: 1, created_at: -1 });""",
}  # fmt: skip
SHOP["mariadb"] = SHOP["mysql"]


def shop(engine: Engine, database: Address) -> Order:
    with engine.connect(database) as session:
        schema = made(engine, session, SHOP[engine.name])
    return Order(schema, 42, NOW, rows={"users": USERS, "orders": ORDERS})


def fill(engine: Engine, database: Address, order: Order, executor: Executor, width: int = 1) -> list[Any]:
    return list(Filling(engine, database, executor, width, written(order), Silent()).run())


def checksum(engine: Engine, database: Address, schema: Schema) -> str:
    """Of all rows of all tables as the server gives them, in an order of their own."""
    digest = hashlib.sha256()
    with engine.connect(database) as session:
        for entity in sorted(schema.entities, key=lambda entity: entity.name):
            names = [field.name for field in entity.fields]
            rows = session.sample(entity.name, names, 10**6, seed=1)
            digest.update(repr((entity.name, names, sorted(rows))).encode())
    return digest.hexdigest()


@pytest.fixture(autouse=True)
def _small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "RANGE_ROWS", 1_000)


@pytest.fixture
def second(engine: Engine, engine_server: Server) -> Iterator[Address]:
    """Another database."""
    with engine.fresh(engine_server, "second") as address:
        yield address


def test_the_schema_is_as_before_and_all_rows_are_there(engine: Engine, database: Address) -> None:
    order = shop(engine, database)
    with ThreadPoolExecutor(1) as one:
        seen = fill(engine, database, order, one)
    assert {each.entity: each.rows for each in seen if isinstance(each, Loaded)} == {"users": USERS, "orders": ORDERS}
    with engine.connect(database) as session:
        assert session.inspect() == order.schema
        assert (session.count("users"), session.count("orders")) == (USERS, ORDERS)
        assert stepwise(session).journal() is None


class Interrupting(ThreadPoolExecutor):
    """An executor at which Ctrl-C is pressed when the third range is given to it."""

    def __init__(self) -> None:
        super().__init__(1)
        self.given = 0

    def submit(self, *given: Any, **named: Any) -> "Future[Any]":
        self.given += 1
        if self.given == 3:
            raise KeyboardInterrupt
        return super().submit(*given, **named)


def test_an_interrupted_filling_goes_on_to_the_same_rows(engine: Engine, database: Address, second: Address) -> None:
    order = shop(engine, database)
    with pytest.raises(KeyboardInterrupt), Interrupting() as hurried:
        fill(engine, database, order, hurried)
    with engine.connect(database) as session:
        journal = stepwise(session).journal()
    assert journal is not None
    assert 1 <= len(journal.done) <= 2
    assert read(journal.memo) == order
    with ThreadPoolExecutor(1) as one:
        fill(engine, database, read(journal.memo), one)
        assert shop(engine, second) == order
        fill(engine, second, order, one)
    with engine.connect(database) as session:
        assert session.inspect() == order.schema
        assert session.count("orders") == ORDERS
    assert checksum(engine, database, order.schema) == checksum(engine, second, order.schema)


def test_a_range_is_loaded_once(engine: Engine, database: Address) -> None:
    order = shop(engine, database)
    rows = filling.Range("users", 0, 500)
    with engine.connect(database) as session:
        bulk, found = stepwise(session), seeded(order)
        bulk.begin(order.schema, written(order))
        entity = found.entity("users")
        assert bulk.load_range(entity, found.batches("users", last=500), rows) == 500
        assert bulk.load_range(entity, found.batches("users", last=500), rows) == 0
        assert session.count("users") == 500


REFUSING = {
    "postgresql": """
CREATE FUNCTION odd(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 = 'never' $$;
ALTER TABLE users ADD CONSTRAINT odd_name CHECK (odd(name))""",
    "mysql": "ALTER TABLE users ADD CONSTRAINT odd_name CHECK (ASCII(name) = 5)",
    "mongodb": """
db.runCommand({ collMod: "users", validator: { $expr: { $eq: [{ $strcasecmp: ["$name", "x"] }, 0] } } })""",
}
REFUSING["mariadb"] = REFUSING["mysql"]


def test_rows_that_are_refused_are_named_and_leave_nothing(engine: Engine, database: Address, example: Example) -> None:
    del example
    shop(engine, database)
    with engine.connect(database) as session:
        schema = made(engine, session, REFUSING[engine.name])
    with ThreadPoolExecutor(1) as one:
        seen = fill(engine, database, Order(schema, 42, NOW, rows={"users": 50, "orders": 500}), one)
    skipped = {each.subject: each.reason for each in seen if isinstance(each, Skipped)}
    assert "the server refuses the rows" in skipped["users"]
    named = '$expr: { $eq: [{ $strcasecmp: ["$name", "x"] }, 0] }' if engine.name == "mongodb" else "odd_name"
    assert named in skipped["users"]
    assert "under [values] in the scenario" in skipped["users"]
    with engine.connect(database) as session:
        assert session.inspect() == schema
        assert session.count("users") == 0
        assert session.count("orders") == (500 if engine.name == "mongodb" else 0)
        assert stepwise(session).journal() is None


BESIDE = {
    "postgresql": """
CREATE TABLE notes (id BIGSERIAL PRIMARY KEY, word TEXT NOT NULL); CREATE UNIQUE INDEX one ON notes ((length(word)))""",
    "mysql": """
CREATE TABLE notes (id BIGINT AUTO_INCREMENT PRIMARY KEY, word VARCHAR(200) NOT NULL,
  size INT GENERATED ALWAYS AS (length(word) * 0) STORED, UNIQUE KEY one (size))""",
    "mongodb": """
db.createCollection("notes", { validator: { $jsonSchema: { bsonType: "object", required: ["word"],
  properties: { word: { bsonType: "string" } } } } });
db.notes.createIndex({ "missing": 1 }, { unique: true, name: "one" });""",
}
BESIDE["mariadb"] = BESIDE["mysql"]


def test_an_index_that_rows_do_not_satisfy_empties_its_own_table_only(engine: Engine, database: Address) -> None:
    shop(engine, database)
    with engine.connect(database) as session:
        schema = made(engine, session, BESIDE[engine.name])
    with ThreadPoolExecutor(1) as one:
        seen = fill(engine, database, Order(schema, 42, NOW, rows={"users": 50, "orders": 500, "notes": 300}), one)
    skipped = {each.subject: each.reason for each in seen if isinstance(each, Skipped)}
    assert list(skipped) == ["notes"]
    assert "one" in skipped["notes"]
    with engine.connect(database) as session:
        assert session.inspect() == schema
        assert [session.count(name) for name in ("users", "orders", "notes")] == [50, 500, 0]
        assert stepwise(session).journal() is None


@pytest.mark.thorough
def test_processes_and_a_cluster_make_the_same_rows(
    engine: Engine, engine_server: Server, database: Address, second: Address
) -> None:
    order = shop(engine, database)
    with workers(1, None) as (executor, width):
        fill(engine, database, order, executor, width)
    alone = checksum(engine, database, order.schema)
    shop(engine, second)
    with workers(2, None) as (executor, width):
        assert width == 2
        fill(engine, second, order, executor, width)
    assert checksum(engine, second, order.schema) == alone
    distributed = pytest.importorskip("distributed")
    with (
        engine.fresh(engine_server, "third") as third,
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        workers(1, cluster.scheduler_address) as (executor, width),
    ):
        shop(engine, third)
        assert width == 2
        fill(engine, third, order, executor, width)
        assert checksum(engine, third, order.schema) == alone


def test_the_memo_of_an_order_gives_the_order_back(engine: Engine, database: Address) -> None:
    order = shop(engine, database)
    planted = Order(order.schema, 7, NOW, plants=(Plant("users", (("email", "=", "a@b.c"),), "1"),))
    assert read(written(order)) == order
    assert read(written(planted)) == planted
