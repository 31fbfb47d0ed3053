"""Servers that stand for the whole run of a test process, for tests that need nothing of their own from one."""

from contextlib import ExitStack
from pathlib import Path

from harness.pipeline import Options, engine_of, planned, tried, verified, wants_members
from harness.report.model import Report
from harness.run.model import Silent
from harness.servers.model import Server
from harness.servers.provider import provide


class Standing:
    """A local server of each engine, started when it is first asked for."""

    def __init__(self) -> None:
        self._servers: dict[str, Server] = {}
        self._stack = ExitStack()

    def report(self, path: Path, options: Options) -> Report:
        """What ``verified`` tells of a design, on the server that stands; on one of its own where it needs that."""
        plan = planned(path, options)
        engine = engine_of(plan.design)
        if wants_members(engine, plan):
            return verified(path, options, Silent())
        if engine.name not in self._servers or self._servers[engine.name].died():
            self._servers[engine.name] = self._stack.enter_context(provide(engine.recipe(None, None), "local"))
        return tried(plan, options, Silent(), on=self._servers[engine.name])

    def close(self) -> None:
        self._stack.close()
