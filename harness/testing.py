"""What a project's own tests are given: findings of a design, and databases that are thrown away after each test."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from harness import adapters
from harness.errors import HarnessError, InputError, ServerError
from harness.pipeline import Options, engine_of, located, planned, verified
from harness.report.model import FailOn
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.model import Silent, Skipped
from harness.servers.model import Address, Server
from harness.servers.provider import provide

__all__ = ["Database", "Databases", "HarnessError", "NoServer", "findings"]


class NoServer(ServerError):  # noqa: N818  (it says what is so)
    """No server of that engine can be had on this machine."""


def findings(
    path: Path, *, server: str, engine: str | None, rows: tuple[str, ...], fail_on: FailOn
) -> list[dict[str, Any]]:
    """A design verified: each finding as values that JSON can hold, with ``fails`` for whether it fails the run."""
    assert fail_on in get_args(FailOn)
    report = verified(path, Options(server=server, engine=engine, rows=rows, fail_on=fail_on), Silent())
    failing = set(map(id, report.failing))
    return [
        {
            "check": f.check,
            "verdict": f.verdict,
            "severity": f.severity,
            "subject": f.subject,
            "message": f.message,
            "path": f.source.path,
            "line": f.source.line,
            "claim": f.claim,
            "remedy": f.remedy,
            "fails": id(f) in failing,
        }
        for f in report.findings
    ]


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test.

    Attributes:
        url: for a driver or an ORM, with the password; a unix socket's directory stands percent-encoded for the host.
        address: the same in parts: ``host``, ``port``, ``user``, ``password``, ``database``.
        engine: ``postgresql``, ``mysql``, ``mariadb`` or ``mongodb``.
    """

    url: str
    address: Address
    engine: str


class Databases:
    """Servers, one an engine, and filled databases to be copied; all gone after ``close``."""

    def __init__(self, server: str = "auto") -> None:
        self._choice = server
        self._open = ExitStack()
        self._servers: dict[str, Server] = {}
        self._filled: dict[tuple[str, str, str | None], tuple[str, Address]] = {}

    def close(self) -> None:
        """End the servers, and all databases with them."""
        self._servers.clear()
        self._filled.clear()
        self._open.close()

    @contextmanager
    def empty(self, engine: str) -> Iterator[Database]:
        """An empty database."""
        if engine not in adapters.names():
            raise InputError(f"{engine}: no such engine (there is: {', '.join(adapters.names())})")
        with adapters.find(engine).fresh(self._server(engine), "test") as address:
            yield Database(address.url(), address, engine)

    @contextmanager
    def seeded(self, design: str, rows: str, engine: str | None) -> Iterator[Database]:
        """A copy of a design's database with all migrations up and rows in it."""
        key = design, rows, engine
        if key not in self._filled:
            self._filled[key] = self._fill(design, rows, engine)
        name, template = self._filled[key]
        with adapters.find(name).fresh(self._server(name), "test", template=template) as address:
            yield Database(address.url(), address, name)

    def _fill(self, design: str, rows: str, engine: str | None) -> tuple[str, Address]:
        plan = planned(located(design), Options(engine=engine, rows=(rows,) if rows else ()))
        chosen = engine_of(plan.design)
        bench = Bench(plan, chosen, self._server(chosen.name), Silent())
        database = self._open.enter_context(bench.database(plan.design.name))
        with chosen.connect(database) as session:
            for change in plan.changes:
                if refusal := bench.replayed(session, change.up):
                    raise InputError(f"{refusal.source}: migration {change.id} is refused: {refusal.message}")
        seed(bench, database, bench.inspect(database), datetime.now(UTC))
        gaps = [s for s in bench.seen if isinstance(s, Skipped) and s.what == "seed"]
        if gaps:
            raise InputError(f"{design}: {gaps[0].subject} could not be filled: {gaps[0].reason}")
        return chosen.name, database

    def _server(self, engine: str) -> Server:
        if engine not in self._servers:
            recipe = adapters.find(engine).recipe(None, None)
            try:
                opened = self._open.enter_context(provide(recipe, self._choice))
            except ServerError as error:
                raise NoServer(str(error)) from None
            self._servers[engine] = opened
        return self._servers[engine]
