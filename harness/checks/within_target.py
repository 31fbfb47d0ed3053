"""within-target: the stated percentile of many runs is under the stated time."""

import math
from collections.abc import Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.checks.index_used import rows_loaded
from harness.checks.states import unseeded
from harness.design.claim_types import WithinTarget
from harness.run.model import Timed


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per target."""
    for claim in case.plan.design.claims:
        if isinstance(claim, WithinTarget):
            yield _one(check, case, claim)


def _one(check: Check, case: Case, claim: WithinTarget) -> Finding:
    subject = f"query {claim.query}"
    timed, gap = case.run.timed(claim.query), unseeded(case)
    if timed is None:
        return check.found(
            "unverified", subject, "the query does not run (see query-runs)", claim.source, claim=claim.text
        )
    if gap is not None:
        return check.found("unverified", subject, gap, claim.source, claim=claim.text)
    return _judged(check, case, claim, timed)


def _judged(check: Check, case: Case, claim: WithinTarget, timed: Timed) -> Finding:
    low, at, high = percentile(timed.samples_ms, claim.percentile)
    words = (
        f"p{claim.percentile:g} of {len(timed.samples_ms)} runs is {at:.2f} ms (95% sure: {low:.2f} to {high:.2f} ms)"
    )
    evidence = {
        "runs": len(timed.samples_ms),
        "values_drawn": timed.drawn,
        "percentile": claim.percentile,
        "ms": round(at, 3),
        "interval_ms": [round(low, 3), round(high, 3)],
        "target_ms": claim.limit_ms,
        "rows": rows_loaded(case),
    }
    subject = f"query {claim.query}"
    if high < claim.limit_ms:
        return check.found("holds", subject, words, claim.source, claim=claim.text, evidence=evidence)
    if low >= claim.limit_ms:
        message = f"{words}, over the target of {claim.limit_ms:g} ms"
        return check.found("broken", subject, message, claim.source, claim=claim.text, evidence=evidence)
    message = f"{words}: this machine cannot tell it from the target of {claim.limit_ms:g} ms"
    return check.found("unverified", subject, message, claim.source, claim=claim.text, evidence=evidence)


def percentile(samples: Sequence[float], percent: float) -> tuple[float, float, float]:
    """The lower bound, the value and the upper bound of a percentile.

    The value is the nearest-rank percentile. The bounds are order statistics at ranks ``np ± 1.96 √(np(1-p))``: an
    interval that holds the true percentile with 95% probability whatever the distribution (Conover, Practical
    Nonparametric Statistics, section 3.2).
    """
    ordered, n, p = sorted(samples), len(samples), percent / 100
    spread = 1.96 * math.sqrt(n * p * (1 - p))

    def rank(position: float) -> float:
        return ordered[min(max(math.ceil(position), 1), n) - 1]

    return rank(n * p - spread), rank(n * p), rank(n * p + spread + 1)


CHECK = Check(
    name="within-target",
    question="Is the stated percentile (the 95th unless said) of many runs under the stated time?",
    why="A target that was never measured on real rows is a hope; the difference shows on the day of the launch.",
    remedy="Look at the plan for rows read and thrown away; give the query an index, or the document another target.",
    severity="error",
    breaks="SELECT count(*) FROM orders;   -- Performance: < 1ms at 1,000,000 orders",
    holds="SELECT * FROM orders WHERE id = 42;   -- Performance: < 1ms",
    judge=judge,
)
