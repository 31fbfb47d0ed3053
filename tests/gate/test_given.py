"""What is given to the gate beside the migrations: the queries that run today, and production's row counts."""

import csv
import json
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from harness import adapters
from harness.cli.entry import root as application
from harness.errors import InputError, ServerError
from harness.gate.counts import QUERIES, counts_query
from harness.gate.given import Given
from harness.pipeline import Options
from harness.servers.provider import provide
from tests.conftest import missing

FILES = {
    "1_people.up.sql": "CREATE TABLE people (id BIGSERIAL PRIMARY KEY, title TEXT NOT NULL, born DATE);",
    "1_people.down.sql": "DROP TABLE people;",
    "2_heading.up.sql": "ALTER TABLE people RENAME COLUMN title TO heading;",
    "2_heading.down.sql": "ALTER TABLE people RENAME COLUMN heading TO title;",
}
SCRIPT = "SELECT id FROM people WHERE born > '2000-01-01';\n\nSELECT title\nFROM people WHERE id = 7;\n"
STATISTICS = (
    "query,calls\n"
    '"SELECT count(*) FROM pg_catalog.pg_class",90000\n'
    '"SELECT id FROM people WHERE born > $1",10\n'
    '"SELECT title\nFROM people WHERE id = $1",500\n'
    '"UPDATE people SET born = $1",400\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with two migrations in ``migrations/``."""
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "migrations").mkdir()
    for name, text in FILES.items():
        (tmp_path / "migrations" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def gate(*words: str) -> Result:
    given = ["gate", "migrations", "--server", "local", "--rows", "20", *words]
    return CliRunner().invoke(application, given, standalone_mode=False)


def judged(check: str) -> list[tuple[str, str, str]]:
    found = json.loads(Path("reports", "migrations", "report.json").read_text(encoding="utf-8"))["findings"]
    return [(f["verdict"], f["subject"], f["message"]) for f in found if f["check"] == check]


@pytest.mark.parametrize(
    ("name", "text"),
    [("app.sql", SCRIPT), pytest.param("statements.csv", STATISTICS, marks=pytest.mark.thorough)],
)
def test_each_migration_must_keep_the_queries_working(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    result = gate("--queries", name)
    assert result.return_value == 1, result.output
    found = {subject: (verdict, message) for verdict, subject, message in judged("backward-compatible")}
    verdict, message = found["migration 2"]
    assert verdict == "broken"
    assert "title" in message
    assert found["migration 1"][0] != "broken"


@pytest.mark.thorough
def test_queries_that_a_migration_does_not_touch_go_on(folder: Path) -> None:
    (folder / "app.sql").write_text("SELECT id FROM people WHERE born > '2000-01-01';", encoding="utf-8")
    gate("--queries", "app.sql", "--select", "backward-compatible")
    broken = [message for verdict, _, message in judged("backward-compatible") if verdict == "broken"]
    assert all("query" not in message for message in broken), broken


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("app.sql", "UPDATE people SET born = NULL;", "app.sql: no query found in it"),
        ("app.csv", "text,calls\nSELECT 1,1\n", "app.csv:1: no column query"),
        ("app.csv", "query,calls\nVACUUM,1\n", "app.csv: no query found in it"),
    ],
)
def test_a_file_without_queries_says_what_is_wanted(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert said in str(gate("--queries", name).exception)


def test_counts_are_the_rows_of_the_tables(folder: Path) -> None:
    (folder / "counts.csv").write_text("table,rows\npeople,321\n", encoding="utf-8")
    words = ["gate", "migrations", "--server", "local", "--select", "up-applies", "--counts", "counts.csv"]
    CliRunner().invoke(application, words, standalone_mode=False)
    report = json.loads(Path("reports", "migrations", "report.json").read_text(encoding="utf-8"))
    assert report["data"]["rows"] == {"people": 321}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("table,rows\npeople,10\nshop.orders,-1\n", ("people=10", "shop.orders=0")),
        ("people;10\n", ("people=10",)),
        (
            '{"format": "harness.statistics/1", "tables": [{"table": "people", "rows": 10, "columns": []}]}',
            ("people=10",),
        ),
        ("table\trows\nshop\torders\t12\n", ("shop.orders=12",)),
        ("\ufefftable,rows\r\npeople,99999999999\r\n\r\n", ("people=1000000000",)),
    ],
)
def test_counts_are_read_as_databases_export_them(tmp_path: Path, text: str, rows: tuple[str, ...]) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(text, encoding="utf-8", newline="")
    found = Given(counts=path).options(Options(rows=("people=5",))).rows
    assert found[-1] == "people=5", "what --rows says counts more"
    assert [row.partition("=")[0] for row in found[:-1]] == [row.partition("=")[0] for row in rows]
    assert found[:-1] == rows or "99999999999" in text


def test_a_count_that_is_none_is_said_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("table,rows\npeople,10\norders,many\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"counts.csv:3: give a table and its number of rows, not orders,many"):
        Given(counts=path).options(Options())


def test_a_file_without_counts_says_where_they_come_from(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("table,rows\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"counts.csv: no table and number of rows in it: --counts-query"):
        Given(counts=path).options(Options())


@pytest.mark.parametrize("engine", ["postgresql", "mysql", "mariadb", "mongodb"])
def test_the_query_for_the_counts_is_printed(engine: str) -> None:
    result = CliRunner().invoke(application, ["gate", "--counts-query", "--engine", engine], standalone_mode=False)
    assert result.output.strip() == counts_query(engine).strip()
    assert set(QUERIES) | {"mariadb"} == set(adapters.names())


@pytest.mark.thorough
def test_what_postgresql_answers_to_it_is_what_is_read(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    engine = adapters.find("postgresql")
    try:
        with (
            provide(engine.recipe(None, None), "local") as server,
            engine.fresh(server, "counts", template=None) as at,
            psycopg.connect(
                host=at.host, port=at.port, user=at.user, password=at.password, dbname=at.database, autocommit=True
            ) as connection,
        ):
            connection.execute("CREATE TABLE people AS SELECT n AS id FROM generate_series(1, 500) n")
            connection.execute("ANALYZE people")
            with connection.cursor().copy(counts_query("postgresql")) as answer:
                text = b"".join(bytes(part) for part in answer).decode()
    except ServerError as error:
        missing(request.config, "postgresql", str(error))
        raise
    assert list(csv.reader(text.splitlines())) == [["table", "rows"], ["people", "500"]]
    path = tmp_path / "counts.csv"
    path.write_text(text, encoding="utf-8")
    assert Given(counts=path).options(Options()).rows == ("people=500",)
