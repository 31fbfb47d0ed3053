"""kill-after-statement: the server is killed after each statement of a migration, and in the midst of it.

A real SIGKILL of all its processes, as the out-of-memory killer and a lost machine do it. It is started again on the
same data; then the ways out that the document gives are tried.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from harness.abilities import Flushing
from harness.design.model import Statement
from harness.errors import ServerError
from harness.facts import Effect
from harness.run.drills.model import MADE_ANEW, Drill, Step, made_of_sections
from harness.run.drills.recovery import aftermath
from harness.run.drills.rig import Rig, stepping, under_way
from harness.run.model import Way
from harness.run.seen.drills import NOT_CONCERNED, Result, Trial, places, unknown
from harness.servers.model import Address

NAME = "kill-after-statement"
NOT_OURS = "the server is not ours to kill: leave --server out, or take docker or local"


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """Every statement of the up, then of the down."""
    if not rig.may_kill:
        yield Trial(NAME, step.change.id, None, "killed", "untried", NOT_OURS, step.change.source)
        return
    if made_of_sections(step):
        yield Trial(NAME, step.change.id, None, "killed", "untried", MADE_ANEW, step.change.source, NOT_CONCERNED)
        return
    yield from _way(rig, step, "up", step.up)
    if step.down is not None:
        yield from _way(rig, step, "down", step.down)


def _way(rig: Rig, step: Step, way: Way, effects: Sequence[Effect]) -> Iterator[Trial]:
    whole = rig.bench.traits.transactional_ddl is None
    for number, effect in enumerate(effects):
        yield _killed(rig, step, way, number, effect.elapsed_s)
        if whole or number + 1 < len(effects):  # after the last one there is nothing left to be cut off
            yield _killed(rig, step, way, number, None)


def _killed(rig: Rig, step: Step, way: Way, number: int, midst_s: float | None) -> Trial:
    """Kill the server in the midst of a statement (which takes ``midst_s`` in all), or after it."""
    statements = step.change.up if way == "up" else step.change.down or ()
    place = f"statement {number + 1} of {len(statements)}"
    rig.bench.progress.stage(f"migration {step.change.id} {way}: killing the server at {place}")
    with rig.clone(step.before if way == "up" else step.after) as database:
        if midst_s is None:
            subject = f"killed after {place}"
            _kill_after(rig, database, statements[: number + 1], statements)
        else:
            met = _kill_amidst(rig, database, (statements, number), midst_s)
            subject = f"killed in the midst of {place}" if met else f"killed as {place} ended"
        rig.restart(database)
        found = aftermath(rig, database, step, way)
    result: Result = "passed" if found.recovered else "failed"
    evidence = {"statement": number + 1, "state": found.state, "ways": [str(each) for each in found.ways]}
    return Trial(NAME, step.change.id, way, subject, result, str(found), statements[number].source, evidence)


def _kill_after(rig: Rig, database: Address, done: Sequence[Statement], statements: Sequence[Statement]) -> None:
    with suppress(ServerError, OSError), rig.bench.engine.connect(database) as session:
        stepping(session, statements, len(done))
        if isinstance(session, Flushing):
            session.flush()
        rig.kill(database)


def _kill_amidst(rig: Rig, database: Address, at: tuple[Sequence[Statement], int], takes_s: float) -> bool:
    """Whether the statement was still at work when the server was killed."""
    statements, number = at
    met = False
    with suppress(ServerError, OSError), rig.bench.engine.connect(database) as session:
        steps = stepping(session, statements, number)
        with under_way(rig, database, lambda: next(steps), statements[number], takes_s) as running:
            met = running()
            rig.kill(database)
    return met


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    failed = [t for t in trials if t.result == "failed"]
    if failed:
        return (
            f"a crash in {places(failed)} has to be mended by hand: compare the schema with the document, run the "
            "statements that are missing one by one, and only then tell the migration tool that it is done"
        )
    ways = [t for t in trials if "leads out" in t.message]
    if ways:
        return f"after a crash run the same script again; it has to be run to the end in {places(ways)}"
    if unknown(trials):
        return "what a crash leaves is not known: drill on a server of our own, which may be killed"
    return "after a crash look which migration is applied: none is ever left half done, so run the rest as usual"


DRILL = Drill(
    NAME,
    "Can the migration be finished or undone after the server was killed in it?",
    ("recovers",),
    run,
    advice,
)
