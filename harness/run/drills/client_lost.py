"""client-lost: the client is killed in the middle of a migration, and the server lives on.

A real process that is killed with SIGKILL: its connection is cut with no goodbye, as when a deploy job is cancelled or
a laptop is closed. The server may go on with what it has begun, and hold its locks meanwhile.
"""

import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import IO, cast

from harness.abilities import Remaining
from harness.run.drills.model import MADE_ANEW, Drill, Step, made_of_sections
from harness.run.drills.recovery import aftermath
from harness.run.drills.rig import Rig
from harness.run.drills.task import Task
from harness.run.seen.drills import NOT_CONCERNED, Result, Trial, places
from harness.servers.model import Address

NAME = "client-lost"
GONE_WITHIN_S = 30.0
LOOK_S = 0.02
SOON_S = 1.0
"""A session that is still there after that has outlived its client."""


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """After the first statement of several, and in the midst of the one that takes longest.

    What is left after each of the others, a server that is killed shows as well (``kill-after-statement``).
    """
    if made_of_sections(step):
        yield Trial(NAME, step.change.id, "up", "lost", "untried", MADE_ANEW, step.change.source, NOT_CONCERNED)
        return
    if len(step.up) > 1:
        yield _lost(rig, step, 1, midst_s=None)
    if step.up:
        longest = max(range(len(step.up)), key=lambda number: step.up[number].elapsed_s)
        yield _lost(rig, step, longest, midst_s=step.up[longest].elapsed_s / 2)


def _lost(rig: Rig, step: Step, number: int, midst_s: float | None) -> Trial:
    """Lose the client after ``number`` statements, or in the midst of the next one."""
    statements = step.change.up
    place = f"after statement {number}" if midst_s is None else f"in the midst of statement {number + 1}"
    subject = f"client killed {place} of {len(statements)}"
    rig.bench.progress.stage(f"migration {step.change.id} up: killing the client")
    with rig.clone(step.before) as database:
        _kill_client(Task(rig.bench.engine.name, database, statements, number, midst_s is not None), midst_s or 0.0)
        outlived_s = _until_alone(rig, database)
        found = aftermath(rig, database, step, "up")
    result: Result = "passed" if found.recovered else "failed"
    message = str(found)
    if outlived_s > SOON_S:
        message += f"; its session, and what it held, outlived it by {outlived_s:.1f} s"
    source = statements[min(number, len(statements) - 1)].source
    evidence = {"state": found.state, "outlived_s": round(outlived_s, 3)}
    return Trial(NAME, step.change.id, "up", subject, result, message, source, evidence)


def _kill_client(task: Task, after_s: float) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "harness.run.drills.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        there, back = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
        pickle.dump(task, there)
        there.flush()
        back.readline()
        time.sleep(after_s)
    finally:
        child.kill()
        child.communicate()


def _until_alone(rig: Rig, database: Address) -> float:
    """Wait until the lost client's session has ended; how long that took."""
    begun = time.monotonic()
    with rig.bench.engine.connect(database) as session:
        while isinstance(session, Remaining) and time.monotonic() - begun < GONE_WITHIN_S:
            if not any("session" in remain.kind for remain in session.remains()):
                break
            time.sleep(LOOK_S)
    return time.monotonic() - begun


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    failed = [t for t in trials if t.result == "failed"]
    if failed:
        return (
            f"run {places(failed)} from where the connection is safe (tmux, a job that is not cancelled), and keep at "
            "hand what mends a half-applied migration"
        )
    if any(t.evidence.get("outlived_s", 0.0) > SOON_S for t in trials):
        return "a lost client's statement goes on and keeps its locks: look for it, and end it, before you try again"
    return "when the client is lost, wait until its session is gone, look which migration is applied, and run the rest"


DRILL = Drill(
    NAME,
    "Can the migration be finished or undone after its client was killed in it?",
    ("recovers",),
    run,
    advice,
)
