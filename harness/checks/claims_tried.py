"""claims-tried: each sentence that reads as a claim is tried by some check."""

import re
from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.rule_covered import beyond_doubt
from harness.checks.untried import told, untried
from harness.design.claim_types import Told

REASON = "no check knows how to try this sentence"


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per sentence of which nothing was made: neither a claim of another kind, nor a volume."""
    claims = case.plan.design.claims
    understood = {_words(claim.text) for claim in claims if not isinstance(claim, Told)}
    told_ = (claim for claim in claims if isinstance(claim, Told))
    understood |= {_words(claim.text) for claim in told_ if beyond_doubt(check, case, claim) is not None}
    for finding in untried(told, REASON)(check, case):
        if _words(finding.claim) not in understood:
            yield finding


def _words(text: str) -> str:
    return " ".join(re.sub(r"[`*]", "", text).split()).rstrip(".;! ").lower()


TRIABLE = "Say it in a form that can be tried: an index, a target, a constraint, a migration."

CHECK = Check(
    name="claims-tried",
    question="Which sentences of the document read as claims, and are tried by no check?",
    why="A claim that nobody tries is believed by everybody.",
    remedy=TRIABLE,
    severity="advice",
    breaks="- Use caching where possible",
    holds="- Query 1 under 10 ms at 1,000,000 orders",
    judge=judge,
    unverified=TRIABLE,
)
