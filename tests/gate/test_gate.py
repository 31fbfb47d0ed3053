"""The gate in a git repository: what is judged, what is said of the history, and what is printed where."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.cli.entry import root as application
from harness.errors import InputError
from harness.folders.model import Settings
from harness.folders.read import read
from harness.gate.discovery import folders
from harness.gate.git import Repository
from harness.gate.relevance import relevant
from harness.gate.scope import scope
from tests.gate.chain import commit, git, repository


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations' folder of a repository with a chain of twelve; the working directory is the repository."""
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    folder = repository(tmp_path, 12)
    monkeypatch.chdir(tmp_path)
    return folder


def gate(*words: str) -> Result:
    return CliRunner().invoke(application, ["gate", *words], standalone_mode=False)


def findings(name: str = "db-migrations") -> list[dict[str, object]]:
    found = json.loads(Path("reports", name, "report.json").read_text(encoding="utf-8"))["findings"]
    return [f for f in found if f["verdict"] == "broken" and f["severity"] == "error"]


def add(folder: Path, number: int, up: str, down: str = "") -> None:
    (folder / f"{number:06}_new.up.sql").write_text(up, encoding="utf-8")
    if down:
        (folder / f"{number:06}_new.down.sql").write_text(down, encoding="utf-8")


def edited(folder: Path, number: int) -> Path:
    path = next(folder.glob(f"{number:06}_*.up.sql"))
    path.write_text(path.read_text(encoding="utf-8").replace("NUMERIC(10, 2)", "NUMERIC(12, 2)"), encoding="utf-8")
    return path


def test_nothing_relevant_is_said_and_no_failure(chain: Path) -> None:
    Path("README").write_text("hello", encoding="utf-8")
    result = gate("--base", "main")
    assert result.return_value == 0
    assert "nothing relevant was changed since main (looked at db/migrations)" in result.stdout
    assert not Path("reports").exists()


def test_only_what_was_added_and_edited_is_judged_and_annotated(chain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    add(chain, 13, "ALTER TABLE orders_1 ADD COLUMN role TEXT;\n", "SELECT 1;\n")
    path = edited(chain, 7)
    commit(Path(), "Change")
    result = gate("--base", "main", "--server", "local", "--rows", "50")
    assert result.return_value == 1, result.output
    (history,) = findings("db-migrations-000007")
    assert (history["check"], history["path"]) == ("history-unedited", f"db/migrations/{path.name}")
    assert [(f["check"], f["path"], f["line"]) for f in findings()] == [
        ("round-trip-exact", "db/migrations/000013_new.down.sql", 1)
    ]
    judged = json.loads(Path("reports/db-migrations/report.json").read_text(encoding="utf-8"))
    assert [m["id"] for m in judged["migrations"]] == ["000013"]
    assert list(judged["data"]["rows"]) == ["orders_1"]
    place = "file=db/migrations/000013_new.down.sql,line=1,endLine=1,title=round-trip-exact%3A migration 000013"
    assert f"::error {place}::not as before after up and down" in result.output
    assert "`db/migrations/000013_new.down.sql:1`" in Path("summary.md").read_text(encoding="utf-8")


@pytest.mark.thorough
def test_a_migration_that_was_deleted_or_comes_too_early_breaks_the_history(chain: Path) -> None:
    for file in chain.glob("000012_*"):
        file.unlink()
    for way, text in (("up", "ALTER TABLE orders_1 ADD COLUMN role TEXT;\n"), ("down", "SELECT 1;\n")):
        (chain / f"000010_early.{way}.sql").write_text(text, encoding="utf-8")
    for file in chain.glob("000010_accounts*"):
        file.unlink()
    result = gate("--base", "main", "--server", "local", "--rows", "20", "--select", "history-unedited")
    assert result.return_value == 1, result.output
    texts = result.output
    assert "it is on main already, and was deleted" in texts


def test_a_base_that_is_not_there_says_how_to_fetch_it(chain: Path) -> None:
    result = gate("--base", "origin/main")
    assert result.exit_code
    assert "git fetch origin main" in str(result.exception)


def test_a_shallow_clone_says_how_to_deepen_it(chain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(Path(), "checkout", "--quiet", "main")
    Path("later").write_text("x", encoding="utf-8")
    commit(Path(), "Later")
    git(Path(), "checkout", "--quiet", "work")
    Path("own").write_text("x", encoding="utf-8")
    commit(Path(), "Own")
    clone = tmp_path / "clone"
    url = f"file://{tmp_path}"
    words = ["git", "clone", "--quiet", "--depth", "1", "--no-single-branch", "--branch", "work", url, str(clone)]
    subprocess.run(words, check=True, capture_output=True)
    monkeypatch.chdir(clone)
    result = gate("--base", "origin/main")
    assert result.exit_code
    assert "shallow" in str(result.exception)
    assert "fetch-depth: 0" in str(result.exception)


def test_what_is_not_committed_counts_too(chain: Path) -> None:
    add(chain, 13, "SELECT 1;\n")
    assert [str(path) for path in relevant((), "main").paths] == ["db/migrations"]


def test_outside_of_a_repository_everything_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = gate("--base", "main")
    assert "no git repository" in str(result.exception)
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "001_users.sql").write_text("CREATE TABLE users (id BIGSERIAL PRIMARY KEY);", encoding="utf-8")
    assert [str(path) for path in relevant((), None).paths] == ["migrations"]


@pytest.mark.thorough
def test_old_sins_are_kept_in_a_baseline_and_those_that_are_gone_are_named(chain: Path) -> None:
    add(chain, 13, "ALTER TABLE orders_1 ADD COLUMN role TEXT;\n", "SELECT 1;\n")
    words = ("--base", "main", "--server", "local", "--rows", "20")
    assert gate(*words, "--write-baseline").return_value == 0
    result = gate(*words)
    assert result.return_value == 0, result.output
    assert "silenced: 1" in result.output
    add(chain, 13, "ALTER TABLE orders_1 ADD COLUMN role TEXT;\n", "ALTER TABLE orders_1 DROP COLUMN role;\n")
    assert "is no longer found: take it out" in gate(*words).output


def test_several_projects_in_one_repository_are_several_folders(tmp_path: Path) -> None:
    files = [
        *(f"{name}/sql/V1__a.sql" for name in ("one", "two")),
        *(f"three/db/migration/{name}/V{name}__a.sql" for name in ("1", "2")),
        "four/migrate-mongo-config.js",
        "four/migrations/20250101090000-users.js",
    ]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("SELECT 1;\n", encoding="utf-8")
    assert set(folders(tmp_path, files)) == {"one/sql", "two/sql", "three/db/migration", "four/migrations"}


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ("script_location = alembic\n", ("alembic",)),
        ("script_location = alembic\nversion_locations = a:b\n", (".",)),
    ],
)
def test_revisions_and_the_configuration_above_them_are_one_folder(
    tmp_path: Path, config: str, found: tuple[str, ...]
) -> None:
    files = ("alembic.ini", "alembic/env.py", "alembic/versions/1_a.py", "setup.py")
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(config if name == "alembic.ini" else "", encoding="utf-8")
    assert folders(tmp_path, files) == found


@pytest.mark.parametrize("name", ["db/migrate", "db/structure.sql"])
def test_what_is_of_no_tool_that_is_known_is_not_passed_over_as_unchanged(chain: Path, name: str) -> None:
    for path in (Path("db/migrate/1_a.rb"), Path("db/structure.sql")):
        path.parent.mkdir(exist_ok=True)
        path.write_text("-- nothing\n", encoding="utf-8")
    commit(Path(), "Rails")
    with pytest.raises(InputError, match="of a tool that is known"):
        relevant((name,), "work")


def test_a_description_that_flyway_compares_is_not_worded_anew(tmp_path: Path) -> None:
    folder = tmp_path / "sql"
    folder.mkdir()
    for number in ("1", "2"):
        (folder / f"V{number}__goods.sql").write_text(f"CREATE TABLE goods_{number} (id INT);", encoding="utf-8")
    (folder / "R__view.sql").write_text("CREATE VIEW v AS SELECT 1;", encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "First")
    (folder / "V2__goods.sql").rename(folder / "V2__all_goods.sql")
    there = Repository(tmp_path)
    (edit,) = scope(read(folder, Settings()), "sql", there, ("HEAD", "main"), there.changed("HEAD")).history
    assert (edit.kind, edit.migration) == ("edited", "2")
    assert "its description was `goods` and is `all goods`" in edit.detail


def test_a_base_that_names_no_branch_is_told_as_that(chain: Path) -> None:
    for base in ("", "origin/"):
        with pytest.raises(InputError, match="names no branch"):
            relevant((), base)


def test_a_folder_that_is_the_repository_is_relevant_only_when_something_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    (tmp_path / "V1__a.sql").write_text("SELECT 1;\n", encoding="utf-8")
    commit(tmp_path, "First")
    monkeypatch.chdir(tmp_path)
    assert relevant((), "main").paths == ()
    (tmp_path / "V2__b.sql").write_text("SELECT 1;\n", encoding="utf-8")
    assert [str(path) for path in relevant((), "main").paths] == ["."]


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", ":1: is no JSON"), ('{"findings": 3}', ':1: holds no list "findings"'), ("[]", ":1: holds no list")],
)
def test_a_baseline_that_is_none_is_said_before_anything_is_run(chain: Path, text: str, said: str) -> None:
    Path(".harness-baseline.json").write_text(text, encoding="utf-8")
    result = gate()
    assert f".harness-baseline.json{said}" in str(result.exception)
    assert "starting" not in result.stderr


def test_a_path_stands_for_the_folders_below_it_and_a_single_migration_for_nothing(chain: Path) -> None:
    Path("other/sql").mkdir(parents=True)
    Path("other/sql/V1__a.sql").write_text("SELECT 1;\n", encoding="utf-8")
    assert {str(path) for path in relevant((".",), None).paths} == {"db/migrations", "other/sql"}
    assert [str(path) for path in relevant(("other",), None).paths] == ["other"]
    with pytest.raises(InputError, match="name its folder, other/sql"):
        relevant(("other/sql/V1__a.sql",), None)


def test_a_folder_of_another_user_says_what_git_wants(chain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch, for its tests
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    with pytest.raises(InputError, match=r"git config --global --add safe\.directory /"):
        relevant((), "main")
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(InputError, match="git is not found here"):
        relevant((), "main")


def test_a_migration_that_has_no_place_for_a_down_must_not_be_edited_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prisma has no downs, and compares a checksum of the whole text."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "prisma" / "migrations" / "20250101090000_init" / "migration.sql"
    file.parent.mkdir(parents=True)
    file.write_text("CREATE TABLE a (id INT);\n", encoding="utf-8")
    (file.parents[1] / "migration_lock.toml").write_text('provider = "postgresql"', encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, "First")
    file.write_text("CREATE TABLE a (id INT); -- a\n", encoding="utf-8")
    result = gate("--base", "main", "--server", "local", "--rows", "20", "--select", "history-unedited")
    assert result.return_value == 1
    assert "prisma/migrations/20250101090000_init/migration.sql:1 history-unedited" in " ".join(result.stdout.split())


def test_a_folder_without_its_migration_is_told_and_files_beside_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prisma stops at a folder that has no ``migration.sql``."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "prisma" / "migrations"
    for name in ("20250101090000_init/migration.sql", "20250201090000_more/notes"):
        (folder / name).parent.mkdir(parents=True)
    (folder / "20250101090000_init" / "migration.sql").write_text("CREATE TABLE a (id INT);\n", encoding="utf-8")
    (folder / "migration_lock.toml").write_text('provider = "postgresql"', encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, "First")
    (folder / "migration_lock.toml").write_text('provider = "postgresql"\n', encoding="utf-8")
    result = gate("--base", "main", "--server", "local", "--rows", "20")
    assert result.return_value == 0
    assert "no migration was changed since main" in result.stderr
    (folder / "20250201090000_more" / "notes").write_text("x", encoding="utf-8")
    result = gate("--base", "main", "--server", "local", "--rows", "20")
    assert result.return_value == 1, result.output
    assert "there is no migration.sql in 20250201090000_more" in " ".join(result.stdout.split())
