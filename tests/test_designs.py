"""The shipped designs, and others: what is marked on a line of theirs is found there, and nothing else is."""

import re
from pathlib import Path

import pytest

from harness.errors import ServerError
from harness.pipeline import Options, understood
from tests.conftest import missing
from tests.standing import Standing

DESIGNS = Path(__file__).parents[1] / "designs"
MARK = re.compile(r"expect: ([a-z-]+) broken")
SMALL = {
    **{name: f"breakages/{name}.toml" for name in ("orders", "inventory", "telemetry")},
    **{name: f"corpus/{name}.toml" for name in ("booking", "ledger", "publishing")},
    "orders-naive": "breakages/orders.toml",
    "telemetry-naive": "corpus/telemetry-naive.toml",
}
"""Scenarios that show the same with fewer rows and runs."""

OTHERS = Path(__file__).parent / "documents" / "marked"
"""Documents that say things in ways which the shipped designs do not, with 1,000 rows for what they give no number."""

LATE = frozenset(
    {"booking", "ledger", "publishing", "inventory-naive", "telemetry-naive", "chat", "clinic", "decision", "expanding",
     "fuhrpark", "partitions", "recipes", "rfc", "seats"}
)  # fmt: skip
"""Designs that only thorough runs try."""


def scenario(path: Path) -> str | None:
    name = SMALL.get(path.stem)
    return None if name is None else str(Path(__file__).parent / name)


def marks(path: Path) -> set[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {(number, check) for number, line in enumerate(lines, 1) for check in MARK.findall(line)}


def engines(path: Path) -> list[str]:
    """The document's engine, and MariaDB beside MySQL."""
    named = understood(path).engine
    return [named, "mariadb"] if named == "mysql" else [named]


def repeats(path: Path, engine: str) -> bool:
    """Whether a bare run does without it."""
    return path.stem in LATE or engine == "mysql"


CASES = [
    pytest.param(path, name, id=f"{path.stem}-{name}", marks=[pytest.mark.thorough] if repeats(path, name) else [])
    for path in (*sorted(DESIGNS.glob("*.md")), *sorted(OTHERS.glob("*.md")))
    for name in engines(path)
]


@pytest.mark.parametrize(("path", "engine"), CASES)
def test_what_is_marked_is_found_on_its_line_and_nothing_else(
    path: Path, engine: str, request: pytest.FixtureRequest, standing: Standing
) -> None:
    options = Options(
        server="local", engine=engine, scenario=scenario(path), rows=("1000",) if path.parent == OTHERS else ()
    )
    try:
        report = standing.report(path, options)
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise
    found = {(f.source.line, f.check) for f in report.findings if f.verdict == "broken"}

    assert sorted(found) == sorted(marks(path))


@pytest.mark.parametrize("path", sorted(DESIGNS.glob("*-naive.md")), ids=lambda path: path.stem)
def test_a_naive_twin_has_marks_and_its_sound_one_none(path: Path) -> None:
    assert marks(path)
    assert not marks(path.with_name(path.name.replace("-naive", "")))
