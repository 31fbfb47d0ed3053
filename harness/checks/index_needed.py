"""index-needed: each index serves a query, a constraint or a foreign key of the document."""

from collections.abc import Iterator
from dataclasses import replace

from harness.checks.base import Case, Check, Finding
from harness.checks.index_likeness import begins_with, gone_through, inherited, keys_text, leads
from harness.checks.states import cut_short, head, line_of_index
from harness.checks.write_cost import cost_of
from harness.design.claim_types import UsesIndex
from harness.design.model import Entity, Index, Schema
from harness.facts import Access


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per index that is not a constraint's own."""
    for entity in head(case).entities:
        for index in entity.indexes:
            if index.constraint is None and inherited(index, head(case)) is None:
                yield _one(check, case, entity, index)


def _one(check: Check, case: Case, entity: Entity, index: Index) -> Finding:
    subject, source = f"index {index.name} on {index.entity}", line_of_index(case, index)
    purpose = _purpose(case, entity, index)
    if purpose is not None:
        cost, figures = cost_of(case, index)
        return check.found("holds", subject, f"{purpose}; {cost}" if cost else purpose, source, evidence=figures)
    claimed = _claimed(case, index)
    if claimed is not None:
        message = f"query {claimed} is said to use it, and does not (see index-used)"
        return check.found("unverified", subject, message, source)
    reason = _unsure(case)
    if reason is not None:
        remedy = None if case.plan.queries else "Give the query that it is for."
        return check.found("unverified", subject, reason, source, remedy=remedy)
    cost, figures = cost_of(case, index)
    message = f"on ({keys_text(index)}): no query, constraint or foreign key of the document needs it"
    message += f"; {cost}" if cost else ""
    return check.found("broken", subject, message, source, evidence=figures)


def _purpose(case: Case, entity: Entity, index: Index) -> str | None:
    """What the index is there for, as far as that is known."""
    if index.unique:
        return "it keeps its columns unique"
    if "expireAfterSeconds" in dict(index.options):
        return "it removes old documents"
    if any(leads(index, key.fields) for key in entity.foreign_keys):
        return "it serves a foreign key"
    served = _serves(case, index)
    return None if served is None else f"it serves query {served}"


def _serves(case: Case, index: Index) -> str | None:
    """The first query that goes through the index, through its twin, or could if scans were worse."""
    for query in case.plan.queries:
        seen = case.run.explained(query.id)
        if seen is None:
            continue
        if seen.access is not None and _through(seen.access, head(case), index):
            return query.id
        # Where scans are out of the question a server reads any index whole; only one that it looks up in serves.
        if seen.forced is not None and _through(_looked_up(seen.forced), head(case), index):
            return query.id
    return None


def _looked_up(access: Access) -> Access:
    """The plan without the indexes that it reads from one end to the other."""
    children = tuple(_looked_up(child) for child in access.children)
    whole = access.index is not None and access.condition is None
    return replace(access, index=None if whole else access.index, children=children)


def _through(access: Access, schema: Schema, index: Index) -> bool:
    through = (inherited(i, schema) or i for i in gone_through(access, schema))
    used = [i for i in through if i.entity == index.entity]
    return any(i.name == index.name or (begins_with(i, index) and i.predicate == index.predicate) for i in used)


def _claimed(case: Case, index: Index) -> str | None:
    """The query that is said to use the index."""
    claims = (c for c in case.plan.design.claims if isinstance(c, UsesIndex))
    return next((c.query for c in claims if c.index.lower() == (index.name or "").lower()), None)


def _unsure(case: Case) -> str | None:
    if not case.plan.queries:
        return "the document gives no query that could need it"
    failed = [q.id for q in case.plan.queries if (e := case.run.explained(q.id)) is None or e.access is None]
    return cut_short(case) or (f"query {failed[0]} does not run, and may need it" if failed else None)


CHECK = Check(
    name="index-needed",
    question="Does each index serve a query, a constraint or a foreign key that the document gives?",
    why="An index without a reader slows every write for nothing; and its reason is forgotten before it is.",
    remedy="Drop it, or give the query that it is for.",
    severity="warning",
    breaks="CREATE INDEX idx_users_created_at ON users (created_at DESC);   -- and no query by created_at",
    holds="SELECT id, name FROM users ORDER BY created_at DESC LIMIT 20;   -- Indexes Used: idx_users_created_at",
    judge=judge,
)
