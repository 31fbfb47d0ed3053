"""The command line on a real server: the whole job, and the single steps."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.adapters import find
from harness.cli import main
from harness.errors import ServerError
from harness.pipeline import Options
from harness.servers.model import Server
from harness.servers.provider import provide
from tests.conftest import missing
from tests.standing import Standing

BROKEN_UP = """

### Migration 002: Broken
```sql
-- Up
ALTER TABLE nowhere ADD COLUMN x INTEGER;

-- Down
ALTER TABLE nowhere DROP COLUMN x;
```
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """The design that ``harness init`` writes, in a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", "desk"]) == 0
    capsys.readouterr()
    return tmp_path


def with_a_broken_migration(desk: Path, name: str) -> Path:
    """The same design with a second migration that the server refuses."""
    path, good = desk / "designs" / f"{name}.md", (desk / "designs" / "desk.md").read_text()
    path.write_text(good.replace("## Data integrity rules", BROKEN_UP + "## Data integrity rules"))
    return path


def small(server: Server) -> list[str]:
    return ["--server", server.address.url(), "--rows", "customers=500", "--rows", "bookings=5000"]


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ["mysql", "mariadb", "mongodb"])
def test_what_init_writes_holds_on_every_engine(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standing: Standing, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "desk", "--engine", engine]) == 0
    try:
        report = standing.report(
            Path("designs/desk.md"), Options(server="local", rows=("customers=500", "bookings=5000"))
        )
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise
    assert report.run.engine == engine
    assert {f.verdict for f in report.findings} == {"holds"}


def test_what_init_writes_holds_whole(desk: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["verify", "desk", "--fail-on", "warning", *small(server)])
    out, err = capsys.readouterr()
    assert code == 0, out
    assert out.splitlines()[-1].startswith("desk: holds · ")
    assert "databases named harness_… are made and dropped there" in err
    assert "query 1:" in err
    told = json.loads((desk / "reports" / "desk" / "report.json").read_text())
    assert (told["verdict"], told["engine"]["server"]) == ("holds", "url")
    assert told["data"]["rows"] == {"customers": 500, "bookings": 5000}
    assert {f["verdict"] for f in told["findings"]} == {"holds"}


@pytest.mark.thorough
def test_the_worst_of_several_designs_gives_the_exit_code(
    desk: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (desk / "designs" / "desk.md").read_text()
    (desk / "designs" / "bad.md").write_text(
        good.replace("## Data integrity rules", BROKEN_UP + "## Data integrity rules")
    )
    (desk / "designs" / "empty.md").write_text("")
    assert main(["verify", "desk", "bad", "--quiet", "--select", "up-applies", *small(server)]) == 1
    out, err = capsys.readouterr()
    assert [line.split(" · ")[0] for line in out.splitlines()] == ["desk: holds", "bad: broken"]
    assert err == ""
    assert main(["verify", "bad", "empty", "desk", "--quiet", "--select", "up-applies", *small(server)]) == 2
    out, err = capsys.readouterr()
    assert [line.split(" · ")[0] for line in out.splitlines()] == ["bad: broken", "desk: holds"]
    assert err.startswith("error: designs/empty.md")


def test_rows_for_a_table_that_is_not_there_are_noted(
    desk: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "desk", "--select", "up-applies", "--rows", "boking=5", *small(server)]) == 0
    assert "rows are asked for boking, and designs/desk.md has no such table" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_said_after_the_verdict(
    desk: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "reports").mkdir()
    (desk / "reports" / "desk").write_text("in the way")
    assert main(["verify", "desk", "--report", "reports", "--select", "up-applies", *small(server)]) == 2
    out, err = capsys.readouterr()
    assert out.splitlines()[-1].startswith("desk: holds")
    assert "the report cannot be written" in err.splitlines()[-1]


@pytest.mark.parametrize("command", ["verify", "drill", "gate"])
def test_a_place_where_no_report_can_be_written_is_said_before_the_run(
    command: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "in-the-way").write_text("a file")
    named = ["desk"] if command != "gate" else []
    assert main([command, *named, "--report", "in-the-way/x"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "in-the-way: the report cannot be written: it is no directory: choose another place" in err


def test_rows_that_migrations_bring_do_not_stand_in_the_way_of_others(
    desk: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    path, good = desk / "designs" / "desk2.md", (desk / "designs" / "desk.md").read_text()
    brought = BROKEN_UP.replace("Broken", "One customer").replace(
        "ALTER TABLE nowhere ADD COLUMN x INTEGER;",
        "INSERT INTO customers (email, full_name) SELECT 'ada@example.com', 'Ada';",
    )
    brought = brought.replace("ALTER TABLE nowhere DROP COLUMN x;", "DELETE FROM customers;")
    path.write_text(good.replace("## Data integrity rules", brought + "## Data integrity rules"))
    at = ["--server", server.address.url()]
    assert main(["migrate", "up", "desk2", *at]) == 0
    assert main(["seed", "desk2", "--rows", "customers=50", "--rows", "bookings=500", *at]) == 0, capsys.readouterr()
    assert main(["seed", "desk2", *at]) == 2
    assert "bookings has 500 rows already" in capsys.readouterr().err
    assert main(["migrate", "down", "desk2", *at]) == 0


def test_the_single_steps_work_on_a_database_that_stays(
    desk: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--server", server.address.url()]

    def said(*arguments: str) -> tuple[int, str]:
        code = main([*arguments, *at])
        out, err = capsys.readouterr()
        return code, out + err

    code, text = said("seed", "desk")
    assert (code, "no tables: run `harness migrate up desk` first" in text) == (2, True)
    code, text = said("migrate", "up", "desk")
    assert (code, "up 001 Initial schema: applied" in text) == (0, True)
    code, text = said("migrate", "up", "desk")
    assert (code, "0 steps; applied now: 001" in text) == (0, True)
    code, text = said("seed", "desk", "--rows", "customers=500", "--rows", "bookings=5000")
    assert (code, "bookings: 5,000 rows" in text) == (0, True)
    code, text = said("seed", "desk")
    assert (code, "bookings has 5,000 rows already: `harness migrate down`" in text) == (2, True)
    code, text = said("explain", "desk", "1")
    assert (code, "customers_email_key" in text, "of 200 runs" in text) == (0, True, True)
    code, text = said("explain", "desk", "7")
    assert (code, "no such query: 7 (there is: 1)" in text) == (2, True)
    code, text = said("migrate", "down", "desk")
    assert (code, "applied now: none" in text) == (0, True)
    code, text = said("explain", "desk")
    assert (code, 'relation "customers" does not exist' in text) == (1, True)


def test_a_refused_migration_is_told_with_its_line_and_leaves_the_ones_before(
    desk: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    path = with_a_broken_migration(desk, "steps")
    line = path.read_text().splitlines().index("ALTER TABLE nowhere ADD COLUMN x INTEGER;") + 1
    assert main(["migrate", "up", "steps", "--server", server.address.url()]) == 1
    out = capsys.readouterr().out
    assert "up 001 Initial schema: applied" in out
    assert f'designs/steps.md:{line}: relation "nowhere" does not exist' in out
    assert main(["migrate", "down", "steps", "--server", server.address.url()]) == 0
    assert "applied now: none" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "there"), [("mysql", "mariadb"), pytest.param("mariadb", "mysql", marks=pytest.mark.thorough)]
)
def test_a_design_of_one_engine_is_stepped_on_a_server_of_its_relative(
    written: str,
    there: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    request.getfixturevalue("monkeypatch").chdir(tmp_path)
    assert main(["init", "desk", "--engine", written]) == 0
    few = ["--rows", "customers=50", "--rows", "bookings=200"]

    def said(*arguments: str) -> tuple[int, str]:
        code = main([*arguments])
        out, err = capsys.readouterr()
        return code, out + err

    try:
        opened = provide(find(there).recipe(None, None), "local")
        server = opened.__enter__()
    except ServerError as error:
        missing(request.config, there, str(error))
        raise
    with ExitStack() as stack:
        stack.callback(opened.__exit__, None, None, None)
        plain, named = server.address.url().replace("mariadb://", "mysql://"), server.address.url()
        code, text = said("migrate", "up", "desk", "--server", plain)
        assert (code, f"with --engine {there}" in text) == (3, True), text
        assert said("migrate", "up", "desk", "--server", plain, "--engine", there)[0] == 0
        with_engine = [] if there == "mariadb" else ["--engine", there]  # mariadb:// says it, mysql:// is said of both
        code, text = said("seed", "desk", "--server", named, *with_engine, *few)
        assert (code, "bookings: 200 rows" in text) == (0, True), text
        assert said("explain", "desk", "--server", named, *with_engine)[0] == 0
        assert said("migrate", "down", "desk", "--server", named, *with_engine)[0] == 0


def test_the_engine_of_a_single_step_goes_with_a_design(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed", "--engine", "mariadb", "--server", "mysql://root@localhost/shop"]) == 2
    assert "--engine goes with a DESIGN" in capsys.readouterr().err
