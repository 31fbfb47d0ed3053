"""Load that comes through views, beside a migration."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import adapters
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.errors import ServerError
from harness.pipeline import Options, verified
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.model import Silent
from harness.run.requests import Wanted
from harness.run.staircase import climb, rebuilt
from harness.run.through import load
from harness.servers.provider import provide
from tests.conftest import missing

DOCUMENT = """\
# Members
**Type:** {engine}

### Migration 001: Members
```sql
-- Up
CREATE TABLE members (id BIGINT {numbered} PRIMARY KEY, name VARCHAR(80) NOT NULL);
CREATE TABLE others (id BIGINT {numbered} PRIMARY KEY, name VARCHAR(80) NOT NULL);
-- Down
DROP TABLE others;
DROP TABLE members;
```

### Migration 002: Behind a view
```sql
-- Up
ALTER TABLE members RENAME TO people;
ALTER TABLE people RENAME COLUMN name TO full_name;
CREATE VIEW members AS SELECT id, full_name AS name FROM people;
CREATE VIEW names AS SELECT DISTINCT id, full_name FROM people;
-- Down
DROP VIEW names;
DROP VIEW members;{wait}
ALTER TABLE people RENAME COLUMN full_name TO name;
ALTER TABLE people RENAME TO members;
```
"""

NUMBERED = "GENERATED ALWAYS AS IDENTITY"


@pytest.mark.parametrize(
    ("engine", "numbered"),
    [
        ("PostgreSQL", NUMBERED),
        pytest.param("MariaDB", "AUTO_INCREMENT", marks=pytest.mark.thorough),
        pytest.param("MySQL", "AUTO_INCREMENT", marks=pytest.mark.thorough),
    ],
)
@pytest.mark.parametrize("changed", ["people", "members"])
def test_what_old_code_sends_goes_through_views(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, numbered: str, changed: str
) -> None:
    """Whether the table changes or the view; what shows no single rows is read alone, others' tables are left alone."""
    path, adapter = tmp_path / "design.md", adapters.find(engine.lower())
    path.write_text(DOCUMENT.format(engine=engine, numbered=numbered, wait=""), encoding="utf-8")
    plan, now = plan_of(designed(read(path)), adapter, Scenario(default_rows=50)), datetime.now(UTC)
    try:
        with provide(adapter.recipe(None, None), "local") as server:
            bench = Bench(plan, adapter, server, Silent())
            with climb(bench), rebuilt(bench, 2) as database:
                schema = bench.inspect(database)
                seed(bench, database, schema, now)
                with adapter.connect(database) as session:
                    found = load(bench, session, Wanted(schema, {changed}, now))
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise

    through = {(r.kind, r.texts[0].split()[0]) for r in found if "members" in r.entities}
    straight = {(r.kind, r.texts[0].split()[0]) for r in found if r.entities == ("people",)}
    everything = {("read", "SELECT"), ("write", "UPDATE"), ("write", "INSERT")}
    assert (through, straight) == (everything, everything)
    assert not [r for r in found if "others" in r.entities]
    assert {r.kind for r in found if "names" in r.entities} <= {"read"}


@pytest.mark.thorough
def test_who_comes_through_a_view_waits_for_it(tmp_path: Path) -> None:
    """The view is dropped, and then the table is not touched for a while."""
    design = tmp_path / "members.md"
    text = DOCUMENT.format(engine="PostgreSQL", numbered=NUMBERED, wait="\nSELECT pg_sleep(0.7);")
    design.write_text(text, encoding="utf-8")
    report = verified(design, Options(server="local", rows=("60000",), select=("blocks-at-most",)), Silent())
    verdicts = {f.subject: (f.verdict, "waited for members" in f.message) for f in report.findings}

    assert verdicts["migration 002 down"] == ("broken", True)
    assert verdicts["migration 002 up"] == ("holds", False)
