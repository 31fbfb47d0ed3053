"""Queries whose right verdicts are known beforehand: what is marked is found on its line, whatever the seed.

``expect: CHECK broken`` marks every broken finding of the documents of this folder, and no other may be there;
``expect: CHECK holds`` marks claims that must be found to hold. HARNESS_SEEDS says how many seeds are tried.
"""

import os
import re
from pathlib import Path

import pytest

from harness.errors import ServerError
from harness.pipeline import Options, understood, verified
from harness.report.model import Report
from harness.run.model import Silent
from tests.conftest import missing

CHECKS = (
    "columns-chosen", "index-needed", "index-not-hidden", "index-not-redundant", "index-order-fits", "index-selective",
    "index-serves", "index-suggested", "index-used", "limit-ordered", "not-in-finds-rows", "outer-join-kept",
    "pages-by-key", "pattern-anchored", "query-returns-rows", "query-runs", "scans-no-table", "sorts-by-index",
    "tables-joined", "growth-as-claimed",
)  # fmt: skip
"""What is asked of queries and indexes, but for times, which a shared machine does not tell twice alike."""

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "designs"
LARGE = ("booking", "ledger", "publishing")
MARK = re.compile(r"expect: ([a-z-]+) (broken|holds)")
SEEDS = range(1, int(os.environ.get("HARNESS_SEEDS", "1")) + 1)
FIRST = "clinic"


def documents() -> list[Path]:
    return sorted(HERE.glob("*.md")) + [path for name in LARGE if (path := SHIPPED / f"{name}.md").is_file()]


def marks(path: Path, verdict: str) -> set[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {(n, check) for n, line in enumerate(lines, 1) for check, said in MARK.findall(line) if said == verdict}


def report_of(path: Path, engine: str, seed: int, request: pytest.FixtureRequest) -> Report:
    small = HERE / f"{path.stem}.toml"
    scenario = str(small) if small.is_file() else None
    options = Options(server="local", engine=engine, seed=seed, scenario=scenario, select=CHECKS)
    try:
        return verified(path, options, Silent())
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise


CASES = [
    pytest.param(
        path,
        engine,
        seed,
        id=f"{path.stem}-{engine}-{seed}",
        marks=[] if (path.stem, engine, seed) == (FIRST, "postgresql", 1) else [pytest.mark.thorough],
    )
    for path in documents()
    for named in [understood(path).engine]
    for engine in ([named, "mariadb"] if named == "mysql" else [named])
    for seed in SEEDS
]


@pytest.mark.parametrize(("path", "engine", "seed"), CASES)
def test_every_verdict_is_the_one_that_is_known(
    path: Path, engine: str, seed: int, request: pytest.FixtureRequest
) -> None:
    report = report_of(path, engine, seed, request)
    found = {(f.source.line, f.check): f.message for f in report.findings if f.verdict == "broken"}
    held = {(f.source.line, f.check) for f in report.findings if f.verdict == "holds"}
    at = {(f.source.line, f.check): (f.verdict, f.message) for f in report.findings}

    assert {k: v for k, v in found.items() if k not in marks(path, "broken")} == {}
    assert {k: at.get(k) for k in marks(path, "broken") - set(found)} == {}
    assert {k: at.get(k) for k in marks(path, "holds") - held} == {}


def test_there_are_at_least_sixty_queries() -> None:
    shipped = [path for path in SHIPPED.glob("*.md") if not path.stem.endswith("-naive")]
    assert sum(len(understood(path).queries) for path in {*documents(), *shipped}) >= 60
