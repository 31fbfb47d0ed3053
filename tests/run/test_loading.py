"""A table whose rows the server does not take is left out by name; all others are filled, and judged."""

from pathlib import Path

import pytest

from harness.pipeline import Options, verified
from harness.report.model import Report
from harness.run.model import Loaded, Silent
from tests.conftest import mostly_thorough

DESIGN = """\
# Shop

**Type:** {engine}

### Common query 1: Orders of a buyer
```sql
SELECT id, total FROM orders WHERE buyer = 3;
```

### Common query 2: Uses of a code
```sql
SELECT id, note FROM uses WHERE code_id = 3;
```

### Common query 3: Hints about a code
```sql
SELECT id, note FROM hints WHERE code_id = 3;
```

## Migrations

### Migration 001: Tables
```sql
-- Up
CREATE TABLE kinds (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE);
INSERT INTO kinds VALUES (1, 'small'), (2, 'large');
CREATE TABLE buyers (id INT PRIMARY KEY, kind INT NOT NULL, FOREIGN KEY (kind) REFERENCES kinds (id));
CREATE TABLE orders (id INT PRIMARY KEY, buyer INT NOT NULL, total INT NOT NULL,
  FOREIGN KEY (buyer) REFERENCES buyers (id));
CREATE TABLE codes (id INT PRIMARY KEY, digits VARCHAR(40) NOT NULL);
CREATE TABLE uses (id INT PRIMARY KEY, code_id INT NOT NULL, note VARCHAR(40) NOT NULL,
  FOREIGN KEY (code_id) REFERENCES codes (id));
CREATE TABLE hints (id INT PRIMARY KEY, code_id INT NULL, note VARCHAR(40) NOT NULL,
  FOREIGN KEY (code_id) REFERENCES codes (id));
CREATE TABLE last (id INT PRIMARY KEY, note VARCHAR(40) NOT NULL);
CREATE INDEX idx_last ON last (note);
{more}
-- Down
DROP TABLE last;
DROP TABLE hints;
DROP TABLE uses;
DROP TABLE codes;
DROP TABLE orders;
DROP TABLE buyers;
DROP TABLE kinds;
```

### Migration 002: Notes
```sql
-- Up
ALTER TABLE last ADD COLUMN more VARCHAR(40);
-- Down
ALTER TABLE last DROP COLUMN more;
```

### Migration 003: Codes
```sql
-- Up
ALTER TABLE codes ADD COLUMN more VARCHAR(40);
-- Down
ALTER TABLE codes DROP COLUMN more;
```
"""
CASES = {
    "a CHECK, PostgreSQL": "ALTER TABLE codes ADD CONSTRAINT sums CHECK (hashtext(digits) % 97 = 3);",
    "an index, PostgreSQL": "CREATE UNIQUE INDEX sums ON codes (substr(md5(digits), 1, 1));",
    "a CHECK, MySQL": "ALTER TABLE codes ADD CONSTRAINT sums CHECK (crc32(digits) % 97 = 3);",
    "an index, MariaDB": """ALTER TABLE codes ADD COLUMN sum CHAR(1) AS (substr(md5(digits), 1, 1)) STORED;
CREATE UNIQUE INDEX sums ON codes (sum);""",
}
"""By what the server refuses the rows of ``codes``: as they come, or when its index is built at the end."""

TWIN = "[rows]\ncodes = 1\n[values]\ncodes.digits = ['A-81']\n"


def verify(path: Path, case: str, scenario: str = "") -> Report:
    path.write_text(DESIGN.format(engine=case.rsplit(maxsplit=1)[-1], more=CASES[case]), encoding="utf-8")
    given = None
    if scenario:
        given = str(path.with_suffix(".toml"))
        Path(given).write_text(scenario, encoding="utf-8")
    checks = ("tables-filled", "query-returns-rows", "constraint-enforced", "rollback-keeps-data")
    rows = () if scenario else ("300",)
    return verified(path, Options(server="local", rows=rows, scenario=given, select=checks), Silent())


@pytest.mark.parametrize("case", mostly_thorough(CASES, short="an index, PostgreSQL"))
def test_a_table_that_is_refused_is_one_finding_and_all_others_are_filled(tmp_path: Path, case: str) -> None:
    report = verify(tmp_path / "shop.md", case)
    filled = [f for f in report.findings if f.check == "tables-filled"]
    assert [(f.subject, f.verdict) for f in filled] == [("table codes", "unverified")]
    assert filled[0].message.startswith("codes could not be filled; so uses, of which every row needs one of it")
    assert "sums" in filled[0].message
    assert "[values]" in filled[0].remedy
    rows = {o.entity: o.rows for o in report.run.of(Loaded)}
    assert rows.keys() == {"kinds", "buyers", "orders", "hints", "last"}
    assert all(rows.values())
    found = {f.subject: (f.verdict, f.message) for f in report.findings if f.check == "query-returns-rows"}
    untried = [f.subject for f in report.findings if f.check == "constraint-enforced" and f.verdict == "unverified"]
    assert untried == ["table codes", "table uses", "table hints"]
    assert not [f.message for f in report.findings if "harness_" in f.message]
    kept = {f.subject: f.verdict for f in report.findings if f.check == "rollback-keeps-data"}
    assert (kept["migration 002"], kept["migration 003"]) == ("broken", "unverified")
    assert found["query 1"][0] == "holds"
    assert found["query 2"] == ("unverified", "uses has no rows (see tables-filled)")
    assert found["query 3"] == ("unverified", "codes, which hints refers to, has no rows (see tables-filled)")


@pytest.mark.thorough
def test_values_of_the_scenario_fill_it(tmp_path: Path) -> None:
    report = verify(tmp_path / "shop.md", "an index, PostgreSQL", TWIN)
    [filled] = [f for f in report.findings if f.check == "tables-filled"]
    assert filled.verdict == "holds"
    assert {f.verdict for f in report.findings if f.check == "query-returns-rows"} <= {"holds", "unverified"}
    assert "codes" in {o.entity for o in report.run.of(Loaded)}
