"""metrics-available: each monitoring metric named can be read from the server."""

import re
from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding, Verdict
from harness.checks.untried import told
from harness.design.claim_types import Told
from harness.design.dialect import TITLES, family
from harness.design.metrics import Place, metrics, outside, places
from harness.facts import Refusal
from harness.metering import Gauge, Reading, Value
from harness.run.seen.metrics import POOL, Metered


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """What each sentence names, and each query of the document's own; a sentence that names nothing is passed over."""
    seen = list(case.run.of(Metered))
    for claim in case.plan.design.claims:
        if isinstance(claim, Told) and told(check, claim):
            yield from _sentence(check, case, claim, [each for each in seen if each.told == claim])
    for own in (each for each in seen if each.own):
        yield _read(check, own)


def _sentence(check: Check, case: Case, claim: Told, seen: list[Metered]) -> Iterator[Finding]:
    strange = [place for place in places(claim.text) if place.family != family(case.run.engine)]
    named, word = metrics(claim.text), outside(claim.text)
    if strange:
        yield _strange(check, claim, strange[0], case.run.engine)
    elif word and not seen:
        reason = f"{word} is not the database's to tell: it is read from the system that it belongs to"
        yield check.found("unverified", named[0] if named else word, reason, claim.source, claim=claim.text)
    elif not seen:
        reason = "the schema was not reached, or this engine's metrics cannot be read here"
        subjects: tuple[str, ...] = (*named, *(place.name for place in places(claim.text) if not named))
        yield from (check.found("unverified", each, reason, claim.source, claim=claim.text) for each in subjects)
    yield from (_read(check, each) for each in seen if not strange)


def _strange(check: Check, claim: Told, place: Place, engine: str) -> Finding:
    message = f"{place.name} is {TITLES[place.family]}'s, and this server is {engine}"
    return check.found("broken", place.name, message, claim.source, claim=claim.text)


def _read(check: Check, seen: Metered) -> Finding:
    gauge, source, claim = seen.gauge, seen.told.source, seen.told.text
    if gauge is None:
        reason = "no view or command of this engine is known here that gives it"
        return check.found("unverified", seen.name, reason, source, claim=claim, remedy=check.remedy)
    evidence: dict[str, object] = {
        "source": gauge.source,
        "query": gauge.query,
        "needs": gauge.needs,
        "note": gauge.note,
    }
    if isinstance(seen.after, Reading):
        evidence["rows"] = [dict(zip(seen.after.columns, row, strict=True)) for row in seen.after.rows[:5]]
    verdict, message, remedy = _verdict(seen, gauge)
    return check.found(verdict, seen.name, message, source, claim=claim, evidence=evidence, remedy=remedy)


def _verdict(seen: Metered, gauge: Gauge) -> tuple[Verdict, str, str | None]:
    """The verdict, what is said, and a remedy other than the usual."""
    if gauge.lacks:
        return "broken", gauge.lacks, None
    if isinstance(seen.after, Refusal):
        said = f"the server does not answer {gauge.source}: {seen.after.message}"
        return "broken" if seen.own else "unverified", said, None
    if seen.name == POOL:
        reason = f"a pool is the application's, which knows it: the server has its own side, in {gauge.source}"
        return "unverified", f"{reason} ({_shown(seen)})", None
    if gauge.needs and not re.search(gauge.words or r"(?!)", seen.told.text, re.IGNORECASE):
        message = f"a server as it comes does not give it: {gauge.needs}"
        return "broken", message, f"Say where it is read, and switch it on: {gauge.needs}."
    needs = f"; to be switched on: {gauge.needs}" if gauge.needs else ""
    note = f" ({gauge.note})" if gauge.note else ""
    return "holds", f"read from {gauge.source}: {_shown(seen)}{note}{needs}", None


def _shown(seen: Metered) -> str:
    """What was read: what moved while the queries ran, else the first row."""
    before, after = seen.before, seen.after
    if not isinstance(after, Reading) or not after.rows:
        return "it answers, with no row now"
    moved = _moved(before, after) if isinstance(before, Reading) else ""
    if moved:
        return f"{moved} while the document's queries ran once"
    shown = zip(after.columns, after.rows[0], strict=True)
    return " ".join(_text(value) if isinstance(value, str) else f"{name} {_text(value)}" for name, value in shown)


def _moved(before: Reading, after: Reading) -> str:
    """The first number that is another one than before, of the row with the same texts."""
    there = {_texts(row): row for row in before.rows}
    for row in after.rows:
        old = there.get(_texts(row))
        for name, was, now in zip(after.columns, old or row, row, strict=True):
            if isinstance(was, float) and isinstance(now, float) and now > was:
                return f"{' '.join((*_texts(row), name))} {_text(was)} → {_text(now)}"
    return ""


def _texts(row: tuple[Value, ...]) -> tuple[str, ...]:
    return tuple(" ".join(value.split())[:60] for value in row if isinstance(value, str))


def _text(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.3f}"
    return "none" if value is None else " ".join(value.split())[:60]


CHECK = Check(
    name="metrics-available",
    question="Can each monitoring metric named be read from this server?",
    why="A dashboard for a metric that the server does not give stays empty until the incident. Each metric, view and "
    "query named under monitoring is read from the server, before and after the document's queries ran; the query that "
    "reads it is in the evidence, to be pasted into a dashboard.",
    remedy="Name the view, command or setting that it is read from, and what has to be switched on for it.",
    severity="advice",
    breaks="- Slow queries   -- for PostgreSQL, which lists none as it comes",
    holds="- Slow queries (pg_stat_statements)",
    judge=judge,
)
