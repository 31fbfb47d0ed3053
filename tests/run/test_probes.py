"""Rows that break a constraint: what a trigger puts right before it is stored breaks nothing."""

from datetime import UTC, datetime
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
from harness.run.model import Run, Silent
from harness.run.probes import probe
from harness.servers.provider import provide
from tests.conftest import missing

DOCUMENT = """\
# Things
**Type:** {engine}

### Migration 001: Start
```sql
-- Up
CREATE TABLE t (id INT PRIMARY KEY, slug VARCHAR(40) NOT NULL, title VARCHAR(40) NOT NULL);
{trigger}
```
"""
FUNCTION = """\
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.slug := COALESCE(NEW.slug, 'thing-' || NEW.id); RETURN NEW; END $$;
CREATE TRIGGER filled BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION fill();"""
ONE = "CREATE TRIGGER filled BEFORE INSERT ON t FOR EACH ROW SET NEW.slug = COALESCE(NEW.slug, 'thing');"


@pytest.mark.parametrize(
    ("name", "trigger"),
    [
        ("postgresql", FUNCTION),
        pytest.param("mysql", ONE, marks=pytest.mark.thorough),
        pytest.param("mariadb", ONE, marks=pytest.mark.thorough),
    ],
)
def test_a_column_that_a_trigger_fills_is_not_null_all_the_same(
    name: str, trigger: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "things.md"
    path.write_text(DOCUMENT.format(engine=name, trigger=trigger), encoding="utf-8")
    engine = adapters.find(name)
    plan = plan_of(designed(read(path)), engine, Scenario())
    try:
        with provide(engine.recipe(None, None), "local") as server:
            bench = Bench(plan, engine, server, Silent())
            probe(bench, 1, datetime.now(UTC))
    except ServerError as error:
        missing(request.config, name, str(error))
        raise
    run = Run(name, server.version, "local", None, "", 0.0, tuple(bench.seen), bench.traits)
    found = list(judge(Case(plan, run), select=["constraint-enforced"]))
    assert [f.verdict for f in found] == ["holds"], found
    assert set(found[0].evidence["constraints"]) >= {"NOT NULL slug", "NOT NULL title"}
