"""Rows that break a constraint: what a trigger puts right before it is stored breaks nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import adapters
from harness.checks.base import Case, Finding
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


MEETING = """\
# Things
**Type:** {engine}

### Migration 001: Start
```sql
-- Up
CREATE TABLE t (
  id INT PRIMARY KEY,
  low INT NOT NULL, high INT NOT NULL, code VARCHAR(8) NOT NULL,
  CONSTRAINT low_above CHECK (low > 0),
  CONSTRAINT low_few CHECK (low < 10),
  CONSTRAINT low_sane CHECK (low > -5),
  CONSTRAINT ordered CHECK (high >= low),
  CONSTRAINT near CHECK (high <= low + 3)
{more}
```
"""
TENANTS = """\
# Things
**Type:** PostgreSQL

### Migration 001: Start
```sql
-- Up
CREATE TABLE tenants (id INT PRIMARY KEY);
CREATE TABLE people (
  tenant_id INT NOT NULL CONSTRAINT people_tenant REFERENCES tenants (id), id INT NOT NULL, PRIMARY KEY (tenant_id, id)
);
CREATE TABLE tasks (
  tenant_id INT NOT NULL CONSTRAINT task_tenant REFERENCES tenants (id), id INT NOT NULL, owner_id INT,
  data JSONB NOT NULL CONSTRAINT data_object CHECK (jsonb_typeof(data) = 'object'),
  during INT4RANGE NOT NULL CONSTRAINT during_some CHECK (NOT isempty(during)),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT task_owner FOREIGN KEY (tenant_id, owner_id) REFERENCES people (tenant_id, id)
);
CREATE TABLE waits (
  one_id INT NOT NULL CONSTRAINT one REFERENCES tenants (id), other_id INT NOT NULL REFERENCES tenants (id),
  PRIMARY KEY (one_id, other_id), CONSTRAINT not_itself CHECK (one_id <> other_id)
);
```
"""
LIVE = "); CREATE UNIQUE INDEX code_once ON t (lower(code)) WHERE low > 2;"
OPEN = ", CONSTRAINT loose CHECK (high <> 7) NOT ENFORCED);"
ALONE = {"CHECK low_above", "CHECK low_few", "CHECK ordered", "CHECK near"}


def judged(name: str, document: str, tmp_path: Path, config: pytest.Config) -> list[Finding]:
    path = tmp_path / "things.md"
    path.write_text(document, encoding="utf-8")
    engine = adapters.find(name)
    plan = plan_of(designed(read(path)), engine, Scenario())
    try:
        with provide(engine.recipe(None, None), "local") as server:
            bench = Bench(plan, engine, server, Silent())
            with bench.database("up") as database:
                bench.apply(database, "up", plan.changes[0].id, plan.changes[0].up)
            probe(bench, 1, datetime.now(UTC))
    except ServerError as error:
        missing(config, name, str(error))
        raise
    run = Run(name, server.version, "local", None, "", 0.0, tuple(bench.seen), bench.traits)
    return list(judge(Case(plan, run), select=["constraint-enforced"]))


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
    found = judged(name, DOCUMENT.format(engine=name, trigger=trigger), tmp_path, request.config)

    assert [f.verdict for f in found] == ["holds"], found
    assert set(found[0].evidence["constraints"]) >= {"NOT NULL slug", "NOT NULL title"}


@pytest.mark.parametrize(
    ("name", "more", "besides"),
    [
        ("postgresql", LIVE, {"UNIQUE code_once"}),
        pytest.param("mysql", ");", set(), marks=pytest.mark.thorough),
        pytest.param("mariadb", ");", set(), marks=pytest.mark.thorough),
    ],
)
def test_where_checks_meet_each_is_broken_alone_where_a_row_can(
    name: str, more: str, besides: set[str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = judged(name, MEETING.format(engine=name, more=more), tmp_path, request.config)
    held = next(f for f in found if f.verdict == "holds")
    (other,) = [f for f in found if f.verdict != "holds"]

    assert set(held.evidence["constraints"]) >= ALONE | besides
    assert (other.verdict, other.subject) == ("unverified", "t: CHECK low_sane")
    assert other.message.endswith("whatever breaks it also breaks the CHECK of low_above")


@pytest.mark.thorough
def test_what_keys_share_stays_and_values_of_any_type_break_a_check(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A tenant that is not there would break each key; one of two fields is made like the other."""
    found = judged("postgresql", TENANTS, tmp_path, request.config)

    assert [f for f in found if f.verdict != "holds"] == []
    named = " ".join(str(f.evidence["constraints"]) for f in found)
    assert all(name in named for name in ("task_owner", "task_tenant", "data_object", "during_some", "not_itself"))


def test_a_check_that_is_not_enforced_is_broken_on_its_own_line(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = judged("mysql", MEETING.format(engine="mysql", more=OPEN), tmp_path, request.config)
    (broken,) = [f for f in found if f.verdict == "broken"]

    assert (broken.subject, broken.source.line) == ("t: CHECK loose", 15)
    assert "high = 7" in broken.message
