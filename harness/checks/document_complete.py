"""document-complete: the parts that a design needs are in the document, and nothing had to be made up for it."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding, Severity
from harness.counting import counted
from harness.design.model import Entity
from harness.plan.model import Note

PARTS = {
    "overview": "an overview",
    "schema": "the schema",
    "queries": "example queries with their performance",
    "migrations": "migrations",
    "integrity": "data integrity rules",
}
"""Parts whose absence is said; scaling, backup and monitoring are for designs that need them."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """A finding per gap; one that holds when there is none. A migration folder is no document."""
    if case.plan.design.folder:
        return
    gaps = [*_parts(check, case), *_entities(check, case), *_notes(check, case)]
    yield from gaps
    if not gaps:
        tables = counted(len(case.plan.design.schema.entities), "table")
        message = f"{tables} with purpose, columns and SQL; nothing elided"
        yield check.found("holds", "document", message, case.plan.design.source())


def _parts(check: Check, case: Case) -> Iterator[Finding]:
    missing = [words for part, words in PARTS.items() if part not in case.plan.design.sections]
    if missing:
        yield check.found("broken", "document", f"it has no part for {', '.join(missing)}", case.plan.design.source())


def _entities(check: Check, case: Case) -> Iterator[Finding]:
    bare = {note.subject.removeprefix("table ") for note in case.plan.notes if _is_bare(note)}
    for entity in case.plan.design.schema.entities:
        # The fields of a collection are all that there is to say of it: a validator is made from them.
        unwritten = entity.name in bare and entity.kind != "collection"
        made = case.plan.place("table", entity.name) is not None and not unwritten
        lacks = [*_lacks(entity, made=made), *(["SQL"] if unwritten else [])]
        if lacks:
            source = entity.source or case.plan.design.source()
            yield check.found("broken", f"{entity.kind} {entity.name}", f"it has no {' and no '.join(lacks)}", source)


def _lacks(entity: Entity, *, made: bool) -> Iterator[str]:
    if not entity.purpose:
        yield "purpose"
    if not entity.fields and entity.kind in ("table", "collection") and not made:
        yield "column table"


def _is_bare(note: Note) -> bool:
    """Whether it says that a table's SQL was made from its column table."""
    return note.kind == "derived" and note.subject.startswith("table ")


def _notes(check: Check, case: Case) -> Iterator[Finding]:
    for note in case.plan.notes:
        if note.subject.endswith(" down") or _is_bare(note) or note.kind == "not run":
            continue  # down-exists says so, the table's own finding, or statements-valid
        # That sections alone make a schema is a way to write a design, and hides nothing.
        whole = note.kind == "derived" and note.subject == "schema of the sections"
        severity: Severity | None = "advice" if note.kind == "left out" or whole else None
        evidence = {"kind": note.kind}
        told = (note.subject, note.message, note.source)
        yield check.found("broken", *told, severity=severity, evidence=evidence, remedy=FIRST if whole else None)


FIRST = "Make them in a migration of their own, before the others; or leave it so: migration 000 is applied as one."

CHECK = Check(
    name="document-complete",
    question="Does the document give everything that is needed to run it, with nothing elided?",
    why="What a reader must guess, each guesses differently; what the harness fills in is not what you wrote.",
    remedy="Write the part that is missing or elided into the document.",
    severity="warning",
    breaks="-- Up\nCREATE TABLE users (...);\n-- Add indexes",
    holds="-- Up\nCREATE TABLE users (id BIGINT PRIMARY KEY, email TEXT NOT NULL);",
    judge=judge,
)
