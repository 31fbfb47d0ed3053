"""Texts as statements, as they would stand in a document."""

from harness.design.model import Schema, Statement
from harness.engine import Engine, Session
from harness.facts import Effect
from harness.source import Source

PATH = "designs/some.md"
FIRST_LINE = 10


def script(text: str, line: int = FIRST_LINE) -> Statement:
    """A script that begins on that line."""
    return Statement(text, Source(PATH, line, line + text.count("\n")))


def applied(engine: Engine, session: Session, text: str) -> tuple[Effect, ...]:
    """Run a script as one migration."""
    return session.apply(engine.split(script(text)), timeout_s=30)


def made(engine: Engine, session: Session, text: str) -> Schema:
    """The schema after a script that must be taken."""
    refused = [effect.refusal for effect in applied(engine, session, text) if effect.refusal]
    assert refused == []
    return session.inspect()
