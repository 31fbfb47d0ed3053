"""backup-restores: a backup as described can be restored."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.untried import told, untried
from harness.run.drills.model import Trial

REASON = "a backup is taken and restored by `harness drill --only restore`"


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
        reason = next((t.message for t in reversed(trials)), REASON)
        yield from untried(told, reason)(check, case)


CHECK = Check(
    name="backup-restores",
    question="Does a backup as described, restored, equal the original?",
    why="A backup is unproven until it has been restored somewhere else and compared. `harness drill` does so with the "
    "server's own programs: schema and rows are compared exactly, and the time is measured.",
    remedy="Restore the backup into a second server, compare, and find out what it leaves out.",
    severity="error",
    breaks="Full backup daily   -- never restored",
    holds="Full backup daily, restored and compared every week",
    judge=judge,
)
