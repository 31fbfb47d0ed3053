"""claims-consistent: what the document says of all tables is true of each of them."""

import re
from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.states import State, described
from harness.counting import counted
from harness.design.claim_types import Rule, Told
from harness.design.model import Entity

EVERYWHERE = re.compile(r"\b(?:on|in|for|have|has|to)?\s*(?:all|every|each)\s+(?:of\s+the\s+)?tables?\b", re.IGNORECASE)
COLUMN = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
ZONED = re.compile(r"\b(?:use|prefer|with)\b[^.]*\bTIMESTAMPTZ\b", re.IGNORECASE)
"""A sentence that asks for timestamps with a zone."""


def of_all_tables(claim: Rule | Told) -> tuple[str, ...]:
    """The columns that a sentence says all tables have; none when it says no such thing."""
    return tuple(dict.fromkeys(COLUMN.findall(claim.text))) if EVERYWHERE.search(claim.text) else ()


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per sentence that speaks of all tables, or of the type of timestamps."""
    now = described(case)
    tables = [e for e in now.schema.entities if e.kind in ("table", "partitioned table")]
    for claim in case.plan.design.claims:
        if not isinstance(claim, Rule | Told) or not tables:
            continue
        columns = of_all_tables(claim)
        if columns:
            yield _columns(check, claim, columns, tables, now)
        if ZONED.search(claim.text):
            yield _zoned(check, claim, tables, now)


def _columns(check: Check, claim: Rule | Told, columns: tuple[str, ...], tables: list[Entity], now: State) -> Finding:
    lacking = {t.name: [c for c in columns if t.field(c) is None] for t in tables}
    missing = {name: gaps for name, gaps in lacking.items() if gaps}
    subject = " and ".join(columns)
    if not missing:
        each = f"each of the {counted(len(tables), 'table')}" if len(tables) > 1 else "the only table"
        message = f"{each} has {subject} {now.label}"
        return check.found("holds", subject, message, claim.source, claim=claim.text)
    text = "; ".join(f"{name} has no {' and no '.join(gaps)}" for name, gaps in missing.items())
    return check.found("broken", subject, f"not true of every table: {text}", claim.source, claim=claim.text)


def _zoned(check: Check, claim: Rule | Told, tables: list[Entity], now: State) -> Finding:
    bare = [
        f"{t.name}.{f.name}"
        for t in tables
        for f in t.fields
        if f.shape is not None and f.shape.family == "timestamp" and not f.shape.zoned
    ]
    if not bare:
        message = f"no column {now.label} is a timestamp without a zone"
        return check.found("holds", "timestamps", message, claim.source, claim=claim.text)
    message = f"the document asks for TIMESTAMPTZ, and these columns are TIMESTAMP: {', '.join(bare)}"
    return check.found("broken", "timestamps", message, claim.source, claim=claim.text)


CHECK = Check(
    name="claims-consistent",
    question="Is what the document says of all tables true of each of them?",
    why="A rule that one table breaks is found by the report, the job or the audit that relied on it.",
    remedy="Make the tables follow the rule, or let the rule name its exceptions.",
    severity="warning",
    breaks="Audit trail: created_at and updated_at on all tables   -- orders has no updated_at",
    holds="Audit trail: created_at and updated_at on all tables   -- and each table has both",
    judge=judge,
)
