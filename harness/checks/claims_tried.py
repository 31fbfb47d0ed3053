"""claims-tried: each sentence that reads as a claim is tried by some check."""

from harness.checks.base import Check
from harness.checks.untried import told, untried

REASON = "no check knows how to try this sentence"

CHECK = Check(
    name="claims-tried",
    question="Which sentences of the document read as claims, and are tried by no check?",
    why="A claim that nobody tries is believed by everybody.",
    remedy="Say it in a form that can be tried: an index, a target, a constraint, a migration.",
    severity="advice",
    breaks="- Use caching where possible",
    holds="- Query 1 under 10 ms at 1,000,000 orders",
    judge=untried(told, REASON),
)
