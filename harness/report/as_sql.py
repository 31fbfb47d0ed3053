"""A plan as SQL to run or to read: the migrations made whole, each statement with the line it comes from."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from harness.design.model import Statement
from harness.plan.model import Change, Note, Plan
from harness.report.characters import one_line

Format = Literal["plain", "golang-migrate"]
FORMATS: tuple[Format, ...] = get_args(Format)
WIDTHS: dict[Format, int] = {"plain": 3, "golang-migrate": 6}
"""Digits of the number that a file's name begins with."""


def as_sql(plan: Plan) -> str:
    """All migrations up, in order, to be run as they stand; the downs and the partitioning plan as comments."""
    parts = [f"-- {one_line(plan.design.title)} ({plan.design.path}), made executable.", *map(_note, plan.notes)]
    for change in plan.changes:
        parts.append(f"\n-- migration {one_line(change.id)}: {one_line(change.title)}")
        parts.append(script(change.up))
        parts.append(_commented(_down(change)))
    if plan.partitions:
        parts.append("\n-- partitioning plan")
        parts.append(_commented(script(plan.partitions)))
    return "\n".join(parts).rstrip() + "\n"


def _note(note: Note) -> str:
    return f"-- {note.kind}, line {note.source.line}: {one_line(note.subject)}: {one_line(note.message)}"


def _down(change: Change) -> str:
    if change.down is None:
        return "no down: none is given, and none can be derived"
    return ("down, derived:\n" if change.down_derived else "down:\n") + script(change.down)


def _commented(text: str) -> str:
    return "\n".join(f"-- {line}".rstrip() for line in text.splitlines())


def script(statements: Sequence[Statement]) -> str:
    """Statements as a script, each under a comment that says where it is from when it was not written there."""
    return "\n".join(_statement(statement) for statement in statements)


def _statement(statement: Statement) -> str:
    text = statement.text.strip()
    ended = text if text.endswith(";") else f"{text}\n;" if "--" in text.rsplit("\n", 1)[-1] else f"{text};"
    made = "" if statement.origin == "written" else f"-- {statement.origin} from line {statement.source.line}\n"
    return f"{made}{ended}\n"


def migration_files(plan: Plan, form: Format) -> Iterator[tuple[str, str]]:
    """Name and text of each file that a migration tool runs; a migration with no down has no down file.

    ``plain``: ``001_initial_schema.up.sql`` and ``.down.sql``; ``golang-migrate``: the same with six digits, as its
    ``create -seq`` makes them. The number is the place in the order, whatever the document calls it.
    """
    for number, change in enumerate(plan.changes, start=1):
        stem = f"{number:0{WIDTHS[form]}}_{_slug(change)}"
        head = f"-- {one_line(change.id)}: {one_line(change.title)} ({change.source})\n"
        yield f"{stem}.up.sql", head + script(change.up)
        if change.down is not None:
            yield f"{stem}.down.sql", head + script(change.down)


def _slug(change: Change) -> str:
    return re.sub(r"[^a-z0-9]+", "_", (change.title or change.id).lower()).strip("_")[:60].rstrip("_") or "migration"
