"""A statement that never ends is ended, and it is said which one, after how long, and where that is set."""

from pathlib import Path

import pytest

from harness.pipeline import Options, verified
from harness.run.model import Silent
from tests.conftest import mostly_thorough

DESIGN = """\
# Loop

**Type:** {engine}

## Migrations

### Migration 001: Numbers
```sql
-- Up
CREATE TABLE a (id INT PRIMARY KEY);
{forever}
-- Down
DROP TABLE a;
```
"""
PROCEDURE = """CREATE PROCEDURE forever() BEGIN DECLARE i INT DEFAULT 0; WHILE TRUE DO SET i = 1; END WHILE; END;
CALL forever();"""
FOREVER = {
    "PostgreSQL": ("DO $$ BEGIN LOOP END LOOP; END $$;", "DO $$ BEGIN LOOP END LOOP; END $$"),
    "MySQL": (PROCEDURE, "CALL forever()"),
    "MariaDB": (PROCEDURE, "CALL forever()"),
}


@pytest.mark.parametrize("engine", mostly_thorough(FOREVER, short="PostgreSQL"))
def test_a_statement_that_never_ends_is_named_with_the_limit_and_where_it_is_set(tmp_path: Path, engine: str) -> None:
    text, guilty = FOREVER[engine]
    path, scenario = tmp_path / "loop.md", tmp_path / "loop.toml"
    path.write_text(DESIGN.format(engine=engine, forever=text), encoding="utf-8")
    scenario.write_text("[limits]\nstatement_s = 1\n", encoding="utf-8")
    report = verified(path, Options(server="local", scenario=str(scenario), select=("up-applies",)), Silent())
    [found] = report.findings
    assert found.verdict == "broken"
    assert found.message.startswith(
        f"the server refuses it: {guilty}: not done in 1 s, the most that a statement is given here "
        "([limits] statement_s in the scenario, or --statement-timeout)"
    )
    assert path.read_text(encoding="utf-8").splitlines()[found.source.line - 1].startswith(guilty)
