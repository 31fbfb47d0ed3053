"""A small design, drilled on a server of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.checks.base import Finding
from harness.errors import ServerError
from harness.pipeline import Options, drilled
from harness.report.model import Report
from harness.run.model import Silent
from harness.run.seen.drills import Trial
from tests.conftest import missing

Drilling = Callable[..., Report]

HEAD = """\
# Notes

**Type:** {engine}

## Migrations

### Migration 001: Notes
```sql
-- Up
CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(100) NOT NULL);
-- Down
DROP TABLE notes;
```
"""


def migration(number: str, up: str, down: str, claim: str = "") -> str:
    """A migration as a document has it."""
    return f"\n### Migration {number}: Change {number}\n```sql\n-- Up{claim}\n{up}\n-- Down\n{down}\n```\n"


def document(engine: str, *migrations: str) -> str:
    """A document with a table ``notes``, and migrations of it from 002 on."""
    return HEAD.format(engine=engine) + "".join(migrations)


def trials(report: Report, migration: str) -> dict[tuple[str | None, str], Trial]:
    """What was tried of one migration, by way and subject."""
    return {(t.way, t.subject): t for t in report.run.of(Trial) if t.migration == migration}


def found(report: Report, check: str) -> dict[str, Finding]:
    """The findings of a check, by subject."""
    return {f.subject: f for f in report.findings if f.check == check}


@pytest.fixture
def drilling(tmp_path: Path, request: pytest.FixtureRequest) -> Drilling:
    """Drills a document's text; skipped where its server is not there."""

    def drill(text: str, *only: str, server: str = "local", rows: int = 200) -> Report:
        path = tmp_path / "notes.md"
        path.write_text(text, encoding="utf-8")
        try:
            return drilled(path, Options(server=server, rows=(str(rows),)), only, Silent())
        except ServerError as error:
            if "could be had" in str(error) or "on this machine" in str(error):
                missing(request.config, server, str(error))
            raise

    return drill
