"""The gate on a document whose migrations stand in it: what is said of those that the base branch has."""

from pathlib import Path

import pytest

from harness.folders.model import Settings
from harness.gate.documents import history
from harness.gate.relevance import relevant
from harness.pipeline import understood
from tests.gate.chain import commit, git

DESIGN = """\
# Shop

**Type:** PostgreSQL

## Migrations

### Migration 001: People

```sql
-- Up
CREATE TABLE people (
    id BIGSERIAL PRIMARY KEY,
    email TEXT NOT NULL
);
-- Down
DROP TABLE people;
```

### Migration 002: Phone

```sql
-- Up
ALTER TABLE people ADD COLUMN phone TEXT;
-- Down
ALTER TABLE people DROP COLUMN phone;
```
"""
NEXT = """
### Migration 003: Town

```sql
-- Up
ALTER TABLE people ADD COLUMN town TEXT;
-- Down
ALTER TABLE people DROP COLUMN town;
```
"""
SECOND = "### Migration 002: Phone"
PLANNED = NEXT.replace("Migration 003: Town", "Future Migration: Town")


@pytest.fixture
def design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The document, on ``main`` of a repository that is the working directory."""
    monkeypatch.chdir(tmp_path)
    path = Path("designs/shop.md")
    path.parent.mkdir()
    path.write_text(DESIGN + PLANNED, encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "First")
    git(tmp_path, "checkout", "--quiet", "-b", "work")
    return path


def told(path: Path, text: str) -> list[tuple[str, str, int, str]]:
    """What is said of the text in the place of the document: kind, migration, line, detail."""
    path.write_text(text, encoding="utf-8")
    diff = relevant((), "main").diff
    assert diff is not None
    said = history(path, understood(path), diff, Settings(), ())
    return [(edit.kind, edit.migration, edit.source.line, edit.detail) for edit in said]


BROKEN = [
    (
        DESIGN.replace("email TEXT NOT NULL", "email TEXT"),
        ("edited", "001", 13, "`email TEXT NOT NULL` became `email TEXT`"),
    ),
    (
        DESIGN.replace("    email", "    -- where to write to\n    town TEXT,\n    email"),
        ("edited", "001", 14, "`email TEXT NOT NULL` became `town TEXT,`"),
    ),
    (DESIGN[: DESIGN.index(SECOND)], ("deleted", "002", 1, "databases have run 002")),
    (
        DESIGN.replace(SECOND, f"{NEXT.replace('003', '002')}\n{SECOND.replace('002', '003')}"),
        ("overtaken", "002", 24, "003"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_a_migration_of_the_base_that_was_edited_deleted_or_overtaken_is_told_on_its_line(
    design: Path, text: str, said: tuple[str, str, int, str]
) -> None:
    found = [each for each in told(design, text) if each[0] != "kept"]
    assert found == [said]


HOLDS = {
    "new": (DESIGN + NEXT, "it is new, and comes after all that main has"),
    "a plan that changed": (DESIGN + PLANNED.replace("TEXT", "VARCHAR(20)"), "its text is as it was"),
    "words": (DESIGN.replace("## Migrations", "Who buys.\n\n## Migrations\n\nIn this order."), "its text is as it was"),
    "comments": (DESIGN.replace("    email", "    -- to write to\n    email"), "only comments or spaces were changed"),
    "its down": (DESIGN.replace("DROP TABLE people", "DROP TABLE IF EXISTS people"), "only its down was changed"),
    "its title": (DESIGN.replace("002: Phone", "002: The number to call"), "its text is as it was"),
    "two fences": (
        DESIGN.replace("-- Down\nDROP TABLE", "```\n\n**Down:**\n\n```sql\nDROP TABLE"), "its text is as it was"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HOLDS)
def test_new_migrations_and_other_words_around_them_leave_the_history_as_it_was(design: Path, what: str) -> None:
    text, said = HOLDS[what]
    found = told(design, text)
    assert {kind for kind, *_ in found} == {"kept"}, found
    assert any(said in detail for *_, detail in found), found


def test_a_document_that_was_renamed_is_compared_with_what_it_was(design: Path) -> None:
    git(Path(), "mv", str(design), "designs/store.md")
    commit(Path(), "Rename")
    found = told(Path("designs/store.md"), DESIGN.replace("phone TEXT", "phone VARCHAR(20)"))
    assert ("edited", "002") in [each[:2] for each in found]


def test_a_document_that_the_base_has_not_or_that_was_none_there_has_no_history(design: Path) -> None:
    assert told(Path("designs/other.md"), DESIGN.replace("people", "cars")) == []


def test_migrations_that_moved_into_the_folder_that_the_document_names_are_as_they_were(design: Path) -> None:
    folder = Path("db/migrations")
    folder.mkdir(parents=True)
    up, down = "ALTER TABLE people ADD COLUMN phone TEXT;\n", "ALTER TABLE people DROP COLUMN phone;\n"
    (folder / "002_phone.up.sql").write_text(up, encoding="utf-8")
    (folder / "002_phone.down.sql").write_text(down, encoding="utf-8")
    text = DESIGN[: DESIGN.index(SECOND)].replace("## Migrations", "**Migrations:** db/migrations\n\n## Migrations")
    assert {kind for kind, *_ in told(design, text)} == {"kept"}


def test_of_two_long_lines_the_part_is_shown_that_differs(design: Path) -> None:
    long = "    email TEXT NOT NULL DEFAULT '" + "x" * 120 + "' CHECK (email <> '{}')"
    design.write_text(DESIGN.replace("    email TEXT NOT NULL", long.format("a")), encoding="utf-8")
    git(Path(), "checkout", "--quiet", "main")
    commit(Path(), "Long")
    git(Path(), "checkout", "--quiet", "-B", "work")
    found = told(design, DESIGN.replace("    email TEXT NOT NULL", long.format("b")))
    assert [detail.count("<> 'a'") + detail.count("<> 'b'") for kind, *_, detail in found if kind == "edited"] == [2]
