"""One migration that does not apply is told once, with all that could not be looked at for its sake counted."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from harness.checks.base import Case, Finding
from harness.checks.registry import judge
from harness.report.as_comment import comment_text
from harness.report.as_github import annotations
from harness.report.as_html import html_text
from harness.report.as_json import as_json
from harness.report.as_markdown import markdown_text
from harness.report.as_text import as_text
from harness.report.model import Report
from harness.run.model import Skipped
from tests.report.test_renderings import printed

CHECKS = ("up-applies", "down-applies", "reapplies", "round-trip-exact", "rollback-keeps-data", "query-runs")
REST = 37
CAUSE = "migration 002 does not apply (line 90): 37 migrations after it were not tried"
COUNTS = {"up-applies": 37, "down-applies": 38, "reapplies": 38, "round-trip-exact": 38, "rollback-keeps-data": 37}


@pytest.fixture
def stopped(report: Report) -> Report:
    """Migration 002 is refused; the 37 after it were not reached, and each has a down of its own."""
    last = report.plan.changes[2]
    rest = tuple(replace(last, id=f"{n:03}", down=last.up) for n in range(3, 3 + REST))
    plan = replace(report.plan, changes=(*report.plan.changes[:2], *rest))
    skipped = (Skipped("up", each.id, "migration 002 before it does not apply") for each in rest)
    run = replace(report.run, observations=(*report.run.observations, *skipped))
    return replace(report, plan=plan, run=run, findings=judge(Case(plan, run), select=CHECKS))


def flat(text: str) -> str:
    return " ".join(text.split())


def followers(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(f.check for f in findings if f.follows == "up-applies: migration 002")


def test_each_finding_stays_and_says_what_it_follows_from(stopped: Report) -> None:
    assert followers(stopped.findings) == COUNTS
    told = [f["follows"] for f in as_json(stopped)["findings"]]
    assert told.count("up-applies: migration 002") == 188
    assert all(not f.remedy for f in stopped.findings if f.follows)


def test_what_is_unverified_for_another_reason_stands_for_itself(stopped: Report) -> None:
    own = {(f.check, f.subject) for f in stopped.findings if f.verdict == "unverified" and not f.follows}
    assert ("rollback-keeps-data", "migration 002") in own, "it has no down of its own, whatever its up does"


def test_the_terminal_tells_the_cause_once_and_fits_80_columns(stopped: Report) -> None:
    text = printed(as_text(stopped))
    assert f"{CAUSE}; unverified for that: 38 down-applies, 38 reapplies" in flat(text)
    assert flat(text).count("not tried") == 1
    assert "before it does not apply" not in text
    assert "37 more after it" in text
    assert max(map(len, text.splitlines())) <= 80
    assert len(text.splitlines()) < 50


def test_with_verbose_each_is_told_in_full(stopped: Report) -> None:
    assert printed(as_text(stopped, verbose=True)).count("migration 002 before it does not apply") == 5 * REST


@pytest.mark.parametrize("render", [markdown_text, html_text, lambda report: comment_text([report], Path.cwd())])
def test_the_files_for_people_tell_the_cause_once(stopped: Report, render: object) -> None:
    text = render(stopped)
    assert text.count(CAUSE) == 1
    assert "before it does not apply" not in text


def test_annotations_leave_out_what_follows(stopped: Report) -> None:
    lines = list(annotations([replace(stopped, fail_on="unverified")], Path.cwd()))
    assert sum("does not apply" in line for line in lines) == 0
    assert sum("title=up-applies" in line for line in lines) == 1


def test_a_single_consequence_is_told_by_itself(stopped: Report) -> None:
    one = tuple(f for f in stopped.findings if f.subject in {"migration 002", "migration 003"})
    few = tuple(f for f in one if f.check == "up-applies")
    assert "line 99: migration 002 before it does not apply" in flat(printed(as_text(replace(stopped, findings=few))))
