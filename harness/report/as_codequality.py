"""The report for GitLab: Code Quality JSON, which a merge request shows on the lines (``reports:codequality``).

The fields that GitLab reads: description, check_name, fingerprint, severity, location.path and location.lines.begin.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from harness.checks.base import Finding, Severity
from harness.report.as_github import relative
from harness.report.characters import one_line
from harness.report.model import Report

SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "minor", "advice": "info"}


def codequality_text(reports: Iterable[Report], root: Path) -> str:
    """A list of what is broken, as a JSON text; fingerprints are unique, and do not move with the line."""
    found: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for report in reports:
        for finding in report.findings:
            if finding.verdict == "broken":
                words = "\0".join((finding.check, finding.subject, relative(finding.source.path, root)))
                seen[words] = seen.get(words, 0) + 1
                found.append(_entry(finding, f"{words}\0{seen[words]}", root))
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding, words: str, root: Path) -> dict[str, Any]:
    return {
        "description": one_line(f"{finding.subject}: {finding.message}"),
        "check_name": finding.check,
        "fingerprint": hashlib.sha256(words.encode("utf-8", "replace")).hexdigest(),
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": relative(finding.source.path, root),
            "lines": {
                "begin": max(1, finding.source.line),
                "end": max(1, finding.source.line, finding.source.end_line),
            },
        },
    }
