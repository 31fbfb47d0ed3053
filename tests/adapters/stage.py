"""A database with a schema that cases change and take back: made anew only after one that did not take back all."""

from contextlib import ExitStack

from harness.design.model import Schema
from harness.engine import Engine, Session
from harness.servers.model import Server
from tests.adapters.scripts import made


class Stage:
    """One at a time. ``as_before`` says that the last case has left it as it was."""

    def __init__(self, engine: Engine, server: Server, base: str) -> None:
        self._engine = engine
        self._server = server
        self._base = base
        self._held = ExitStack()
        self._standing: tuple[Session, Schema] | None = None
        self.as_before = False

    def begun(self) -> tuple[Session, Schema]:
        """A session, and the schema that it finds."""
        if self._standing is None or not self.as_before:
            self.close()
            address = self._held.enter_context(self._engine.fresh(self._server, "stage"))
            session = self._held.enter_context(self._engine.connect(address))
            self._standing = session, made(self._engine, session, self._base)
        self.as_before = False
        return self._standing

    def close(self) -> None:
        """Drop the database."""
        self._standing = None
        self._held.close()
