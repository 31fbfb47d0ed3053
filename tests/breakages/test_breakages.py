"""The shipped designs with faults planted in them: the right check finds each, on its line, and no other check speaks.

Faults that do not meet are planted into one document together; with HARNESS_FAULTS=all each stands alone.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from harness import adapters
from harness.errors import ServerError
from harness.pipeline import Options
from harness.report.model import Report
from tests.breakages import inventory, orders, telemetry
from tests.breakages.fault import Fault, planted
from tests.conftest import missing
from tests.standing import Standing
from tests.test_designs import MARK

DESIGNS = Path(__file__).parents[2] / "designs"
DONE_ON = {"orders": ("postgresql",), "inventory": ("mysql", "mariadb"), "telemetry": ("mongodb",)}
FAULTS = {"orders": orders.FAULTS, "inventory": inventory.FAULTS, "telemetry": telemetry.FAULTS}
ON_ALL = os.environ.get("HARNESS_FAULTS") == "all"

MOST = 7
"""Faults in one document: few enough to tell which of them another check speaks of."""

Faults = tuple[Fault, ...]


def _cases() -> Iterator[ParameterSet]:
    """The first fault of each check and design; with HARNESS_FAULTS=all each fault, on each engine of its design.

    Left out is a check that an earlier design's fault breaks, and that this design's naive twin breaks, too. A bare run
    takes the first fault of each check that no naive twin breaks.
    """
    naive = {d: set(MARK.findall(_text(f"{d}-naive"))) for d in DONE_ON}
    shown = set().union(*naive.values())
    broken: set[str] = set()
    for design, engines in DONE_ON.items():
        firsts = {fault.check: fault for fault in reversed(FAULTS[design]) if fault.check not in broken & naive[design]}
        if ON_ALL:
            yield from (_case(design, engine, (fault,)) for fault in FAULTS[design] for engine in engines)
            continue
        bare = [fault for fault in firsts.values() if fault.check not in shown]
        late = [fault for fault in firsts.values() if fault.check in shown]
        groups = [*_grouped(design, bare), *_grouped(design, late)]
        for number, group in enumerate(groups):
            marks = [] if group[0] in bare else [pytest.mark.thorough]
            yield _case(design, engines[number % len(engines)], group, *marks)
        shown |= firsts.keys()
        broken |= firsts.keys()


def _case(design: str, engine: str, faults: Faults, *marks: pytest.MarkDecorator) -> ParameterSet:
    return pytest.param(design, engine, faults, id=f"{engine}-{'; '.join(f.name for f in faults)}", marks=marks)


def _text(design: str) -> str:
    return (DESIGNS / f"{design}.md").read_text(encoding="utf-8")


def _grouped(design: str, faults: Sequence[Fault]) -> list[Faults]:
    """Each in the first group with whose faults it can stand: no check is of two, and all their texts are there."""
    groups: list[Faults] = []
    for fault in faults:
        place = next((n for n, group in enumerate(groups) if _stands(design, fault, group)), None)
        if place is None:
            groups.append((fault,))
        else:
            groups[place] = (*groups[place], fault)
    return groups


def _stands(design: str, fault: Fault, group: Faults) -> bool:
    if fault.alone or len(group) == MOST or any(other.alone or other.checks & fault.checks for other in group):
        return False
    text = planted(_text(design), group)
    return fault.fits(text) and all(each.on in fault.applied(text) for each in (*group, fault))


def verify(text: str, design: str, engine: str, request: pytest.FixtureRequest, ignore: tuple[str, ...]) -> Report:
    folder: Path = request.getfixturevalue("tmp_path")
    path = folder / f"{design}.md"
    path.write_text(text, encoding="utf-8")
    scenario = Path(__file__).with_name(f"{design}.toml")
    options = Options(server="local", engine=engine, scenario=str(scenario), ignore=ignore)
    try:
        standing: Standing = request.getfixturevalue("standing")
        return standing.report(path, options)
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise


def _of_time(faults: Faults) -> tuple[str, ...]:
    """A target counts only where it is what is broken: a loaded machine does not meet any."""
    return () if any(fault.check == "within-target" for fault in faults) else ("within-target",)


@pytest.mark.parametrize(("design", "engine", "faults"), list(_cases()))
def test_a_fault_is_found_by_its_check_alone_and_on_its_line(
    design: str, engine: str, faults: Faults, request: pytest.FixtureRequest
) -> None:
    text = planted(_text(design), faults)
    report = verify(text, design, engine, request, _of_time(faults))
    lines = text.splitlines()
    broken = [f for f in report.findings if f.verdict == "broken"]
    told = [(f.check, f.source.line, lines[f.source.line - 1], f.message) for f in broken]

    assert {f.check for f in broken} == set().union(*(fault.checks for fault in faults)), told
    for fault in faults:
        own = [f for f in broken if f.check == fault.check]
        assert any(fault.on in lines[f.source.line - 1] for f in own), (fault.name, told)
        assert {f.severity for f in own} == {fault.severity}, (fault.name, told)
    assert report.exit_code == (1 if any(fault.severity == "error" for fault in faults) else 0)


@pytest.mark.parametrize("design", FAULTS)
def test_there_are_at_least_twenty_faults_for_each_design(design: str) -> None:
    assert len({f.name for f in FAULTS[design]}) == len(FAULTS[design]) >= 20
    assert set(DONE_ON[design]) <= set(adapters.names())
