"""What could not be looked at only because a migration does not apply: told with that one finding, not by itself.

One migration that is refused leaves all after it untried, and each check with nothing to say of each of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from harness.checks.base import Case, Finding
from harness.checks.not_run import UP_REFUSED
from harness.checks.states import cut_short
from harness.run.seen.statements import Unreached

MIGRATION = re.compile(r"migration (.+?)(?: down| up)?")
QUERY = re.compile(r"query (\S+)")
POINTER = "(see query-runs)"


def traced(case: Case, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings; what only follows from a migration that does not apply says so, and has no remedy of its own."""
    found = tuple(findings)
    cause = _cause(case)
    if cause is None:
        return found
    follows = _of_migrations(case, cause)
    direct = tuple(replace(f, follows=f"up-applies: migration {cause}", remedy="") if follows(f) else f for f in found)
    return tuple(_of_queries(direct))


def _cause(case: Case) -> str | None:
    """The migration that is refused, and that stops all after it; None where each applies."""
    before = next((unreached.migration for unreached in case.run.of(Unreached)), None)
    if before is not None:
        return before
    ups = ((change.id, case.run.applied("up", change.id)) for change in case.plan.changes)
    return next((id_ for id_, up in ups if up is not None and not up.ok), None)


def _of_migrations(case: Case, cause: str) -> Callable[[Finding], bool]:
    """Whether a finding is about a migration that was not reached, or needs the schema that all of them make."""
    reasons = {skipped.subject: skipped.reason for skipped in case.run.skips("up")}
    incomplete = cut_short(case)

    def follows(finding: Finding) -> bool:
        if finding.verdict != "unverified":
            return False
        if incomplete is not None and finding.message.endswith(incomplete):
            return True
        about = MIGRATION.fullmatch(finding.subject)
        reason = reasons.get(about[1], UP_REFUSED if about[1] == cause else None) if about is not None else None
        return finding.message == reason

    return follows


def _of_queries(findings: Sequence[Finding]) -> Iterator[Finding]:
    """What cannot be said of a query that does not run, where that follows already."""
    causes = {f.subject: f.follows for f in findings if f.check == "query-runs" and f.follows}
    for finding in findings:
        about = QUERY.match(finding.subject) if finding.message.endswith(POINTER) else None
        cause = causes.get(about[0], "") if about is not None and finding.verdict == "unverified" else ""
        yield replace(finding, follows=cause, remedy="") if cause else finding
