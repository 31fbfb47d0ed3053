"""A report's findings as its renderings present them: by verdict and severity, and the alike ones together."""

from collections.abc import Iterable
from pathlib import PurePath

from harness.checks.base import Finding, Severity
from harness.report.measures import counted
from harness.report.model import Report
from harness.source import Source

Alike = dict[tuple[str, str], tuple[Finding, ...]]
"""Findings by check and message."""


def broken(report: Report, severity: Severity) -> tuple[Finding, ...]:
    """The broken claims of that severity."""
    return tuple(f for f in report.findings if f.verdict == "broken" and f.severity == severity)


def unverified(report: Report) -> tuple[Finding, ...]:
    """What could not be checked."""
    return tuple(f for f in report.findings if f.verdict == "unverified")


def holding(report: Report) -> tuple[Finding, ...]:
    """What holds."""
    return tuple(f for f in report.findings if f.verdict == "holds")


def alike(findings: Iterable[Finding]) -> Alike:
    """Findings that say the same of several lines, together, in the order of their first line."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.check, finding.message), []).append(finding)
    return {key: tuple(found) for key, found in groups.items()}


def numbered(report: Report, source: Source) -> str:
    """A line's number, with the file's name before it when that is not the design's own: ``0002_roles.sql:3``."""
    own = report.plan.design.path
    if source.path == own:
        return str(source.line)
    path = PurePath(source.path)
    name = path.relative_to(own) if path.is_relative_to(own) else path
    return f"{name}:{source.line}"


def place(report: Report, source: Source) -> str:
    """``line 12``, or file and line."""
    text = numbered(report, source)
    return f"line {text}" if text.isdigit() else text


def places(report: Report, sources: Iterable[Source], most: int) -> str:
    """``lines 3, 12 …``, or files and lines; each once."""
    found = list(dict.fromkeys(numbered(report, source) for source in sources))
    shown = ", ".join(found[:most]) + (" …" if len(found) > most else "")
    return ("line " if len(found) == 1 else "lines ") * all(text.isdigit() for text in found) + shown


def headline(report: Report) -> str:
    """``broken · 2 errors · 1 warning · 3 unverified · 41 hold``; what there is none of is left out."""
    counts = (
        counted(len(broken(report, "error")), "error"),
        counted(len(broken(report, "warning")), "warning"),
        f"{len(broken(report, 'advice'))} advice",
        f"{report.counts['unverified']} unverified",
        f"{report.counts['holds']} hold" + ("s" if report.counts["holds"] == 1 else ""),
    )
    return " · ".join((report.verdict, *(text for text in counts if not text.startswith("0 "))))
