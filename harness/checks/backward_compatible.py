"""backward-compatible: what worked before a migration that is said to be so works after it."""

from collections.abc import Collection, Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.checks.meant_unique import Written, written
from harness.checks.not_run import UP_REFUSED, stopped_by
from harness.checks.unreached import unreached
from harness.counting import counted, form
from harness.design.claim_types import BackwardCompatible
from harness.run.model import Skipped, Tried

WORDS = {
    "query": "query {}",
    "select": "SELECT from {}",
    "insert": "INSERT into {}",
    "update": "UPDATE of {}",
    "delete": "DELETE from {}",
    "up": "{}",
}
SHOWN = 3
CONTRACTS = "not said to be backwards compatible: take the code that still needs it out of service before this runs"


BY_HAND = "Try what is named as the application does, in its role, before the release."


DOUBLES: dict[Written, str] = {
    "unsaid": "whether the code before it writes doubles is not said, and they are refused",
    "never": "doubles are refused, of which the document says that there are none",
}

UNIQUE_LATER = (
    "Let the code stop writing doubles in a release before, and add what refuses them in a later one. If it writes "
    "none, say so among the data integrity rules."
)

STORES = (
    "Let a view show what is written through it (WITH CHECK OPTION refuses the rest), and let its triggers and rules "
    "store all of it."
)

UNIQUE_BEFORE = (
    "Look for doubles in production, and for what keeps code from writing them; if there are none, say so among the "
    "data integrity rules (emails are unique)."
)


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per claim; where drills tried the other migrations too, one for each that stops the code before."""
    claimed = set()
    for claim in case.plan.design.claims:
        if isinstance(claim, BackwardCompatible):
            claimed.add(claim.migration)
            yield _one(check, case, claim)
    for change in case.plan.changes:
        refused = [t for t in _stopping(case, change.id) if t.kind != "up"]
        if refused and change.id not in claimed:
            message = f"the code before it stops working: {_words(refused)}"
            yield check.found(
                "broken", f"migration {change.id}", message, change.source, severity="advice", remedy=CONTRACTS
            )


def _tried(case: Case, migration: str) -> list[Tried]:
    return [t for t in case.run.of(Tried) if t.migration == migration and t.way == "old on new"]


def _stopping(case: Case, migration: str) -> list[Tried]:
    """What is refused, and what old code sends; doubles that it does not write, or may not, are left out."""
    return [t for t in _tried(case, migration) if t.fault and _written(case, t) == "written"]


def _written(case: Case, tried: Tried) -> Written:
    if not tried.repeats:
        return "written"
    alike = [t for t in _tried(case, tried.migration) if t.subject == tried.subject]
    return written(case, tried.migration, tried, any(t.merged for t in alike))


def _one(check: Check, case: Case, claim: BackwardCompatible) -> Finding:
    subject = f"migration {claim.migration}"
    tried = _tried(case, claim.migration)
    refused = _stopping(case, claim.migration)
    if refused:
        did = ("does not work", "did") if any(t.lost for t in refused) else ("refused", "worked")
        message = f"{did[0]} after it, though it {did[1]} before: {_words(refused)}"
        evidence = {"refused": [_word(t) for t in refused]}
        remedy = UNIQUE_LATER if all(t.repeats for t in refused) else STORES if all(t.lost for t in refused) else None
        return check.found("broken", subject, message, claim.source, claim=claim.text, evidence=evidence, remedy=remedy)
    if not tried:
        return check.found("unverified", subject, _untried(case, claim), claim.source, claim=claim.text)
    tables = {t.subject.partition(",")[0] for t in tried if t.kind != "query"}
    message, counts = _counts([t for t in tried if not t.fault], tables)
    doubles = [t for t in tried if t.fault]
    message += "".join(_doubled(case, doubles))
    unsaid = any(_written(case, t) == "unsaid" for t in doubles)
    left = "; ".join(filter(None, (unreached(case, claim.migration, tables), *_unmade(case, claim.migration))))
    if left:
        message += f"; not tried: {left}"
    if not left and not unsaid:
        return check.found("holds", subject, message, claim.source, claim=claim.text, evidence=counts)
    remedy = UNIQUE_BEFORE if unsaid else BY_HAND
    return check.found("unverified", subject, message, claim.source, claim=claim.text, evidence=counts, remedy=remedy)


def _doubled(case: Case, doubles: Sequence[Tried]) -> Iterator[str]:
    """Doubles that are refused and are no break, in words."""
    for kind, words in DOUBLES.items():
        found = [t for t in doubles if _written(case, t) == kind]
        if found:
            yield f"; {words}: {_words(found)}"


def _unmade(case: Case, migration: str) -> Iterator[str]:
    yield from dict.fromkeys(s.reason for s in case.run.of(Skipped) if (s.what, s.subject) == ("double", migration))


def _untried(case: Case, claim: BackwardCompatible) -> str:
    """Why nothing at all was sent."""
    skipped = case.run.skipped("compatible", claim.migration)
    up = case.run.applied("up", claim.migration)
    refused = UP_REFUSED if up is not None and not up.ok else None
    reason = stopped_by(case, claim.migration) or refused or (skipped.reason if skipped is not None else None)
    return reason or "nothing that worked before it could be tried after it"


def _counts(tried: Sequence[Tried], tables: Collection[str]) -> tuple[str, dict[str, int]]:
    """What was sent and is taken, in words and figures."""
    queries = sum(t.kind == "query" for t in tried)
    statements = len(tried) - queries
    parts = [counted(queries, "query")] if queries else []
    parts += [f"{counted(statements, 'statement')} on {counted(len(tables), 'table')}"] if statements else []
    message = f"{' and '.join(parts)} of the schema before {form(len(tried), 'works', 'work')} after it"
    return message, {"queries": queries, "tables": len(tables), "statements": statements}


def _words(refused: Sequence[Tried]) -> str:
    """What is refused, and why; what is refused for the same reason, once."""
    reasons: dict[str, list[str]] = {}
    for tried in refused:
        if tried.fault:
            reasons.setdefault(tried.fault, []).append(WORDS[tried.kind].format(tried.subject))
    texts = [f"{_some(subjects)}: {reason}" for reason, subjects in reasons.items()]
    return "; ".join(texts[:SHOWN]) + (f"; and {len(texts) - SHOWN} more" if len(texts) > SHOWN else "")


def _some(subjects: Sequence[str]) -> str:
    return ", ".join(subjects[:SHOWN]) + (f" and {len(subjects) - SHOWN} more" if len(subjects) > SHOWN else "")


def _word(tried: Tried) -> str:
    return f"{WORDS[tried.kind].format(tried.subject)}: {tried.fault}"


CHECK = Check(
    name="backward-compatible",
    question="Do the queries and writes of the schema before a migration work on the schema after it?",
    why="While a release rolls out, old code runs on the new schema: each of its statements must still be taken. They "
    "are derived from the tables before; to a view that has taken a table's name, the table's are sent. So are doubles "
    "of what is to be unique: a break where the code may have written them.",
    remedy="Add columns as nullable or with a default; rename, narrow and drop in a later release.",
    severity="error",
    breaks="-- Up (backwards compatible)\nALTER TABLE users RENAME COLUMN name TO full_name;",
    holds="-- Up (backwards compatible)\nALTER TABLE users ADD COLUMN full_name TEXT;",
    judge=judge,
)
