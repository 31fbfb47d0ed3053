"""Scripts of mongosh as they would stand in a document, run on a server."""

from harness.adapters.mongodb.session import MongoDBSession
from harness.design.model import Schema, Statement
from harness.facts import Effect
from harness.source import Source
from tests.adapters.scripts import FIRST_LINE, PATH


def run(session: MongoDBSession, *statements: str) -> tuple[Effect, ...]:
    """Run statements as one migration, each on a line of its own."""
    placed = [Statement(text, Source(PATH, FIRST_LINE + n, FIRST_LINE + n)) for n, text in enumerate(statements)]
    return session.apply(placed, timeout_s=30)


def made(session: MongoDBSession, *statements: str) -> Schema:
    """The schema after statements that must be taken."""
    assert [effect.refusal for effect in run(session, *statements) if effect.refusal] == []
    return session.inspect()
