"""Queries run cold: each right after the server was killed and started again, on every engine."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import ServerError
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.head import head
from harness.run.model import Silent
from harness.run.queries import queries
from harness.run.seen.queries import Chilled
from tests.conftest import missing
from tests.corpus.looking import looking

ROOT = Path(__file__).parents[2]
CASES = [
    ("orders", "postgresql", 2),
    ("inventory", "mysql", 1),
    ("inventory", "mariadb", 1),
    ("telemetry", "mongodb", 1),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("design", "engine", "times"), CASES)
def test_each_query_has_its_cold_runs_and_the_rows_are_still_there(
    design: str, engine: str, times: int, request: pytest.FixtureRequest
) -> None:
    small = ROOT / "tests" / "breakages" / f"{design}.toml"
    try:
        with looking(ROOT / "designs" / f"{design}.md", engine, str(small)) as (given, adapter, server):
            plan = replace(given, scenario=replace(given.scenario, runs=5, cold_runs=times))
            bench = Bench(plan, adapter, server, Silent())
            with head(bench, len(plan.changes)) as (database, _):
                schema = bench.inspect(database)
                seed(bench, database, schema, datetime.now(UTC))
                queries(bench, database, schema)
                after = bench.inspect(database)
    except ServerError as error:
        missing(request.config, engine, str(error))
        raise
    cold = {o.query: o.samples_ms for o in bench.seen if isinstance(o, Chilled)}

    assert {query: len(samples) for query, samples in cold.items()} == {query.id: times for query in plan.queries}
    assert all(ms > 0 for samples in cold.values() for ms in samples)
    assert after == schema
