"""How fast rows are made, and how much of the load they are: medians of three, ratios within one run.

Nothing is asserted about time: numbers are printed. ``BENCH_USERS`` (20,000) sets the size; orders are ten times it.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.adapters import find
from harness.design.model import Schema, Statement
from harness.engine import Session
from harness.seeding.model import Order
from harness.seeding.rows import Seeded, seeded
from harness.servers.model import Server
from harness.source import Source

USERS = int(os.environ.get("BENCH_USERS", "20000"))
TURNS = 3
DDL = Path(__file__).parent.with_name("seeding") / "schemas" / "users_and_orders.sql"


@pytest.fixture
def session(server: Server) -> Iterator[Session]:
    engine = find("postgresql")
    script = Statement(DDL.read_text(encoding="utf-8"), Source(str(DDL), 1, 1))
    with engine.fresh(server, "bench_seeding") as database, engine.connect(database) as opened:
        opened.apply(engine.split(script), timeout_s=30)
        yield opened


def made(schema: Schema, users: int = USERS) -> Seeded:
    return seeded(Order(schema, 42, datetime.now(tz=UTC), rows={"users": users, "orders": users * 10}))


def median_s(work: Callable[[], object]) -> float:
    def once() -> float:
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    return statistics.median(once() for _ in range(TURNS))


def drained(found: Seeded, name: str) -> int:
    return sum(batch.rows for batch in found.batches(name))


def test_rows_made_in_a_second(session: Session) -> None:
    found = made(session.inspect())
    for name in ("users", "orders"):
        drained(found, name)  # pools are filled once
        rows = drained(found, name)
        print(f"\n{name}: {rows / median_s(lambda name=name: drained(found, name)):,.0f} rows/s made")


def test_memory_does_not_grow_with_rows(session: Session) -> None:
    schema = session.inspect()
    for users in (USERS // 10, USERS, USERS * 10):
        drained(made(schema, users), "orders")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\n{users * 10:,} orders: {peak:,.0f} MB at most so far")


def test_share_of_the_load(session: Session) -> None:
    schema = session.inspect()
    found = made(schema)

    def load(name: str, *, prepared: bool) -> float:
        batches = list(found.batches(name)) if prepared else found.batches(name)
        begun = time.perf_counter()
        session.load(found.entity(name), batches)
        return time.perf_counter() - begun

    def whole(*, prepared: bool) -> float:
        engine = find("postgresql")
        session.apply(engine.split(Statement("TRUNCATE users, orders", Source("", 1, 1))), timeout_s=60)
        begun = time.perf_counter()
        with session.filling(schema):
            spent = sum(load(name, prepared=prepared) for name in ("users", "orders"))
            ended = time.perf_counter()
        return spent + time.perf_counter() - ended if prepared else time.perf_counter() - begun

    limit = statistics.median(whole(prepared=True) for _ in range(TURNS))
    real = statistics.median(whole(prepared=False) for _ in range(TURNS))
    rows = USERS * 11
    print(f"\nend to end {rows / real:,.0f} rows/s, of rows made before {rows / limit:,.0f} rows/s: {limit / real:.2f}")
