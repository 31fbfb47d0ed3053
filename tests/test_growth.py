"""Growth with the rows: pages are counted at three sizes, and a claim that does not fit them is found."""

from pathlib import Path

import pytest

from harness.checks.base import Finding
from harness.errors import ServerError
from harness.pipeline import Options, verified
from harness.run.model import Silent
from tests.conftest import missing

DESIGN = Path(__file__).parents[1] / "designs" / "orders.md"
CLAIM = "- `idx_users_created_at` for the order\n"
SELECT = "SELECT id, full_name, created_at\nFROM users\nORDER BY"


def growth(text: str, folder: Path, request: pytest.FixtureRequest) -> dict[int, Finding]:
    path = folder / "orders.md"
    path.write_text(text, encoding="utf-8")
    options = Options(server="local", rows=("users=10000", "orders=100000"), select=("growth-as-claimed",))
    try:
        report = verified(path, options, Silent())
    except ServerError as error:
        missing(request.config, "postgresql", str(error))
        raise
    return {f.source.line: f for f in report.findings if not f.subject.endswith("/ target")}


@pytest.mark.thorough
def test_lookups_by_an_index_grow_as_its_height_does_and_a_hidden_scan_does_not(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    text = DESIGN.read_text(encoding="utf-8")
    assert CLAIM in text
    text = text.replace(CLAIM, f"{CLAIM}\n**Complexity:** O(log n)\n")
    text = text.replace(SELECT, SELECT.replace("created_at\n", "created_at, (SELECT count(*) FROM orders)\n", 1))
    found = growth(text, tmp_path, request)
    lines = text.splitlines()
    broken = [lines[line - 1] for line, f in found.items() if f.verdict == "broken"]
    held = [f for f in found.values() if f.verdict == "holds"]

    assert broken == ["**Complexity:** O(log n)"]
    assert len(held) == 3
    assert all(len(f.evidence["pages"]) == 3 for f in held)


@pytest.mark.thorough
def test_too_few_rows_tell_nothing(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "orders.md"
    path.write_text(DESIGN.read_text(encoding="utf-8"), encoding="utf-8")
    options = Options(server="local", rows=("users=100", "orders=1000"), select=("growth-as-claimed",))
    report = verified(path, options, Silent())

    assert {f.verdict for f in report.findings} == {"unverified"}
    assert all("too few" in f.message for f in report.findings)
