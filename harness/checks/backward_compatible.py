"""backward-compatible: what worked before a migration that is said to be so works after it."""

from collections.abc import Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.design.claim_types import BackwardCompatible
from harness.run.model import Tried

WORDS = {"query": "query {}", "row": "rows written to {} by the columns of before", "up": "{}"}


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per claim."""
    for claim in case.plan.design.claims:
        if isinstance(claim, BackwardCompatible):
            yield _one(check, case, claim)


def _one(check: Check, case: Case, claim: BackwardCompatible) -> Finding:
    subject = f"migration {claim.migration}"
    tried = [t for t in case.run.of(Tried) if t.migration == claim.migration]
    refused = [t for t in tried if t.refusal is not None]
    if refused:
        return _refused(check, claim, subject, refused)
    if not tried:
        skipped = case.run.skipped("compatible", claim.migration)
        reason = skipped.reason if skipped is not None else "nothing that worked before it could be tried after it"
        return check.found("unverified", subject, reason, claim.source, claim=claim.text)
    counts = {kind: sum(1 for t in tried if t.kind == kind) for kind in ("query", "row")}
    message = f"{counts['query']} queries and the rows of {counts['row']} tables of the schema before work after it"
    return check.found("holds", subject, message, claim.source, claim=claim.text, evidence=counts)


def _refused(check: Check, claim: BackwardCompatible, subject: str, refused: Sequence[Tried]) -> Finding:
    texts = [f"{WORDS[t.kind].format(t.subject)}: {t.refusal.message}" for t in refused if t.refusal is not None]
    message = f"refused after it, though it worked before: {'; '.join(texts[:3])}"
    message += f"; and {len(texts) - 3} more" if len(texts) > 3 else ""
    return check.found("broken", subject, message, claim.source, claim=claim.text, evidence={"refused": texts})


CHECK = Check(
    name="backward-compatible",
    question="Do the queries and writes of the schema before a migration work on the schema after it?",
    why="While a release rolls out, old code runs on the new schema: each of its statements must still be taken.",
    remedy="Add columns as nullable or with a default; rename, narrow and drop in a later release.",
    severity="error",
    breaks="-- Up (backwards compatible)\nALTER TABLE users RENAME COLUMN name TO full_name;",
    holds="-- Up (backwards compatible)\nALTER TABLE users ADD COLUMN full_name TEXT;",
    judge=judge,
)
