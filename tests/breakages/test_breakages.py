"""The shipped designs, broken one fault at a time: the right check finds it, on its line, and no other check speaks."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from harness import adapters
from harness.errors import ServerError
from harness.pipeline import Options
from harness.report.model import Report
from tests.breakages import inventory, orders, telemetry
from tests.breakages.fault import Fault
from tests.conftest import missing
from tests.standing import Standing
from tests.test_designs import MARK

DESIGNS = Path(__file__).parents[2] / "designs"
DONE_ON = {"orders": ("postgresql",), "inventory": ("mysql", "mariadb"), "telemetry": ("mongodb",)}
FAULTS = {"orders": orders.FAULTS, "inventory": inventory.FAULTS, "telemetry": telemetry.FAULTS}
ON_ALL = os.environ.get("HARNESS_FAULTS") == "all"


def _cases() -> Iterator[ParameterSet]:
    """The first fault of each check and design; with HARNESS_FAULTS=all each fault, on each engine of its design.

    Left out is a check that an earlier design's fault breaks, and that this design's naive twin breaks, too. A bare run
    takes the first fault of each check that no naive twin breaks.
    """
    naive = {d: set(MARK.findall((DESIGNS / f"{d}-naive.md").read_text(encoding="utf-8"))) for d in DONE_ON}
    shown = set().union(*naive.values())
    broken: set[str] = set()
    for design, engines in DONE_ON.items():
        firsts = {fault.check: fault for fault in reversed(FAULTS[design]) if fault.check not in broken & naive[design]}
        for number, fault in enumerate(FAULTS[design] if ON_ALL else firsts.values()):
            marks = [pytest.mark.thorough] if fault.check in shown else []
            shown.add(fault.check)
            for engine in engines if ON_ALL else [engines[number % len(engines)]]:
                yield pytest.param(design, engine, fault, id=f"{engine}-{fault.name}", marks=marks)
        broken |= firsts.keys()


def verify(text: str, design: str, engine: str, request: pytest.FixtureRequest, check: str = "") -> Report:
    """The report; a target counts only where it is what is broken: a loaded machine does not meet any."""
    folder: Path = request.getfixturevalue("tmp_path")
    path = folder / f"{design}.md"
    path.write_text(text, encoding="utf-8")
    scenario = Path(__file__).with_name(f"{design}.toml")
    options = Options(server="local", engine=engine, scenario=str(scenario), ignore=_of_time(check))
    try:
        standing: Standing = request.getfixturevalue("standing")
        return standing.report(path, options)
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise


def _of_time(check: str) -> tuple[str, ...]:
    return () if check == "within-target" else ("within-target",)


@pytest.mark.parametrize(("design", "engine", "fault"), list(_cases()))
def test_a_fault_is_found_by_its_check_alone_and_on_its_line(
    design: str, engine: str, fault: Fault, request: pytest.FixtureRequest
) -> None:
    text = fault.applied((DESIGNS / f"{design}.md").read_text(encoding="utf-8"))
    report = verify(text, design, engine, request, fault.check)
    lines = text.splitlines()
    broken = [f for f in report.findings if f.verdict == "broken"]
    told = [(f.check, f.source.line, lines[f.source.line - 1], f.message) for f in broken]

    assert {f.check for f in broken} == {fault.check, *fault.also}, told
    assert any(fault.on in lines[f.source.line - 1] for f in broken), told
    assert {f.severity for f in broken if f.check == fault.check} == {fault.severity}, told
    assert report.exit_code == (1 if fault.severity == "error" else 0)


@pytest.mark.parametrize("design", FAULTS)
def test_there_are_at_least_twenty_faults_for_each_design(design: str) -> None:
    assert len({f.name for f in FAULTS[design]}) == len(FAULTS[design]) >= 20
    assert set(DONE_ON[design]) <= set(adapters.names())
