"""Two busy loops beside a run: a target that is met is never called missed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.errors import ServerError
from harness.pipeline import Options, engine_of, planned, serving
from tests.conftest import missing
from tests.corpus.looking import judged

DESIGNS = Path(__file__).parents[1] / "designs"
CASES = [("orders", "postgresql"), ("inventory", "mysql"), ("telemetry", "mongodb")]
ROWS = ("users=2000", "orders=20000", "products=2000", "stock_levels=8000", "devices=300", "readings=5000")


@pytest.fixture
def busy() -> Iterator[None]:
    with ExitStack() as loops:
        for _ in range(2):
            loop = loops.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            loops.callback(loop.kill)
        yield


@pytest.mark.thorough
@pytest.mark.parametrize(("design", "engine"), CASES, ids=[engine for _, engine in CASES])
@pytest.mark.usefixtures("busy")
def test_no_target_that_is_met_is_broken_by_what_runs_beside_it(
    design: str, engine: str, request: pytest.FixtureRequest
) -> None:
    options = Options(server="local", engine=engine, rows=ROWS)
    plan = planned(DESIGNS / f"{design}.md", options)
    adapter = engine_of(plan.design)
    try:
        with serving(adapter, plan, options) as server:
            findings = judged(plan, adapter, server, ("within-target",))
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise

    assert findings
    assert [f.message for f in findings if f.verdict == "broken"] == []
