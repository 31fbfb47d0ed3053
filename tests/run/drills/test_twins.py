"""Pairs for the drills: a migration in which something goes wrong, and its mended twin in which it does not."""

import pytest

from harness.report.model import Report
from harness.run.seen.drills import Trial
from tests.run.drills.conftest import Drilling, found, migration

LAST = ("CREATE TABLE last (id INT PRIMARY KEY);", "DROP TABLE last;")
"""Backed up is what was there before the last migration."""

FUNCTIONS = (
    "CREATE FUNCTION most() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 100';\n"
    "CREATE FUNCTION fits(t text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS "
    "'BEGIN RETURN length(t) <= {most}(); END';\n"
    "CREATE TABLE lines (id INT PRIMARY KEY, words VARCHAR(50) NOT NULL CHECK (fits(words)));"
)
UNFUNCTIONS = "DROP TABLE lines;\nDROP FUNCTION fits;\nDROP FUNCTION most;"

HEAD = """\
# Notes

**Type:** {engine}

## Migrations

### Migration 001: Notes
```sql
-- Up
CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(100) NOT NULL, n INT NOT NULL,
  CONSTRAINT low CHECK (n <= 5));
-- Down
DROP TABLE notes;
```
"""
LOW = "ALTER TABLE notes ADD CONSTRAINT low CHECK (n <= 5);"
WRITTEN = (
    ("ALTER TABLE notes DROP CONSTRAINT low;", LOW),
    ("ALTER TABLE notes DROP CONSTRAINT low;", f"UPDATE notes SET n = 5 WHERE n > 5;\n{LOW}"),
)
UNWIDEN = "ALTER TABLE notes DROP COLUMN x;"

POSTGRESQL = {
    "after-writes": WRITTEN,
    "under-load": (
        ("ALTER TABLE notes ADD COLUMN x INT;\nSELECT pg_sleep(0.8);", UNWIDEN),
        ("ALTER TABLE notes ADD COLUMN x INT;", UNWIDEN),
    ),
    "lock-queue": (
        ("ALTER TABLE notes ALTER COLUMN body SET DEFAULT '';", "ALTER TABLE notes ALTER COLUMN body DROP DEFAULT;"),
        ("CREATE INDEX CONCURRENTLY by_body ON notes (body);", "DROP INDEX CONCURRENTLY by_body;"),
    ),
    # pg_restore runs with an empty search_path, in which the function that the CHECK calls finds nothing.
    "restore": ((FUNCTIONS.format(most="most"), UNFUNCTIONS), (FUNCTIONS.format(most="public.most"), UNFUNCTIONS)),
}  # fmt: skip

FAMILY = {
    "after-writes": WRITTEN,
    "under-load": (
        ("LOCK TABLES notes WRITE;\nALTER TABLE notes ADD COLUMN x INT;\nDO SLEEP(0.8);\nUNLOCK TABLES;", UNWIDEN),
        ("ALTER TABLE notes ADD COLUMN x INT;", UNWIDEN),
    ),
    "lock-queue": (
        ("ALTER TABLE notes ALTER COLUMN body SET DEFAULT '';", "ALTER TABLE notes ALTER COLUMN body DROP DEFAULT;"),
        ("UPDATE notes SET body = body WHERE id = 1;", "UPDATE notes SET body = body WHERE id = 1;"),
    ),
    # The dump writes a FLOAT with six digits.
    "restore": (
        ("CREATE TABLE weights (id INT PRIMARY KEY, grams FLOAT NOT NULL);", "DROP TABLE weights;"),
        ("CREATE TABLE weights (id INT PRIMARY KEY, grams DOUBLE NOT NULL);", "DROP TABLE weights;"),
    ),
}  # fmt: skip

CASES = {"PostgreSQL": POSTGRESQL, "MySQL": FAMILY, "MariaDB": FAMILY}
TOLD = {
    "after-writes": ("failed", "refused on rows that the new schema takes", ""),
    "under-load": ("failed", "longest wait", "blocks-at-most"),
    "lock-queue": ("told", "behind it: as long as the reader takes", ""),
    "restore": ("failed", "", "backup-restores"),
}
"""What the drill tells of the broken one: its result, some of its words, the check that judges it."""

TRIED = [(engine, drill) for engine in ("PostgreSQL", "MariaDB") for drill in TOLD] + [("MySQL", "lock-queue")]
"""MySQL is as MariaDB, but that its list of tables waits in the queue for a lock."""

BROKEN, MENDED = 0, 1


def drilled(drilling: Drilling, engine: str, drill: str, which: int) -> tuple[Report, Trial]:
    """The report, and the gravest that the drill told of the migration."""
    parts = [migration("002", *CASES[engine][drill][which])]
    if drill == "restore":
        parts.append(migration("003", *LAST))
    report = drilling(HEAD.format(engine=engine) + "".join(parts), drill)
    told = [t for t in report.run.of(Trial) if t.migration == ("003" if drill == "restore" else "002")]
    return report, max(told, key=lambda t: ("untried", "passed", "told", "failed").index(t.result))


@pytest.mark.thorough
@pytest.mark.parametrize(("engine", "drill"), TRIED)
def test_what_goes_wrong_is_found_and_its_mended_twin_holds(drilling: Drilling, engine: str, drill: str) -> None:
    result, words, check = TOLD[drill]
    broken, wrong = drilled(drilling, engine, drill, BROKEN)
    if wrong.result == "untried":
        pytest.skip(wrong.message)
    mended, right = drilled(drilling, engine, drill, MENDED)

    assert wrong.result == result, wrong
    assert words in wrong.message
    assert right.result == "passed", right
    if check:
        assert "broken" in {f.verdict for f in found(broken, check).values()}
        assert {f.verdict for f in found(mended, check).values()} == {"holds"}


DOCUMENTS = """\
# Notes

**Type:** MongoDB

## Migrations

### Migration 001: Notes
```javascript
// Up
db.createCollection("notes", {{ validator: {{ $jsonSchema: {{ bsonType: "object", required: ["body"],
  properties: {{ _id: {{ bsonType: "objectId" }}, body: {{ bsonType: "string" }} }} }} }} }});
// Down
db.notes.drop();
```

### Migration 002: Change
```javascript
// Up
{up}
// Down
{down}
```
"""
COLLECTION = (
    ('db.notes.createIndex({ body: 1 }, { name: "by_body" });', 'db.notes.dropIndex("by_body");', "told"),
    (
        "db.notes.updateMany({}, { $set: { seen: 1 } });",
        'db.notes.updateMany({}, { $unset: { seen: "" } });',
        "passed",
    ),
)


@pytest.mark.thorough
@pytest.mark.parametrize(("up", "down", "result"), COLLECTION)
def test_writers_queue_behind_what_waits_for_a_transaction_of_mongodb(
    drilling: Drilling, monkeypatch: pytest.MonkeyPatch, up: str, down: str, result: str
) -> None:
    monkeypatch.setenv("HARNESS_MONGODB_REPLICA_SET", "1")
    report = drilling(DOCUMENTS.format(up=up, down=down), "lock-queue")
    (seen,) = (t for t in report.run.of(Trial) if t.migration == "002")

    assert seen.result == result, seen
    assert report.findings == ()
    if result == "told":
        assert "a write of one" in seen.message
