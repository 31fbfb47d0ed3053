"""The order in which statements can run: whatever a statement needs is made before it, else the document's order."""

import re
from collections.abc import Sequence
from dataclasses import replace

from harness.design.model import Statement
from harness.engine import Engine
from harness.facts import Intent

MADE = {
    "table",
    "partition",
    "view",
    "type",
    "sequence",
    "function",
    "schema",
    "domain",
    "extension",
    "materialized view",
}

CREATES = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+|TEMP(?:ORARY)?\s+|UNLOGGED\s+)*(?P<kind>TABLE|VIEW|TYPE)\s+"
    r"(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>[\w.\"`]+)",
    re.IGNORECASE,
)


def known(engine: Engine, statements: Sequence[Statement]) -> tuple[tuple[Statement, Intent], ...]:
    """Each statement with what it is about; one that does not parse still stands for the table it was to make."""
    return tuple((statement, _guessed(statement, engine.intent(statement))) for statement in statements)


def _guessed(statement: Statement, intent: Intent) -> Intent:
    found = CREATES.match(statement.text) if intent.verb == "invalid" else None
    if found is None:
        return intent
    name = found["name"].replace('"', "").replace("`", "")
    return replace(intent, kind=found["kind"].lower(), name=name, entity=name)


def makes(intent: Intent) -> str:
    """The name that others may need, in lower case; empty for statements that make nothing of that sort."""
    return intent.name.lower() if intent.verb in ("create", "invalid") and intent.kind in MADE else ""


def needs(intent: Intent) -> set[str]:
    """The names that must be there before, in lower case."""
    wanted = {name.lower() for name in intent.references}
    if intent.entity and not (intent.verb in ("create", "invalid") and intent.kind == "table"):
        wanted.add(intent.entity.lower())
    return wanted - {makes(intent)}


def ordered(pairs: Sequence[tuple[Statement, Intent]]) -> tuple[tuple[Statement, Intent], ...]:
    """The statements so that needs come first; those in a cycle stay in their order (the server then says so)."""
    waiting, result = list(pairs), []
    missing = {makes(intent) for _, intent in waiting} - {""}
    while waiting:
        ready = next((p for p in waiting if not needs(p[1]) & missing), waiting[0])
        waiting.remove(ready)
        missing.discard(makes(ready[1]))
        result.append(ready)
    return tuple(result)
