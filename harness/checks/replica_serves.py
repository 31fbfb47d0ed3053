"""replica-serves: reads said to go to a replica run on a real one."""

from harness.checks.base import Check
from harness.checks.untried import told, untried

REASON = "this version starts no replica"

CHECK = Check(
    name="replica-serves",
    question="Do the reads said to go to a replica run on a real one?",
    why="A replica lags, and refuses what writes: temporary tables, sequences, row locks.",
    remedy="Try the queries on a replica by hand.",
    severity="warning",
    breaks="Reports run on the replica   -- one of them is SELECT ... FOR UPDATE",
    holds="Reports run on the replica   -- plain SELECTs",
    judge=untried(told, REASON),
    unverified="Try the queries on a replica by hand.",
)
