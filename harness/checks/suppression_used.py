"""suppression-used: each comment that silences a finding gives a reason, and there is something to be silenced."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from harness.checks.base import Case, Check, Finding
from harness.design.ignores import Ignore


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that was silenced. ``where``: the comment, or the baseline file."""

    finding: Finding
    reason: str
    where: str


def judge(check: Check, case: Case) -> Iterator[Finding]:  # noqa: ARG001
    """Nothing by itself: it speaks of what the other checks found (see ``settled``)."""
    yield from ()


def settled(
    findings: Sequence[Finding], found: Collection[Ignore], names: Collection[str], judged: Collection[str]
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
    """The findings that remain, and those that were silenced.

    Args:
        findings: of all checks.
        found: the comments.
        names: of every check there is.
        judged: of the checks that were asked for: a comment about another one is not unused.
    """
    used: set[Ignore] = set()
    kept, silenced = [], []
    for finding in findings:
        ignore = next((i for i in found if i.reason and _about(i, finding)), None)
        if finding.verdict == "holds" or ignore is None:
            kept.append(finding)
        else:
            used.add(ignore)
            silenced.append(Suppressed(finding, ignore.reason, str(ignore.source)))
    said = [
        _said(ignore, names)
        for ignore in found
        if ignore not in used and (ignore.check in judged or ignore.check not in names)
    ]
    return (*kept, *said), tuple(silenced)


def _about(ignore: Ignore, finding: Finding) -> bool:
    if ignore.check != finding.check or ignore.about.path != finding.source.path:
        return False
    inside = ignore.about.line <= finding.source.line <= ignore.about.end_line
    return inside or finding.source.line <= ignore.source.line <= finding.source.end_line


def _said(ignore: Ignore, names: Collection[str]) -> Finding:
    subject = f"harness: ignore {ignore.check}"
    if ignore.check not in names:
        near = get_close_matches(ignore.check, names, n=1)
        message = "there is no such check" + (f"; did you mean {near[0]}?" if near else "")
        return CHECK.found("broken", subject, message, ignore.source)
    if not ignore.reason:
        message = "no reason is given, so nothing is silenced"
        remedy = f"Say why: harness: ignore {ignore.check} because …"
        return CHECK.found("broken", subject, message, ignore.source, remedy=remedy)
    return CHECK.found("broken", subject, "there is nothing that it silences", ignore.source)


CHECK = Check(
    name="suppression-used",
    question="Does each comment that silences a finding say why, and is there still something that it silences?",
    why="A comment that outlives its finding hides the next one; one without a reason cannot be reviewed.",
    remedy="Delete the comment.",
    severity="warning",
    breaks="-- harness: ignore down-exists",
    holds="-- harness: ignore down-exists because the rows cannot come back; see the runbook",
    judge=judge,
)
