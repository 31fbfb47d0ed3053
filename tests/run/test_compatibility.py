"""Old code on the new schema, as ``verify`` tries it."""

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


def test_rows_that_an_up_puts_into_a_new_table_may_keep_old_ones_from_being_deleted(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A new table that is empty keeps nobody from anything."""
    path, engine = tmp_path / "notes.md", adapters.find("postgresql")
    path.write_text(DOCUMENT, encoding="utf-8")
    plan = plan_of(designed(read(path)), engine, Scenario())
    try:
        with provide(engine.recipe(None, None), "local") as server:
            bench = Bench(plan, engine, server, Silent())
            compatible(bench, len(plan.changes), datetime.now(UTC))
    except ServerError as error:
        missing(request.config, "postgresql", str(error))
        raise
    refused = {(t.migration, t.kind, t.subject) for t in bench.seen if isinstance(t, Tried) and t.refusal is not None}

    assert refused == {("003", "delete", "notes")}
