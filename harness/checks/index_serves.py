"""index-serves: an index that a query is said to use can answer it, taken or not."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding, Verdict
from harness.checks.choice import Choice
from harness.checks.index_likeness import keys_text
from harness.checks.index_used import claimed, weighed
from harness.checks.states import unseeded
from harness.counting import counted
from harness.design.claim_types import UsesIndex
from harness.run.model import Explained


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per claim of an index that there is."""
    for claim in case.plan.design.claims:
        if isinstance(claim, UsesIndex):
            verdict, message, found = _one(case, claim)
            evidence = found.evidence() if found is not None else {}
            subject = f"query {claim.query} / {claim.index}"
            yield check.found(verdict, subject, message, claim.source, claim=claim.text, evidence=evidence)


def _one(case: Case, claim: UsesIndex) -> tuple[Verdict, str, Choice | None]:
    seen, found = case.run.explained(claim.query), weighed(case, claim)
    skipped = case.run.skipped("ways", "")
    if seen is None or seen.access is None:
        return "unverified", "the query does not run (see query-runs)", None
    if not claimed(case, claim.index):
        return "unverified", "there is no such index (see index-used)", None
    if found is None:
        return "unverified", skipped.reason if skipped else "the server did not tell the other ways", None
    return *_judged(case, seen, found), found


def _judged(case: Case, seen: Explained, found: Choice) -> tuple[Verdict, str]:
    index = found.weighed.index
    match found.standing:
        case "taken" | "varies":
            return "holds", f"the server goes through {index.name} of its own accord"
        case "toss" | "passed over":
            return "holds", f"{index.name} can serve: {_figures(seen, found)}"
        case "unknown":
            return "unverified", found.reason
        case _:
            gap = unseeded(case, seen.query)
            return ("unverified", gap) if gap is not None else ("broken", _no_use(seen, found))


def _figures(seen: Explained, found: Choice) -> str:
    assert seen.access is not None
    trial = next(t for t in found.weighed.trials if t.ways.through is not None)
    through, taken = trial.ways.through, trial.ways.taken
    assert through is not None
    costs = f"cost {through.cost:,.0f} against {taken.cost:,.0f}" if through.cost and taken.cost else ""
    pages = (
        f"{counted(through.pages_read, 'page')} read against {seen.access.pages_read:,}"
        if through.pages_read is not None and seen.access.pages_read is not None
        else ""
    )
    return ", ".join(part for part in (costs, pages) if part) + " of the way that is taken"


def _no_use(seen: Explained, found: Choice) -> str:
    assert seen.access is not None
    index = found.weighed.index
    if not any(node.entity == index.entity for node in seen.access.walk()):
        return f"the query does not read {index.entity}, and so cannot go through {index.name}"
    limited = f" WHERE {index.predicate}" if index.predicate else ""
    return (
        f"with scans and all other indexes of {index.entity} taken away the server still does not go through "
        f"{index.name}: no condition, join or order of the query matches its keys ({keys_text(index)}{limited})"
    )


CHECK = Check(
    name="index-serves",
    question="Can each index that a query is said to use answer it at all?",
    why="An index that loses by cost may be taken tomorrow, with more rows; one whose keys, order, expression or "
    "condition do not match the query never will be. The other ways are taken away to find out which it is.",
    remedy="Make the index on what the query compares: the same expression, its equalities first, the condition of a "
    "partial index repeated in the query; or say which index it uses.",
    severity="error",
    breaks="SELECT * FROM users WHERE lower(email) = 'a@b.example';   -- Indexes Used: idx_users_email ON (email)",
    holds="CREATE INDEX idx_users_email ON users (lower(email));",
    judge=judge,
)
