"""backup-restores: a backup as described can be restored."""

from harness.checks.base import Check
from harness.checks.untried import told, untried

REASON = "no backup is taken and restored by this version"

CHECK = Check(
    name="backup-restores",
    question="Does a backup as described, restored, equal the original?",
    why="A backup is unproven until it has been restored somewhere else and compared.",
    remedy="Restore the backup into a second server by hand, and compare.",
    severity="warning",
    breaks="Full backup daily   -- never restored",
    holds="Full backup daily, restored and compared every week",
    judge=untried(told, REASON),
)
