"""A server that is killed at every statement: what is left, and which ways lead out."""

import pytest

from harness.servers.leftovers import listing
from tests.run.drills.conftest import Drilling, document, found, migration, trials

KILL = "kill-after-statement"

INDEX_AFTER_COLUMN = migration(
    "002",
    "ALTER TABLE notes ADD COLUMN state INT;\nCREATE INDEX CONCURRENTLY idx_state ON notes (state);",
    "DROP INDEX CONCURRENTLY idx_state;\nALTER TABLE notes DROP COLUMN state;",
)
INDEX_AFTER_COLUMN_MENDED = migration(
    "002",
    "ALTER TABLE notes ADD COLUMN IF NOT EXISTS state INT;\nDROP INDEX CONCURRENTLY IF EXISTS idx_state;\n"
    "CREATE INDEX CONCURRENTLY idx_state ON notes (state);",
    "DROP INDEX CONCURRENTLY IF EXISTS idx_state;\nALTER TABLE notes DROP COLUMN IF EXISTS state;",
)
TWO_COLUMNS = migration(
    "002",
    "ALTER TABLE notes ADD COLUMN a INT;\nALTER TABLE notes ADD COLUMN b INT;",
    "ALTER TABLE notes DROP COLUMN b;\nALTER TABLE notes DROP COLUMN a;",
)
TWO_COLUMNS_MENDED = migration(
    "002", "ALTER TABLE notes ADD COLUMN a INT, ADD COLUMN b INT;", "ALTER TABLE notes DROP COLUMN a, DROP COLUMN b;"
)


@pytest.mark.thorough
def test_postgresql_takes_back_a_transaction_and_leaves_an_index_invalid(drilling: Drilling) -> None:
    report = drilling(document("PostgreSQL", INDEX_AFTER_COLUMN), KILL)
    assert report.exit_code == 1
    assert found(report, "recovers")["migration 001"].verdict == "holds"
    up = found(report, "recovers")["migration 002 up"]
    assert up.verdict == "broken"
    seen = trials(report, "002")
    cut = seen["up", "killed after statement 1 of 2"]
    assert cut.result == "failed"
    assert "column notes.state was left behind" in cut.message
    assert "up again is refused" in cut.message
    assert "down is refused" in cut.message
    amidst = seen["up", "killed in the midst of statement 2 of 2"]
    assert "invalid index idx_state" in amidst.message
    assert amidst.message.endswith("down leads out")
    assert amidst.result == "passed"


@pytest.mark.thorough
def test_what_may_be_run_twice_recovers(drilling: Drilling) -> None:
    report = drilling(document("PostgreSQL", INDEX_AFTER_COLUMN_MENDED), KILL)
    assert report.exit_code == 0
    assert found(report, "recovers")["migration 002"].verdict == "holds"
    amidst = trials(report, "002")["up", "killed in the midst of statement 3 of 3"]
    assert "invalid index idx_state" in amidst.message
    assert amidst.message.endswith("up again leads out")
    assert [each.standing for each in listing() if each.standing == "left behind"] == []


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ["MariaDB", "MySQL"])
def test_two_alters_that_are_killed_between_them_lead_nowhere(drilling: Drilling, engine: str) -> None:
    report = drilling(document(engine, TWO_COLUMNS), KILL)
    cut = trials(report, "002")["up", "killed after statement 1 of 2"]
    assert cut.result == "failed"
    assert "column notes.a was left behind" in cut.message
    assert "up again is refused" in cut.message
    assert "down is refused" in cut.message
    assert {f.verdict for f in found(report, "recovers").values()} == {"holds", "broken"}
    assert report.exit_code == 1


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ["MariaDB", "MySQL"])
def test_one_alter_is_done_or_not_done(drilling: Drilling, engine: str) -> None:
    report = drilling(document(engine, TWO_COLUMNS_MENDED), KILL)
    assert {f.verdict for f in found(report, "recovers").values()} == {"holds"}
    assert report.exit_code == 0


@pytest.mark.thorough
@pytest.mark.docker
def test_a_container_is_killed_and_started_on_its_own_data(
    drilling: Drilling, docker_image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_POSTGRESQL_IMAGE", docker_image)
    report = drilling(document("PostgreSQL", INDEX_AFTER_COLUMN), KILL, server="docker")
    assert trials(report, "002")["up", "killed after statement 1 of 2"].result == "failed"
    assert found(report, "recovers")["migration 001"].verdict == "holds"


def test_a_server_at_a_url_is_not_killed(drilling: Drilling, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("server").address.url()
    report = drilling(document("PostgreSQL", INDEX_AFTER_COLUMN), KILL, server=url)
    assert {f.verdict for f in found(report, "recovers").values()} == {"unverified"}
    assert report.exit_code == 0
