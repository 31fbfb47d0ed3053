"""The workbench that the stages of a run share: one server, the plan, and the list of what was seen."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from harness.design.model import Schema, Statement
from harness.engine import Engine, Session, Telling
from harness.facts import Effect, Refusal, Traits
from harness.plan.model import Plan
from harness.replaying import Replaying
from harness.run.model import Applied, Inspected, Observation, Progress, Run, Skipped, Stage
from harness.servers.model import Address, Server
from harness.source import Source
from harness.watching import TIME_OUTS

RAISING = "[limits] statement_s in the scenario, or --statement-timeout"
"""Where the time that a statement may take is set."""

NEARLY = 0.95
"""Of the limit: a server's clock may run otherwise than ours."""

SHOWN = 60
"""Characters of a statement that are told of it."""

WATCHED: frozenset[Stage] = frozenset({"up", "down"})
"""Stages of which it is told what each statement did; of the others only what was refused, and how long all took."""


@dataclass(slots=True)
class Bench:
    """Where the work is done. ``seen`` grows; nothing in it is changed afterwards."""

    plan: Plan
    engine: Engine
    server: Server
    progress: Progress
    seen: list[Observation] = field(default_factory=list)
    base: Address | None = None
    """What new databases are copies of: the state before the migrations that are judged; None for nothing."""

    @property
    def traits(self) -> Traits:
        """What the engine can do at the server's version."""
        return self.engine.traits(self.server.version)

    def ended(self, started: datetime, begun: float) -> Run:
        """All that was seen since then; ``begun`` is the moment on the clock that only goes forward."""
        return Run(
            engine=self.engine.name,
            version=self.server.version,
            server=self.server.kind,
            image=self.server.image,
            started=started.isoformat(timespec="seconds"),
            seconds=time.perf_counter() - begun,
            observations=tuple(self.seen),
            traits=self.traits,
        )

    @contextmanager
    def database(self, name: str, template: Address | None = None, *, bare: bool = False) -> Iterator[Address]:
        """A fresh database, dropped at the end: a copy of ``template``, else of the base, but empty when ``bare``."""
        with self.engine.fresh(self.server, name, template=template or (None if bare else self.base)) as address:
            yield address

    def apply(self, database: Address, stage: Stage, subject: str, statements: Sequence[Statement]) -> Applied:
        """Run statements as one unit on a connection of their own, and note what happened."""
        with self.engine.connect(database) as session:
            return self.noted(session, stage, subject, statements)

    def noted(self, session: Session, stage: Stage, subject: str, statements: Sequence[Statement]) -> Applied:
        """Run statements as one unit, and note what happened."""
        begun = time.perf_counter()
        effects = self.run(session, statements) if stage in WATCHED else self._unwatched(session, statements)
        applied = Applied(stage, subject, effects, time.perf_counter() - begun)
        self.seen.append(applied)
        return applied

    def run(self, session: Session, statements: Sequence[Statement]) -> tuple[Effect, ...]:
        """Run statements as one unit, with a look at what each does; none longer than the scenario's limit."""
        limit_s = self.plan.scenario.statement_s
        return overdue(session.apply(statements, timeout_s=limit_s), limit_s)

    def replayed(self, session: Session, statements: Sequence[Statement]) -> Refusal | None:
        """Run a migration as fast as the session can; what was refused, if anything was."""
        effects = self._unwatched(session, statements)
        return effects[-1].refusal if effects else None

    def _unwatched(self, session: Session, statements: Sequence[Statement]) -> tuple[Effect, ...]:
        if not isinstance(session, Replaying):
            return self.run(session, statements)
        limit_s = self.plan.scenario.statement_s
        return overdue(session.replay(statements, timeout_s=limit_s), limit_s)

    def inspect(self, database: Address, label: str | None = None) -> Schema:
        """The schema as a new connection sees it; noted when it has a label."""
        with self.engine.connect(database) as session:
            schema = session.inspect()
        if label is not None:
            self.seen.append(Inspected(label, schema))
        return schema

    def state(self, database: Address, label: str | None = None) -> Schema:
        """The schema and, where the engine tells it, what is stored: a migration may change both."""
        schema = self.inspect(database, label)
        with self.engine.connect(database) as session:
            stored = session.content() if isinstance(session, Telling) else ()
        return replace(schema, objects=(*schema.objects, *stored))

    def known(self, count: int) -> Schema | None:
        """The schema after the first ``count`` migrations as it was read back when they were tried; None if it was not.

        The same scripts lead there again.
        """
        label = f"after {self.plan.changes[count - 1].id}" if count else "start"
        return next((o.schema for o in self.seen if isinstance(o, Inspected) and o.label == label), None)

    def schema_at(self, session: Session, count: int) -> Schema:
        """The schema of a database in which the first ``count`` migrations were run: as known, else as read now."""
        known = self.known(count)
        return session.inspect() if known is None else known

    def skip(self, what: str, subject: str, reason: str, source: Source | None = None) -> None:
        """Note that something could not be looked at."""
        self.seen.append(Skipped(what, subject, reason, source))


def overdue(effects: tuple[Effect, ...], limit_s: float) -> tuple[Effect, ...]:
    """The effects; the last one says so where its statement was ended because its time was over."""
    last = effects[-1] if effects else None
    if last is None or last.refusal is None or last.refusal.code not in TIME_OUTS or last.elapsed_s < limit_s * NEARLY:
        return effects
    began = " ".join(last.statement.told.split())
    began = began if len(began) <= SHOWN else f"{began[:SHOWN]}…"
    message = f"{began}: not done in {limit_s:g} s, the most that a statement is given here ({RAISING})"
    return *effects[:-1], replace(last, refusal=replace(last.refusal, message=message, detail=""))
