"""index-used: each index that a query is said to use is the one the server took, or one that does the same."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.index_likeness import begins_with, gone_through, keys_text, named
from harness.checks.states import cut_short, head, unseeded
from harness.design.claim_types import UsesIndex
from harness.design.model import Index
from harness.facts import Access
from harness.run.model import Explained, Loaded


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per claim."""
    for claim in case.plan.design.claims:
        if isinstance(claim, UsesIndex):
            yield _one(check, case, claim)


def _one(check: Check, case: Case, claim: UsesIndex) -> Finding:
    subject = f"query {claim.query} / {claim.index}"
    seen = case.run.explained(claim.query)
    if seen is None or seen.access is None:
        return check.found(
            "unverified", subject, "the query does not run (see query-runs)", claim.source, claim=claim.text
        )
    wanted = claimed(case, claim.index)
    if not wanted:
        return _absent(check, case, claim, subject)
    return _judged(check, case, claim, seen, wanted)


def claimed(case: Case, name: str) -> tuple[Index, ...]:
    """The live indexes that a claim can mean: those of that name, or those led by ``table.column``."""
    schema = head(case)
    same = tuple(i for i in schema.indexes() if i.name is not None and i.name.lower() == name.lower())
    if same:
        return same
    table, _, column = name.rpartition(".")
    entity = schema.entity(table) if table else None
    if entity is None:
        return ()
    return tuple(i for i in entity.indexes if i.keys and i.keys[0].text.lower() == column.lower())


def _absent(check: Check, case: Case, claim: UsesIndex, subject: str) -> Finding:
    incomplete = cut_short(case)
    if incomplete is not None:
        return check.found("unverified", subject, incomplete, claim.source, claim=claim.text)
    if case.plan.design.schema.index(claim.index) is not None:
        message = "there is no such index, though it is listed (see indexes-agree)"
        return check.found("unverified", subject, message, claim.source, claim=claim.text)
    message = f"there is no index {claim.index}: no statement of the document makes it"
    return check.found("broken", subject, message, claim.source, claim=claim.text)


def _judged(check: Check, case: Case, claim: UsesIndex, seen: Explained, wanted: tuple[Index, ...]) -> Finding:
    assert seen.access is not None
    subject = f"query {claim.query} / {claim.index}"
    used = gone_through(seen.access, head(case))
    evidence = {"indexes_used": list(seen.access.indexes()), "rows": rows_loaded(case)}
    for index in used:
        if index in wanted:
            message = f"the server goes through {index.name}{_how(seen.access, index)}"
            return check.found("holds", subject, message, claim.source, claim=claim.text, evidence=evidence)
    for index in used:
        if any(i.entity == index.entity and (begins_with(index, i) or begins_with(i, index)) for i in wanted):
            message = f"the server goes through {named(index)}, whose keys ({keys_text(index)}) serve the same purpose"
            return check.found("holds", subject, message, claim.source, claim=claim.text, evidence=evidence)
    gap = unseeded(case)
    if gap is not None:
        return check.found("unverified", subject, gap, claim.source, claim=claim.text, evidence=evidence)
    message = _otherwise(seen, wanted)
    return check.found("broken", subject, message, claim.source, claim=claim.text, evidence=evidence)


def _how(access: Access, index: Index) -> str:
    node = next(n for n in access.walk() if n.index == index.name and n.entity in {None, index.entity})
    return f" ({node.native}: {node.condition})" if node.condition else f" ({node.native}, in its order)"


def _otherwise(seen: Explained, wanted: tuple[Index, ...]) -> str:
    assert seen.access is not None
    took = [n for n in seen.access.walk() if n.entity == wanted[0].entity]
    text = " and ".join(dict.fromkeys(f"{n.native}" + (f" on {n.index}" if n.index else "") for n in took))
    message = (
        f"the server reads {wanted[0].entity} by {text}" if took else f"the server does not read {wanted[0].entity}"
    )
    names = {index.name for index in wanted}
    forced = seen.forced
    if forced is not None and any(n.index in names and n.condition for n in forced.walk()):
        return f"{message}; the index could serve (cost {forced.cost:.0f} against {seen.access.cost or 0:.0f})"
    return f"{message}; with table scans made unattractive it does not take the index either"


def rows_loaded(case: Case) -> dict[str, int]:
    """Rows per entity that the plan was made for."""
    return {o.entity: o.rows for o in case.run.of(Loaded)}


CHECK = Check(
    name="index-used",
    question='Is each index under "Indexes Used" the one that the server took, or one that serves the same purpose?',
    why="An index that the planner does not take costs every write and helps no read; the query it was made for "
    "is slower than its author believes.",
    remedy="Make the index fit the query's conditions and order, or say which one is used.",
    severity="error",
    breaks="SELECT * FROM users WHERE lower(email) = 'a@b.example';   -- Indexes Used: idx_users_email ON (email)",
    holds="CREATE INDEX idx_users_email ON users (lower(email));",
    judge=judge,
)
