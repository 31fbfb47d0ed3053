"""index-used: each index that a query is said to use is the one the server took, or one that does the same."""

from collections.abc import Iterator
from typing import Any

from harness.checks.base import Case, Check, Finding
from harness.checks.choice import CLEAR, Choice, best, choice, trials_words
from harness.checks.index_likeness import begins_with, gone_through, keys_text, named
from harness.checks.states import cut_short, head, unseeded
from harness.counting import counted
from harness.design.claim_types import UsesIndex
from harness.design.meant import meant
from harness.design.model import Index
from harness.facts import Access
from harness.run.model import Explained, Loaded
from harness.run.seen.indexes import Weighed

FEW_ROWS = 1_000
"""A table of fewer rows is read whole with good reason, whatever indexes it has: its claims need more rows."""


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
    return meant(head(case), name)


def weighed(case: Case, claim: UsesIndex) -> Choice | None:
    """What the trials say of the index that a claim means; None when there were none."""
    wanted = claimed(case, claim.index)
    seen = (w for w in case.run.of(Weighed) if w.query == claim.query and w.index in wanted)
    return best([found for w in seen if (found := choice(w)) is not None])


def replacement(case: Case, seen: Explained, wanted: tuple[Index, ...]) -> Index | None:
    """The index that was taken and that does the work of a claimed one: its keys begin with the same."""
    assert seen.access is not None
    for index in gone_through(seen.access, head(case)):
        if any(i.entity == index.entity and (begins_with(index, i) or begins_with(i, index)) for i in wanted):
            return index
    return None


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
    found, replaced = weighed(case, claim), replacement(case, seen, wanted)
    evidence: dict[str, Any] = {"indexes_used": list(seen.access.indexes()), "rows": rows_loaded(case)}
    if found is not None:
        evidence["choice"] = found.evidence()
    taken = next((i for i in gone_through(seen.access, head(case)) if i in wanted), None)
    if found is not None and found.standing in {"taken", "varies"}:
        message = f"the server goes through {found.weighed.index.name}{_how(seen.access, found)}; {_margin(found)}"
    elif taken is not None:
        message = f"the server goes through {taken.name}{_condition(seen.access, taken)}"
    elif replaced is not None:
        keys = keys_text(replaced)
        message = f"the server goes through {named(replaced)}, whose keys ({keys}) serve the same purpose"
    elif found is not None and found.standing == "toss":
        message = f"{_otherwise(seen.access, wanted)}; {_margin(found)}"
    else:
        return _broken(check, case, claim, _lost(seen, wanted, found), evidence)
    return check.found("holds", subject, message, claim.source, claim=claim.text, evidence=evidence)


def _broken(check: Check, case: Case, claim: UsesIndex, message: str, evidence: dict[str, Any]) -> Finding:
    subject = f"query {claim.query} / {claim.index}"
    gap = unseeded(case, claim.query) or _too_few(case, claim)
    if gap is not None:
        return check.found("unverified", subject, gap, claim.source, claim=claim.text, evidence=evidence)
    return check.found("broken", subject, message, claim.source, claim=claim.text, evidence=evidence)


def _too_few(case: Case, claim: UsesIndex) -> str | None:
    """Why the choice means nothing, where an index that can serve lost to reading a small table whole."""
    found = weighed(case, claim)
    if found is None or found.standing != "passed over":
        return None
    entity = found.weighed.index.entity
    rows = rows_loaded(case).get(entity)
    if rows is None or rows >= FEW_ROWS:
        return None
    here = f"{entity} has {counted(rows, 'row')} here"
    return f"{here}, and so few are read whole; the index can serve: give the scenario more"


def _how(access: Access, found: Choice) -> str:
    """How it is gone through in the plan that was run; nothing when that one went another way."""
    return _condition(access, found.weighed.index)


def _condition(access: Access, index: Index) -> str:
    nodes = (n for n in access.walk() if n.index == index.name and n.entity in {None, index.entity})
    node = next(nodes, None)
    if node is None:
        return ""
    return f" ({node.native}: {node.condition})" if node.condition else f" ({node.native}, in its order)"


def _margin(found: Choice) -> str:
    """By what margin, over which trials."""
    over = ", ".join(trials_words(found))
    trials = f"{found.chosen} of {counted(found.trials, 'trial')}" + (f" ({over})" if over else "")
    if found.standing == "varies":
        return f"so in {trials}: which way is taken depends on {_depends(found)}"
    if found.standing == "toss":
        return f"it is a coin's toss: through the index costs {found.margin:.2f} times as much ({trials} took it)"
    if found.margin is None:
        return f"so in {trials}"
    if found.margin >= CLEAR:
        return f"so in {trials}; the runner-up costs {_times(found.margin)} as much"
    if found.margin > 1 / CLEAR:
        return f"so in {trials}, but by a coin's toss: the runner-up costs {found.margin:.2f} times as much"
    return f"so in {trials}, though the server reckons another way at {found.margin:.2f} times the cost"


def _depends(found: Choice) -> str:
    """On the value, where each class is decided the same way under every statistics; else on the statistics."""
    present = [trial for trial in found.weighed.trials if trial.values != "absent"]
    kinds = {values: {t.ways.chosen for t in present if t.values == values} for values in {t.values for t in present}}
    if any(len(chosen) > 1 for chosen in kinds.values()):
        return "the sample of statistics: the costs are about the same"
    against = [values for values, chosen in kinds.items() if False in chosen]
    words = ("the one as written" if values == "document" else f"{values} ones" for values in against)
    return f"the value: not for {' and '.join(words)}"


def _times(margin: float) -> str:
    return f"{margin:,.0f} times" if margin >= 10 else f"{margin:.1f} times"


def _otherwise(access: Access, wanted: tuple[Index, ...]) -> str:
    took = [n for n in access.walk() if n.entity == wanted[0].entity]
    text = " and ".join(dict.fromkeys(f"{n.native}" + (f" on {n.index}" if n.index else "") for n in took))
    return f"the server reads {wanted[0].entity} by {text}" if took else f"the server does not read {wanted[0].entity}"


def _lost(seen: Explained, wanted: tuple[Index, ...], found: Choice | None) -> str:
    assert seen.access is not None
    message = _otherwise(seen.access, wanted)
    if found is None or found.standing == "unknown":
        return f"{message}" + (f"; whether the index can serve is not known: {found.reason}" if found else "")
    if found.standing == "no use":
        return f"{message}; the index cannot serve it (see index-serves)"
    over = ", ".join(trials_words(found))
    trials = f"in none of {counted(found.trials, 'trial')} is the index taken" + (f" ({over})" if over else "")
    if found.margin is None:
        return f"{message}; {trials}, though it can serve"
    if found.margin >= CLEAR:
        return f"{message}; {trials}: through it costs {_times(found.margin)} as much"
    return f"{message}; {trials}, though the server reckons {found.margin:.2f} times the cost through it"


def rows_loaded(case: Case) -> dict[str, int]:
    """Rows per entity that the plan was made for."""
    return {o.entity: o.rows for o in case.run.of(Loaded)}


CHECK = Check(
    name="index-used",
    question='Is each index under "Indexes Used" the one that the server took, or one that serves the same purpose?',
    why="An index that the planner does not take costs every write and helps no read; the query it was made for "
    "is slower than its author believes. One plan is one throw of the dice, so the choice is tried under several "
    "samples of statistics and with frequent, rare and absent values; it is broken only when the index loses clearly "
    "in all of them.",
    remedy="Make the index fit the query's conditions and order, or say which one is used.",
    severity="error",
    breaks="SELECT * FROM users WHERE lower(email) = 'a@b.example';   -- Indexes Used: idx_users_email ON (email)",
    holds="CREATE INDEX idx_users_email ON users (lower(email));",
    judge=judge,
)
