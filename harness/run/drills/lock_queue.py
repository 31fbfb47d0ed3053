"""lock-queue: a long reader has the table first, the migration queues behind it, and all others behind the migration.

A forgotten transaction or a long report is enough to turn a statement of a millisecond into an outage. While the reader
holds the table, the migration is begun, and other clients read one row and write one.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from harness.abilities import Holding, Remaining
from harness.errors import ServerError
from harness.run.drills.model import Drill, Step
from harness.run.drills.rig import RECOVERY_TIMEOUT_S, Rig, concerned
from harness.run.seen.drills import NOT_CONCERNED, Trial, places, unknown
from harness.servers.model import Address
from harness.watching import Deriving, Preparing, Working

NAME = "lock-queue"
HELD_S = 0.5
"""How long the reader holds the table."""

STARTED_S = 0.15
"""How long the migration is given to begin to wait."""

BEHIND = 0.5
"""Share of the reader's time from which on a request was kept waiting by the queue."""


@dataclass(slots=True)
class _Seen:
    queued: bool = False
    waits: dict[str, float] = field(default_factory=dict)
    connected: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    refused: list[str] = field(default_factory=list)


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """For each table that the up touches and that was there before it."""
    if not step.up:
        yield Trial(
            NAME, step.change.id, "up", "queue", "untried", "its up is refused on these rows", step.change.source
        )
        return
    tables = _touched(rig, step)
    if not tables:
        reason = "it touches no table that was there before it"
        yield Trial(NAME, step.change.id, "up", "queue", "untried", reason, step.change.source, NOT_CONCERNED)
    for table in tables:
        yield _queued(rig, step, table)


def _touched(rig: Rig, step: Step) -> list[str]:
    there = {entity.name for entity in step.start.schema.entities if "view" not in entity.kind}
    return sorted(there & concerned(rig, step, "up"))


def _queued(rig: Rig, step: Step, table: str) -> Trial:
    rig.bench.progress.stage(f"migration {step.change.id} up: behind a long reader of {table}")
    change, subject = step.change, f"behind a reader of {table}"
    with rig.clone(step.before) as database, rig.bench.engine.connect(database) as reader:
        if not isinstance(reader, Holding):
            return Trial(NAME, change.id, "up", subject, "untried", _unheld(rig), change.source)
        requests = _requests(rig, database, step, table)
        if not requests:
            reason = "no row of it can be asked for by its key"
            return Trial(NAME, change.id, "up", subject, "untried", reason, change.source)
        seen = _played(rig, database, step, reader, (table, requests))
    kind, waited_s = max(seen.waits.items(), key=lambda pair: pair[1], default=("request", 0.0))
    timeout = rig.bench.traits.lock_timeout
    evidence = {"reader_held_s": HELD_S, "request_waited_s": round(waited_s, 3), "lock_timeout": timeout}
    if seen.refused:
        return Trial(NAME, change.id, "up", subject, "told", f"refused: {seen.refused[0]}", change.source, evidence)
    if waited_s >= BEHIND * HELD_S:
        message = (
            f"the migration waited for the reader, and a {kind} of one row {waited_s * 1000:.0f} ms behind it: "
            "as long as the reader takes"
        )
        return Trial(NAME, change.id, "up", subject, "told", message, change.source, evidence)
    how = "the migration waited for the reader" if seen.queued else "the migration did not wait for the reader"
    message = f"{how}, and nobody waited behind it ({waited_s * 1000:.0f} ms)"
    return Trial(NAME, change.id, "up", subject, "passed", message, change.source, evidence)


def _unheld(rig: Rig) -> str:
    return (
        f"on a single server of {rig.bench.engine.title} a reader gives way by itself; a transaction holds a table, "
        "and needs a replica set: set HARNESS_MONGODB_REPLICA_SET=1"
    )


def _requests(rig: Rig, database: Address, step: Step, table: str) -> dict[str, str]:
    """A read of one row and a write of another one, by what they are."""
    entity = step.start.schema.entity(table)
    with rig.bench.engine.connect(database) as session:
        if entity is None or entity.primary_key is None or not isinstance(session, Deriving):
            return {}
        keys = session.sample(table, entity.primary_key.fields, 1, rig.bench.plan.scenario.seed)
        kinds = {"read": session.reads(entity, keys), "write": session.updates(entity, keys)}
        return {kind: texts[0] for kind, texts in kinds.items() if texts}


def _played(rig: Rig, database: Address, step: Step, reader: Holding, asked: tuple[str, Mapping[str, str]]) -> _Seen:
    """The reader first, then the migration, then others."""
    table, requests = asked
    seen = _Seen()
    migrating = threading.Thread(target=_migrate, args=(rig, database, step, seen), daemon=True)
    asking = [threading.Thread(target=_ask, args=(rig, database, each, seen), daemon=True) for each in requests.items()]
    with reader.holding(table):
        migrating.start()
        time.sleep(STARTED_S)
        with rig.bench.engine.connect(database) as looking:
            seen.queued = isinstance(looking, Remaining) and any(
                remain.kind == "waiting session" for remain in looking.remains()
            )
        for each in asking:
            each.start()
        for _ in asking:
            seen.connected.acquire(timeout=RECOVERY_TIMEOUT_S)
        time.sleep(HELD_S)
    for each in asking:
        each.join(RECOVERY_TIMEOUT_S)
    migrating.join(RECOVERY_TIMEOUT_S)
    return seen


def _migrate(rig: Rig, database: Address, step: Step, seen: _Seen) -> None:
    with suppress(ServerError):
        refusal = rig.run(database, step.change.up)
        if refusal is not None:
            seen.refused.append(refusal.message)


def _ask(rig: Rig, database: Address, asked: tuple[str, str], seen: _Seen) -> None:
    kind, request = asked
    with suppress(ServerError), rig.bench.engine.connect(database) as session:
        if isinstance(session, Working):
            if isinstance(session, Preparing):
                session.prepare([request])
            seen.connected.release()
            begun = time.perf_counter()
            session.send([request])
            seen.waits[kind] = time.perf_counter() - begun


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    told = [t for t in trials if t.result == "told"]
    if told:
        how = next((f" ({t.evidence['lock_timeout']})" for t in told if t.evidence.get("lock_timeout")), "")
        return (
            f"give {places(told)} a short lock timeout{how} and try again until it comes through, and look for long "
            "transactions first"
        )
    untried = unknown(trials)
    if untried:
        return f"who queues behind {places(untried)} is not known: look for long transactions before you run it"
    if not any(t.result == "passed" for t in trials):
        return "no migration is about a table that was there before it: nobody can queue"
    return "nobody queues behind these migrations: run them while others work"


DRILL = Drill(
    NAME,
    "Who waits when a long reader has the table first?",
    (),
    run,
    advice,
)
