"""within-target: the stated percentile of many runs is under the stated time."""

from collections.abc import Iterator
from typing import Any

from harness.checks.base import Case, Check, Finding
from harness.checks.index_used import rows_loaded
from harness.checks.noise import Heard, heard
from harness.checks.states import unseeded
from harness.counting import counted
from harness.design.claim_types import WithinTarget
from harness.run.seen.queries import Chilled, Timed

SAFE = 1.1
"""How far over the target the least times must be, beside the noise that was heard."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per target."""
    for claim in case.plan.design.claims:
        if isinstance(claim, WithinTarget):
            yield _one(check, case, claim)


def _one(check: Check, case: Case, claim: WithinTarget) -> Finding:
    subject = f"query {claim.query}"
    timed = next((t for t in case.run.of(Timed) if t.query == claim.query), None)
    gap = unseeded(case, claim.query)
    if timed is None or not timed.runs:
        return check.found(
            "unverified", subject, "the query does not run (see query-runs)", claim.source, claim=claim.text
        )
    if gap is not None:
        return check.found("unverified", subject, gap, claim.source, claim=claim.text)
    return _judged(check, case, claim, timed)


def _judged(check: Check, case: Case, claim: WithinTarget, timed: Timed) -> Finding:
    found, subject = heard(timed, claim.percentile), f"query {claim.query}"
    cold, cold_words = _cold(case, claim)
    words = _words(claim, found) + cold_words + _volumes(case, claim)
    evidence = _evidence(case, claim, timed, found) | {"cold_ms": cold}
    if found.high < claim.limit_ms:
        return check.found("holds", subject, words, claim.source, claim=claim.text, evidence=evidence)
    least = claim.limit_ms * SAFE * (found.noise or 1.0)
    if found.low >= claim.limit_ms and found.floor_ms >= least:
        message = f"over the target of {claim.limit_ms:g} ms: {words}"
        return check.found("broken", subject, message, claim.source, claim=claim.text, evidence=evidence)
    message = f"this machine cannot tell it from the target of {claim.limit_ms:g} ms{_why(found)}: {words}"
    return check.found(
        "unverified", subject, message, claim.source, claim=claim.text, evidence=evidence, remedy=UNDISTURBED
    )


UNDISTURBED = "Run it again on a machine that has nothing else to do."


def _words(claim: WithinTarget, found: Heard) -> str:
    sure = f"95% sure: {found.low:.2f} to {found.high:.2f} ms"
    trip = "" if found.trip_ms is None else f"; {found.trip_ms:.2f} ms of it the round trip"
    quiet = "" if found.quiet == found.of else f", of {found.quiet} quiet batches out of {found.of}"
    return f"p{claim.percentile:g} of {counted(found.runs, 'run')} is {found.ms:.2f} ms ({sure}{trip}{quiet})"


def _why(found: Heard) -> str:
    """What stands in the way of a verdict."""
    if found.noise is None or found.noise < SAFE:
        return ""
    return f", on which fixed work took {found.noise:.1f} times its best (undisturbed: {found.floor_ms:.2f} ms)"


def _cold(case: Case, claim: WithinTarget) -> tuple[list[float] | None, str]:
    """The cold runs, and words for them: a target that does not say so is about a warm server."""
    seen = next((c for c in case.run.of(Chilled) if c.query == claim.query), None)
    if seen is None or not seen.samples_ms:
        skipped = case.run.skipped("cold", "")
        return None, f"; cold: unverified, {skipped.reason}" if skipped else ""
    runs = f"{counted(len(seen.samples_ms), 'first run')} after a restart"
    return [round(ms, 3) for ms in seen.samples_ms], f"; cold {max(seen.samples_ms):.2f} ms at the most ({runs})"


def _volumes(case: Case, claim: WithinTarget) -> str:
    """What the volume that the document speaks of means here."""
    rows = ", ".join(f"{count:,} {entity}" for entity, count in rows_loaded(case).items())
    if not rows:
        return ""
    return f"; {claim.volume} here: {rows}" if claim.volume else f"; at {rows}"


def _evidence(case: Case, claim: WithinTarget, timed: Timed, found: Heard) -> dict[str, Any]:
    return {
        "runs": len(timed.runs),
        "values_drawn": timed.drawn,
        "percentile": claim.percentile,
        "ms": round(found.ms, 3),
        "interval_ms": [round(found.low, 3), round(found.high, 3)],
        "target_ms": claim.limit_ms,
        "server_ms": None if found.trip_ms is None else round(max(found.ms - found.trip_ms, 0.0), 3),
        "round_trip_ms": None if found.trip_ms is None else round(found.trip_ms, 3),
        "least_ms": round(found.floor_ms, 3),
        "noise": None if found.noise is None else round(found.noise, 2),
        "quiet_batches": [found.quiet, found.of],
        "rows": rows_loaded(case),
    }


CHECK = Check(
    name="within-target",
    question="Is the stated percentile (the 95th unless said) of many runs under the stated time?",
    why="A target that was never measured on real rows is a hope; the difference shows on the day of the launch. Fixed "
    "work of the server between the runs tells how noisy the machine is, and a verdict is given only where that cannot "
    "have made it.",
    remedy="Look at the plan for rows read and thrown away; give the query an index, or the document another target.",
    severity="error",
    breaks="SELECT count(*) FROM orders;   -- Performance: < 1ms at 1,000,000 orders",
    holds="SELECT * FROM orders WHERE id = 42;   -- Performance: < 1ms",
    judge=judge,
)
