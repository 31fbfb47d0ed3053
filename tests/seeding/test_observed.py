"""Production's statistics: exported by the query that is printed, and the rows that follow them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.adapters import find
from harness.adapters.postgresql.connection import Connection, connected
from harness.cli import main
from harness.errors import InputError
from harness.plan.model import Scenario
from harness.plan.scenario import read
from harness.plan.statistics import FORMAT, statistics_query
from harness.run.data import order_of
from harness.seeding.memo import read as read_memo
from harness.seeding.memo import written
from harness.seeding.rows import seeded
from harness.servers.model import Server
from tests.adapters.conftest import local_server

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TABLES = """
CREATE TABLE customers (id bigint PRIMARY KEY, country text NOT NULL);
CREATE TABLE jobs (
  id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers (id),
  state text NOT NULL CHECK (state IN ('done', 'failed', 'waiting')), worker text, is_urgent boolean NOT NULL,
  amount numeric(12,2) NOT NULL, queue int NOT NULL, started_at timestamptz NOT NULL, note varchar(60));
CREATE INDEX jobs_state ON jobs (state); CREATE INDEX jobs_queue ON jobs (queue);
CREATE INDEX jobs_started ON jobs (started_at)"""
PRODUCTION = """
INSERT INTO customers SELECT n, CASE WHEN n % 10 < 7 THEN 'DE' WHEN n % 10 < 9 THEN 'AT' ELSE 'CH' END
  FROM generate_series(1, 2000) n;
INSERT INTO jobs SELECT n, 1 + floor(1999 * power(random(), 4)), CASE WHEN n % 1000 = 0 THEN 'waiting'
  WHEN n % 50 = 0 THEN 'failed' ELSE 'done' END, CASE WHEN n % 4 = 0 THEN NULL ELSE 'w' || n % 7 END, n % 20 = 0,
  5 + 95 * power(random(), 3), CASE WHEN n % 5 < 4 THEN 1 ELSE 2 + n % 3000 END,
  timestamptz '2019-03-01' + n * interval '1 hour', 'note ' || n FROM generate_series(1, 20000) n;
ANALYZE customers, jobs"""
RARE = "SELECT * FROM jobs WHERE state = 'waiting'"
COMMON = "SELECT * FROM jobs WHERE queue = 1"
OLD = "SELECT * FROM jobs WHERE started_at < '2019-03-20'"


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    yield from local_server(find("postgresql"), None, request)


@pytest.fixture(scope="module")
def production(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario beside the file that the printed query gives."""
    folder = tmp_path_factory.mktemp("statistics")
    with find("postgresql").fresh(server, "production") as database, connected(database) as connection:
        connection.execute(f"SELECT setseed(0.5); {TABLES}; {PRODUCTION}")
        row = connection.execute(statistics_query("postgresql")).fetchone()
        assert row is not None
        (folder / "production.json").write_text(json.dumps(next(iter(row.values()))), encoding="utf-8")
        (folder / "ways.json").write_text(json.dumps(ways(connection)), encoding="utf-8")
    (folder / "nightly.toml").write_text('statistics = "production.json"\n', encoding="utf-8")
    return folder / "nightly.toml"


def ways(connection: Connection) -> dict[str, str]:
    """How the planner goes about the queries."""
    found = {}
    for text in (RARE, COMMON, OLD):
        row = connection.execute(f"EXPLAIN (FORMAT JSON) {text}").fetchone()
        assert row is not None
        found[text] = row["QUERY PLAN"][0]["Plan"]["Node Type"]
    return found


def filled(server: Server, scenario: Scenario) -> dict[str, Any]:
    """Fill the tables: the planner's ways for the queries, and what its statistics say of the columns."""
    with (
        find("postgresql").fresh(server, "filled") as database,
        find("postgresql").connect(database) as session,
        connected(database) as connection,
    ):
        connection.execute(TABLES)
        schema = session.inspect()
        made = seeded(read_memo(written(order_of(scenario, schema, NOW))))
        assert not made.unfillable
        with session.filling(schema):
            for volume in made.volumes:
                session.load(made.entity(volume.entity), made.batches(volume.entity))
        known = connection.execute("SELECT *, most_common_vals::text::text[] AS most FROM pg_stats").fetchall()
        columns = {row["attname"]: row for row in known if row["tablename"] == "jobs"}
        return {"rows": session.count("jobs"), "ways": ways(connection), **columns}


@pytest.fixture(scope="module")
def alike(server: Server, production: Path) -> dict[str, Any]:
    return filled(server, read(production))


def test_the_planner_decides_as_in_production(server: Server, alike: dict[str, Any], production: Path) -> None:
    there = json.loads(production.with_name("ways.json").read_text(encoding="utf-8"))
    assert alike["ways"] == there
    usual = filled(server, Scenario(rows=(("customers", 2000), ("jobs", 20000))))
    assert usual["ways"][COMMON] != there[COMMON]


def test_columns_have_the_shares_the_nulls_and_as_many_values(alike: dict[str, Any]) -> None:
    assert alike["rows"] == 20_000
    assert dict(zip(alike["state"]["most"], alike["state"]["most_common_freqs"], strict=True)) == pytest.approx(
        {"done": 0.98, "failed": 0.019, "waiting": 0.001}, abs=0.004
    )
    assert alike["worker"]["null_frac"] == pytest.approx(0.25, abs=0.02)
    assert alike["worker"]["n_distinct"] == 7
    assert alike["is_urgent"]["most_common_freqs"] == pytest.approx([0.95, 0.05], abs=0.01)
    assert alike["queue"]["most_common_freqs"][0] == pytest.approx(0.8, abs=0.02)
    assert alike["queue"]["n_distinct"] == pytest.approx(601, abs=5)


def test_values_lie_where_they_lie_in_production(alike: dict[str, Any], production: Path) -> None:
    said = next(each for each in read(production).observed if each.field == "amount")
    wanted = [float(text) for text in said.bounds]
    amounts = [float(text) for text in str(alike["amount"]["histogram_bounds"]).strip("{}[]").split(",")]
    for part in (0, 0.25, 0.5, 0.75, 1):
        assert amounts[int(part * (len(amounts) - 1))] == pytest.approx(wanted[int(part * (len(wanted) - 1))], rel=0.1)
    assert "2019-03" in str(alike["started_at"]["histogram_bounds"])[:30]
    assert alike["started_at"]["correlation"] > 0.99


def test_popular_parents_are_as_popular(alike: dict[str, Any], production: Path) -> None:
    said = next(each for each in read(production).observed if each.field == "customer_id")
    found = alike["customer_id"]["most_common_freqs"][: len(said.common)]
    assert sum(found) == pytest.approx(sum(share for _, share in said.common), abs=0.08)


def test_rows_are_scaled_and_the_scenario_wins(production: Path) -> None:
    path = production.with_name("small.toml")
    path.write_text('statistics = { file = "production.json", scale = 0.1 }\n[rows]\ncustomers = 7\n', encoding="utf-8")
    assert dict(read(path).rows) == {"customers": 7, "jobs": 2000}


def test_the_command_prints_the_query(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed", "--statistics-query", "postgresql"]) == 0
    assert capsys.readouterr().out.strip() == statistics_query("postgresql")
    assert main(["seed", "--statistics-query", "oracle"]) == 2


def column(**said: object) -> str:
    return json.dumps({"format": FORMAT, "tables": [{"table": "t", "rows": 9, "columns": [{"column": "c", **said}]}]})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "no statistics of the format"),
        (json.dumps({"format": FORMAT, "tables": [{"rows": 1}]}), r"tables\[0\].table must be a name"),
        (json.dumps({"format": FORMAT, "tables": [{"table": "t", "rows": -1}]}), "t: rows must be a whole number"),
        (json.dumps({"format": FORMAT, "tables": [{"table": "t", "rows": 10**12}]}), "give a scale"),
        (column(null=2), "t.c: null must be a number from 0 to 1"),
        (column(common=["a"], shares=[0.5, 0.5]), "as many"),
        (column(common=[["a"]], shares=[0.5]), "must be a text or a number"),
        (column(histogram=7), "t.c: histogram must be"),
    ],
)
def test_a_file_that_is_wrong_is_said_where(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    (tmp_path / "x.toml").write_text('statistics = "x.json"', encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read(tmp_path / "x.toml")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('statistics = "gone.json"', encoding="utf-8")
    with pytest.raises(InputError, match=r"gone\.json: no such file"):
        read(tmp_path / "x.toml")


def test_histograms_of_mysql_are_read(tmp_path: Path) -> None:
    single = {"histogram-type": "singleton", "null-values": 0.2, "buckets": [["base64:type15:cGFpZA==", 0.6], [5, 0.8]]}
    high = {"histogram-type": "equi-height", "buckets": [[1, 10, 0.5, 9], [11, 90, 1.0, 40]]}
    columns = [{"column": "a", "histogram": single}, {"column": "b", "histogram": high}]
    said = {"format": FORMAT, "tables": [{"table": "t", "rows": 9, "columns": columns}]}
    (tmp_path / "x.json").write_text(json.dumps(said), encoding="utf-8")
    (tmp_path / "x.toml").write_text('statistics = "x.json"', encoding="utf-8")
    one, other = read(tmp_path / "x.toml").observed
    assert (one.null, [text for text, _ in one.common]) == (0.2, ["paid", "5"])
    assert [share for _, share in one.common] == pytest.approx([0.6, 0.2])
    assert (other.bounds, other.distinct) == (("1", "10", "90"), 49)
