"""Old code on the new schema, as ``verify`` tries it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import adapters
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.errors import ServerError
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.run.bench import Bench
from harness.run.compatibility import compatible
from harness.run.model import Silent, Tried
from harness.run.staircase import climb
from harness.servers.provider import provide
from tests.conftest import missing

DOCUMENT = """\
# Notes
**Type:** PostgreSQL

### Migration 001: Start
```sql
-- Up
CREATE TABLE notes (id INT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE tags (id INT PRIMARY KEY, word TEXT NOT NULL);
```

### Migration 002: Stars, of which there are none yet (backwards compatible)
```sql
-- Up
CREATE TABLE stars (id INT PRIMARY KEY REFERENCES tags (id));
```

### Migration 003: Marks for all (backwards compatible)
```sql
-- Up
CREATE TABLE marks (id INT PRIMARY KEY REFERENCES notes (id));
INSERT INTO marks SELECT id FROM notes;
```
"""


BEHIND_VIEWS = """\
# Members
**Type:** {engine}

### Migration 001: Members
```sql
-- Up
CREATE TABLE members (
  id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, state VARCHAR(10) NOT NULL, CHECK (state IN ('open', 'paid'))
);
```

### Migration 002: The old name and columns as a view (backwards compatible)
```sql
-- Up
ALTER TABLE members RENAME TO people;
ALTER TABLE people RENAME COLUMN name TO full_name;
CREATE VIEW members AS SELECT id, full_name AS name, state FROM people;
```

### Migration 003: Open ones alone (backwards compatible)
```sql
-- Up
CREATE OR REPLACE VIEW members AS SELECT id, full_name AS name, state FROM people
WHERE state = 'open' WITH CHECK OPTION;
```

### Migration 004: A view that nobody can write to (backwards compatible)
```sql
-- Up
CREATE OR REPLACE VIEW members AS SELECT DISTINCT id, full_name AS name, state FROM people;
```
"""

BY_TRIGGERS = """\
# Notes
**Type:** PostgreSQL

### Migration 001: Notes
```sql
-- Up
CREATE TABLE notes (id INT PRIMARY KEY, body TEXT NOT NULL);
```

### Migration 002: Two tables, which triggers write to (backwards compatible)
```sql
-- Up
CREATE TABLE keys (id INT PRIMARY KEY);
INSERT INTO keys SELECT id FROM notes;
ALTER TABLE notes RENAME TO bodies;
CREATE VIEW notes AS SELECT k.id, b.body FROM keys k JOIN bodies b ON b.id = k.id;
CREATE FUNCTION write_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM bodies WHERE id = OLD.id;
    DELETE FROM keys WHERE id = OLD.id;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  INSERT INTO keys VALUES (NEW.id);
  INSERT INTO bodies VALUES (NEW.id, NEW.body);
  RETURN NEW;
END $$;
CREATE TRIGGER write_note INSTEAD OF INSERT OR UPDATE OR DELETE ON notes
FOR EACH ROW EXECUTE FUNCTION write_note();
```
"""

COLLECTIONS = """\
# Members
**Type:** MongoDB

### Migration 001: Members
```javascript
// Up
db.createCollection("members", { validator: { $jsonSchema: {
  required: ["name"], properties: { name: { bsonType: "string" } }
} } });
```

### Migration 002: A view, which the server takes no writes to (backwards compatible)
```javascript
// Up
db.members.renameCollection("people");
db.createView("members", "people", []);
```

### Migration 003: The same view with fewer documents (backwards compatible)
```javascript
// Up
db.members.drop();
db.createView("members", "people", [{ $match: { name: { $ne: "" } } }]);
```
"""

ALL = {"select", "insert", "update", "delete"}


def tried(text: str, name: str, tmp_path: Path, config: pytest.Config) -> list[Tried]:
    """What was tried of the migrations that are said to be compatible."""
    path, engine = tmp_path / "design.md", adapters.find(name)
    path.write_text(text, encoding="utf-8")
    plan = plan_of(designed(read(path)), engine, Scenario())
    try:
        with provide(engine.recipe(None, None), "local") as server:
            bench = Bench(plan, engine, server, Silent())
            with climb(bench) as (applied, _):
                compatible(bench, applied, datetime.now(UTC))
    except ServerError as error:
        missing(config, name, str(error))
        raise
    assert applied == len(plan.changes)
    return [each for each in bench.seen if isinstance(each, Tried)]


def kinds(found: Sequence[Tried], migration: str, table: str, *, taken: bool) -> set[str]:
    """What was sent to a table, and taken or refused."""
    return {
        t.kind
        for t in found
        if (t.migration, t.subject.partition(",")[0], t.refusal is None) == (migration, table, taken)
    }


def test_rows_that_an_up_puts_into_a_new_table_may_keep_old_ones_from_being_deleted(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A new table that is empty keeps nobody from anything."""
    found = tried(DOCUMENT, "postgresql", tmp_path, request.config)
    refused = {(t.migration, t.kind, t.subject) for t in found if t.refusal is not None}

    assert refused == {("003", "delete", "notes")}


@pytest.mark.parametrize(
    "engine",
    [
        "PostgreSQL",
        pytest.param("MariaDB", marks=pytest.mark.thorough),
        pytest.param("MySQL", marks=pytest.mark.thorough),
    ],
)
def test_old_code_reads_and_writes_a_view_that_has_the_name_of_its_table(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    """What it was written for is a table, before the first of these migrations and before the last."""
    found = tried(BEHIND_VIEWS.format(engine=engine), engine.lower(), tmp_path, request.config)
    refused = {(t.migration, t.subject) for t in found if t.refusal is not None}

    assert kinds(found, "002", "members", taken=True) == ALL
    assert kinds(found, "002", "members", taken=False) == set()
    assert kinds(found, "003", "members", taken=True) == ALL
    assert kinds(found, "003", "members", taken=False) == {"insert"}
    assert ("003", "members, state = 'paid'") in refused
    assert kinds(found, "004", "members", taken=True) == {"select"}
    assert kinds(found, "004", "members", taken=False) == ALL - {"select"}


def test_a_view_that_triggers_write_for_holds(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = tried(BY_TRIGGERS, "postgresql", tmp_path, request.config)

    assert kinds(found, "002", "notes", taken=True) == ALL
    assert kinds(found, "002", "notes", taken=False) == set()


@pytest.mark.thorough
def test_what_is_refused_on_a_view_of_documents_is_told_and_put_back_nowhere(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = tried(COLLECTIONS, "mongodb", tmp_path, request.config)

    assert kinds(found, "002", "members", taken=True) == {"select"}
    assert kinds(found, "002", "members", taken=False) == ALL - {"select"}
    assert kinds(found, "003", "members", taken=True) == {"select"}
    assert kinds(found, "003", "members", taken=False) == set()
