"""All drills over all migrations, from the first to the last: each drilled between the database before and after it.

Rows are made once for each table, when it first appears, and go on through the migrations as they do in production.
Only the databases on both sides of one migration, and the clone that a drill works on, are there at a time.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime

from harness.design.compare import differences
from harness.design.model import Schema, SchemaObject
from harness.engine import Engine
from harness.facts import Traits
from harness.plan.model import Change, Plan
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.drills.model import Drill, Step
from harness.run.drills.rig import Rig
from harness.run.drills.standing import Standing, apart, standing
from harness.run.model import Applied, Progress, RoundTrip, Run
from harness.run.seen.drills import Drilled
from harness.servers.model import Address, Server

COPIED = 20_000
"""Rows of the largest table where each of the many copies of a database is made row by row."""


def lightened(plan: Plan, traits: Traits) -> Plan:
    """The plan with as few rows as the drills' many copies allow, in the proportions of the scenario."""
    scenario = plan.scenario
    most = max((count for _, count in scenario.rows), default=scenario.default_rows)
    if traits.templates is None or most <= COPIED:
        return plan
    rows = tuple((name, max(1, count * COPIED // most)) for name, count in scenario.rows)
    return replace(plan, scenario=replace(scenario, rows=rows, default_rows=min(scenario.default_rows, COPIED)))


def drill(plan: Plan, engine: Engine, server: Server, drills: Sequence[Drill], progress: Progress) -> Run:
    """What the drills saw. The server's commits must survive a crash; it is killed and started again in some of them.

    Raises:
        ServerError: the server could not be used, or did not come up again.
    """
    started, begun = datetime.now(UTC), time.perf_counter()
    rig = Rig(Bench(plan, engine, server, progress), started)
    spent: dict[str, float] = defaultdict(float)
    for step in _steps(rig):
        for each in drills:
            at = time.perf_counter()
            rig.bench.seen.extend(each.run(rig, step))
            spent[each.name] += time.perf_counter() - at
    rig.bench.seen.extend(Drilled(each.name, spent[each.name]) for each in drills)
    return rig.bench.ended(started, begun)


def _steps(rig: Rig) -> Iterator[Step]:
    """Each migration with the databases on both sides of it, up to the first that cannot be applied."""
    bench = rig.bench
    with ExitStack() as old:
        before = old.enter_context(bench.database("before"))
        for number, change in enumerate(bench.plan.changes):
            bench.progress.stage(f"migration {change.id}: rehearsal")
            with ExitStack() as new:
                rows = rig.changes_rows(change.up) or rig.changes_rows(change.down)
                start = standing(bench, before, rows=rows)
                after = _upped(rig, new, before, number)
                if after is None:
                    _rest_skipped(bench, number)
                    return
                yield _rehearsed(rig, change, before, after, start, rows=rows)
                old.close()
                old.push(new.pop_all())
                before = after


def _upped(rig: Rig, held: ExitStack, before: Address, number: int) -> Address | None:
    """A database after a migration; one without rows when it is refused because of them; None when it is refused."""
    bench, change = rig.bench, rig.bench.plan.changes[number]
    with ExitStack() as trying:
        database = trying.enter_context(bench.database("after", before))
        if bench.apply(database, "up", change.id, change.up).ok:
            held.push(trying.pop_all())
            return database
    with ExitStack() as trying:
        database = trying.enter_context(bench.database("after"))
        with bench.engine.connect(database) as session:
            effects = [bench.run(session, each.up) for each in bench.plan.changes[: number + 1]]
        if all(effect.refusal is None for script in effects for effect in script):
            held.push(trying.pop_all())
            return database
    return None


def _rest_skipped(bench: Bench, failed: int) -> None:
    changes = bench.plan.changes
    for change in changes[failed + 1 :]:
        bench.skip("up", change.id, f"migration {changes[failed].id} before it does not apply")


def _rehearsed(rig: Rig, change: Change, before: Address, after: Address, start: Standing, *, rows: bool) -> Step:
    """What the drills must know of an undisturbed up, down and up."""
    bench = rig.bench
    made = standing(bench, after, rows=rows)
    seed(bench, after, made.schema, rig.now, tables=_empty(bench, after, made))
    end = standing(bench, after, rows=rows)
    up = next(a for a in reversed(bench.seen) if isinstance(a, Applied) and (a.stage, a.subject) == ("up", change.id))
    filled = frozenset(end.schema.objects) - frozenset(made.schema.objects)
    down = _there_and_back(rig, change, after, start, end, filled=filled)
    return Step(
        change, before, after, start, made, end,
        up=up.effects if up.ok else (),
        down=down.effects if down is not None and down.ok else None,
        repeatable=not rows or _repeats(rig, change, before, made),
    )  # fmt: skip


def _empty(bench: Bench, database: Address, found: Standing) -> frozenset[str]:
    tables = [e.name for e in found.schema.entities if "view" not in e.kind]
    with bench.engine.connect(database) as session:
        return frozenset(name for name in tables if not session.count(name))


def _there_and_back(
    rig: Rig, change: Change, after: Address, start: Standing, end: Standing, *, filled: Set[SchemaObject]
) -> Applied | None:
    """Down, and up again, on a clone; noted as a run notes them.

    ``filled`` is what the drill itself has put in, where the engine tells what is stored: no up makes that again.
    """
    bench = rig.bench
    if change.down is None:
        bench.skip("down", change.id, "the document gives none and none can be derived")
        return None
    with rig.clone(after) as database:
        down = bench.apply(database, "down", change.id, change.down)
        back = bench.state(database)
        if not down.ok:
            bench.seen.append(RoundTrip(change.id, "down refused", differences(end.schema, back)))
            return down
        bench.seen.append(RoundTrip(change.id, "alone", differences(start.schema, _without(back, filled))))
        if bench.apply(database, "reup", change.id, change.up).ok:
            repeated = differences(_without(end.schema, filled), _without(bench.state(database), filled))
            bench.seen.append(RoundTrip(change.id, "again", repeated))
    return down


def _without(schema: Schema, filled: Set[SchemaObject]) -> Schema:
    return replace(schema, objects=tuple(each for each in schema.objects if each not in filled))


def _repeats(rig: Rig, change: Change, before: Address, made: Standing) -> bool:
    """Whether the same up gives the same rows again: ``now()`` and ``random()`` do not."""
    with rig.clone(before) as database:
        return rig.run(database, change.up) is None and not apart(made, rig.look(database, made))
