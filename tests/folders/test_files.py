"""Files as editors, merges and other machines leave them: read all the same, or one clear message on the line."""

from pathlib import Path

import pytest

from harness.adapters import find
from harness.checks.suppression_used import settled
from harness.design.claim_types import Loses
from harness.design.ignores import ignores
from harness.design.model import Statement
from harness.errors import InputError
from harness.folders import goose
from harness.folders.model import Folder, Settings
from harness.folders.read import read, tool_of
from harness.folders.text import text_of
from harness.pipeline import Options, planned, understood, verified
from harness.plan.migrations import split
from harness.run.model import Silent
from harness.source import Source

UP = "CREATE TABLE users (id BIGSERIAL PRIMARY KEY);\n"


def folder(tmp_path: Path, files: dict[str, str | bytes], settings: Settings | None = None) -> Folder:
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(tmp_path, settings or Settings())


def said(found: Folder) -> list[tuple[str, int, str]]:
    return [(Path(p.source.path).name, p.source.line, p.message) for p in found.problems]


ENCODED = {
    "CRLF": b"-- Up\r\nSELECT 1;\r\nSELECT 'caf\xc3\xa9';\r\n",
    "a mark of UTF-8": b"\xef\xbb\xbf-- Up\nSELECT 1;\nSELECT 'caf\xc3\xa9';\n",
    "Windows-1252": b"-- Up\r\nSELECT 1;\r\nSELECT 'caf\xe9';\r\n",
    "UTF-16": "\ufeff-- Up\nSELECT 1;\nSELECT 'café';\n".encode("utf-16-le"),
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED.keys())
def test_every_encoding_gives_the_same_text_on_the_same_lines(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "001_a.sql"
    path.write_bytes(data)
    assert text_of(path) == "-- Up\nSELECT 1;\nSELECT 'café';\n"


def test_what_is_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"001_a\.sql: not a text file"):
        folder(tmp_path, {"001_a.sql": b"\x00\x01\x02"})


def test_an_unfinished_merge_is_said_on_its_line(tmp_path: Path) -> None:
    text = UP + "<<<<<<< HEAD\nSELECT 1;\n=======\nSELECT 2;\n>>>>>>> feature\n"
    ((name, line, message),) = said(folder(tmp_path, {"001_a.up.sql": text}))
    assert (name, line) == ("001_a.up.sql", 2)
    assert message == "a merge was not finished here: <<<<<<< HEAD"


def test_an_empty_file_is_said(tmp_path: Path) -> None:
    found = folder(tmp_path, {"001_a.up.sql": UP, "002_b.up.sql": "", "003_c.up.sql": "-- nothing yet\n"})
    assert said(found) == [
        ("002_b.up.sql", 1, "there is no statement in it"),
        ("003_c.up.sql", 1, "there is no statement in it"),
    ]


def test_two_of_one_number_are_said_at_the_second(tmp_path: Path) -> None:
    ((name, _, message),) = said(folder(tmp_path, {"7_b.up.sql": UP, "007_a.up.sql": "SELECT 1;"}))
    assert name == "7_b.up.sql"
    assert message.startswith("007_a.up.sql has the version 7 too")


def test_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    found = folder(tmp_path, {"V2__b.sql": UP, "V10__c.sql": "SELECT 1;", "V1_5__a.sql": "SELECT 1;"})
    assert [step.id for step in found.steps] == ["1.5", "2", "10"]


def test_placeholders_are_filled_and_those_without_a_value_are_said_on_their_line(tmp_path: Path) -> None:
    files = {"V1__a.sql": f"{UP}SELECT '${{one}}';\nSELECT '${{two}}';\n"}
    found = folder(tmp_path, files, Settings(placeholders={"one": "1"}))
    assert found.steps[0].up is not None
    assert "SELECT '1';" in found.steps[0].up.pieces[0].text
    ((_, line, message),) = said(found)
    assert line == 3
    assert "placeholder two has no value" in message


def test_a_migration_in_go_stops_the_chain_and_says_so(tmp_path: Path) -> None:
    up = f"-- +goose Up\n{UP}"
    files: dict[str, str | bytes] = {
        "1_a.sql": up,
        "2_b.go": "package migrations",
        "3_c.sql": "-- +goose Up\nSELECT 1;",
    }
    folder(tmp_path, files)
    design = understood(tmp_path)
    assert goose.fits(tmp_path)
    assert [migration.id for migration in design.migrations] == ["1"]
    assert [(p.subject, p.verdict) for p in design.problems] == [
        ("migration 2", "unverified"),
        ("migration 3", "unverified"),
    ]


def test_the_bodies_of_routines_stay_whole() -> None:
    dollar = Statement("DO $$ BEGIN PERFORM 1; PERFORM 2; END $$;\nSELECT 3;", Source("a.sql", 1, 2))
    assert [s.source.line for s in split(find("postgresql"), dollar)] == [1, 2]
    body = "FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; END//"
    text = f"DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a {body}\nDELIMITER ;\nSELECT 3;"
    assert [s.source.line for s in split(find("mysql"), Statement(text, Source("a.sql", 1, 4)))] == [2, 4]


def test_a_folder_with_nothing_known_in_it_names_the_tools(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("x")
    assert tool_of(tmp_path) == ""
    with pytest.raises(InputError, match="no migrations of a known tool in it: name one of sqitch"):
        read(tmp_path, Settings())


COMMENTED = """-- harness: ignore up-applies because the extension is there in production
CREATE TABLE a (
    id geometry
);
ALTER TABLE b ADD COLUMN c TEXT; -- harness: ignore down-exists because it is dropped by hand
-- harness: ignore round-trip-exact
-- harness: ignore up-aplies because of a slip
SELECT 1;
"""


def test_a_comment_is_about_the_statement_below_it_or_about_its_line() -> None:
    found = [(i.check, i.reason, i.about.line, i.about.end_line) for i in ignores(COMMENTED, "a.sql")]
    assert found == [
        ("up-applies", "the extension is there in production", 1, 4),
        ("down-exists", "it is dropped by hand", 5, 5),
        ("round-trip-exact", "", 6, 8),
        ("up-aplies", "of a slip", 7, 8),
    ]


def test_a_comment_with_no_reason_no_use_or_a_wrong_name_is_said() -> None:
    names = {"up-applies", "down-exists", "round-trip-exact"}
    kept, silenced = settled((), list(ignores(COMMENTED, "a.sql")), names, names - {"down-exists"})
    assert silenced == ()
    assert [(f.source.line, f.message) for f in kept] == [
        (1, "there is nothing that it silences"),
        (6, "no reason is given, so nothing is silenced"),
        (7, "there is no such check; did you mean up-applies?"),
    ]


@pytest.mark.thorough
def test_a_finding_with_a_comment_does_not_fail_the_run(tmp_path: Path) -> None:
    comment = "-- harness: ignore round-trip-exact because the column is dropped by the next release\n"
    files: dict[str, str | bytes] = {
        "1_a.up.sql": UP,
        "1_a.down.sql": "DROP TABLE users;",
        "2_b.up.sql": "ALTER TABLE users ADD COLUMN role TEXT;",
        "2_b.down.sql": comment + "SELECT 1;",
    }
    folder(tmp_path, files)
    report = verified(tmp_path, Options(server="local", rows=("20",)), Silent())
    assert report.exit_code == 0
    assert [s.reason for s in report.suppressed] == ["the column is dropped by the next release"]


def test_a_document_names_the_folder_of_its_migrations(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    folder(tmp_path / "db", {"1_a.up.sql": UP, "1_a.down.sql": "DROP TABLE users;"})
    document = tmp_path / "shop.md"
    document.write_text("# Shop\n\n**Type:** PostgreSQL\n\n**Migrations:** ./db\n", encoding="utf-8")
    design = understood(document)
    assert (design.tool, design.folder) == ("golang-migrate", False)
    assert [m.source.path for m in design.migrations] == [str(tmp_path / "db" / "1_a.up.sql")]


def test_more_code_than_can_be_tried_is_said_and_rows_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "001_table.sql").write_text("CREATE TABLE t (id bigint PRIMARY KEY, a text);\n")
    rows = "".join(f"{number}\tsome words about it\n" for number in range(400_000))
    (tmp_path / "002_rows.sql").write_text(f"COPY t (id, a) FROM stdin;\n{rows}\\.\n")
    (tmp_path / "003_more.sql").write_text("INSERT INTO t VALUES (-1, 'some words about it');\n" * 210_000)
    (tmp_path / "004_code.sql").write_text("UPDATE t SET a = 'other words' WHERE id = 1;\n" * 250_000)
    (tmp_path / "005_column.sql").write_text("ALTER TABLE t ADD COLUMN b text;\n")
    plan = planned(tmp_path, Options(engine="postgresql"))
    assert [change.id for change in plan.changes] == ["001", "002", "003", "005"]
    assert len(plan.changes[2].up) < 30
    (note,) = [note for note in plan.notes if note.kind == "not run"]
    assert (note.subject, note.source.path) == ("migration 004", str(tmp_path / "004_code.sql"))
    assert note.message.startswith("11 MB of code in one migration, besides long lists of rows")


def test_a_repeatable_script_is_run_on_what_it_made(tmp_path: Path) -> None:
    files = {
        "V1__people.sql": "CREATE TABLE people (id BIGINT PRIMARY KEY, role TEXT NOT NULL);",
        "U1__people.sql": "DROP TABLE people;",
        "R__adults.sql": "\nCREATE VIEW adults AS SELECT id FROM people;",
        "R__all.sql": "CREATE OR REPLACE VIEW everybody AS SELECT id FROM people;",
        "R__more.sql": "ALTER TABLE people ADD CHECK (id > 0);",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    options = Options(server="local", rows=("10",), select=("reapplies",), engine="postgresql")
    found = {f.subject: f for f in verified(tmp_path, options, Silent()).findings}

    refused = found["migration R adults"]
    assert (refused.verdict, refused.source.path, refused.source.line) == ("broken", str(tmp_path / "R__adults.sql"), 2)
    assert "already exists" in refused.message
    assert found["migration R all"].verdict == "holds"
    assert found["migration R more"].verdict == "broken"
    assert "does not make the same" in found["migration R more"].message


EXPLAINED = "ALTER TABLE users ADD COLUMN role TEXT;\n-- {}\nALTER TABLE users DROP COLUMN role;\n"


@pytest.mark.parametrize(
    ("text", "down"),
    [
        (EXPLAINED.format("Down: loses the values of role"), True),
        (EXPLAINED.format("Rollback (loses the roles)"), True),
        (EXPLAINED.format("Down: see 001_role_down.sql"), False),
        (EXPLAINED.format("Down: DROP the column"), False),
        ("-- Author: Ada\n-- Rollback: take the role away by hand\nALTER TABLE users ADD COLUMN role TEXT;\n", False),
        ("ALTER TABLE users ADD COLUMN role TEXT;\n-- Rollback: not without a backup\n-- Down: by hand\n", False),
    ],
)
def test_a_line_that_explains_the_way_back_begins_it_between_statements_alone(
    tmp_path: Path, text: str, *, down: bool
) -> None:
    (tmp_path / "001_role.sql").write_text(text, encoding="utf-8")
    (step,) = read(tmp_path, Settings()).steps
    assert step.up is not None
    assert (step.down is not None) is down
    assert ("DROP COLUMN role" in step.up.pieces[0].text) is (not down and "DROP COLUMN role" in text)


@pytest.mark.parametrize(("words", "announced"), [("loses the values of role", True), ("nothing is lost", False)])
def test_a_comment_in_a_migration_announces_what_going_back_loses(
    tmp_path: Path, words: str, *, announced: bool
) -> None:
    (tmp_path / "001_role.sql").write_text(EXPLAINED.format(f"Down: {words}"), encoding="utf-8")
    claims = [claim for claim in understood(tmp_path).claims if isinstance(claim, Loses)]
    assert [claim.source.line for claim in claims] == ([2] if announced else [])
