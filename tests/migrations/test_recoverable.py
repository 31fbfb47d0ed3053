"""Every migration of the corpus is killed in its midst: whether that leaves all or nothing agrees with its truth.

A slice of them, unless ``HARNESS_CORPUS=all``: the server is killed and started again some times for each.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from harness import adapters
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.run.drills import kill_after_statement
from harness.run.drills.model import Step
from harness.run.drills.rig import Rig
from harness.run.drills.walk import drill
from harness.run.model import Silent
from harness.run.seen.drills import Trial
from tests.migrations.corpus import CORPUS, FIRST, Case
from tests.migrations.test_corpus import DOCUMENT, TITLES, Started

EVERY = 1 if os.environ.get("HARNESS_CORPUS") == "all" else 7
CASES = [
    pytest.param(name, case, id=f"{name}-{case.up}", marks=[pytest.mark.thorough])
    for name, cases in CORPUS.items()
    for number, case in enumerate(cases)
    if number % EVERY == 0 or not case.whole
]


@pytest.fixture(scope="module")
def servers(request: pytest.FixtureRequest) -> Iterator[Started]:
    with ExitStack() as held:
        yield Started(request, held, durable=True)


def _last_only(rig: Rig, step: Step) -> Iterator[Trial]:
    """The up of the migration that is in the corpus."""
    if step.change.id == "002":
        yield from kill_after_statement.run(rig, replace(step, down=None))


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_kill_leaves_all_or_nothing_where_the_truth_says_so(
    name: str, case: Case, servers: Started, tmp_path: Path
) -> None:
    path = tmp_path / "things.md"
    path.write_text(DOCUMENT.format(title=TITLES[name], first=FIRST[name], up=case.up, down=case.down), "utf-8")
    engine = adapters.find(name)
    plan = plan_of(designed(read(path)), engine, Scenario(default_rows=300))
    killing = replace(kill_after_statement.DRILL, run=_last_only)
    run = drill(plan, engine, servers[name], [killing], Silent())
    states = [trial.evidence["state"] for trial in run.of(Trial) if trial.drill == kill_after_statement.NAME]
    if case.loses is None and not states:
        pytest.skip("rows of before do not let it up")
    assert states
    assert all(state != "half-applied" for state in states) == case.whole, states
