"""A lost client, a lock queue, rows written before a rollback, a restored backup: on a small PostgreSQL design."""

import pytest

from harness.run.seen.drills import Trial
from harness.servers.leftovers import listing
from tests.run.drills.conftest import Drilling, document, found, migration

CHANGES = (
    migration("002", "ALTER TABLE notes ADD COLUMN x INT;", "ALTER TABLE notes DROP COLUMN x;"),
    migration(
        "003",
        "ALTER TABLE notes ADD COLUMN state INT;\nCREATE INDEX CONCURRENTLY idx_state ON notes (state);",
        "DROP INDEX CONCURRENTLY idx_state;\nALTER TABLE notes DROP COLUMN state;",
    ),
    migration("004", "DROP INDEX CONCURRENTLY idx_state;", "CREATE INDEX CONCURRENTLY idx_state ON notes (state);"),
    migration(
        "005",
        "ALTER TABLE notes RENAME TO remarks;\nCREATE VIEW notes AS SELECT * FROM remarks;",
        "DROP VIEW notes;\nALTER TABLE remarks RENAME TO notes;",
    ),
    migration("006", "ALTER TABLE remarks ADD COLUMN z INT NOT NULL;", "ALTER TABLE remarks DROP COLUMN z;"),
)


@pytest.mark.thorough
def test_each_drill_tells_what_it_saw(drilling: Drilling) -> None:
    report = drilling(
        document("PostgreSQL", *CHANGES), "after-writes", "client-lost", "lock-queue", "restore", "under-load"
    )
    seen = {(t.drill, t.migration, t.way): t for t in report.run.of(Trial)}
    assert "column notes.x goes" in seen["after-writes", "002", "down"].message
    assert "table notes goes" in seen["after-writes", "001", "down"].message
    lost = [t for t in report.run.of(Trial) if (t.drill, t.migration) == ("client-lost", "003")]
    after_first = next(t for t in lost if "after statement 1 of 2" in t.subject)
    assert after_first.result == "failed"
    assert "column notes.state was left behind" in after_first.message
    assert seen["after-writes", "005", "down"].result == "passed"  # the table has its old name again
    assert "refused on these rows" in seen["under-load", "006", "up"].message
    assert "refused on these rows" in seen["lock-queue", "006", "up"].message
    queued = seen["lock-queue", "002", "up"]
    assert queued.result == "told"
    assert queued.evidence["request_waited_s"] >= 0.25
    assert seen["under-load", "002", "up"].result in {"passed", "failed"}
    assert seen["under-load", "004", "up"].result in {"passed", "failed"}  # its SQL names no table
    assert seen["lock-queue", "004", "up"].result == "passed"
    restored = next(t for t in report.run.of(Trial) if t.drill == "restore")
    if restored.result != "untried":  # without pg_dump
        assert restored.message.startswith("exactly what was there")
        assert found(report, "backup-restores")["backup"].verdict == "holds"
    assert [each for each in listing() if each.standing == "left behind"] == []


@pytest.mark.thorough
def test_a_backup_of_what_the_only_migration_makes_is_restored(drilling: Drilling) -> None:
    report = drilling(document("PostgreSQL"), "restore")
    (seen,) = report.run.of(Trial)
    assert (seen.subject, seen.result) == ("backed up, taken back, restored", "passed")


DOCUMENTS = """\
# Notes

**Type:** MongoDB

## Migrations

### Migration 001: Notes
```javascript
// Up
db.createCollection("notes", { validator: { $jsonSchema: { bsonType: "object", required: ["body"],
  properties: { body: { bsonType: "string" } } } } });
// Down
db.notes.drop();
```

### Migration 002: Settings
```javascript
// Up
db.settings.insertOne({ _id: 1, limit: 10 });
// Down
db.settings.drop();
```

### Migration 003: A ticket
```javascript
// Up
db.tickets.insertOne({ _id: 1 });
// Down
db.tickets.find();
```
"""


@pytest.mark.thorough
def test_documents_that_a_drill_put_in_are_not_asked_of_an_up(drilling: Drilling) -> None:
    report = drilling(DOCUMENTS, "clean", rows=40)
    again = {name: f.verdict for name, f in found(report, "reapplies").items()}
    assert [again[f"migration {number}"] for number in ("001", "002")] == ["holds", "holds"]
    back = {name: f.verdict for name, f in found(report, "round-trip-exact").items()}
    assert [back[f"migration {number}"] for number in ("001", "002", "003")] == ["holds", "holds", "broken"]


KEPT = """\
# Notes

**Type:** MongoDB

## Migrations

### Migration 001: Notes
```javascript
// Up
db.createCollection("notes", { validator: { $jsonSchema: { bsonType: "object", required: ["body"],
  properties: { body: { bsonType: "string" } } } } });
db.notes.createIndex({ body: 1 }, { name: "by_body", sparse: true });
db.createView("bodies", "notes", [{ $project: { body: 1 } }]);
// Down
db.bodies.drop();
db.notes.drop();
```

### Migration 002: Nothing stays
```javascript
// Up
db.notes.deleteMany({});
// Down
db.notes.find();
```
"""


@pytest.mark.parametrize("members", ["", pytest.param("1", marks=pytest.mark.thorough)])
def test_a_backup_of_mongodbs_files_is_restored_and_compared(
    drilling: Drilling, monkeypatch: pytest.MonkeyPatch, members: str
) -> None:
    monkeypatch.setenv("HARNESS_MONGODB_REPLICA_SET", members)
    report = drilling(KEPT, "restore", rows=40)
    seen = {t.migration: t for t in report.run.of(Trial)}
    assert seen["002"].message.startswith("exactly what was there, 1 collection;"), seen
    assert found(report, "backup-restores")["backup"].verdict == "holds"
    assert [each for each in listing() if each.standing == "left behind"] == []


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ["MySQL", "MariaDB"])
def test_a_backup_of_the_servers_own_program_is_restored_and_compared(drilling: Drilling, engine: str) -> None:
    parts = """\
CREATE VIEW bodies AS SELECT body FROM notes;
CREATE TRIGGER louder BEFORE INSERT ON notes FOR EACH ROW SET NEW.body = UPPER(NEW.body);"""
    text = document(
        engine,
        migration("002", parts, "DROP TRIGGER louder;\nDROP VIEW bodies;"),
        migration("003", "ALTER TABLE notes ADD COLUMN x INT;", "ALTER TABLE notes DROP COLUMN x;"),
    )
    report = drilling(text, "restore")
    (seen,) = report.run.of(Trial)
    if seen.result == "untried":
        assert "is not on this machine: " in seen.message
        pytest.skip(seen.message)
    assert seen.message.startswith("exactly what was there"), seen.message
    assert found(report, "backup-restores")["backup"].verdict == "holds"


REFERRING = migration(
    "002",
    "CREATE TABLE marks (id INT PRIMARY KEY, note_id INT NOT NULL, FOREIGN KEY (note_id) REFERENCES notes (id));",
    "DROP TABLE marks;",
)


@pytest.mark.thorough
def test_a_new_table_queues_for_those_that_it_refers_to(drilling: Drilling) -> None:
    """On MySQL its foreign key needs the other table for itself alone; one without any needs no table."""
    more = migration("003", "CREATE TABLE lone (id INT PRIMARY KEY);", "DROP TABLE lone;")
    report = drilling(document("MySQL", REFERRING, more), "lock-queue")
    seen = {(t.migration, t.subject): t for t in report.run.of(Trial)}

    assert seen["002", "behind a reader of notes"].result == "told"
    assert seen["003", "queue"].result == "untried"


def test_nobody_asks_what_is_left_of_tables_that_sections_make(drilling: Drilling) -> None:
    """An empty database is made anew; what the document's own migrations leave is tried."""
    text = "# Notes\n**Type:** PostgreSQL\n```sql\nCREATE TABLE notes (id INT PRIMARY KEY);\n```\n"
    own = migration("001", "ALTER TABLE notes ADD COLUMN x INT;", "ALTER TABLE notes DROP COLUMN x;")
    report = drilling(f"{text}\n## Migrations\n{own}", "kill-after-statement", "client-lost")
    results = {(t.drill, t.migration): t.result for t in report.run.of(Trial)}

    assert {pair for pair, result in results.items() if result == "untried"} == {
        ("kill-after-statement", "000"), ("client-lost", "000")
    }  # fmt: skip
    assert results["kill-after-statement", "001"] == "passed"
