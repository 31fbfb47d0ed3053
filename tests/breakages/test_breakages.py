"""The orders design, broken one fault at a time: the right check finds it, on its line, and no other check speaks."""

from pathlib import Path

import pytest

from harness.pipeline import Options, verified
from harness.report.model import Report
from harness.run.model import Silent
from tests.breakages.faults import FAULTS, Fault

DESIGN = Path(__file__).parents[2] / "designs" / "orders.md"
OPTIONS = Options(server="local", scenario=str(Path(__file__).with_name("quick.toml")))


def verify(text: str, folder: Path) -> Report:
    path = folder / "orders.md"
    path.write_text(text, encoding="utf-8")
    return verified(path, OPTIONS, Silent())


def test_the_intact_design_has_no_false_alarm(tmp_path: Path) -> None:
    report = verify(DESIGN.read_text(encoding="utf-8"), tmp_path)

    assert [(f.check, f.source.line, f.message) for f in report.findings if f.verdict == "broken"] == []
    assert report.exit_code == 0


@pytest.mark.parametrize("fault", FAULTS, ids=[f.name for f in FAULTS])
def test_a_fault_is_found_by_its_check_alone_and_on_its_line(fault: Fault, tmp_path: Path) -> None:
    text = fault.applied(DESIGN.read_text(encoding="utf-8"))
    report = verify(text, tmp_path)
    lines = text.splitlines()
    broken = [f for f in report.findings if f.verdict == "broken"]
    told = [(f.check, f.source.line, lines[f.source.line - 1], f.message) for f in broken]

    assert {f.check for f in broken} == {fault.check}, told
    assert any(fault.on in lines[f.source.line - 1] for f in broken), told
    assert {f.severity for f in broken} == {fault.severity}, told
    assert report.exit_code == (1 if fault.severity == "error" else 0)


def test_there_are_at_least_twenty_faults_for_as_many_checks_as_the_main_job_has() -> None:
    assert len(FAULTS) >= 20
    assert len({f.name for f in FAULTS}) == len(FAULTS)
