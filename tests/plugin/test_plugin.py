"""The plugin for pytest, in runs of its own: what is collected, what fails, and the databases for a project's tests."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

DESIGN = """# Shop

**Type:** PostgreSQL

## Migrations

### Migration 001: People

```sql
-- Up
CREATE TABLE people (id BIGSERIAL PRIMARY KEY, email TEXT NOT NULL UNIQUE);
-- Down
DROP TABLE people;
```

### Migration 002: Phones

```sql
-- Up
ALTER TABLE people ADD COLUMN phone TEXT;
-- Down
SELECT 1;
```
"""

TESTS = """
import pytest

def test_it_is_empty(disposable_database):
    assert disposable_database.engine == "postgresql"
    assert disposable_database.url.startswith("postgresql://")

def answer(database, query):
    import psycopg
    at = database.address
    with psycopg.connect(host=at.host, port=at.port, user=at.user, password=at.password, dbname=at.database) as c:
        return c.execute(query).fetchone()[0]

@pytest.mark.harness(design="designs/shop.md", rows=30)
@pytest.mark.parametrize("again", [1, 2])
def test_each_has_all_rows(seeded_database, again):
    assert answer(seeded_database, "SELECT count(*) FROM people") == 30
    assert answer(seeded_database, "WITH gone AS (DELETE FROM people RETURNING 1) SELECT count(*) FROM gone") == 30
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "designs").mkdir()
    (tmp_path / "designs" / "shop.md").write_text(DESIGN, encoding="utf-8")
    (tmp_path / "designs" / "test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", encoding="utf-8")
    return tmp_path


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "--harness-server", "local", *words]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300, check=False)


def test_a_run_that_does_not_name_designs_collects_none_and_loads_nothing(project: Path) -> None:
    done = run(project, "--collect-only", "-q")
    assert "shop.md" not in done.stdout
    code = "import sys, pytest; pytest.main(['-q', '--collect-only']); print('harness.pipeline' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert loaded.stdout.rstrip().endswith("False")


@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.thorough)])
def test_each_claim_is_an_item_that_fails_on_its_line_and_stands_in_the_junit_file(project: Path, workers: str) -> None:
    done = run(project, "designs/", "--junitxml", "out.xml", "-n", workers)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "designs/shop.md:22: round-trip-exact: migration 002: not as before after up and down" in done.stdout
    assert "Traceback" not in done.stdout
    cases = {case.get("name"): case for case in ET.parse(project / "out.xml").iter("testcase")}
    assert cases["round-trip-exact[migration 002]"].find("failure") is not None
    assert cases["up-applies[migration 001]"].find("failure") is None
    assert "test_own" in cases


@pytest.mark.thorough
def test_items_are_chosen_by_their_names(project: Path) -> None:
    done = run(project, "designs/shop.md", "-q", "-k", "round-trip and 001")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


@pytest.mark.thorough
def test_a_document_that_cannot_be_read_is_one_line_and_no_traceback(project: Path) -> None:
    (project / "designs" / "shop.md").write_text("# Nothing\n", encoding="utf-8")
    done = run(project, "designs/")
    assert "the document does not say which database it is for" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.thorough
def test_a_project_s_tests_get_databases_of_their_own(project: Path) -> None:
    (project / "test_shop.py").write_text(TESTS, encoding="utf-8")
    done = run(project, "test_shop.py", "-q", "--strict-markers")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
