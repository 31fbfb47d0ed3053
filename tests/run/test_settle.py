"""Documents whose sections show the schema as it is after the migrations."""

from pathlib import Path

import pytest

from harness import adapters
from harness.errors import ServerError
from harness.pipeline import Options, planned
from harness.plan.model import Plan
from harness.run.settle import settled
from harness.servers.provider import provide
from tests.conftest import missing

SECTIONS = """# Shop
**Type:** {engine}

### Table: users
```sql
CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(255) NOT NULL, role VARCHAR(20) NOT NULL DEFAULT 'user');
CREATE INDEX idx_users_role ON users (role);
```

## Migrations
### Migration 001: roles
```sql
-- Up
ALTER TABLE users ADD COLUMN role VARCHAR(20) NOT NULL DEFAULT 'user';
CREATE INDEX idx_users_role ON users (role);
-- Down
DROP INDEX idx_users_role{on};
ALTER TABLE users DROP COLUMN role;
```
"""
PLANNED = """
### Future migration 002: names
```sql
-- Up
ALTER TABLE users ADD COLUMN name VARCHAR(80);
-- Down
ALTER TABLE users DROP COLUMN name;
```
"""
ENGINES = [
    ("postgresql", ""),
    pytest.param("mysql", " ON users", marks=pytest.mark.thorough),
    pytest.param("mariadb", " ON users", marks=pytest.mark.thorough),
]


def settled_plan(text: str, folder: Path, request: pytest.FixtureRequest) -> Plan:
    path = folder / "shop.md"
    path.write_text(text, encoding="utf-8")
    plan = planned(path, Options())
    engine = adapters.find(plan.design.engine)
    try:
        with provide(engine.recipe(None, None), "local") as server:
            return settled(plan, engine, server)
    except ServerError as error:
        missing(request.config, engine.name, str(error))
        raise


def first(plan: Plan) -> list[str]:
    return [statement.text for statement in plan.changes[0].up]


@pytest.mark.parametrize(("engine", "on"), ENGINES)
def test_what_the_sections_show_already_is_taken_back_before_the_migrations_begin(
    engine: str, on: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    plan = settled_plan(SECTIONS.format(engine=engine, on=on) + PLANNED, tmp_path, request)

    assert [change.id for change in plan.changes] == ["000", "001", "002"]
    assert first(plan)[-2:] == [f"DROP INDEX idx_users_role{on}", "ALTER TABLE users DROP COLUMN role"]
    assert plan.changes[0].down is not None
    assert [n.message for n in plan.notes if "after migration 001;" in n.message]


def test_sections_that_show_the_schema_of_before_stay_as_they_are(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = SECTIONS.format(engine="postgresql", on="").replace(", role VARCHAR(20) NOT NULL DEFAULT 'user');", ");")
    plan = settled_plan(before.replace("CREATE INDEX", "-- CREATE INDEX", 1), tmp_path, request)

    assert len(first(plan)) == 1


def test_a_migration_that_is_wrong_is_not_explained_away(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    wrong = SECTIONS.format(engine="postgresql", on="").replace("ALTER TABLE users ADD", "ALTER TABLE user_s ADD")
    plan = settled_plan(wrong, tmp_path, request)

    assert "DROP INDEX idx_users_role" not in first(plan)
