"""rule-covered: each data integrity rule is matched to constraints that enforce it."""

from harness.checks.base import Check
from harness.checks.untried import untried
from harness.design.model import Rule

REASON = "this version does not match sentences to constraints"

CHECK = Check(
    name="rule-covered",
    question='Is each sentence under "Data Integrity Rules" enforced by a constraint?',
    why="A rule without a constraint is kept until the first bug, the first script, the first import.",
    remedy="Add the constraint, and name it in the rule.",
    severity="warning",
    breaks="Order totals must be > 0   -- and no CHECK",
    holds="Order totals must be > 0   -- CHECK (total_amount > 0)",
    judge=untried(lambda _, claim: isinstance(claim, Rule), REASON),
)
