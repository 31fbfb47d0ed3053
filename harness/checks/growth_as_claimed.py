"""growth-as-claimed: pages read grow no faster with the rows than the complexity that is claimed."""

import math
from collections.abc import Callable, Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.checks.index_used import claimed
from harness.checks.states import unseeded
from harness.design.claim_types import GrowsAs
from harness.facts import Access
from harness.run.model import Grown

ORDERS: dict[str, Callable[[float], float]] = {
    "1": lambda _: 1.0,
    "log n": math.log,
    "n": lambda n: n,
    "n log n": lambda n: n * math.log(n),
}
"""Orders of growth as functions of the rows."""

MARGIN = 1.5
"""How much faster than claimed still counts as claimed: levels of an index come in steps."""

SLACK_PAGES = 4
"""Pages that do not count: roots and meta pages, a leaf more or less."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per claim."""
    for claim in case.plan.design.claims:
        if isinstance(claim, GrowsAs):
            yield _one(check, case, claim)


def _one(check: Check, case: Case, claim: GrowsAs) -> Finding:
    subject = f"query {claim.query}" + (f" / {claim.index}" if claim.index else "")
    order = ORDERS.get(claim.order)
    reason = _unseen(case, claim)
    if order is None:
        reason = f"O({claim.order}) is no order that is counted here (these are: {', '.join(ORDERS)})"
    index = next(iter(claimed(case, claim.index)), None) if claim.index is not None else None
    entity = index.entity if index is not None else None
    if claim.index is not None and index is None and reason is None:
        reason = f"there is no index {claim.index} (see index-used)"
    points = [(g.rows, _pages(g.access, entity)) for g in case.run.of(Grown) if g.query == claim.query]
    seen = [(rows, pages) for rows, pages in points if pages is not None]
    if reason is None and len(seen) < 2:
        reason = "the server does not tell how many pages this access reads"
    if order is None or reason is not None:
        return check.found("unverified", subject, reason or "", claim.source, claim=claim.text)
    return _judged(check, claim, subject, sorted(seen), order)


def _unseen(case: Case, claim: GrowsAs) -> str | None:
    seen = case.run.explained(claim.query)
    if seen is None or seen.access is None:
        return "the query does not run (see query-runs)"
    skipped = case.run.skipped("growth", "")
    return unseeded(case) or (skipped.reason if skipped is not None else None)


def _pages(access: Access, entity: str | None) -> float | None:
    """Pages for each row that is found in the entity of the claimed index; of the whole query, where none is named.

    A lookup costs its way down the tree for each row; how many rows there are to find is the data's affair.
    """
    if entity is None:
        return None if access.pages_read is None else float(access.pages_read)
    node = next((n for n in access.walk() if n.entity == entity), None)
    if node is None or node.pages_read is None:
        return None
    return node.pages_read / max(node.rows_read or 0, node.loops, 1)


def _judged(
    check: Check,
    claim: GrowsAs,
    subject: str,
    seen: Sequence[tuple[int, float]],
    order: Callable[[float], float],
) -> Finding:
    (few, first), (many, last) = seen[0], seen[-1]
    allowed = first * order(many) / order(few) * MARGIN + SLACK_PAGES
    each = " for each row found" if claim.index else ""
    text = ", ".join(f"{pages:.1f}".removesuffix(".0") + f" at {rows:,} rows" for rows, pages in seen)
    evidence = {"pages": [[rows, round(pages, 1)] for rows, pages in seen], "allowed": round(allowed, 1)}
    if last <= allowed:
        message = f"pages read{each}: {text}"
        return check.found("holds", subject, message, claim.source, claim=claim.text, evidence=evidence)
    message = f"pages read{each}: {text}; O({claim.order}) would be {allowed:.0f} at the most"
    return check.found("broken", subject, message, claim.source, claim=claim.text, evidence=evidence)


CHECK = Check(
    name="growth-as-claimed",
    question="Do the pages read at 1, 10 and 100 times the rows grow no faster than claimed?",
    why="What is quick on ten thousand rows may be slow on ten million; the claim says which. Pages are counted, not "
    "seconds, so the verdict is the same on every machine.",
    remedy="Give the query an index that finds its rows, or state the growth that it has.",
    severity="error",
    breaks="SELECT count(*) FROM orders WHERE note LIKE '%gift%';   -- O(log n)",
    holds="SELECT * FROM orders WHERE id = 42;   -- O(log n)",
    judge=judge,
)
