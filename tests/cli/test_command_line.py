"""The command line: what it refuses and how it says so; nothing here needs a server."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.checks.registry import catalogue
from harness.cli import entry, main
from harness.cli.entry import COMMANDS, root
from harness.errors import ServerError

DESIGN = """\
# Shop

**Type:** PostgreSQL

## Schema

### Table: users

| Column | Type | Constraints |
|--------|------|-------------|
| id | BIGINT | PRIMARY KEY |
| email | VARCHAR(255) | NOT NULL |

## Migrations

### Migration 001: Initial schema
```sql
-- Up
CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(255) NOT NULL);

-- Down
DROP TABLE users;
```
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory with one design, and a fixed width."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    (tmp_path / "designs").mkdir()
    (tmp_path / "designs" / "shop.md").write_text(DESIGN)
    return tmp_path


BAD_CALLS = {
    "a misspelt command": (["verfy"], "no such command: verfy; did you mean verify?"),
    "an unknown command": (["qqq"], "no such command: qqq; there is: verify, drill, gate, show"),
    "no design": (["verify"], "Missing argument"),
    "a misspelt design": (["verify", "shpo"], "did you mean shop?"),
    "an unknown design": (["verify", "zzz"], "there is: shop"),
    "a file that is not there": (["verify", "designs/none.md"], "designs/none.md"),
    "a directory": (["verify", "designs"], "designs"),
    "a misspelt check": (["verify", "shop", "--select", "index-usd"], "did you mean index-used?"),
    "a check that is no check": (["verify", "shop", "--ignore", "qqqqqq"], "`harness checks` lists them"),
    "one bad check of several": (["verify", "shop", "--select", "index-used,nope-nope"], "no such check: nope-nope"),
    "an unknown severity": (["verify", "shop", "--fail-on", "advice"], "'advice' is not one of"),
    "rows that are no number": (["verify", "shop", "--rows", "many"], "--rows many"),
    "a scenario that is not there": (["verify", "shop", "--scenario", "none"], "scenario none: no such scenario"),
    "a seed that is no number": (["verify", "shop", "--seed", "x"], "'x' is not a valid integer"),
    "a server that is no server": (["verify", "shop", "--server", "nowhere"], "--server nowhere"),
    "a check of the catalogue that is not there": (["checks", "round-trip-exct"], "did you mean round-trip-exact?"),
    "a form that is not there": (["show", "shop", "--as", "yaml"], "'yaml' is not one of"),
    "safer ways of a form that is no SQL": (["show", "shop", "--safer"], "give --as sql"),
    "no folder to export to": (["export", "shop"], "Missing option '--to'"),
    "a name that is no file's name": (["init", "../x"], "../x: a design's name"),
    "a design that is there already": (["init", "shop"], "designs/shop.md: is there already"),
    "no server to stop": (["server", "stop"], "name the servers to stop"),
}


@pytest.mark.parametrize("case", BAD_CALLS)
def test_a_wrong_call_ends_with_2_and_says_why(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, said = BAD_CALLS[case]
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert said in " ".join(err.split())
    assert out == ""
    assert "Traceback" not in err
    assert not (here / "reports").exists()


BAD_FILES = {
    "an empty file": (b"", "bad.md"),
    "only white space": (b"\n \n", "bad.md"),
    "a binary file": (b"\x00\x01\xff\xfe" * 64, "bad.md"),
    "no tables": (b"# Notes\n\n**Type:** PostgreSQL\n\nNothing here.\n", "no table"),
    "no database": (b"# Notes\n\n### Table: a\n\n| Column | Type |\n|---|---|\n| id | INT |\n", "which database"),
    "an unknown database": (DESIGN.replace("PostgreSQL", "Oracle").encode(), "Oracle"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_document_that_cannot_be_used_ends_with_2(case: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, said = BAD_FILES[case]
    (here / "bad.md").write_bytes(content)
    assert main(["verify", "bad.md"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert said.lower() in err.lower()
    assert "Traceback" not in err


def test_two_designs_of_one_name_are_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "shop.md").write_text(DESIGN)
    assert main(["verify", "shop", "shop.md"]) == 2
    assert "have the same name" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str) -> None:
    result = CliRunner().invoke(root, [name, "--help"])
    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_the_commands_are_listed_without_being_imported() -> None:
    code = (
        "import sys; from harness.cli import main; main(['--help']); "
        "print([m for m in ('rich', 'jinja2', 'numpy', 'sqlglot', 'faker', 'harness.pipeline') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"
    assert all(name in said for name in COMMANDS)


def test_python_m_harness_is_the_command() -> None:
    said = subprocess.run([sys.executable, "-m", "harness", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("harness, version ")


def test_every_check_is_in_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks"]) == 0
    out = capsys.readouterr().out
    assert all(check.name in out for check in catalogue())
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("check", catalogue(), ids=lambda check: check.name)
def test_a_check_is_explained_in_its_own_words(check: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", check.name]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for words in (check.question, check.why, check.remedy, check.breaks, check.holds):
        assert " ".join(words.split()) in said


def test_the_catalogue_is_there_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "index-used", "--as", "json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["name"] == "index-used"
    assert told["severity"] == "error"


def test_show_tells_what_was_understood(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "shop"]) == 0
    out = capsys.readouterr().out
    assert "table users" in out
    assert "001" in out


@pytest.mark.parametrize(("form", "start"), [("json", "{"), ("sql", "-- "), ("mermaid", "erDiagram"), ("svg", "<svg ")])
def test_show_has_forms_for_programs(form: str, start: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "shop", "--as", form, "--color", "always"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(start)
    assert "\x1b" not in out


def test_export_writes_files_and_does_not_write_over_others(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "shop", "--to", "out"]) == 0
    assert [p.name for p in sorted((here / "out").iterdir())] == [
        "001_initial_schema.down.sql",
        "001_initial_schema.up.sql",
    ]
    assert main(["export", "shop", "--to", "out"]) == 0
    (here / "out" / "001_initial_schema.up.sql").write_text("-- mine")
    assert main(["export", "shop", "--to", "out"]) == 2
    assert (here / "out" / "001_initial_schema.up.sql").read_text() == "-- mine"
    assert main(["export", "shop", "--to", "out", "--force"]) == 0
    assert "CREATE TABLE users" in (here / "out" / "001_initial_schema.up.sql").read_text()


@pytest.mark.parametrize("engine", ["postgresql", "mysql", "mariadb", "mongodb"])
def test_init_writes_a_design_that_is_understood(engine: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "front-desk", "--engine", engine]) == 0
    assert main(["show", "front-desk"]) == 0
    out = capsys.readouterr().out
    assert ("collection bookings" if engine == "mongodb" else "table bookings") in out
    assert "not understood" not in out


def test_color_is_kept_out_of_pipes_and_can_be_forced(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    seen = {}
    for color in ("auto", "never", "always"):
        main(["show", "shop", "--color", color])
        seen[color] = "\x1b[" in capsys.readouterr().out
    assert seen == {"auto": False, "never": False, "always": True}


def test_an_error_of_the_harness_itself_is_one_line_and_a_file(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(entry.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(entry.root, "main", broken)
    assert main(["show", "shop"]) == 70
    err = capsys.readouterr().err
    assert err.startswith("error: this is a bug in the harness: RuntimeError: two (the details are in ")
    (file,) = tmp_path.glob("harness-bug-*.txt")
    assert "Traceback" in file.read_text()


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (ServerError("no server: install one"), 3, "error: no server: install one\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_what_ends_the_work_has_its_own_exit_code(
    raised: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(entry.root, "main", ends)
    assert main(["doctor"]) == code
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("end", "code", "said"), [(KeyboardInterrupt(), 130, "interrupted\n"), (SystemExit(143), 143, "")]
)
def test_what_fails_while_an_end_is_under_way_says_no_more_than_the_end(
    end: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(*_: object, **__: object) -> None:
        try:
            raise end
        finally:
            raise ValueError("the connection is at work")

    monkeypatch.setattr(entry.root, "main", ends)
    assert main(["doctor"]) == code
    assert capsys.readouterr().err == said


def test_a_reader_that_goes_away_is_no_error(here: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        [sys.executable, "-m", "harness", "show", "shop"], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert (ended.returncode, ended.stderr) == (141, "")


def test_characters_that_the_terminal_lacks_are_replaced(here: Path) -> None:
    (here / "designs" / "shop.md").write_text(DESIGN.replace("# Shop", "# Shop →"), encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    said = subprocess.run(
        [sys.executable, "-m", "harness", "show", "shop"], capture_output=True, env=environment, check=True
    )
    assert said.stdout.startswith(b"Shop ?")


@pytest.mark.parametrize(
    ("words", "expected"), [("verify sh", "shop"), ("show s", "shop"), ("checks round", "round-trip-exact")]
)
def test_names_are_completed(words: str, expected: str, here: Path) -> None:
    environment = os.environ | {
        "_HARNESS_COMPLETE": "bash_complete",
        "COMP_WORDS": f"harness {words}",
        "COMP_CWORD": "2",
    }
    said = subprocess.run(
        [sys.executable, "-c", "import sys; from harness.cli import main; sys.exit(main())"],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert expected in said.stdout


def test_commands_are_completed_with_none_of_them_loaded() -> None:
    code = (
        "import sys, click; from harness.cli.entry import root; "
        "found = [item.value for item in root.shell_complete(click.Context(root), 've')]; "
        "print(found, 'harness.pipeline' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "['verify'] False\n"


def test_the_signal_that_ends_is_handled_only_while_at_work() -> None:
    before = signal.getsignal(signal.SIGTERM)
    main(["--version"])
    assert signal.getsignal(signal.SIGTERM) is before
