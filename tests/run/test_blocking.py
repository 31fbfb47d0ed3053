"""A wait that is just over the limit is measured twice: what the machine added goes, what the statement takes stays."""

from pathlib import Path

import pytest

from harness.pipeline import Options, verified
from harness.run.model import Silent

DOCUMENT = """\
# Notes

**Type:** PostgreSQL

## Migrations

### Migration 001: Notes
```sql
-- Up
CREATE TABLE notes (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT NOT NULL);
CREATE SEQUENCE turns;
-- Down
DROP SEQUENCE turns;
DROP TABLE notes;
```

### Migration 002: Slow at {when}
```sql
-- Up
DO $$ BEGIN
  LOCK TABLE notes IN ACCESS EXCLUSIVE MODE;
  IF nextval('turns') {when} THEN PERFORM pg_sleep(0.54); END IF;
END $$;
-- Down
SELECT 1;
```
"""

FIRST_MEASURED = "= 2"
"""The first turn puts the migration into the database, the second is measured."""


@pytest.mark.parametrize(("when", "verdict"), [(FIRST_MEASURED, "holds"), ("> 1", "broken")])
def test_a_wait_on_the_edge_is_measured_again(tmp_path: Path, when: str, verdict: str) -> None:
    design = tmp_path / "notes.md"
    design.write_text(DOCUMENT.format(when=when), encoding="utf-8")
    options = Options(server="local", rows=("60000",), select=("blocks-at-most",))
    report = verified(design, options, Silent())
    (found,) = [f for f in report.findings if f.subject == "migration 002 up"]
    assert found.verdict == verdict
