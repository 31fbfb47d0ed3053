"""The gate in Markdown: for a pull request's comment, and for the step summary of GitHub Actions.

It begins with a mark that is not shown, so that a bot finds its own comment and writes over it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.checks.base import Finding, Severity
from harness.counting import counted
from harness.report import figures
from harness.report.as_github import relative
from harness.report.as_markdown import ROUND_TRIPS, applied_text, caused, code, folded, inline, table
from harness.report.groups import broken, headline, reasons
from harness.report.measures import seconds
from harness.report.model import Report

MARK = "<!-- schema-harness: gate -->"
ICONS: dict[Severity, str] = {"error": "❌", "warning": "⚠️", "advice": "💡"}
LONGEST = 60_000
"""Characters: GitHub takes comments of up to 65,536."""


def comment_text(reports: Sequence[Report], root: Path, *, about: str = "") -> str:
    """All of it; cut where a comment would be too long, and then it says so."""
    text = "\n".join((MARK, *_blocks(reports, root, about))).rstrip() + "\n"
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST].rsplit("\n", 1)[0]
    return f"{cut}\n\n… cut here: the report's files have all of it.\n"


def _blocks(reports: Sequence[Report], root: Path, about: str) -> Iterator[str]:
    verdict = "broken" if any(r.failing for r in reports) else "holds"
    yield f"## {'❌' if verdict == 'broken' else '✅'} Schema harness: {verdict}"
    yield ""
    if about:
        yield inline(about)
        yield ""
    for report in reports:
        yield from _one(report, root)


def _one(report: Report, root: Path) -> Iterator[str]:
    run = report.run
    yield f"### {code(report.plan.design.name)}: {headline(report)}"
    yield ""
    yield f"{code(report.plan.design.path)} on {run.engine} {run.version}, {seconds(run.seconds)}"
    yield ""
    rows = [row for severity in ICONS for row in _rows(report, severity, root)]
    yield from table("", ("", "where", "check", "what was seen"), rows)
    shown, left = figures.reached(figures.migrations(report))
    moved = [
        (inline(f"{m.change.id} {m.change.title}"), applied_text(m.up), applied_text(m.down), ROUND_TRIPS[m.round_trip])
        for m in shown
    ]
    if left:
        moved.append((f"{len(left)} more", "not run", "not run", "not run"))
    yield from table("", ("migration", "up", "down", "round trip"), moved)
    unsure = reasons(report).items()
    lines = [*caused(report), *(f"- `{check}`: {inline(said)} ({len(found)})" for (check, said), found in unsure)]
    if lines:
        yield from folded(f"Not verified: {report.counts['unverified']}", lines)
    if report.suppressed:
        lines = [
            f"- `{s.finding.check}` {inline(s.finding.subject)}: {inline(s.reason)} ({code(s.where)})"
            for s in report.suppressed
        ]
        yield from folded(f"Silenced: {len(report.suppressed)}", lines)
    if report.earlier:
        yield f"{counted(report.earlier, 'finding')} about what this change does not touch: not shown."
        yield ""


def _rows(report: Report, severity: Severity, root: Path) -> Iterator[tuple[str, ...]]:
    for finding in broken(report, severity):
        remedy = f" *{inline(finding.remedy)}*" if finding.remedy else ""
        yield (
            ICONS[severity],
            _where(finding, root),
            f"`{finding.check}`",
            f"{inline(finding.subject)}: {inline(finding.message)}{remedy}",
        )


def _where(finding: Finding, root: Path) -> str:
    return code(f"{relative(finding.source.path, root)}:{finding.source.line}")
