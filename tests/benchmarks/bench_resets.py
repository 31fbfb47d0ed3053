"""How long it takes to have the seeded state again: a copy of the filled database, made and dropped, median of three.

``BENCH_USERS`` (100,000) sets the size; orders are ten times it. With ``HARNESS_MONGODB_REPLICA_SET=1`` MongoDB's is a
member of a replica set.
"""

import os
import statistics
import time

import pytest

from harness.adapters import find
from harness.run.filling import stepwise
from tests.benchmarks.bench_loading import filled_s, order_of, shop

USERS = int(os.environ.get("BENCH_USERS", "100000"))
TURNS = 3


@pytest.mark.parametrize("name", ["postgresql", "mysql", "mariadb", "mongodb"])
def test_a_reset(name: str, request: pytest.FixtureRequest) -> None:
    with shop(name, request) as (server, database, schema):
        filled_s(name, database, order_of(schema, USERS), 1)
        engine, spent = find(name), []
        for _ in range(TURNS):
            begun = time.perf_counter()
            with engine.fresh(server, "reset", template=database) as copy:
                spent.append(time.perf_counter() - begun)
                with engine.connect(copy) as session:
                    assert stepwise(session).journal() is None
                    assert session.inspect() == schema
    median, each = statistics.median(spent), ", ".join(f"{seconds:.2f}" for seconds in spent)
    print(f"\n{name}, {USERS * 11:,} rows, a reset: {median:.2f} s ({each})")
