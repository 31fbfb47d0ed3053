"""The report for code scanning: SARIF 2.1.0. What is broken is a result; what holds or was not checked is counted.

A scanner's list is for what somebody has to look at: the services that read SARIF open an alert for every result, of
any kind. So only broken claims are results, and the other verdicts stand in the run's properties.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from harness.checks.base import Check, Finding, Severity
from harness.checks.suppression_used import Suppressed
from harness.report.characters import printable
from harness.report.drills import drills
from harness.report.model import Report

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "advice": "note"}


def sarif_text(reports: Report | Sequence[Report], checks: Iterable[Check], root: Path) -> str:
    """The log as a JSON text. ``root``: the directory that uris are relative to."""
    return json.dumps(as_sarif(reports, checks, root), indent=2, ensure_ascii=False) + "\n"


def as_sarif(reports: Report | Sequence[Report], checks: Iterable[Check], root: Path) -> dict[str, Any]:
    """A run for each report, whose rules are the catalogue."""
    rules = list(checks)
    each = [reports] if isinstance(reports, Report) else reports
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [_run(report, rules, root) for report in each],
    }


def _run(report: Report, rules: Sequence[Check], root: Path) -> dict[str, Any]:
    places = {check.name: number for number, check in enumerate(rules)}
    driver = {
        "name": "schema-harness",
        "semanticVersion": report.harness,
        "rules": [_rule(check) for check in rules],
    }
    found = [_result(f, places, root) for f in report.findings if f.verdict == "broken"]
    silenced = [_silenced(s, places, root) for s in report.suppressed if s.finding.verdict == "broken"]
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"harness/{report.plan.design.name}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": report.exit_code}],
        "results": [*found, *silenced],
        "properties": {
            "verdict": report.verdict,
            "counts": report.counts,
            "drills": [{"name": d.name, "ok": d.ok, "advice": printable(d.advice)} for d in drills(report)],
        },
    }


def _silenced(suppressed: Suppressed, places: dict[str, int], root: Path) -> dict[str, Any]:
    """A result that is not shown: it says where it is silenced, and why."""
    kind = "inSource" if suppressed.where.rpartition(":")[2].isdigit() else "external"
    suppression = {"kind": kind, "justification": printable(suppressed.reason)}
    return _result(suppressed.finding, places, root) | {"suppressions": [suppression]}


def _rule(check: Check) -> dict[str, Any]:
    return {
        "id": check.name,
        "name": "".join(word.capitalize() for word in check.name.split("-")),
        "shortDescription": {"text": check.question},
        "fullDescription": {"text": check.why},
        "help": {"text": check.remedy},
        "defaultConfiguration": {"level": LEVELS[check.severity]},
    }


def _result(finding: Finding, places: dict[str, int], root: Path) -> dict[str, Any]:
    said = f"\nsaid: {finding.claim}" if finding.claim else ""
    remedy = f"\nremedy: {finding.remedy}" if finding.remedy else ""
    result: dict[str, Any] = {
        "ruleId": finding.check,
        "level": LEVELS[finding.severity],
        "message": {"text": printable(f"{finding.subject}: {finding.message}{said}{remedy}")},
        "locations": [_location(finding, root)],
        "partialFingerprints": {"harness/v1": _fingerprint(finding)},
    }
    return result | ({"ruleIndex": places[finding.check]} if finding.check in places else {})


def _location(finding: Finding, root: Path) -> dict[str, Any]:
    source = finding.source
    region = {"startLine": max(1, source.line), "endLine": max(1, source.line, source.end_line)}
    return {"physicalLocation": {"artifactLocation": _artifact(source.path, root), "region": region}}


def _artifact(path: str, root: Path) -> dict[str, str]:
    """Relative to the root where the file is below it, so that a scanner finds it in its own checkout."""
    absolute = (root / path).resolve()
    if absolute.is_relative_to(root.resolve()):
        return {"uri": quote(absolute.relative_to(root.resolve()).as_posix()), "uriBaseId": "%SRCROOT%"}
    return {"uri": absolute.as_uri()}


def _fingerprint(finding: Finding) -> str:
    """The same for the same finding on another line."""
    words = "\0".join((finding.check, finding.subject, Path(finding.source.path).name))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]
