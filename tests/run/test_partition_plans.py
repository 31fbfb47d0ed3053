"""The partitioning plan beside migrations that carry it out."""

from pathlib import Path

import pytest

from harness import adapters
from harness.checks.base import Case
from harness.checks.registry import judge
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.errors import ServerError
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.run.bench import Bench
from harness.run.head import head, partitions
from harness.run.model import Run, Silent
from harness.run.staircase import climb
from harness.servers.provider import provide
from tests.conftest import missing

DOCUMENT = """\
# Readings
**Type:** PostgreSQL

### Migration 001: Start
```sql
-- Up
CREATE TABLE readings (at DATE NOT NULL, value INT) PARTITION BY RANGE (at);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
```

### Migration 002: The next month
```sql
-- Up
CREATE TABLE readings_2 (LIKE readings);
ALTER TABLE readings ATTACH PARTITION readings_2 FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
```

## Partitioning plan
```sql
{plan}
```
"""
MADE = "CREATE TABLE readings_2 PARTITION OF readings FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');"
NEXT = "CREATE TABLE readings_3 PARTITION OF readings FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');"
OVERLAPPING = "CREATE TABLE readings_3 PARTITION OF readings FOR VALUES FROM ('2026-02-15') TO ('2026-04-01');"


@pytest.mark.parametrize(
    ("plan", "verdict", "words"),
    [
        (MADE, "holds", "it is carried out already: migration 002 makes it"),
        (f"{MADE}\n{NEXT}", "holds", "1 statement was accepted"),
        (f"{MADE}\n{OVERLAPPING}", "broken", "would overlap"),
    ],
)
def test_what_a_migration_makes_may_be_planned_as_well(
    tmp_path: Path, request: pytest.FixtureRequest, plan: str, verdict: str, words: str
) -> None:
    path, engine = tmp_path / "design.md", adapters.find("postgresql")
    path.write_text(DOCUMENT.format(plan=plan), encoding="utf-8")
    planned = plan_of(designed(read(path)), engine, Scenario())
    try:
        with provide(engine.recipe(None, None), "local") as server:
            bench = Bench(planned, engine, server, Silent())
            with climb(bench) as (applied, _):
                pass
            with head(bench, applied) as (database, _):
                partitions(bench, database)
    except ServerError as error:
        missing(request.config, "postgresql", str(error))
        raise
    run = Run("postgresql", server.version, "local", None, "", 0.0, tuple(bench.seen), bench.traits)
    found = [
        f for f in judge(Case(planned, run), select=["partition-plan-applies"]) if f.subject == "partitioning plan"
    ]

    assert [(f.verdict, words in f.message) for f in found] == [(verdict, True)], found
