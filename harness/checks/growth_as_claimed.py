"""growth-as-claimed: pages read grow no faster than the complexity that is claimed."""

from harness.checks.base import Check
from harness.checks.untried import untried
from harness.design.claim_types import GrowsAs

REASON = "this version runs at one size only, so growth is not measured"

CHECK = Check(
    name="growth-as-claimed",
    question="Do the pages read at 1, 10 and 100 times the rows grow no faster than claimed?",
    why="What is quick on ten thousand rows may be slow on ten million; the claim says which.",
    remedy="State the rows at which the query was measured.",
    severity="error",
    breaks="O(log n)   -- with a sort of all matching rows",
    holds="O(log n)   -- a lookup by primary key",
    judge=untried(lambda _, claim: isinstance(claim, GrowsAs), REASON),
)
