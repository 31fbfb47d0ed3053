"""A migration that brings rows with keys of their own is judged on tables that hold rows: these stay out of its way."""

from pathlib import Path

import pytest

from harness.pipeline import Options
from tests.standing import Standing

SQL = """# Parties: database design

**Type:** {engine}

## Schema design

### Table: parties

**Purpose:** Who may do what.

| Column | Type | Constraints | Description |
|--------|------|-------------|-------------|
| id | INTEGER | PRIMARY KEY | Number |
| name | VARCHAR(40) | NOT NULL, UNIQUE | Name |

## Migration strategy

### Migration 001: Initial schema
```sql
-- Up
CREATE TABLE parties (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE);

-- Down
DROP TABLE parties;
```

### Migration 002: The auditors
```sql
-- Up
INSERT INTO parties (id, name) VALUES (7, 'Auditor'), (8, 'Owner of all');

-- Down: loses the rows of parties
DELETE FROM parties WHERE id IN (7, 8);
```
"""
JAVASCRIPT = """# Parties: database design

**Type:** {engine}

## Schema design

### Collection: parties

**Purpose:** Who may do what.

| Field | Type | Constraints | Description |
|-------|------|-------------|-------------|
| _id | int | PRIMARY KEY | Number |
| name | string | NOT NULL | Name |

## Migration strategy

### Migration 001: Initial collections
```javascript
// Up
db.createCollection("parties", {{ validator: {{ $jsonSchema: {{ bsonType: "object", required: ["_id", "name"],
  properties: {{ _id: {{ bsonType: "int" }}, name: {{ bsonType: "string" }} }} }} }} }});

// Down
db.parties.drop();
```

### Migration 002: The auditors
```javascript
// Up
db.parties.insertMany([{{ _id: 7, name: "Auditor" }}, {{ _id: 8, name: "Owner of all" }}]);

// Down: loses the rows of parties
db.parties.deleteMany({{ _id: {{ $in: [7, 8] }} }});
```
"""
LATE = pytest.mark.thorough
ENGINES = ["postgresql", *(pytest.param(name, marks=LATE) for name in ("mysql", "mariadb")), "mongodb"]
TRIED = ("constraint-enforced", "rollback-keeps-data", "blocks-at-most", "reapplies", "round-trip-exact", "up-applies")


@pytest.mark.parametrize("engine", ENGINES)
def test_no_key_of_a_migration_is_taken_by_a_row(engine: str, standing: Standing, tmp_path: Path) -> None:
    path = tmp_path / "parties.md"
    text = JAVASCRIPT if engine == "mongodb" else SQL
    path.write_text(text.format(engine=engine), encoding="utf-8")
    report = standing.report(path, Options(server="local", engine=engine, rows=("parties=300",)))
    found = [f for f in report.findings if f.check in TRIED]
    assert {f.check for f in found} == set(TRIED)
    assert [(f.check, f.verdict, f.message) for f in found if f.verdict == "unverified"] == []
