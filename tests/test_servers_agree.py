"""One design on each kind of server: the reports agree but for the times and the server.

A server that is given by its URL is left as it was, whatever stands on it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from harness.adapters.postgresql.recipe import recipe
from harness.pipeline import Options, verified
from harness.report.as_json import json_text
from harness.run.model import Silent
from harness.servers.model import Address
from harness.servers.provider import provide

pytestmark = pytest.mark.thorough

DESIGN = Path(__file__).parents[1] / "designs" / "orders.md"
SCENARIO = "runs = 20\n[rows]\nusers = 1000\norders = 10000\n"

TIMES = frozenset(
    ("started", "seconds", "rows_per_second", "held_ms", "p50_ms", "p95_ms", "p99_ms", "elapsed_ms", "round_trip_ms")
) | {"cold_ms", "noise", "at_scale", "runs"}
"""What a clock tells; a query that was too slow in the first runs is run more often."""
SERVERS = frozenset(("engine", "native", "detail", "cost", "rows_expected", "pages_read"))
"""Where it ran, and what another version of the server may count, expect or call otherwise."""

MEASURED = frozenset(
    ("within-target", "index-used", "index-serves", "index-suggested", "index-needed", "growth-as-claimed")
) | {
    "blocks-at-most",
    "estimate-close",
    "sorts-by-index",
    "index-not-redundant",
    "rewrites-no-table",
    "metrics-available",
}
"""Checks whose words hold figures that were measured, or counted, on that server."""

OF_THE_SERVER = """
SELECT 'database', datname, datdba::regrole::text, datacl::text, shobj_description(oid, 'pg_database') FROM pg_database
UNION ALL SELECT 'role', rolname, rolcreatedb::text, rolsuper::text, rolpassword FROM pg_authid
UNION ALL SELECT 'setting', setdatabase::text, setrole::text, setconfig::text, '' FROM pg_db_role_setting
UNION ALL SELECT 'setting', name, setting, sourcefile, '' FROM pg_file_settings
UNION ALL SELECT 'tablespace', spcname, '', '', '' FROM pg_tablespace
"""
OF_A_DATABASE = """
SELECT relname, relfilenode::text, relacl::text FROM pg_class
UNION ALL SELECT users::text, ctid::text, xmin::text FROM users
"""

Told = dict[str, Any]
Standing = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Used:
    """The report made at a URL, and all that stood on its server before and after."""

    report: Told
    before: Standing
    after: Standing


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("scenario") / "small.toml"
    path.write_text(SCENARIO)
    return str(path)


@pytest.fixture(scope="module")
def local(scenario: str) -> Told:
    return reported(Options(server="local", scenario=scenario))


@pytest.fixture(scope="module")
def used(scenario: str) -> Iterator[Used]:
    """As a user who may make databases and nothing else, on a server where somebody else's things stand."""
    with provide(recipe(None, None), "local") as server:
        shop, foreign = server.address.of("shop"), server.address.of("harness_orders")
        with psycopg.connect(server.address.url(), autocommit=True) as connection:
            connection.execute("CREATE ROLE app LOGIN CREATEDB PASSWORD 'secret'")
            connection.execute("CREATE DATABASE shop OWNER app")
            connection.execute("CREATE DATABASE harness_orders")  # a name such as ours
        for database in (shop, foreign):
            with psycopg.connect(database.url(), autocommit=True) as connection:
                connection.execute("CREATE TABLE users AS SELECT 1 AS id, 'ada@example.com' AS email")
                connection.execute("GRANT ALL ON users TO app")
        before = standing(shop, foreign)
        url = replace(shop, user="app", password="secret").url()
        report = reported(Options(server=url, scenario=scenario))
        yield Used(report, before, standing(shop, foreign))


def reported(options: Options) -> Told:
    """The report as a program reads it."""
    told = json.loads(json_text(verified(DESIGN, options, Silent())))
    assert isinstance(told, dict)
    return told


def standing(*databases: Address) -> Standing:
    """All that stands on a server, outside and inside the databases."""
    seen = {"server": sorted(asked(databases[0], OF_THE_SERVER), key=str)}
    return seen | {each.database: sorted(asked(each, OF_A_DATABASE), key=str) for each in databases}


def asked(database: Address, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.url(), autocommit=True) as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]


def compared(report: Told) -> Told:
    """What must not depend on the server. Whether a target of time is met does, and with it the verdict as a whole."""
    report = {key: value for key, value in report.items() if key not in {"verdict", "counts"}}
    timed = {"verdict", "message", "remedy", "evidence"}
    report["findings"] = [
        {key: value for key, value in finding.items() if finding["check"] not in MEASURED or key not in timed}
        for finding in report["findings"]
    ]
    kept = without(report, TIMES | SERVERS)
    assert isinstance(kept, dict)
    return kept


def without(value: Any, names: frozenset[str]) -> Any:
    """The value without the keys of those names, at any depth."""
    if isinstance(value, dict):
        return {key: without(inner, names) for key, inner in value.items() if key not in names}
    return [without(inner, names) for inner in value] if isinstance(value, list) else value


def test_what_is_compared_is_the_whole_verdict(local: Told) -> None:
    seen = compared(local)
    assert {finding["verdict"] for finding in seen["findings"] if "verdict" in finding} == {"holds", "unverified"}
    assert [migration["round_trip"] for migration in seen["migrations"]] == ["exact"] * 3
    assert seen["data"]["rows"] == {"users": 1000, "orders": 10000}
    assert [len(query["indexes_used"]) for query in seen["queries"]] == [1, 2, 1, 1]
    assert len(seen["findings"]) == len(local["findings"])


def test_a_url_gives_the_report_of_a_local_server(local: Told, used: Used) -> None:
    assert (local["engine"]["server"], used.report["engine"]["server"]) == ("local", "url")
    assert compared(used.report) == compared(local)


def test_a_urls_server_is_left_as_it_was(used: Used) -> None:
    assert used.after == used.before
    assert {row[1] for row in used.after["server"] if row[0] == "database"} == {
        "postgres", "template0", "template1", "shop", "harness_orders",
    }  # fmt: skip


@pytest.mark.docker
def test_a_container_gives_the_report_of_a_local_server(local: Told, docker_image: str, scenario: str) -> None:
    contained = reported(Options(server="docker", image=docker_image, scenario=scenario))
    assert contained["engine"]["server"] == "docker"
    assert contained["engine"]["image"] == docker_image
    assert compared(contained) == compared(local)
