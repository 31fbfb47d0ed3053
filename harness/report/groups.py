"""A report's findings as its renderings present them: by verdict and severity, and the alike ones together."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import PurePath

from harness.checks.base import Finding, Severity
from harness.counting import counted, form
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


def consequences(report: Report) -> dict[str, tuple[Finding, ...]]:
    """What could not be looked at for the sake of one finding, by that one; a single one is told by itself."""
    groups: dict[str, list[Finding]] = {}
    for finding in unverified(report):
        if finding.follows:
            groups.setdefault(finding.follows, []).append(finding)
    return {cause: tuple(found) for cause, found in groups.items() if len(found) > 1}


def reasons(report: Report) -> Alike:
    """What else could not be looked at, by check and reason."""
    told = consequences(report)
    return alike(f for f in unverified(report) if f.follows not in told)


def following(report: Report, cause: str, found: Sequence[Finding]) -> tuple[str, str]:
    """A cause with its consequences counted: a sentence, and how many findings of each check only follow from it.

    ``migration 003 does not apply (line 25): 37 migrations after it were not tried``; ``unverified for that: …``.
    """
    check, _, subject = cause.partition(": ")
    at = next((f.source for f in report.findings if (f.check, f.subject) == (check, subject)), None)
    where = f" ({place(report, at)})" if at is not None else ""
    number = len({skipped.subject for skipped in report.run.skips("up")})
    untried = f": {counted(number, 'migration')} after it {form(number, 'was', 'were')} not tried" if number else ""
    counts = Counter(finding.check for finding in found).most_common()
    each = ", ".join(f"{count} {name}" for name, count in counts)
    return f"{subject} does not apply{where}{untried}", f"unverified for that: {each}"


def holding(report: Report) -> tuple[Finding, ...]:
    """What holds."""
    return tuple(f for f in report.findings if f.verdict == "holds")


def alike(findings: Iterable[Finding]) -> Alike:
    """Findings that say the same of several lines, together, in the order of their first line."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.check, finding.message), []).append(finding)
    return {key: tuple(found) for key, found in groups.items()}


Groups = tuple[tuple[Finding, ...], ...]


def singly(findings: Iterable[Finding]) -> Groups:
    """Each finding by itself."""
    return tuple((finding,) for finding in findings)


MANY = 4
"""So many findings that say the same are told once."""

PARTICULARS = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"|\d[\d.,]*(?:, \d+)*")
"""In what such messages may differ: names and texts of the document, figures, lines."""


def repeated(findings: Iterable[Finding]) -> Groups:
    """Findings in their order, those together that say the same of many places but for names and figures.

    What quotes the document's own claim stands alone: its words are what is to be read.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        said = PARTICULARS.sub("…", finding.message).replace("lines ", "line ")
        key = (number,) if finding.claim else (finding.check, finding.source.path, said, finding.remedy)
        groups.setdefault(key, []).append(finding)
    many = [tuple(found) for found in groups.values() if len(found) >= MANY]
    single = [(finding,) for found in groups.values() if len(found) < MANY for finding in found]
    return tuple(sorted((*many, *single), key=lambda found: found[0].source.line))


def others(found: Sequence[Finding]) -> str:
    """Where a group's other findings stand: lines with their subjects, or lines alone where the subject is the same."""
    if len({finding.subject for finding in found}) == 1:
        return f"lines {ranges(finding.source.line for finding in found[1:])}"
    return ", ".join(f"{finding.source.line} {finding.subject}" for finding in found[1:])


def ranges(lines: Iterable[int]) -> str:
    """``3, 12-40, 44``; each line once."""
    runs = groupby(enumerate(sorted(set(lines))), key=lambda pair: pair[1] - pair[0])
    spans = [[line for _, line in run] for _, run in runs]
    return ", ".join(f"{span[0]}-{span[-1]}" if len(span) > 2 else ", ".join(map(str, span)) for span in spans)


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
