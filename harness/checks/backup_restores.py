"""backup-restores: a backup as described can be restored."""

import re
from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.untried import told
from harness.design.claim_types import Told
from harness.facts import Traits
from harness.run.seen.drills import Trial

BY_LOG = re.compile(r"point[- ]in[- ]time|\bpitr\b|\bwal\b|bin(?:ary )?-?logs?\b|oplog|archiv", re.IGNORECASE)
BY_TIME = re.compile(
    r"\b(?:(?:hour|week|month|night)ly|daily|every|each|retain\w*|retention|keep|kept|days|weeks|months)\b",
    re.IGNORECASE,
)


def reason(text: str, traits: Traits, design: str) -> str:
    """Why a sentence about backups is not tried by ``verify``, and what would have to be said for it to be."""
    drill = f"`harness drill {design} --only restore` takes one, restores it and compares"
    if BY_LOG.search(text):
        log = traits.log or "by which settings"
        return (
            f"recovery to a point in time needs the log of a server that runs: say how it is kept ({log}) and how much "
            f"may be lost, and try it on a copy of production; of a dump, {drill}"
        )
    program = traits.dump or "a dump"
    when = "when it is taken and how long it is kept is the scheduler's; " if BY_TIME.search(text) else ""
    return f"{when}say which program takes it ({program}) and how long a restore may take: {drill}"


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """What the drill saw; where it was not run, each claim of the document ``unverified``."""
    trials = [t for t in case.run.of(Trial) if t.drill == "restore"]
    failed = [t for t in trials if t.result == "failed"]
    passed = [t for t in trials if t.result == "passed"]
    for trial in failed:
        yield check.found(
            "broken", f"migration {trial.migration}", trial.message, trial.source, evidence=trial.evidence
        )
    if passed and not failed:
        last = passed[-1]
        message = f"restored after migration {last.migration}: {last.message}"
        yield check.found("holds", "backup", message, last.source, evidence=last.evidence)
    if not passed and not failed:
        yield from _untried(check, case, next((t.message for t in reversed(trials)), ""))


def _untried(check: Check, case: Case, why: str) -> Iterator[Finding]:
    for claim in case.plan.design.claims:
        if isinstance(claim, Told) and told(check, claim):
            words = why or reason(claim.text, case.run.traits, case.plan.design.name)
            yield check.found("unverified", claim.topic, words, claim.source, claim=claim.text)


CHECK = Check(
    name="backup-restores",
    question="Does a backup as described, restored, equal the original?",
    why="A backup is unproven until it has been restored somewhere else and compared. `harness drill` does so with the "
    "server's own programs, of MongoDB with a copy of its files: schema and rows are compared exactly, and the time is "
    "measured.",
    remedy="Restore the backup into a second server, compare, and find out what it leaves out.",
    severity="error",
    breaks="Full backup daily   -- never restored",
    holds="Full backup daily, restored and compared every week",
    judge=judge,
    unverified="Restore the backup into a second server, and compare.",
)
