"""Claims that no check of this version tries: each is listed ``unverified`` with the reason, never passed over."""

from collections.abc import Callable, Iterator

from harness.checks.base import Case, Check, Finding
from harness.design.claim_types import Claim, Told

TOPICS = {"backup": "backup-restores", "monitoring": "metrics-available"}
"""Which check a told claim belongs to, by its topic; reads on replicas are known by the word."""


def home(claim: Told) -> str:
    """The name of the check that a told claim belongs to."""
    if "replica" in claim.text.lower():
        return "replica-serves"
    return TOPICS.get(claim.topic, "claims-tried")


def untried(belongs: Callable[[Check, Claim], bool], reason: str) -> Callable[[Check, Case], Iterator[Finding]]:
    """A judge that lists the claims that belong to its check."""

    def judge(check: Check, case: Case) -> Iterator[Finding]:
        for claim in case.plan.design.claims:
            if belongs(check, claim):
                topic = claim.topic if isinstance(claim, Told) else check.name
                yield check.found("unverified", topic, reason, claim.source, claim=claim.text)

    return judge


def told(check: Check, claim: Claim) -> bool:
    """Whether a told claim belongs to the check."""
    return isinstance(claim, Told) and home(claim) == check.name
