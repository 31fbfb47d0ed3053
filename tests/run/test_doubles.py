"""Doubles of what becomes unique, sent by old code."""

from pathlib import Path

import pytest

from tests.run.old_code import ALL, kinds, tried

DOUBLES = """\
# Shop
**Type:** {engine}

### Migration 001: Start
```sql
-- Up
CREATE TABLE users (id BIGINT {numbered} PRIMARY KEY, email VARCHAR(80) NOT NULL, city VARCHAR(80));
CREATE TABLE lines_of_orders (
  id BIGINT {numbered} PRIMARY KEY, order_no INT NOT NULL, sku VARCHAR(20) NOT NULL, gone_at TIMESTAMP NULL
);
```

### Migration 002: Unique e-mails (backwards compatible)
```sql
-- Up
ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email);
```

### Migration 003: The same, for each city (backwards compatible)
```sql
-- Up
CREATE UNIQUE INDEX one_in_city ON users (email, city);
CREATE INDEX by_city ON users (city);
```

### Migration 004: Doubles are made one (backwards compatible)
```sql
-- Up
DELETE FROM lines_of_orders WHERE id NOT IN (
  SELECT id FROM (SELECT MIN(id) AS id FROM lines_of_orders GROUP BY order_no, sku) AS firsts
);
CREATE UNIQUE INDEX one_line ON lines_of_orders (order_no, sku){partial};
```

### Migration 005: A number that old code does not give, and the default is the same for all (backwards compatible)
```sql
-- Up
ALTER TABLE users ADD COLUMN code BIGINT;
UPDATE users SET code = id;
ALTER TABLE users ALTER COLUMN code SET DEFAULT 0;
ALTER TABLE users ADD CONSTRAINT one_code UNIQUE (code);
```

### Migration 006: A number that may be missing (backwards compatible)
```sql
-- Up
ALTER TABLE users ADD COLUMN badge BIGINT UNIQUE;
```
"""

DOUBLED_DOCUMENTS = """\
# Members
**Type:** MongoDB

### Migration 001: Members
```javascript
// Up
db.createCollection("members", {{ validator: {{ $jsonSchema: {{
  required: ["name", "home"], properties: {{ name: {{ bsonType: "string" }}, home: {{
    bsonType: "object", required: ["zip"], properties: {{ zip: {{ bsonType: "string" }} }}
  }} }}
}} }} }});
db.createCollection("loose");
db.createCollection("marks");
```

### Migration 002: One in a home (backwards compatible)
```javascript
// Up
db.members.createIndex({{ name: 1, "home.zip": 1 }}, {{ unique: true }});
```

### Migration 003: Of what no validator tells (backwards compatible)
```javascript
// Up
db.loose.createIndex({{ word: 1 }}, {{ unique: true }});
```

### Migration 004: Of what old code does not know (backwards compatible)
```javascript
// Up
db.members.find().forEach(each => db.members.updateOne({{ _id: each._id }}, {{ $set: {{ number: each._id }} }}));
db.members.createIndex({{ number: 1 }}, {{ unique: true }});
```

### Migration 005: The same, of those that have it (backwards compatible)
```javascript
// Up
db.members.updateMany({{}}, [{{ $set: {{ code: "$_id" }} }}]);
db.members.createIndex({{ code: 1 }}, {{ unique: true, sparse: true }});
```

### Migration 006: A field that is there is made plain (backwards compatible)
```javascript
// Up
db.marks.updateMany({{}}, [{{ $set: {{ mark: {{ $toLower: "$mark" }} }} }}]);
db.marks.createIndex({{ mark: 1 }}, {{ unique: true }});
```
"""


@pytest.mark.parametrize(
    ("engine", "numbered", "partial"),
    [
        ("PostgreSQL", "GENERATED ALWAYS AS IDENTITY", " WHERE gone_at IS NULL"),
        pytest.param("MariaDB", "AUTO_INCREMENT", "", marks=pytest.mark.thorough),
        pytest.param("MySQL", "AUTO_INCREMENT", "", marks=pytest.mark.thorough),
    ],
)
def test_old_code_writes_doubles_of_what_need_not_be_unique_yet(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, numbered: str, partial: str
) -> None:
    """What was unique before with fewer columns is none; a new row goes in though the server counts the keys."""
    text = DOUBLES.format(engine=engine, numbered=numbered, partial=partial)
    found = tried(text, engine.lower(), tmp_path, request.config)
    doubles = {(t.migration, t.kind, t.repeats, t.merged) for t in found if t.repeats and t.refusal is not None}

    assert doubles == {
        ("002", "insert", ("email",), False),
        ("002", "update", ("email",), None),
        ("004", "insert", ("order_no", "sku"), True),
        ("004", "update", ("order_no", "sku"), None),
    }
    others = {(t.migration, t.subject) for t in found if t.refusal is not None and not t.repeats}
    assert others == {("005", "users, two rows without code")}
    assert kinds(found, "003", "users", taken=True) == ALL


@pytest.mark.thorough
def test_old_code_writes_double_documents(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Also of fields that no validator tells, without which all documents would be alike."""
    found = tried(DOUBLED_DOCUMENTS.format(), "mongodb", tmp_path, request.config)

    assert not [t for t in found if "harness_" in t.fault]
    assert {(t.migration, t.kind, t.repeats) for t in found if t.refusal is not None} == {
        ("002", "insert", ("name", "home")),
        ("002", "update", ("name", "home")),
        ("003", "insert", ("word",)),
        ("003", "update", ("word",)),
        ("004", "insert", ()),
        ("006", "insert", ("mark",)),
        ("006", "update", ("mark",)),
    }
