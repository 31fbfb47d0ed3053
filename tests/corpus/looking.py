"""The stages of a run that queries and indexes are judged by, on one server for many seeds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from harness.checks.base import Case, Finding
from harness.checks.registry import judge
from harness.engine import Engine
from harness.pipeline import Options, engine_of, planned, serving
from harness.plan.model import Plan
from harness.run.asks import asks
from harness.run.bench import Bench
from harness.run.data import seed as fill
from harness.run.head import head
from harness.run.model import Applied, Run, Silent
from harness.run.queries import queries
from harness.run.trials import trials
from harness.servers.model import Server


def of_seed(plan: Plan, seed: int) -> Plan:
    """The plan with the rows of a seed; for what is not about time, so that each query is timed once."""
    return replace(plan, scenario=replace(plan.scenario, seed=seed, runs=1))


@contextmanager
def looking(path: Path, engine: str, scenario: str | None) -> Iterator[tuple[Plan, Engine, Server]]:
    options = Options(server="local", engine=engine, scenario=scenario)
    plan = planned(path, options)
    with serving(engine_of(plan.design), plan, options) as server:
        yield plan, engine_of(plan.design), server


def judged(plan: Plan, engine: Engine, server: Server, checks: tuple[str, ...]) -> tuple[Finding, ...]:
    """What is found: the schema at its head, filled, queried, and its indexes tried."""
    now, begun = datetime.now(UTC), time.perf_counter()
    bench = Bench(plan, engine, server, Silent())
    with head(bench, len(plan.changes)) as (database, _):
        bench.seen += [replace(o, stage="up") for o in bench.seen if isinstance(o, Applied) and o.stage == "head"]
        schema = bench.inspect(database)
        fill(bench, database, schema, now)
        queries(bench, database, schema)
        asks(bench, database, schema)
        trials(bench, database, schema)
    taken_s = time.perf_counter() - begun
    seen = tuple(bench.seen)
    traits = engine.traits(server.version)
    run = Run(engine.name, server.version, server.kind, server.image, now.isoformat(), taken_s, seen, traits)
    return judge(Case(plan, run), select=checks)
