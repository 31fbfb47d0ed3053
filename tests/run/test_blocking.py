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
CREATE SEQUENCE backs;
-- Down
DROP SEQUENCE turns;
DROP SEQUENCE backs;
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
DO $$ BEGIN
  IF EXISTS (SELECT FROM notes) AND nextval('backs') {refused} THEN RAISE 'no way back'; END IF;
END $$;
```
"""

FIRST_MEASURED = "= 2"
"""The first turn puts the migration into the database, the second is measured."""

NEVER = "= 0"
THE_WAY_BACK = "> 1"
"""The first down is measured, too."""


@pytest.mark.parametrize(
    ("when", "refused", "verdict"),
    [(FIRST_MEASURED, NEVER, "holds"), ("> 1", NEVER, "broken"), (FIRST_MEASURED, THE_WAY_BACK, "broken")],
)
def test_a_wait_on_the_edge_is_measured_again(tmp_path: Path, when: str, refused: str, verdict: str) -> None:
    design = tmp_path / "notes.md"
    design.write_text(DOCUMENT.format(when=when, refused=refused), encoding="utf-8")
    options = Options(server="local", rows=("60000",), select=("blocks-at-most",))
    report = verified(design, options, Silent())
    (found,) = [f for f in report.findings if f.subject == "migration 002 up"]
    assert found.verdict == verdict
