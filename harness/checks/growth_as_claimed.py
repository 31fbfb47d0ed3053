"""growth-as-claimed: what a query reads grows no faster with the rows than the complexity that is claimed."""

from collections.abc import Iterator, Sequence
from typing import Any

from harness.checks.base import Case, Check, Finding
from harness.checks.fit import FARTHEST, ORDERS, fit, reached
from harness.checks.index_used import claimed
from harness.checks.noise import heard
from harness.checks.states import unseeded
from harness.counting import counted, form
from harness.design.claim_types import GrowsAs, WithinTarget
from harness.design.model import Index
from harness.run.reads import Reads, whole, within
from harness.run.seen.queries import Grown, Timed

MARGIN = 1.5
"""How much faster than claimed still counts as claimed: levels of an index come in steps."""

SLACK = 4
"""Pages (rows, keys) that do not count: roots and meta pages, a leaf more or less."""

INDEX_ONLY = "index only"

Points = Sequence[tuple[int, float]]


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per claim of a growth, and one per target of a query that was looked at in several sizes."""
    for claim in case.plan.design.claims:
        if isinstance(claim, GrowsAs):
            yield _claim(check, case, claim)
        elif isinstance(claim, WithinTarget) and (found := _target(check, case, claim)) is not None:
            yield found


def _claim(check: Check, case: Case, claim: GrowsAs) -> Finding:
    subject = f"query {claim.query}" + (f" / {claim.index}" if claim.index else "")
    index = next(iter(claimed(case, claim.index)), None) if claim.index is not None else None
    reason = _unseen(case, claim, index)
    if reason is None and claim.order == INDEX_ONLY:
        return _index_only(check, case, claim, subject, index)
    points, read = _points(case, claim.query, index.entity if index is not None else None)
    if reason is None and read is None:
        reason = "the server does not tell how much this access reads"
    if reason is not None or read is None:
        return check.found("unverified", subject, reason or "", claim.source, claim=claim.text)
    return _judged(check, claim, subject, points, read)


def _unseen(case: Case, claim: GrowsAs, index: Index | None) -> str | None:
    """Why the claim could not be looked at."""
    if claim.order not in ORDERS and claim.order != INDEX_ONLY:
        return f"O({claim.order}) is no order that is counted here (these are: {', '.join(ORDERS)})"
    seen = case.run.explained(claim.query)
    if seen is None or seen.access is None:
        return "the query does not run (see query-runs)"
    if claim.index is not None and index is None:
        return f"there is no index {claim.index} (see index-used)"
    skipped = case.run.skipped("growth", "")
    return unseeded(case, claim.query) or (
        skipped.reason if skipped is not None and claim.order != INDEX_ONLY else None
    )


def _points(case: Case, query: str, entity: str | None) -> tuple[Points, Reads | None]:
    """(Rows, count) from the fewest rows to the most, with the last count; None for it when there are not enough."""
    traits, seen = case.run.traits, [g for g in case.run.of(Grown) if g.query == query]
    counts = [(g.rows, whole(g.access, traits) if entity is None else within(g.access, entity, traits)) for g in seen]
    counted = sorted((rows, read.count) for rows, read in counts if read is not None)
    last = next((read for rows, read in reversed(counts) if read is not None), None)
    return counted, last if len({rows for rows, _ in counted}) > 1 else None


def _judged(check: Check, claim: GrowsAs, subject: str, points: Points, read: Reads) -> Finding:
    order, (few, first), (many, last) = ORDERS[claim.order], points[0], points[-1]
    allowed = first * order(many) / order(few) * MARGIN + SLACK
    message, evidence = _told(points, read)
    evidence["allowed"] = round(allowed, 1)
    if last <= allowed:
        return check.found("holds", subject, message, claim.source, claim=claim.text, evidence=evidence)
    message = f"{message}; O({claim.order}) would be {allowed:,.0f} at the most"
    return check.found("broken", subject, message, claim.source, claim=claim.text, evidence=evidence)


def _told(points: Points, read: Reads) -> tuple[str, dict[str, Any]]:
    found = fit(points)
    text = ", ".join(f"{count:,.1f}".removesuffix(".0") + f" at {counted(rows, 'row')}" for rows, count in points)
    evidence: dict[str, Any] = {
        "pages": [[rows, round(count, 1)] for rows, count in points],
        "unit": read.unit,
        "exponent": round(found.exponent, 3),
    }
    return f"{read.unit}{' for each row found' if read.each else ''}: {text}; growth: {found}", evidence


def _index_only(check: Check, case: Case, claim: GrowsAs, subject: str, index: Index | None) -> Finding:
    """Whether every index that is gone through (or the claimed one) answers alone."""
    seen = case.run.explained(claim.query)
    assert seen is not None
    assert seen.access is not None
    nodes = [n for n in seen.access.walk() if n.index is not None or n.operation == "scan"]
    if index is not None:
        nodes = [n for n in nodes if n.entity == index.entity]
    fetching = [n for n in nodes if n.operation != "index only scan"]
    if nodes and not fetching:
        heap = next((value for n in nodes for name, value in n.detail if name == "Heap Fetches"), None)
        visits = f"; {_visited(int(heap))} (until VACUUM marks their pages)" if heap else ""
        message = f"the index alone answers ({nodes[0].native}){visits}"
        return check.found("holds", subject, message, claim.source, claim=claim.text)
    ways = " and ".join(dict.fromkeys(n.native for n in fetching)) or "no index at all"
    message = f"the table itself is read, by {ways}"
    return check.found("broken", subject, message, claim.source, claim=claim.text)


def _visited(rows: int) -> str:
    return f"{counted(rows, 'row')} {form(rows, 'was visited for its', 'were visited for their')} visibility"


def _target(check: Check, case: Case, claim: WithinTarget) -> Finding | None:
    """At how many rows the target would be missed; nothing where that was not looked at, or it is missed already."""
    points, read = _points(case, claim.query, None)
    timed = next((t for t in case.run.of(Timed) if t.query == claim.query), None)
    if read is None or timed is None or not timed.runs or unseeded(case, claim.query) is not None:
        return None
    now = heard(timed, claim.percentile)
    trip = now.trip_ms or 0.0
    working = max(now.floor_ms - trip, 1e-3)  # the machine's noise does not grow with the rows
    factor = (claim.limit_ms - trip) / working
    if factor <= 1:
        return None
    message, evidence = _told(points, read)
    missed = reached(fit(points), points, factor)
    evidence["missed_at_rows"] = None if missed is None else round(missed)
    where = f"at about {_figure(missed)} rows" if missed is not None else f"not before {FARTHEST:,.0f} times the rows"
    message = f"{message}; at this growth the target of {claim.limit_ms:g} ms is missed {where}"
    return check.found(
        "holds", f"query {claim.query} / target", message, claim.source, claim=claim.text, evidence=evidence
    )


def _figure(rows: float) -> str:
    """To two digits: a fitted curve knows no more."""
    digits = len(str(int(rows))) - 2
    return f"{round(rows, -digits):,.0f}"


CHECK = Check(
    name="growth-as-claimed",
    question="Does what a query reads at 1, 10 and 100 times the rows grow no faster than claimed?",
    why="What is quick on ten thousand rows may be slow on ten million; the claim says which. Pages (or rows, keys and "
    "documents) are counted, not seconds, so the verdict is the same on every machine. For each target, the rows at "
    "which it would be missed are told.",
    remedy="Give the query an index that finds its rows, or state the growth that it has.",
    severity="error",
    breaks="SELECT count(*) FROM orders WHERE note LIKE '%gift%';   -- O(log n)",
    holds="SELECT * FROM orders WHERE id = 42;   -- O(log n)",
    judge=judge,
)
