"""What of a migration no request of the harness reaches: row policies, which do not bind it, and routines' callers."""

import re
from collections.abc import Collection, Iterator

from harness.checks.base import Case
from harness.design.model import Entity, Field, Schema, SchemaObject

SENT_TO = frozenset({"table", "partitioned table", "view", "collection", "time series"})

ROUTINES = frozenset({"function", "procedure", "aggregate", "package"})

FOR_TRIGGERS = re.compile(r"\bRETURNS\s+(?:event_)?trigger\b", re.IGNORECASE)
"""A function that nobody calls but the server."""

REFUSES = re.compile(r"\b(?:RAISE|SIGNAL)\b", re.IGNORECASE)


def unreached(case: Case, migration: str, tried: Collection[str]) -> str:
    """What changes for old code that was not tried, in words; empty where there is nothing.

    ``tried``: tables and views of which something was sent.
    """
    before, after = before_it(case, migration), case.run.schema(f"after {migration}")
    if before is None or after is None:
        return ""
    return "; ".join((*_unsent(before, after, tried), *_policies(before, after), *_routines(before, after)))


def before_it(case: Case, migration: str) -> Schema | None:
    """The schema before a migration; None where it was not seen."""
    ids = [change.id for change in case.plan.changes]
    number = ids.index(migration)
    return case.run.schema(f"after {ids[number - 1]}" if number else "start")


def _unsent(before: Schema, after: Schema, tried: Collection[str]) -> Iterator[str]:
    """Tables and views that are not what they were, and that nothing could be sent to: no row, or no key, was there."""
    for entity in before.entities:
        if entity.name not in tried and entity.kind in SENT_TO and _differs(entity, before, after):
            yield f"reads and writes of {entity.name}, for which none could be derived"


def _differs(entity: Entity, before: Schema, after: Schema) -> bool:
    own = [frozenset(each for each in schema.objects if _belongs(each, entity)) for schema in (before, after)]
    return after.entity(entity.name) != entity or own[0] != own[1]


def _belongs(each: SchemaObject, entity: Entity) -> bool:
    return each.kind in {"trigger", "rule"} and _is_on(each, each.kind, entity)


def _policies(before: Schema, after: Schema) -> Iterator[str]:
    """Tables whose rows other policies let through; what was tried, was tried by one whom they do not bind."""
    for entity in after.entities:
        old = before.entity(entity.name)
        pair = (_bound(before, old), _bound(after, entity))
        if old is not None and pair[0] != pair[1]:
            yield f"what the row policies of {entity.name} let an application's role see and write"


def _bound(schema: Schema, entity: Entity | None) -> tuple[str, ...]:
    if entity is None or not dict(entity.options).get("row_security"):
        return ()
    forced = str(dict(entity.options).get("row_security_forced"))
    return ("on", forced, *(each.definition for each in schema.objects if _is_on(each, "policy", entity)))


def _routines(before: Schema, after: Schema) -> Iterator[str]:
    """Routines that are gone, or take other parameters: what calls them is in no document."""
    kept = {(each.kind, each.name): each for each in after.objects if each.kind in ROUTINES}
    for each in before.objects:
        if each.kind not in ROUTINES or FOR_TRIGGERS.search(each.definition):
            continue
        now = kept.get((each.kind, each.name))
        if now is None:
            yield f"calls of the {each.kind} {each.name}, which is gone"
        elif _parameters(now) != _parameters(each):
            yield f"calls of the {each.kind} {each.name}, which takes other parameters"


def _parameters(routine: SchemaObject) -> str:
    """What stands in the first parentheses of its definition, as the server prints it."""
    depth, start = 0, routine.definition.find("(")
    for place, sign in enumerate(routine.definition[start:], start):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return " ".join(routine.definition[start:place].split())
    return ""


def kept_by_code(schema: Schema, entity: Entity, field: Field) -> str:
    """What may keep a rule about a field without being a constraint: a row policy, or a trigger that refuses."""
    word = re.compile(rf"(?<![\w$]){re.escape(field.name)}(?![\w$])", re.IGNORECASE)
    for each in schema.objects:
        _, _, name = each.name.rpartition(".")
        if _is_on(each, "policy", entity) and word.search(each.definition):
            return f"the row policy {name}"
        text = _body(schema, each) if _is_on(each, "trigger", entity) else ""
        if word.search(text) and REFUSES.search(text):
            return f"the trigger {name}"
    return ""


def _is_on(each: SchemaObject, kind: str, entity: Entity) -> bool:
    return each.kind == kind and each.name.rpartition(".")[0].strip('"') == entity.name


def _body(schema: Schema, trigger: SchemaObject) -> str:
    """Its text, with that of the functions that it names."""
    called = (
        each.definition
        for each in schema.objects
        if each.kind == "function" and f"{each.name.partition('(')[0]}(" in trigger.definition
    )
    return "\n".join((trigger.definition, *called))
