"""The shipped designs: what is marked on a line of theirs is found there, and nothing else is."""

import re
from pathlib import Path

import pytest

from harness.pipeline import Options, verified
from harness.run.model import Silent

DESIGNS = Path(__file__).parents[1] / "designs"
MARK = re.compile(r"expect: ([a-z-]+) (broken)")
ROWS = ("users=2000", "orders=20000")


def marks(path: Path) -> set[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {(number, check) for number, line in enumerate(lines, 1) for check, _ in MARK.findall(line)}


@pytest.mark.parametrize("path", sorted(DESIGNS.glob("*.md")), ids=lambda path: path.stem)
def test_what_is_marked_is_found_on_its_line_and_nothing_else(path: Path) -> None:
    report = verified(path, Options(server="local", rows=ROWS), Silent())
    found = {(f.source.line, f.check) for f in report.findings if f.verdict == "broken"}

    assert sorted(found) == sorted(marks(path))


def test_a_naive_twin_has_marks() -> None:
    assert marks(DESIGNS / "orders-naive.md")
    assert not marks(DESIGNS / "orders.md")
