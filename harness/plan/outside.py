"""Statements about the server as a whole: what a document shows for its own server is not done to the one at hand."""

from collections.abc import Iterable, Sequence

from harness.design.model import Statement
from harness.engine import Engine
from harness.plan.model import Change, Note

ROLE = "role"
"""What is shared and needed all the same: privileges and policies name roles, so they are made, and removed again."""


def inside(engine: Engine, statements: Iterable[Statement], notes: list[Note]) -> tuple[Statement, ...]:
    """The statements that can be run in a database of ours; a note says of each other one that it is not run."""
    kept = []
    for statement in statements:
        beyond = engine.intent(statement).beyond
        if beyond in {"", ROLE}:
            kept.append(statement)
            continue
        message = "it is about the server that the document is for, and not about the schema of a database"
        notes.append(Note("not run", _begin(statement), message, statement.source))
    return tuple(kept)


def sharing(engine: Engine, declared: Sequence[Statement], changes: Sequence[Change]) -> Statement | None:
    """The first statement that makes or changes a role, which would be there for all databases of the server."""
    migrations = (s for change in changes for s in (*change.up, *(change.down or ())))
    return next((s for s in (*declared, *migrations) if engine.intent(s).beyond == ROLE), None)


def _begin(statement: Statement) -> str:
    """Its first words; what follows may be a password."""
    return " ".join(statement.text.split()[:3]).rstrip(";")
