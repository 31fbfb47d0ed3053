"""Statistics of a MongoDB in production: the printed query runs on a server, and rows elsewhere follow its answer."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bson import Decimal128, Int64, ObjectId

from harness.adapters import find
from harness.adapters.mongodb.address import client
from harness.design.model import Statement
from harness.plan.scenario import read
from harness.plan.statistics import statistics_query
from harness.run.data import order_of
from harness.seeding.rows import seeded
from harness.servers.model import Server
from harness.source import Source
from tests.adapters.conftest import local_server
from tests.seeding.building import NOW, rows_of
from tests.seeding.mongosh import printed

SCHEMA = """db.createCollection("jobs", { validator: { $jsonSchema: { bsonType: "object", required: ["queue", "state", "at"],
  properties: { queue: { bsonType: "int" }, state: { bsonType: "string" }, at: { bsonType: "date" }, worker: { bsonType: "string" },
    cost: { bsonType: "decimal" }, size: { bsonType: "long" }, owner: { bsonType: "objectId" }, done: { bsonType: "bool" },
    place: { bsonType: "object", properties: { zone: { bsonType: "string" } } }, tags: { bsonType: "array" } } } } });
db.createCollection("empty");"""  # noqa: E501
BEGUN = datetime(2019, 3, 1, tzinfo=UTC)
OWNER = ObjectId("64b000000000000000000001")


def production(n: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "_id": ObjectId(f"{n:024x}"), "queue": 1 if n % 4 else 2 + n % 7, "at": BEGUN + timedelta(hours=n),
        "state": "waiting" if n % 50 == 0 else "done", "cost": Decimal128(f"{n % 300}.25"),
        "size": Int64(10**10 + n * n),
        "owner": OWNER, "done": n % 5 != 0, "place": {"zone": "north" if n % 3 else "south"}, "tags": ["x"],
    }  # fmt: skip
    return found if n % 5 else {**found, "worker": f"worker {n}"}


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    yield from local_server(find("mongodb"), None, request)


@pytest.fixture(scope="module")
def said(server: Server) -> dict[str, Any]:
    engine = find("mongodb")
    with (
        engine.fresh(server, "production") as database,
        client(database) as connected,
        engine.connect(database) as session,
    ):
        session.apply(engine.split(Statement(SCHEMA, Source("schema.js", 1, 1))), timeout_s=30)
        connected[database.database]["jobs"].insert_many([production(n) for n in range(5000)])
        connected[database.database].create_collection("late", viewOn="jobs", pipeline=[])
        return json.loads(printed(connected, database.database, statistics_query("mongodb")))  # type: ignore[no-any-return]


def test_the_query_says_of_each_field_what_a_planner_would_want_to_know(said: dict[str, Any]) -> None:
    tables = {each["table"]: each for each in said["tables"] if each["table"] != "harness.marker"}
    assert {name: each["rows"] for name, each in tables.items()} == {"empty": 0, "jobs": 5000}
    columns = {each["column"]: each for each in tables["jobs"]["columns"]}
    assert list(columns) == ["at", "cost", "done", "owner", "place.zone", "queue", "size", "state", "worker"]
    assert dict(zip(columns["state"]["common"], columns["state"]["shares"], strict=True)) == {
        "done": 0.98,
        "waiting": 0.02,
    }
    assert columns["state"]["distinct"] == 2
    assert columns["worker"]["null"] == 0.8
    assert (columns["at"]["distinct"], columns["at"]["correlation"], columns["at"]["common"]) == (-1, 1, [])
    assert columns["at"]["bounds"][0] == "2019-03-01T00:00:00.000Z"
    assert (len(columns["at"]["bounds"]), len(columns["size"]["bounds"])) == (101, 101)
    assert columns["size"]["bounds"][0] == "10000000000"
    assert columns["owner"]["common"] == [str(OWNER)]
    assert columns["done"]["common"] == ["true", "false"]
    assert columns["cost"]["distinct"] == 300
    assert columns["place.zone"]["common"] == ["north", "south"]


def test_rows_elsewhere_follow_the_answer(said: dict[str, Any], server: Server, tmp_path: Path) -> None:
    (tmp_path / "production.json").write_text(json.dumps(said), encoding="utf-8")
    (tmp_path / "nightly.toml").write_text('statistics = { file = "production.json", scale = 0.4 }', encoding="utf-8")
    engine = find("mongodb")
    with engine.fresh(server, "elsewhere") as database, engine.connect(database) as session:
        session.apply(engine.split(Statement(SCHEMA, Source("schema.js", 1, 1))), timeout_s=30)
        made = seeded(order_of(read(tmp_path / "nightly.toml"), session.inspect(), NOW))
        assert session.load(made.entity("jobs"), made.batches("jobs")) == 2000
    rows = rows_of(made, "jobs")
    states = Counter(r["state"] for r in rows)
    assert set(states) == {"done", "waiting"}
    assert 0.005 < states["waiting"] / 2000 < 0.04
    assert 0.7 < sum(r["worker"] is None for r in rows) / 2000 < 0.9
    assert Counter(r["queue"] for r in rows).most_common(1)[0][0] == 1
    assert min(r["at"] for r in rows) >= BEGUN.replace(tzinfo=None)
    assert max(r["at"] for r in rows) <= (BEGUN + timedelta(hours=5000)).replace(tzinfo=None)
    assert all(before["at"] <= after["at"] for before, after in pairwise(rows))
    assert {r["place.zone"] for r in rows} == {"north", "south"}
