"""What old code sends, tried as ``verify`` tries it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import adapters
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.errors import ServerError
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.run.bench import Bench
from harness.run.compatibility import compatible
from harness.run.model import Silent, Tried
from harness.run.staircase import climb
from harness.servers.provider import provide
from tests.conftest import missing

ALL = {"select", "insert", "update", "delete"}


def tried(text: str, name: str, tmp_path: Path, config: pytest.Config) -> list[Tried]:
    """What was tried of the migrations that are said to be compatible."""
    path, engine = tmp_path / "design.md", adapters.find(name)
    path.write_text(text, encoding="utf-8")
    plan = plan_of(designed(read(path)), engine, Scenario())
    try:
        with provide(engine.recipe(None, None), "local") as server:
            bench = Bench(plan, engine, server, Silent())
            with climb(bench) as (applied, _):
                compatible(bench, applied, datetime.now(UTC))
    except ServerError as error:
        missing(config, name, str(error))
        raise
    assert applied == len(plan.changes)
    return [each for each in bench.seen if isinstance(each, Tried)]


def kinds(found: Sequence[Tried], migration: str, table: str, *, taken: bool) -> set[str]:
    """What was sent to a table, and taken or refused."""
    return {
        t.kind
        for t in found
        if (t.migration, t.subject.partition(",")[0], t.refusal is None) == (migration, table, taken)
    }
