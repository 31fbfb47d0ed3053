"""Old code on the new schema and new code on the old one: what breaks is found by running it."""

import pytest

from tests.run.drills.conftest import Drilling, found, migration, trials

OLD, NEW = "old-code-new-schema", "new-code-old-schema"

START = """\
# Notes

**Type:** {engine}

### Common query 1: One note
```sql
SELECT id, body FROM notes WHERE id = 5;
```

## Migrations

### Migration 001: Notes
```sql
-- Up
CREATE TABLE notes (
  id INT PRIMARY KEY, body VARCHAR(100) NOT NULL,
  kind VARCHAR(10) NOT NULL DEFAULT 'a', CONSTRAINT kinds CHECK (kind IN ('a', 'b', 'c')), score INT NULL
);
-- Down
DROP TABLE notes;
```
"""

BREAKING = {
    "a column that must be given": (
        "ALTER TABLE notes ADD COLUMN x INT;\nUPDATE notes SET x = 1;\n{not_null}",
        "ALTER TABLE notes DROP COLUMN x;",
    ),
    "a value that is taken no longer": (
        "ALTER TABLE notes ADD CONSTRAINT fewer CHECK (id > 0 AND (kind <> 'c' OR id < 41));",
        "ALTER TABLE notes DROP CONSTRAINT fewer;",
    ),
    "a default that is gone": (
        "ALTER TABLE notes ALTER COLUMN kind DROP DEFAULT;",
        "ALTER TABLE notes ALTER COLUMN kind SET DEFAULT 'a';",
    ),
    "another name": (
        "ALTER TABLE notes RENAME COLUMN body TO words;",
        "ALTER TABLE notes RENAME COLUMN words TO body;",
    ),
    "a column that is gone": ("ALTER TABLE notes DROP COLUMN score;", "ALTER TABLE notes ADD COLUMN score INT;"),
    "less room": ("{narrow}", "{widen}"),
}
KEEPING = {
    "a column with a default": (
        "ALTER TABLE notes ADD COLUMN x INT NOT NULL DEFAULT 0;", "ALTER TABLE notes DROP COLUMN x;"
    ),
    "a column that may be NULL": ("ALTER TABLE notes ADD COLUMN x INT;", "ALTER TABLE notes DROP COLUMN x;"),
    "more room": (
        "{wider}", "{widen}"
    ),
    "the old name as a view": (
        "ALTER TABLE notes RENAME TO papers;\nCREATE VIEW notes AS SELECT * FROM papers;",
        "DROP VIEW notes;\nALTER TABLE papers RENAME TO notes;",
    ),
    "a table that refers to it": (
        "CREATE TABLE marks (id INT PRIMARY KEY, note_id INT NOT NULL, FOREIGN KEY (note_id) REFERENCES notes (id));",
        "DROP TABLE marks;",
    ),
}  # fmt: skip
WORDS = {
    "PostgreSQL": {
        "not_null": "ALTER TABLE notes ALTER COLUMN x SET NOT NULL;",
        "narrow": "ALTER TABLE notes ALTER COLUMN body TYPE VARCHAR(99);",
        "widen": "ALTER TABLE notes ALTER COLUMN body TYPE VARCHAR(100);",
        "wider": "ALTER TABLE notes ALTER COLUMN body TYPE VARCHAR(120);",
    },
    "MySQL": {
        "not_null": "ALTER TABLE notes MODIFY COLUMN x INT NOT NULL;",
        "narrow": "ALTER TABLE notes MODIFY COLUMN body VARCHAR(99) NOT NULL;",
        "widen": "ALTER TABLE notes MODIFY COLUMN body VARCHAR(100) NOT NULL;",
        "wider": "ALTER TABLE notes MODIFY COLUMN body VARCHAR(120) NOT NULL;",
    },
}
WORDS["MariaDB"] = WORDS["MySQL"]


def document(engine: str, cases: dict[str, tuple[str, str]]) -> str:
    """Each case goes up and is taken back by the migration after it, so that all begin alike."""
    text = START.format(engine=engine)
    for number, (up, down) in enumerate(cases.values(), 1):
        there, back = up.format(**WORDS[engine]), down.format(**WORDS[engine])
        text += migration(case(number), f"{there}", back, claim=" (backwards compatible)")
        text += migration(f"{2 * number + 1:03}", back, there)
    return text


def case(number: int) -> str:
    """The id of the migration that is a case; the one after it takes it back."""
    return f"{2 * number:03}"


pytestmark = pytest.mark.thorough

ENGINES = ["PostgreSQL", "MariaDB", "MySQL"]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_breaks_old_code_is_found_by_running_it(drilling: Drilling, engine: str) -> None:
    report = drilling(document(engine, BREAKING), OLD, rows=40)
    verdicts = {name: f.verdict for name, f in found(report, "backward-compatible").items()}
    wanted = {f"migration {case(number)}": "broken" for number, _ in enumerate(BREAKING, 1)}
    assert {name: verdicts[name] for name in wanted} == wanted
    assert report.exit_code == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_what_old_code_does_not_notice_breaks_nothing(drilling: Drilling, engine: str) -> None:
    report = drilling(document(engine, KEEPING), OLD, NEW, rows=40)
    verdicts = {name: f.verdict for name, f in found(report, "backward-compatible").items()}
    wanted = {f"migration {case(number)}": "holds" for number, _ in enumerate(KEEPING, 1)}
    assert {name: verdicts[name] for name in wanted} == wanted
    assert report.exit_code == 0
    back = [t for t in trials(report, case(1)).values() if t.drill == NEW and t.result == "told"]
    assert any('"x"' in t.message or "'x'" in t.message for t in back), "code that knows x cannot go back first"
