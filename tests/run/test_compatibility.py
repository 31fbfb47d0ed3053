"""Old code on the new schema, as ``verify`` tries it."""

from pathlib import Path

import pytest

from tests.run.old_code import ALL, kinds, tried

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


NUMBERED = """\
# Teams
**Type:** PostgreSQL

### Migration 001: Teams
```sql
-- Up
CREATE TABLE teams (id INT PRIMARY KEY);
CREATE TABLE people (
  team_id INT NOT NULL REFERENCES teams (id), id BIGINT GENERATED ALWAYS AS IDENTITY, name TEXT NOT NULL,
  PRIMARY KEY (team_id, id)
);
```

### Migration 002: Notes (backwards compatible)
```sql
-- Up
ALTER TABLE people ADD COLUMN note TEXT;
```

### Migration 003: Marks (backwards compatible)
```sql
-- Up
ALTER TABLE people ADD COLUMN mark TEXT NOT NULL;
ALTER TABLE people ALTER COLUMN mark SET DEFAULT '';
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

HIDING = """\
# Members
**Type:** {engine}

### Migration 001: Members
```sql
-- Up
CREATE TABLE members (
  id BIGINT {numbered} PRIMARY KEY, name VARCHAR(40) NOT NULL, state VARCHAR(10) NOT NULL,
  CHECK (state IN ('open', 'paid'))
);
```

### Migration 002: Open ones alone (backwards compatible)
```sql
-- Up
ALTER TABLE members RENAME TO people;
CREATE VIEW members AS SELECT id, name, state FROM people WHERE state = 'open';
```

### Migration 003: All of them (backwards compatible)
```sql
-- Up
CREATE OR REPLACE VIEW members AS SELECT id, name, state FROM people;
```
"""

DISCARDING = """
### Migration 004: Nothing is written any more (backwards compatible)
```sql
-- Up
CREATE RULE frozen AS ON INSERT TO members DO INSTEAD NOTHING;
CREATE RULE kept AS ON DELETE TO members DO INSTEAD NOTHING;
```

### Migration 005: A trigger that forgets the name (backwards compatible)
```sql
-- Up
DROP RULE frozen ON members;
DROP RULE kept ON members;
CREATE FUNCTION write_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    UPDATE people SET state = NEW.state WHERE id = OLD.id;
  ELSE
    INSERT INTO people (name, state) VALUES (NEW.name, NEW.state);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER write_member INSTEAD OF INSERT OR UPDATE ON members
FOR EACH ROW EXECUTE FUNCTION write_member();
```

### Migration 006: One that does not (backwards compatible)
```sql
-- Up
CREATE OR REPLACE FUNCTION write_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    UPDATE people SET name = upper(NEW.name), state = NEW.state WHERE id = OLD.id;
  ELSE
    INSERT INTO people (name, state) VALUES (upper(NEW.name), NEW.state);
  END IF;
  RETURN NEW;
END $$;
```
"""


def test_rows_that_an_up_puts_into_a_new_table_may_keep_old_ones_from_being_deleted(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A new table that is empty keeps nobody from anything."""
    found = tried(DOCUMENT, "postgresql", tmp_path, request.config)
    refused = {(t.migration, t.kind, t.subject) for t in found if t.refusal is not None}

    assert refused == {("003", "delete", "notes")}


def test_a_key_that_the_server_counts_is_not_given_twice(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Each of the two databases counts for itself, behind the rows that both were given."""
    found = tried(NUMBERED, "postgresql", tmp_path, request.config)
    least = "people, without what has a default or may be NULL"

    assert {(t.migration, t.subject) for t in found if t.refusal is not None} == {
        ("003", "its up, on tables with rows")
    }
    assert ("002", "insert", least) in {(t.migration, t.kind, t.subject) for t in found}


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
    assert kinds(found, "003", "members", taken=False) == {"insert", "update"}
    assert ("003", "members, state = 'paid'") in refused
    assert kinds(found, "004", "members", taken=True) == {"select"}
    assert kinds(found, "004", "members", taken=False) == ALL - {"select"}


@pytest.mark.parametrize(
    ("engine", "numbered"),
    [
        ("PostgreSQL", "GENERATED BY DEFAULT AS IDENTITY"),
        pytest.param("MariaDB", "AUTO_INCREMENT", marks=pytest.mark.thorough),
        pytest.param("MySQL", "AUTO_INCREMENT", marks=pytest.mark.thorough),
    ],
)
def test_what_old_code_writes_it_finds_afterwards(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, numbered: str
) -> None:
    """A view may hide what is written through it, a rule or a trigger may do nothing of it, or not all."""
    text = HIDING.format(engine=engine, numbered=numbered) + (DISCARDING if engine == "PostgreSQL" else "")
    found = tried(text, engine.lower(), tmp_path, request.config)
    lost = {(t.migration, t.kind): t.lost for t in found if t.lost}

    assert not [t for t in found if t.refusal is not None and t.migration < "004"]
    assert lost.keys() >= {("002", "insert"), ("002", "update")}
    assert ("002", "members, state = 'paid'") in {(t.migration, t.subject) for t in found if t.lost}
    assert {each[0] for each in lost} == ({"002", "004", "005"} if engine == "PostgreSQL" else {"002"})
    if engine == "PostgreSQL":
        assert {kind for migration, kind in lost if migration == "004"} == {"insert", "delete"}
        assert lost["005", "update"] == "it is taken, but not stored: name"


def test_a_view_that_triggers_write_for_holds(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = tried(BY_TRIGGERS, "postgresql", tmp_path, request.config)
    assert not [t for t in found if t.lost]

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
