"""Queries whose right verdicts are known beforehand: what is marked is found on its line, whatever the seed.

``expect: CHECK broken`` marks every broken finding of these documents, and no other may be there; ``expect: CHECK
holds`` marks claims that must be found to hold; ``… on ENGINE`` is a mark for that engine alone. HARNESS_SEEDS says how
many seeds are tried (``make corpus SEEDS=20``); over all of them not one verdict may change.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from harness.checks.base import Finding
from harness.errors import ServerError
from harness.pipeline import understood
from tests.conftest import missing
from tests.corpus.looking import judged, looking, of_seed

CHECKS = (
    "columns-chosen", "index-needed", "index-not-hidden", "index-not-redundant", "index-order-fits", "index-selective",
    "index-serves", "index-suggested", "index-used", "limit-ordered", "not-in-finds-rows", "outer-join-kept",
    "pages-by-key", "pattern-anchored", "query-returns-rows", "query-runs", "tables-joined",
)  # fmt: skip
"""What is asked of queries and indexes, but for times, which a shared machine does not tell twice alike."""

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "designs"
LARGE = ("booking", "ledger", "publishing")
"""Shipped designs, of which one seed is tried with all other designs."""

MARK = re.compile(r"expect: ([a-z-]+) (broken|holds)(?: on ([a-z]+))?")
SEEDS = range(1, int(os.environ.get("HARNESS_SEEDS", "1")) + 1)
ALL_SQL = ["postgresql", "mysql", "mariadb"]

Known = set[tuple[int, str]]
Told = Counter[tuple[str, int, str, str]]


def documents() -> list[Path]:
    return [*sorted(HERE.glob("*.md")), *(SHIPPED / f"{name}.md" for name in LARGE if len(SEEDS) > 1)]


def marks(path: Path, engine: str, verdict: str) -> Known:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = ((n, *mark) for n, line in enumerate(lines, 1) for mark in MARK.findall(line))
    return {(n, check) for n, check, said, on in found if said == verdict and on in {"", engine}}


def disagreements(path: Path, engine: str, findings: Iterable[Finding]) -> list[str]:
    """Where the findings are not what the marks say, one line each."""
    told = [f for f in findings if f.verdict != "holds"]
    broken = {(f.source.line, f.check) for f in told if f.verdict == "broken"}
    held = {(f.source.line, f.check) for f in findings if f.verdict == "holds"}
    wanted, kept = marks(path, engine, "broken"), marks(path, engine, "holds")
    wrong = [f"{f.source.line} {f.check} {f.verdict}: {f.message}" for f in told
             if (f.source.line, f.check) not in wanted]  # fmt: skip
    missed = [f"{line} {check} is not broken" for line, check in wanted - broken]
    return sorted(wrong + missed + [f"{line} {check} does not hold" for line, check in kept - held])


CASES = [
    pytest.param(path, engine, id=f"{path.stem}-{engine}")
    for path in documents()
    for named in [understood(path).engine]
    for engine in (ALL_SQL if path.stem == "trade" else [named, "mariadb"] if named == "mysql" else [named])
]


@pytest.mark.thorough
@pytest.mark.parametrize(("path", "engine"), CASES)
def test_every_verdict_is_the_known_one_whatever_the_seed(
    path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    small = HERE / f"{path.stem}.toml"
    first: Told | None = None
    try:
        with looking(path, engine, str(small)) as (plan, adapter, server):
            for seed in SEEDS:
                findings = judged(of_seed(plan, seed), adapter, server, CHECKS)
                told: Told = Counter((f.check, f.source.line, f.subject, f.verdict) for f in findings)
                assert disagreements(path, engine, findings) == [], f"seed {seed}"
                first = first or told
                assert told == first, f"seed {seed}"
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise


def test_there_are_at_least_sixty_queries() -> None:
    shipped = [path for path in SHIPPED.glob("*.md") if not path.stem.endswith("-naive")]
    assert sum(len(understood(path).queries) for path in {*HERE.glob("*.md"), *shipped}) >= 60
