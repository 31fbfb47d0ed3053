"""Annotations for GitHub Actions: workflow commands on the output, which the pull request shows on the lines.

The escapes are those of the runner's own toolkit: in a message ``%``, carriage return and newline; in a property also
``:`` and ``,``. GitHub shows ten errors, ten warnings and ten notices a step, so the errors come first.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.checks.base import Finding, Severity
from harness.report.characters import printable
from harness.report.model import Report

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "advice": "notice"}
ORDER: dict[str, int] = {"error": 0, "warning": 1, "notice": 2}


def annotations(reports: Iterable[Report], root: Path) -> Iterator[str]:
    """A command for each broken claim, and for what fails the run though it could not be checked.

    What only follows from another one of them is left out: a step shows ten.
    ``root``: the repository's, which paths are relative to.
    """
    found = []
    for report in reports:
        failing = set(map(id, report.failing))
        told = {f"{f.check}: {f.subject}" for f in report.findings if f.verdict == "broken"}
        found += [
            (_level(f, fails=id(f) in failing), f)
            for f in report.findings
            if (f.verdict == "broken" or id(f) in failing) and f.follows not in told
        ]
    for level, finding in sorted(found, key=lambda pair: ORDER[pair[0]]):
        yield _command(level, finding, root)


def _level(finding: Finding, *, fails: bool) -> str:
    return "error" if fails else LEVELS[finding.severity]


def _command(level: str, finding: Finding, root: Path) -> str:
    source = finding.source
    properties = {
        "file": relative(source.path, root),
        "line": str(max(1, source.line)),
        "endLine": str(max(1, source.line, source.end_line)),
        "title": f"{finding.check}: {finding.subject}",
    }
    remedy = f"\nremedy: {finding.remedy}" if finding.remedy else ""
    said = f"\nsaid: {finding.claim}" if finding.claim else ""
    words = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {words}::{_message(finding.message + said + remedy)}"


def _message(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def relative(path: str, root: Path) -> str:
    """A path as the repository has it; as it is where it stands outside."""
    absolute = Path(path).resolve()
    return absolute.relative_to(root.resolve()).as_posix() if absolute.is_relative_to(root.resolve()) else path
