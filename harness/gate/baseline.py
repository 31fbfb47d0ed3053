"""Old sins: findings that were there when the gate was put up, kept in a file beside the code and silenced.

An entry is a check, a file and a subject, with no line: it stays true when the file grows above it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness.checks.base import Finding
from harness.checks.suppression_used import Suppressed
from harness.errors import InputError
from harness.report.model import Report

SCHEMA = "harness.baseline/1"

ANEW = "write it anew with --write-baseline"

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of a file."""

    path: Path
    entries: frozenset[Key]


def key(finding: Finding) -> Key:
    """What a finding is known by."""
    return finding.check, Path(finding.source.path).as_posix(), finding.subject


def written(reports: Iterable[Report], path: Path) -> int:
    """Write the broken findings of these reports, those of an older file left out; how many there are."""
    found = sorted({key(f) for report in reports for f in report.findings if f.verdict == "broken"})
    entries = [{"check": check, "path": file, "subject": subject} for check, file, subject in found]
    text = json.dumps({"schema": SCHEMA, "findings": entries}, indent=2, ensure_ascii=False)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error
    return len(found)


def read(path: Path) -> Baseline:
    """The file; InputError says what is wrong with it."""
    try:
        values: Any = json.loads(path.read_text(encoding="utf-8"))
        entries = frozenset((str(e["check"]), str(e["path"]), str(e["subject"])) for e in values["findings"])
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}): check its permissions") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{path}:{error.lineno}: is no JSON ({error.msg}): {ANEW}") from None
    except (ValueError, KeyError, TypeError):
        message = f'holds no list "findings" of check, path and subject: {ANEW}'
        raise InputError(f"{path}:1: {message}") from None
    return Baseline(path, entries)


def applied(report: Report, baseline: Baseline) -> Report:
    """The report without what the baseline silences."""
    old = [f for f in report.findings if f.verdict == "broken" and key(f) in baseline.entries]
    if not old:
        return report
    silenced = tuple(Suppressed(f, "it is in the baseline", str(baseline.path)) for f in old)
    kept = tuple(f for f in report.findings if f not in old)
    return replace(report, findings=kept, suppressed=(*report.suppressed, *silenced))


def unused(reports: Iterable[Report], baseline: Baseline) -> tuple[Key, ...]:
    """Entries that silenced nothing, though their file was judged."""
    reports = list(reports)
    used = {key(s.finding) for report in reports for s in report.suppressed if s.where == str(baseline.path)}
    files = {Path(path).as_posix() for report in reports for path in report.plan.files}
    return tuple(sorted(entry for entry in baseline.entries - used if entry[1] in files))
