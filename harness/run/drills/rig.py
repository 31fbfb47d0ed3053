"""Where drills work: clones of the databases before and after a migration, and a server that may be killed."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from harness.abilities import Delaying, Remaining, Stepwise
from harness.design.compare import altered
from harness.design.model import Statement
from harness.engine import Session
from harness.errors import ServerError
from harness.facts import Effect, Refusal
from harness.run.bench import Bench
from harness.run.drills.model import Step
from harness.run.drills.standing import Standing, standing
from harness.run.model import Way
from harness.servers.model import Address, Mortal

RECOVERY_TIMEOUT_S = 60.0
"""A way out that waits longer for a lock than this is none."""

_WAITS_WITHIN_S = 10.0
_LOOK_S = 0.01
_GONE_WITHIN_S = 20.0

CHANGES_ROWS = frozenset({"insert", "update", "delete", "other", "invalid", "truncate", "merge"})
"""Verbs of statements after which rows must be compared as well as the schema."""


@dataclass(slots=True)
class Rig:
    """``bench`` is at a server whose commits survive a crash; ``now`` is the moment that all rows are recent to."""

    bench: Bench
    now: datetime

    @property
    def may_kill(self) -> bool:
        """Whether the server is ours to kill."""
        return self.bench.server.mortal is not None

    def kill(self, database: Address) -> None:
        """Kill the server that a database is on."""
        self._mortal.kill(database)

    def restart(self, database: Address) -> None:
        """Start the server that a database is on again, after it was killed."""
        self._mortal.restart(database)

    @property
    def _mortal(self) -> Mortal:
        if self.bench.server.mortal is None:
            raise ServerError(f"{self.bench.server.where}: not ours to kill")
        return self.bench.server.mortal

    @contextmanager
    def clone(self, template: Address) -> Iterator[Address]:
        """A database with the rows of another one, dropped at the end."""
        with self.bench.database("drill", template) as database:
            yield database

    def look(self, database: Address, like: Standing) -> Standing:
        """What a database is like, with as much detail as another look had."""
        return standing(self.bench, database, rows=bool(like.rows))

    def changes_rows(self, statements: Sequence[Statement] | None) -> bool:
        """Whether rows, and not only the schema, may be otherwise after a script."""
        return any(self.bench.engine.intent(s).verb in CHANGES_ROWS for s in statements or ())

    def run(self, database: Address, statements: Sequence[Statement]) -> Refusal | None:
        """A script as one migration; what was refused, if something was."""
        with self.bench.engine.connect(database) as session:
            effects = session.apply(statements, timeout_s=RECOVERY_TIMEOUT_S)
        return effects[-1].refusal if effects else None


def stepping(session: Session, statements: Sequence[Statement], done: int) -> Iterator[Effect]:
    """A migration of which ``done`` statements have been run; TypeError for an engine that has no steps."""
    if not isinstance(session, Stepwise):
        raise TypeError("the session cannot run a migration step by step")
    steps = session.steps(statements, timeout_s=RECOVERY_TIMEOUT_S)
    for _ in range(done):
        next(steps)
    return steps


@contextmanager
def under_way(
    rig: Rig, database: Address, step: Callable[[], object], statement: Statement, expected_s: float
) -> Iterator[Callable[[], bool]]:
    """While inside, a statement is in the midst of its work, in a thread of its own.

    Where the engine knows how, it is held there; else half of the time that it took before has passed. Gives what asks
    whether it still runs; errors of its connection are its own affair.
    """

    def run() -> None:
        with suppress(ServerError, StopIteration, OSError):
            step()

    thread = threading.Thread(target=run, daemon=True)
    with rig.bench.engine.connect(database) as watching:
        with _delayed(watching, statement) as delayed:
            thread.start()
            if delayed:
                with rig.bench.engine.connect(database) as looking:
                    _until_waiting(looking)
            else:
                time.sleep(max(expected_s / 2, 0.0005))
            yield thread.is_alive
        thread.join(_GONE_WITHIN_S)


@contextmanager
def _delayed(session: Session, statement: Statement) -> Iterator[bool]:
    if not isinstance(session, Delaying):
        yield False
        return
    with session.delaying(statement) as delayed:
        yield delayed


def _until_waiting(session: Session) -> None:
    deadline = time.monotonic() + _WAITS_WITHIN_S
    while isinstance(session, Remaining) and time.monotonic() < deadline:
        if any(remain.kind == "waiting session" for remain in session.remains()):
            return
        time.sleep(_LOOK_S)


def concerned(rig: Rig, step: Step, way: Way) -> frozenset[str]:
    """Relations that a migration names, locks, or leaves otherwise than they were.

    What drops an index names no table on PostgreSQL, and holds no lock that could still be seen where it works
    CONCURRENTLY.
    """
    statements, effects = (step.change.up, step.up) if way == "up" else (step.change.down, step.down)
    intents = [rig.bench.engine.intent(statement) for statement in statements or ()]
    # A new table locks those that its foreign keys refer to, for a moment that is often too short to be seen.
    named = [name for intent in intents for name in (intent.entity, *intent.references)]
    locked = (lock.relation for effect in effects or () for lock in effect.locks)
    return frozenset((*named, *locked, *altered(step.start.schema, step.end.schema)))
