"""columns-agree: column table, SQL and live catalog say the same of every column."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding, Verdict
from harness.checks.collection_aspects import differences as collection_differences
from harness.checks.collection_aspects import has_rules
from harness.checks.column_aspects import (
    Said,
    check_differences,
    column_differences,
    key_differences,
    live_differences,
    unsaid_unique,
)
from harness.checks.states import State, cut_short, described, line_of_entity, line_of_field
from harness.counting import counted, form
from harness.design.model import Entity, Field, Schema
from harness.run.model import Compared


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """A finding per column that differs; one per table in which all agree."""
    now = described(case)
    for said in case.plan.design.schema.entities:
        if said.fields and said.kind in {"table", "collection"}:
            yield from _entity(check, case, said, now)
    said_names = {e.name.lower() for e in case.plan.design.schema.entities if e.fields}
    for made in (case.run.schema("declared") or Schema()).entities:
        live = now.schema.entity(made.name)
        if made.name.lower() not in said_names and live is not None and cut_short(case) is None:
            yield from _made(check, case, made, live, now)


def _entity(check: Check, case: Case, said: Entity, now: State) -> Iterator[Finding]:
    subject, source = f"{said.kind} {said.name}", line_of_entity(case, said.name)
    made = (case.run.schema("declared") or Schema()).entity(said.name)
    live = now.schema.entity(said.name)
    if made is None and live is None:
        refused = any(a.subject.lower() == f"table {said.name}".lower() for a in case.run.refused("declared"))
        incomplete = f"the {said.kind} could not be made (see statements-valid)" if refused else cut_short(case)
        if incomplete is not None:
            yield check.found("unverified", subject, incomplete, source)
        else:
            yield check.found("broken", subject, f"no statement of the document makes this {said.kind}", source)
        return
    if said.kind == "collection":
        yield from _collection(check, case, said, (made, live), now)
        return
    found = {f.subject: f for f in _against(check, case, said, made or live, now if made is None else None)}
    if made is not None and live is not None and cut_short(case) is None:
        for finding in _made(check, case, made, live, now):
            if finding.verdict == "broken":
                found.setdefault(finding.subject, finding)
    yield from found.values()
    if not found:
        against = [
            *(["the SQL"] if made is not None else []),
            *([f"the schema {now.label}"] if live is not None else []),
        ]
        message = f"{_agree(said, 'column')} with {' and '.join(against)}"
        yield check.found("holds", subject, message, source)


VALIDATED = "Let a validator ($jsonSchema) say it, so that the server keeps it."


def _agree(said: Entity, noun: str) -> str:
    return f"{counted(len(said.fields), noun)} {form(len(said.fields), 'agrees', 'agree')}"


def _collection(
    check: Check, case: Case, said: Entity, there: tuple[Entity | None, Entity | None], now: State
) -> Iterator[Finding]:
    """The field table against the validators of the section and of the migrations."""
    normal = (case.run.schema("documented") or Schema()).entity(said.name)
    labels = (f"the code on line {line_of_made(case, said.name)}", f"the validator {now.label}")
    told = (there[0] if there[1] is None or not _is_derived(case, said) else None, there[1])
    others = [(entity, label) for entity, label in zip(told, labels, strict=True) if entity is not None]
    ruled = [(entity, label) for entity, label in others if has_rules(entity)]
    found: dict[str, Finding] = {}
    for entity, label in ruled:
        for each in collection_differences(said, normal, entity):
            if said.field(each.field) is None and not _from_the_start(case, said.name, each.field):
                continue
            text = each.text if each.unverified else f"the field table and {label} disagree: {each.text}"
            verdict: Verdict = "unverified" if each.unverified else "broken"
            place = line_of_field(case, said.name, each.field)
            subject = f"{said.name}.{each.field}"
            found.setdefault(subject, check.found(verdict, subject, text, place, severity=each.severity))
    yield from found.values()
    if len(ruled) < len(others):
        reason = "it has no validator: nothing on the server says what its documents hold"
        source = line_of_entity(case, said.name)
        yield check.found("unverified", f"collection {said.name}", reason, source, remedy=VALIDATED)
    elif not found:
        against = " and ".join(label for _, label in ruled)
        message = f"{_agree(said, 'field')} with {against}"
        yield check.found("holds", f"collection {said.name}", message, line_of_entity(case, said.name))


def _is_derived(case: Case, said: Entity) -> bool:
    """Whether the section has no code, and its field table was made into some."""
    return any(n.kind == "derived" and n.subject == f"table {said.name}" for n in case.plan.notes)


def _against(check: Check, case: Case, said: Entity, live: Entity | None, state: State | None) -> Iterator[Finding]:
    """The column table against the SQL of the section, or against a live schema where there is no SQL."""
    assert live is not None
    other = state.label if state is not None else f"the SQL on line {line_of_made(case, said.name)}"
    normal = (case.run.schema("documented") or Schema()).entity(said.name)
    for field in said.fields:
        words = list(_field(case, said, normal, field, live))
        if words:
            text = f"the column table and {other} disagree: {'; '.join(words)}"
            yield check.found("broken", f"{said.name}.{field.name}", text, line_of_field(case, said.name, field.name))
    for extra in live.fields:
        if said.field(extra.name) is None and (state is None or _from_the_start(case, live.name, extra.name)):
            text = f"{other} has a column {extra.name} ({extra.type}) that the column table has not"
            yield check.found("broken", f"{said.name}.{extra.name}", text, line_of_entity(case, said.name))
    for fields, text in (*key_differences(said, live), *check_differences(said, normal, live)):
        if all(said.field(f) is not None and live.field(f) is not None for f in fields):
            message = f"the column table and {other} disagree: {text}"
            yield check.found("broken", f"{said.name}.{fields[0]}", message, line_of_field(case, said.name, fields[0]))
    for name in unsaid_unique(said, live):
        text = f"{other} makes {name} UNIQUE, the column table does not say so"
        yield check.found("broken", f"{said.name}.{name}", text, line_of_field(case, said.name, name))


def line_of_made(case: Case, name: str) -> int:
    """The line of the statement that makes a table."""
    place = case.plan.place("table", name)
    return place.line if place is not None else 1


def _field(case: Case, said: Entity, normal: Entity | None, field: Field, live: Entity) -> Iterator[str]:
    there = live.field(field.name)
    if there is None:
        yield f"it is not there (there is: {', '.join(f.name for f in live.fields)})"
        return
    refused = case.run.applied("documented", f"{said.name}.{field.name}")
    if refused is not None and refused.refusal is not None:
        yield f"the server refuses it as said ({refused.refusal.message}); it is {there.type}"
        return
    told = Said(field, normal.field(field.name) if normal is not None else None)
    yield from column_differences(told, there, lambda a, b: _equal(case, said.name, field.name, a, b))


def _equal(case: Case, entity: str, field: str, said: str, live: str) -> bool | None:
    key = (entity.lower(), field.lower(), said, live)
    return next(
        (c.equal for c in case.run.of(Compared) if (c.entity.lower(), c.field.lower(), c.said, c.live) == key), None
    )


def _made(check: Check, case: Case, made: Entity, live: Entity, now: State) -> Iterator[Finding]:
    """The section's SQL against what the migrations make."""
    found = False
    source = case.plan.place("table", made.name) or line_of_entity(case, made.name)
    for field in made.fields:
        there = live.field(field.name)
        words = ["it is not there"] if there is None else list(live_differences(field, there))
        if words:
            found = True
            text = f"the section's SQL and the schema {now.label} disagree: {'; '.join(words)}"
            yield check.found("broken", f"{made.name}.{field.name}", text, line_of_field(case, made.name, field.name))
    for extra in live.fields:
        if made.field(extra.name) is None and _from_the_start(case, made.name, extra.name):
            found = True
            text = f"the schema {now.label} has a column {extra.name} that the section's SQL has not"
            yield check.found("broken", f"{made.name}.{extra.name}", text, source)
    if not found:
        columns = f"{counted(len(made.fields), 'column')} of the section's SQL"
        message = f"{columns} {form(len(made.fields), 'is', 'are')} the same {now.label}"
        yield check.found("holds", f"table {made.name}", message, source)


def _from_the_start(case: Case, entity: str, field: str) -> bool:
    """Whether a column came with its table, and not by a later migration that the sections need not repeat."""
    for change in case.plan.changes:
        schema = case.run.schema(f"after {change.id}")
        first = schema.entity(entity) if schema is not None else None
        if first is not None:
            return first.field(field) is not None
    return True


CHECK = Check(
    name="columns-agree",
    question="Do column table, SQL and live catalog say the same of each column: type, null, default, keys, checks?",
    why="Whoever reads the table writes code against it; whoever runs the SQL gets something else.",
    remedy="Make the column table and the SQL say the same; types are compared as the server reads them.",
    severity="error",
    breaks="| status | VARCHAR(10) | NOT NULL |   with   status VARCHAR(20) NOT NULL",
    holds="| status | VARCHAR(20) | NOT NULL |   with   status VARCHAR(20) NOT NULL",
    judge=judge,
)
