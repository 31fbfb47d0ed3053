"""The published example of the document format, as it was given and with its types translated for MySQL."""

from pathlib import Path

import pytest

from harness.checks.base import Finding
from harness.errors import ServerError
from harness.pipeline import Options, verified
from harness.report.as_json import as_json
from harness.report.model import Report
from harness.run.model import Silent
from tests.conftest import missing, mostly_thorough

DOCUMENTS = Path(__file__).parent / "documents"
CASES = {
    "postgresql": "database-designer.md",
    "mysql": "database-designer-mysql.md",
    "mariadb": "database-designer-mysql.md",
}

BROKEN = {
    (115, "index-not-redundant"),  # UNIQUE (email) brings an index
    (116, "index-needed"),  # by created_at of users: no query
    (148, "index-needed"),  # by status and date: no query
    (149, "index-needed"),  # by date of orders: no query
    (178, "outer-join-kept"),  # WHERE o.created_at >= …
    (194, "document-complete"),  # CREATE TABLE users (...)
    (195, "document-complete"),
    (196, "document-complete"),  # -- Add indexes
    (207, "index-needed"),  # by role: no query
    (210, "rollback-keeps-data"),  # roles that were given since are gone
    (228, "partition-plan-applies"),
    (238, "claims-consistent"),  # created_at/updated_at on all tables
}
"""Line and check of everything that is wrong with it on every engine, by eye and by the server."""

ZONES = {(100, "timestamps-zoned"), (134, "timestamps-zoned"), (261, "claims-consistent")}
"""Its note asks for TIMESTAMPTZ "in PostgreSQL"; MySQL's TIMESTAMP is always an instant, so there it holds."""

OWN = {
    "postgresql": ZONES | {(249, "metrics-available")},
    "mysql": {(210, "rewrites-no-table")},
    "mariadb": {(249, "metrics-available"), (250, "metrics-available")},
}
"""What is true of some engines. MySQL drops a column that an index is on by building the table anew; no view of
PostgreSQL and MariaDB gives a percentile of response times, and MariaDB's performance schema is off as it comes."""


@pytest.fixture(
    scope="module",
    params=mostly_thorough(CASES, short="postgresql"),
)
def report(request: pytest.FixtureRequest) -> Report:
    options = Options(server="local", engine=request.param)
    try:
        return verified(DOCUMENTS / CASES[request.param], options, Silent())
    except ServerError as error:
        missing(request.config, request.param, str(error))
        raise


def found(report: Report, check: str, verdict: str) -> list[Finding]:
    return [f for f in report.findings if f.check == check and f.verdict == verdict]


def test_what_is_wrong_is_found_and_nothing_else(report: Report) -> None:
    expected = BROKEN | OWN.get(report.run.engine, set())

    assert {(f.source.line, f.check) for f in report.findings if f.verdict == "broken"} == expected
    assert report.exit_code == 1


def test_the_redundant_index_is_the_double_of_the_unique_constraint(report: Report) -> None:
    (finding,) = found(report, "index-not-redundant", "broken")

    assert "idx_users_email" in finding.subject
    assert "behind constraint" in finding.message


def test_the_partitioning_plan_is_refused_with_what_stands_in_its_way(report: Report) -> None:
    (finding,) = found(report, "partition-plan-applies", "broken")

    if report.run.engine == "postgresql":
        assert '"users" is not partitioned' in finding.message
    assert "primary key (id) would have to include the partition key" in finding.message
    assert "foreign key from orders" in finding.message


def test_its_migrations_go_up_down_and_up_exactly(report: Report) -> None:
    data = as_json(report)
    trips = {m["id"]: m["round_trip"] for m in data["migrations"]}

    assert list(trips.values()) == ["exact", "exact"]
    assert len(found(report, "reapplies", "holds")) == 2


def test_its_query_uses_both_indexes_and_meets_its_target(report: Report) -> None:
    used = found(report, "index-used", "holds")

    assert [f.subject for f in used] == ["query 1 / idx_users_email", "query 1 / idx_orders_user_id"]
    assert not found(report, "within-target", "broken")  # on a busy machine it may be that nobody can tell
    assert len(found(report, "query-returns-rows", "holds")) == 1


def test_every_other_claim_is_listed_with_a_reason(report: Report) -> None:
    unverified = [f for f in report.findings if f.verdict == "unverified"]

    assert {"backup-restores", "replica-serves", "metrics-available", "claims-tried"} <= {f.check for f in unverified}
    assert all(f.message for f in unverified)
