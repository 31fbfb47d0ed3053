"""Statements about what all databases of a server share: roles are made and forgotten, databases and settings left."""

from pathlib import Path

import psycopg
import pytest

from harness import adapters
from harness.checks.base import Case, Finding
from harness.checks.registry import judge
from harness.errors import InputError
from harness.pipeline import Options, planned, verified
from harness.run.execute import execute
from harness.run.model import Silent
from harness.servers.model import Server

SHARED = """\
# Notes

**Type:** PostgreSQL

### Table: notes

```sql
CREATE DATABASE notes_app;
CREATE ROLE reader;
CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL);
GRANT SELECT ON notes TO reader;
GRANT CONNECT ON DATABASE notes_app TO reader;
```

## Migrations

### Migration 001: A database of its own
```sql
-- Up
CREATE DATABASE notes_app;
-- Down
DROP DATABASE notes_app;
```

### Migration 002: Notes
```sql
-- Up
CREATE ROLE reader;
CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL);
GRANT SELECT ON notes TO reader;
ALTER SYSTEM SET work_mem = '9MB';
-- Down
DROP TABLE notes;
DROP ROLE reader;
```

### Migration 003: One that is not taken back
```sql
-- Up
ALTER TABLE notes ADD COLUMN title TEXT;
-- Down
SELECT 1;
```

### Migration 004: One more role
```sql
-- Up
DO $$ BEGIN CREATE ROLE writer; END $$;
GRANT INSERT ON notes TO writer;
-- Down
REVOKE INSERT ON notes FROM writer;
DROP ROLE writer;
```
"""
NOT_RUN = {
    (8, "CREATE DATABASE notes_app"),
    (12, "GRANT CONNECT ON"),
    (20, "CREATE DATABASE notes_app"),
    (31, "ALTER SYSTEM SET"),
}


@pytest.fixture
def design(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text(SHARED)
    return path


@pytest.fixture
def found(design: Path, server: Server) -> tuple[Finding, ...]:
    plan = planned(design, Options(rows=("100",)))
    return judge(Case(plan, execute(plan, adapters.find("postgresql"), server, Silent())))


def of_the_server(server: Server) -> list[tuple[str, ...]]:
    with psycopg.connect(server.address.url(), autocommit=True) as connection:
        query = """
            SELECT 'database', datname FROM pg_database UNION ALL SELECT 'setting', name FROM pg_file_settings
            WHERE sourcefile ~ 'auto.conf'
        """
        return sorted(connection.execute(query).fetchall())


def test_a_role_of_one_try_does_not_stand_in_the_way_of_the_next(found: tuple[Finding, ...]) -> None:
    broken = {(f.check, f.subject) for f in found if f.verdict == "broken" and f.severity == "error"}
    assert broken == {("round-trip-exact", "migration 003")}
    assert {f.subject for f in found if f.check == "up-applies" and f.verdict == "holds"} == {
        "migration 002", "migration 003", "migration 004",
    }  # fmt: skip


def test_what_is_about_the_server_as_a_whole_is_not_run_and_said(design: Path, server: Server) -> None:
    before = of_the_server(server)
    plan = planned(design, Options(rows=("100",)))
    found = judge(Case(plan, execute(plan, adapters.find("postgresql"), server, Silent())))
    said = {(f.source.line, f.subject) for f in found if f.check == "statements-valid" and f.verdict == "unverified"}
    assert said == NOT_RUN
    assert of_the_server(server) == before


def test_roles_are_not_made_on_a_server_that_is_given_by_its_url(design: Path, server: Server) -> None:
    with pytest.raises(InputError, match=r"notes\.md:9: this makes or changes a role") as refused:
        verified(design, Options(server=server.address.url()), Silent())
    assert "use --server local or --server docker" in str(refused.value)
