"""The gate's work: jobs carried out, and told in the way of the CI that it runs in."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from harness.checks.registry import catalogue
from harness.cli.talk import Talk
from harness.counting import counted
from harness.gate import baseline as baselines
from harness.gate.gate import carried_out, jobs
from harness.gate.git import repository
from harness.gate.given import Given
from harness.gate.relevance import Relevant
from harness.pipeline import Options
from harness.report.as_codequality import codequality_text
from harness.report.as_comment import comment_text
from harness.report.as_github import annotations
from harness.report.as_junit import junit_text
from harness.report.as_sarif import sarif_text
from harness.report.as_text import as_text, verdict_line
from harness.report.model import Report
from harness.report.write import place, ready, write


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command's own options say."""

    queries: Path | None
    counts: Path | None
    baseline: Path
    write_baseline: bool
    form: str
    directory: Path


def judged(found: Relevant, wanted: Wanted, chosen: dict[str, Any], talking: Talk) -> int:
    """Carry out what is to be done, and tell it; the exit code."""
    given = Given(wanted.queries, wanted.counts)
    asked = given.options(Options(**chosen))
    old = baselines.read(wanted.baseline) if wanted.baseline.is_file() and not wanted.write_baseline else None
    if not wanted.write_baseline:
        ready(wanted.directory)
    codes = [0]
    todo = list(jobs(found, asked, given.amend))
    if not todo:
        talking.note(f"no migration was changed since {found.base}: {', '.join(map(str, found.paths))}")
    with talking.progress() as progress:
        reports = list(
            carried_out(todo, asked, progress, talking.note, lambda error: codes.append(talking.error(error)))
        )
    if wanted.write_baseline:
        number = baselines.written(reports, wanted.baseline)
        talking.result(f"{wanted.baseline}: {counted(number, 'finding')} kept; silenced from now on", wrap=False)
        return max(codes)
    if old is not None:
        reports = _without_old(reports, old, talking)
    return max(*codes, _told(reports, found, wanted, talking))


def _without_old(reports: list[Report], old: baselines.Baseline, talking: Talk) -> list[Report]:
    reports = [baselines.applied(report, old) for report in reports]
    for check, file, subject in baselines.unused(reports, old):
        talking.note(f"{old.path}: {check} of {subject} in {file} is no longer found: take it out")
    return reports


def _form(form: str) -> str:
    if form != "auto":
        return form
    return (
        "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "gitlab" if os.environ.get("GITLAB_CI") else "text"
    )


def _told(reports: list[Report], found: Relevant, wanted: Wanted, talking: Talk) -> int:
    """The files first, then the output; the exit code."""
    form, directory = _form(wanted.form), wanted.directory
    there = repository(Path.cwd())
    root = there.root if there is not None else Path.cwd()
    about = f"Judged: what differs from {found.base}." if found.base else ""
    texts = {
        "junit.xml": junit_text(*reports),
        "report.sarif": sarif_text(reports, catalogue(), root),
        "codequality.json": codequality_text(reports, root),
        "comment.md": comment_text(reports, root, about=about),
    }
    for report in reports:
        write(report, directory)
    place(texts, directory)
    files = {"junit": "junit.xml", "sarif": "report.sarif", "codequality": "codequality.json", "markdown": "comment.md"}
    if form in files:
        click.echo(texts[files[form]], nl=False)
    else:
        _printed(reports, form, root, directory, talking)
    if form == "github":
        _summary(texts["comment.md"], talking)
    return max((report.exit_code for report in reports), default=0)


def _printed(reports: list[Report], form: str, root: Path, directory: Path, talking: Talk) -> None:
    for report in reports:
        if not talking.quiet:
            talking.result(as_text(report, verbose=talking.verbose))
    if form == "github":
        for line in annotations(reports, root):
            click.echo(line)
    if not talking.quiet:
        talking.result(f"reports: {directory}/ (junit.xml, report.sarif, codequality.json, comment.md)", wrap=False)
    for report in reports:
        talking.result(verdict_line(report), wrap=False)


def _summary(text: str, talking: Talk) -> None:
    """Append to the file that GitHub Actions shows below the job."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        talking.note(f"{path}: the step summary cannot be written: {error.strerror or error}")
