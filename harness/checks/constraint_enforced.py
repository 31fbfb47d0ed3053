"""constraint-enforced: a row that breaks a constraint is refused, one that keeps all is taken."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.checks.states import cut_short, head, line_of_entity, line_of_field, line_of_name
from harness.checks.tables_filled import FITTING
from harness.run.model import Implied, Probed

KEYS = frozenset({"primary key", "unique", "foreign key"})
"""What an index keeps, or another table's, whatever the table's options say of its rules."""

TOOK = "the server took a row with "
LEAST, SHOWN = 2, 3
"""How many that one option lets in are told together, and how many of them in words."""

WORDS = {
    "not null": "NOT NULL",
    "primary key": "PRIMARY KEY",
    "unique": "UNIQUE",
    "foreign key": "FOREIGN KEY",
    "check": "CHECK",
    "exclusion": "EXCLUDE",
    "unsigned": "UNSIGNED",
    "enum": "enum",
    "type": "type",
    "additionalProperties": "additionalProperties",
    "uniqueItems": "uniqueItems",
}


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per table for what is enforced, and one per constraint that is not or could not be tried."""
    tables: dict[str, list[Probed]] = defaultdict(list)
    for probed in case.run.of(Probed):
        tables[probed.entity].append(probed)
    for name, probes in tables.items():
        yield from _table(check, case, name, probes)
    untried = {
        skipped.subject: skipped for skipped in reversed(tuple(case.run.skips("probe")))
    }  # in each of two rounds
    for skipped in reversed(untried.values()):
        source = line_of_entity(case, skipped.subject)
        yield check.found("unverified", f"table {skipped.subject}", skipped.reason, source, remedy=FITTING)


def _table(check: Check, case: Case, name: str, probes: Sequence[Probed]) -> Iterator[Finding]:
    source, subject = line_of_entity(case, name), f"table {name}"
    valid = next((p for p in probes if p.kind == "valid" and p.refusal is not None), None)
    if valid is not None and valid.refusal is not None:
        reason = f"the row that was to keep every constraint is refused: {valid.refusal.message}"
        yield check.found("unverified", subject, reason, source, remedy=FITTING)
        return
    grouped: dict[tuple[str, str], list[Probed]] = defaultdict(list)
    for probed in probes:
        if probed.kind != "valid":
            grouped[probed.kind, probed.constraint].append(probed)
    enforced = [key for key, tries in grouped.items() if _refused(tries)]
    rest = [_open(check, case, name, tries) for key, tries in grouped.items() if key not in enforced]
    yield from _together(check, case, name, rest)
    if enforced:
        yield _holds(check, case, name, enforced)


def _refused(tries: Sequence[Probed]) -> bool:
    """Whether in each round (after up, and again) a row was refused for this constraint's sake."""
    rounds = {p.when for p in tries}
    return all(any(p.when == when and (p.own or _filled(p)) for p in tries) for when in rounds)


def _filled(probed: Probed) -> bool:
    """Whether a trigger gave a value: NOT NULL is checked after it, so a NULL that was taken was none any more."""
    return probed.kind == "not null" and probed.refusal is None and bool(probed.trigger)


def _holds(check: Check, case: Case, name: str, enforced: Sequence[tuple[str, str]]) -> Finding:
    counts = {kind: sum(1 for k, _ in enforced if k == kind) for kind in WORDS}
    text = ", ".join(f"{count} {WORDS[kind]}" for kind, count in counts.items() if count)
    again = any(p.when == "again" for p in case.run.of(Probed))
    message = f"rows that break one were refused, the row that keeps all was taken: {text}"
    message += "; the same after down and up again" if again else ""
    evidence = {"constraints": [f"{WORDS[kind]} {constraint}" for kind, constraint in enforced]}
    return check.found("holds", f"table {name}", message, line_of_entity(case, name), evidence=evidence)


def _open(check: Check, case: Case, name: str, tries: Sequence[Probed]) -> Finding:
    surely = next((p for p in tries if p.sure and p.refusal is None), None)
    first = surely or tries[0]
    subject = f"{name}: {WORDS[first.kind]} {first.constraint}"
    field = first.fields[0] if first.fields else ""
    source = line_of_field(case, name, field) if field else line_of_entity(case, name)
    if first.constraint and first.constraint not in first.fields:
        source = line_of_name(case, first.constraint) or source
    implied = next((i for i in case.run.of(Implied) if (i.entity, i.constraint) == (name, first.constraint)), None)
    if implied is not None and first.kind == "check":
        return check.found("unverified", subject, _never_alone(implied), source)
    other = next((p.refusal for p in tries if p.refusal is not None), None)
    if other is not None and surely is None:
        reason = f"another constraint refused the row first: {other.message}"
        return check.found("unverified", subject, reason, source)
    if first.trigger:
        reason = f"trigger {first.trigger} may have changed the row before it was stored"
        return check.found("unverified", subject, reason, source)
    if surely is None:
        reason = f"no value was found that breaks it (tried: {', '.join(dict.fromkeys(p.value for p in tries))})"
        return check.found("unverified", subject, reason, source)
    incomplete = cut_short(case)
    if incomplete is not None:
        return check.found("unverified", subject, incomplete, source)
    said, remedy = _lenient(case, name) if first.kind not in KEYS else ("", None)
    return check.found("broken", subject, f"{TOOK}{first.value}{said}", source, remedy=remedy)


def _together(check: Check, case: Case, name: str, found: Sequence[Finding]) -> Iterator[Finding]:
    """One finding for all that an option of the table lets in: the option is the one thing to be mended."""
    said, remedy = _lenient(case, name)
    let_in = [f for f in found if said and f.verdict == "broken" and f.message.endswith(said)]
    yield from (f for f in found if len(let_in) < LEAST or f not in let_in)
    if len(let_in) >= LEAST:
        each = [f.message.removeprefix(TOOK).removesuffix(said) for f in let_in]
        more = f", and {len(each) - SHOWN} more" if len(each) > SHOWN else ""
        message = f"{TOOK}{'; with '.join(each[:SHOWN])}{more}{said}"
        evidence = {"constraints": [f.subject.removeprefix(f"{name}: ") for f in let_in], "taken": each}
        source = line_of_entity(case, name)
        yield check.found("broken", f"table {name}", message, source, evidence=evidence, remedy=remedy)


def _lenient(case: Case, name: str) -> tuple[str, str | None]:
    """What of its options makes a table take what breaks its rules, and the remedy; nothing where none does."""
    entity = head(case).entity(name)
    options = dict(entity.options) if entity is not None else {}
    for option, text, words, remedy in case.run.traits.lenient:
        if options.get(option) == text:
            return f": {words}", remedy
    return "", None


def _never_alone(implied: Implied) -> str:
    if implied.others:
        others = " and of ".join(implied.others)
        return f"no row breaks it alone: whatever breaks it also breaks the CHECK of {others}"
    return "no row breaks it alone: what would is kept out by the other constraints and the types of its columns"


CHECK = Check(
    name="constraint-enforced",
    question="Is a row that breaks a constraint refused, and one that keeps all taken?",
    why="It is tried after all migrations, and again after they went down and up. "
    "A constraint that is not validated, not enforced, or lost in a rollback lets the first bad row in silently.",
    remedy="Let the server enforce it: without NOT ENFORCED, validated, and made again by the migration's up.",
    severity="error",
    breaks="ALTER TABLE orders ADD CHECK (total_amount > 0) NOT ENFORCED;",
    holds="ALTER TABLE orders ADD CHECK (total_amount > 0);",
    judge=judge,
)
