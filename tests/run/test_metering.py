"""What a document says is monitored, read from the server while its queries run."""

from pathlib import Path

import pytest

from harness.checks.base import Finding
from harness.pipeline import Options
from tests.conftest import mostly_thorough
from tests.standing import Standing

SQL = """\
# Shop

**Type:** {engine}

### Table: users

**Purpose:** Who buys.

```sql
CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100) NOT NULL, created_at TIMESTAMP NOT NULL);
CREATE INDEX idx_users_email ON users (email);
```

## Queries

### Query 1: By address
```sql
SELECT id FROM users WHERE email = 'ada@example.com';
```

## Monitoring

{lines}
"""
MONGODB = """\
# Shop

**Type:** MongoDB

### Collection: users

```javascript
db.createCollection("users", {{ validator: {{ $jsonSchema: {{ bsonType: "object", required: ["email"],
  properties: {{ email: {{ bsonType: "string" }} }} }} }} }});
db.users.createIndex({{ email: 1 }}, {{ name: "idx_users_email" }});
```

## Queries

### Query 1: By address
```javascript
db.users.find({{ email: "ada@example.com" }})
```

## Monitoring

{lines}
"""
# A sentence that is broken, what is said of it, and its mended twin.
TWINS = {
    "PostgreSQL": [
        ("Slow queries", "shared_preload_libraries", "Slow queries (pg_stat_statements)"),
        ("Query latency p95 (pg_stat_statements)", "no view gives one", "Query latency p95, from the server's log"),
        ("Unused indexes (pg_stat_user_indices)", "no view", "Unused indexes (pg_stat_user_indexes)"),
        ("Lock waits (performance_schema)", "is MySQL's", "Lock waits"),
    ],
    "MySQL": [
        ("Unused indexes (sys.schema_no_indexes)", "no view", "Unused indexes (sys.schema_unused_indexes)"),
        ("Connections (pg_stat_activity)", "is PostgreSQL's", "Connections (Threads_connected)"),
    ],
    "MariaDB": [
        ("Index usage", "performance_schema = ON", "Index usage (performance_schema)"),
        ("Query latency p95", "no quantiles", "Query latency p95 from the log"),
    ],
    "MongoDB": [("Slow queries (pg_stat_statements)", "is PostgreSQL's", "Slow queries over slowms")],
}


def findings(engine: str, lines: str, tmp_path: Path, standing: Standing) -> list[Finding]:
    path = tmp_path / "shop.md"
    text = MONGODB.format(lines=lines) if engine == "MongoDB" else SQL.format(engine=engine, lines=lines)
    path.write_text(text, encoding="utf-8")
    report = standing.report(path, Options(server="local", rows=("3000",), select=("metrics-available",)))
    return list(report.findings)


@pytest.mark.parametrize("engine", mostly_thorough(TWINS, short="PostgreSQL"))
def test_a_sentence_that_cannot_be_read_is_broken_and_its_mended_twin_holds(
    engine: str, tmp_path: Path, standing: Standing
) -> None:
    bad, said, good = zip(*TWINS[engine], strict=True)
    found = findings(engine, "\n".join(f"- {line}" for line in (*bad, *good)), tmp_path, standing)
    broken = [f for f in found if f.verdict == "broken"]

    assert [f.claim for f in broken] == list(bad), found
    assert all(words in f.message for f, words in zip(broken, said, strict=True)), broken
    assert all(f.severity == "advice" and f.remedy for f in broken)
    assert [f.claim for f in found if f.verdict == "holds"] == list(good), found
    assert all(f.evidence["query"] for f in found if f.verdict == "holds")


@pytest.mark.thorough
@pytest.mark.parametrize("engine", ["MySQL", "MariaDB", "MongoDB"])
def test_what_counts_uses_of_an_index_is_seen_to_move(engine: str, tmp_path: Path, standing: Standing) -> None:
    line = "- Index usage (performance_schema)" if engine == "MariaDB" else "- Index usage statistics"
    (found,) = findings(engine, line, tmp_path, standing)

    assert found.verdict == "holds", found
    assert "idx_users_email" in found.message
    assert "while the document's queries ran" in found.message


LINES = """\
- Review the dashboards weekly
- API latency
- Connection pool utilization
- CPU
- Index usage statistics

```sql
SELECT relname, idx_scan FROM pg_stat_user_indexes;
SELECT idx_scans FROM pg_stat_user_indexes;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle';
SELECT calls FROM pg_stat_statements;
```
"""


def test_sentences_and_queries_are_told_from_what_names_no_metric_and_from_what_acts(
    tmp_path: Path, standing: Standing
) -> None:
    found = findings("PostgreSQL", LINES, tmp_path, standing)

    assert [(f.verdict, f.claim.removeprefix("SELECT ").split(" FROM ")[0]) for f in found] == [
        ("unverified", "API latency"), ("unverified", "Connection pool utilization"), ("unverified", "CPU"),
        ("holds", "Index usage statistics"), ("holds", "relname, idx_scan"), ("broken", "idx_scans"),
        ("holds", "calls"),
    ]  # fmt: skip
    assert "pg_stat_activity" in found[1].message
    assert "idx_users_email" in found[3].message
    assert "while the document's queries ran" in found[3].message
    assert 'column "idx_scans" does not exist' in found[5].message
