"""Filling end to end against the limit of each server: medians of three, ratios within one run.

The limit is the same rows, made and encoded before, sent by the server's fastest way, with the same indexes built by
the same steps. Nothing is asserted about time: numbers are printed. ``BENCH_USERS`` (20,000) sets the size; orders are
ten times it. ``BENCH_LARGE=1,10`` makes that many millions of orders in PostgreSQL and prints rows/s and memory.
"""

import os
import resource
import shutil
import statistics
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.adapters import find
from harness.bulk import Part
from harness.design.model import Schema, Statement
from harness.run.filling import Filling, stepwise
from harness.run.model import Silent
from harness.run.workers import workers
from harness.seeding.memo import written
from harness.seeding.model import Order
from harness.seeding.rows import Seeded, seeded
from harness.servers.model import Address, Server
from harness.source import Source
from tests.adapters.conftest import local_server

USERS = int(os.environ.get("BENCH_USERS", "20000"))
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
LARGE = [int(word) for word in os.environ.get("BENCH_LARGE", "").split(",") if word]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DDL = Path(__file__).with_name("shops")


@contextmanager
def shop(name: str, request: pytest.FixtureRequest) -> Iterator[tuple[Server, Address, Schema]]:
    """A server with the tables and indexes of the shop."""
    engine, path = find(name), DDL / f"{name.replace('mariadb', 'mysql')}.txt"
    starting = local_server(engine, None, request)
    server = next(starting)
    script = Statement(path.read_text(encoding="utf-8"), Source(str(path), 1, 1))
    with engine.fresh(server, "bench") as database:
        with engine.connect(database) as session:
            effects = session.apply(engine.split(script), timeout_s=60)
            assert effects[-1].refusal is None, effects[-1]
            schema = session.inspect()
        yield server, database, schema
    next(starting, None)


def order_of(schema: Schema, users: int = USERS) -> Order:
    return Order(schema, 42, NOW, rows={"users": users, "orders": users * 10})


def emptied(name: str, database: Address, found: Seeded, schema: Schema) -> None:
    """As after the tables were made."""
    with find(name).connect(database) as session:
        bulk = stepwise(session)
        bulk.begin(schema, "emptied")
        bulk.empty([found.entity(each.entity) for each in found.volumes])
        for part in (bulk.journal() or pytest.fail("no journal")).aside:
            bulk.put_back(part)
        bulk.finish(schema)


def filled_s(name: str, database: Address, order: Order, count: int) -> float:
    """Seconds of the product's way, with everything that it does (processes started before)."""
    with workers(count, None) as (executor, width):
        list(executor.map(abs, range(width)))
        begun = time.perf_counter()
        Filling(find(name), database, executor, width, written(order), Silent()).run()
        return time.perf_counter() - begun


def limit_s(name: str, database: Address, schema: Schema, send: Callable[[], object]) -> float:
    """Seconds of the limit: set aside, rows that are ready, put back two at a time, statistics."""
    engine = find(name)
    begun = time.perf_counter()
    with engine.connect(database) as session:
        bulk = stepwise(session)
        bulk.begin(schema, "limit")
        send()
        aside = (bulk.journal() or pytest.fail("no journal")).aside
        together(name, database, [part for part in aside if part.kind == "index"])
        for part in aside:
            if part.kind != "index":
                bulk.put_back(part)
        bulk.finish(schema)
    return time.perf_counter() - begun


def together(name: str, database: Address, parts: Sequence[Part]) -> None:
    waiting = list(parts)

    def build() -> None:
        with find(name).connect(database) as session:
            while waiting:
                stepwise(session).put_back(waiting.pop(0))

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def compared(name: str, database: Address, schema: Schema, send: Callable[[], object]) -> float:
    """Print the ratio for one and for two workers; the median seconds of the best."""
    order = order_of(schema)
    found = seeded(order)
    times: dict[str, list[float]] = {"limit": [], "1": [], "2": []}
    for _ in range(TURNS):
        for what, spent in times.items():
            emptied(name, database, found, schema)
            taken = (
                limit_s(name, database, schema, send) if what == "limit" else filled_s(name, database, order, int(what))
            )
            spent.append(taken)
    rows, median = USERS * 11, {what: statistics.median(spent) for what, spent in times.items()}
    for count in ("1", "2"):
        ratio = statistics.median(a / b for a, b in zip(times["limit"], times[count], strict=True))
        print(
            f"\n{name}, {rows:,} rows, {count} worker(s): {rows / median[count]:,.0f} rows/s end to end, "
            f"limit {rows / median['limit']:,.0f}: {ratio:.2f}"
        )
    return min(median["1"], median["2"])


def test_postgresql(request: pytest.FixtureRequest) -> None:
    from harness.adapters.postgresql import copy_binary
    from harness.adapters.postgresql.connection import connected
    from harness.adapters.postgresql.load import _pieces, _types

    with shop("postgresql", request) as (server, database, schema), tempfile.TemporaryDirectory(dir="/dev/shm") as kept:
        found = seeded(order_of(schema))
        with connected(database) as connection:
            for name in ("users", "orders"):
                entity = found.entity(name)
                with (Path(kept) / name).open("wb") as file:
                    file.write(copy_binary.HEADER)
                    for piece in _pieces(entity, _types(connection, entity), found.batches(name)):
                        assert piece.binary
                        file.write(piece.data)
                    file.write(copy_binary.TRAILER)

        def send() -> None:
            with connected(database) as connection:
                for name in ("users", "orders"):
                    fields = ", ".join(found.tables[name].columns)
                    text = f"COPY {name} ({fields}) FROM STDIN (FORMAT BINARY)"
                    with connection.cursor() as cursor, cursor.copy(text) as copy, (Path(kept) / name).open("rb") as f:
                        while data := f.read(1 << 20):
                            copy.write(data)

        best_s = compared("postgresql", database, schema, send)
        _row_by_row(database, best_s / (USERS * 11))
        _pgbench(server)


def _row_by_row(database: Address, ours_s: float) -> None:
    """The way that most people begin with: Faker for each value, executemany, indexes in place."""
    from faker import Faker

    from harness.adapters.postgresql.connection import connected

    faker, count = Faker(), 500
    Faker.seed(1)
    users = "INSERT INTO users (id, email, name, password_hash, created_at, updated_at) VALUES (%s, %s, %s, %s, %s, %s)"
    orders = "INSERT INTO orders (id, user_id, status, total_amount, created_at) VALUES (%s, %s, %s, %s, %s)"
    begun = time.perf_counter()
    with connected(database) as connection, connection.cursor() as cursor, connection.transaction(force_rollback=True):
        made: list[Sequence[Any]] = []
        for number in range(count):
            at = faker.date_time_this_decade()
            made.append((10**9 + number, f"{number}{faker.email()}", faker.name(), faker.sha256(), at, at))
        cursor.executemany(users, made)
        for start in range(0, count * 10, 1000):
            chunk = [
                (
                    10**9 + start + n,
                    10**9 + faker.random_int(0, count - 1),
                    faker.random_element(("pending", "paid", "shipped")),
                    faker.pydecimal(left_digits=4, right_digits=2, positive=True, min_value=1),
                    faker.date_time_this_year(),
                )
                for n in range(1000)
            ]
            cursor.executemany(orders, chunk)
    theirs_s = (time.perf_counter() - begun) / (count * 11)
    print(f"\nFaker and executemany: {1 / theirs_s:,.0f} rows/s; ours is {theirs_s / ours_s:.0f} times that")


def _pgbench(server: Server) -> None:
    """The tables of pgbench, filled by its own initialisation and by ours.

    Both on the same server, of the same columns, keys and foreign keys, with as many rows, vacuumed. Seconds are told
    for each byte of all relations as they are on disk, and for each byte that the client sends: pgbench sends an empty
    text for the 84 blanks of each account, ours has sentences in their place.
    """
    program = shutil.which("pgbench") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pgbench")), None)
    if program is None:
        print("\npgbench is not there")
        return
    scale = max(USERS // 10_000, 1)
    rows = {"pgbench_branches": scale, "pgbench_tellers": scale * 10, "pgbench_accounts": scale * 100_000}
    engine, turns = find("postgresql"), []
    for _ in range(TURNS):
        with engine.fresh(server, "pgbench") as theirs, engine.fresh(server, "ours") as ours:
            theirs_s = _initialised(program, theirs, scale, "dtgvpf")
            _initialised(program, ours, scale, "dtpf")
            with engine.connect(ours) as session:
                schema = session.inspect()
            order = Order(schema, 42, NOW, rows={**rows, "pgbench_history": 0})
            ours_s = filled_s("postgresql", ours, order, 1)
            turns.append(((theirs_s, _bytes(theirs), _sent(theirs)), (ours_s, _bytes(ours), _sent(ours))))
    for what, place in (("on disk", 1), ("sent", 2)):
        per_s = [[each[place] / each[0] / 1e6 for each in pair] for pair in turns]
        theirs_mb, ours_mb = (statistics.median(pair[side] for pair in per_s) for side in (0, 1))
        ratio = statistics.median(pair[1] / pair[0] for pair in per_s)
        print(f"\npgbench -i: {theirs_mb:,.1f} MB/s {what}; ours, of the same tables, {ours_mb:,.1f} MB/s: {ratio:.2f}")


def _sent(database: Address) -> int:
    """Bytes of the accounts as COPY takes them from each client: the blanks at the end of a text are not sent."""
    from harness.adapters.postgresql.connection import connected

    text = "SELECT sum(length(rtrim(concat_ws(E'\\t', aid, bid, abalance, filler))) + 1) AS bytes FROM pgbench_accounts"
    with connected(database) as connection:
        return int(connection.execute(text).fetchone()["bytes"])  # type: ignore[index]


def _initialised(program: str, database: Address, scale: int, steps: str) -> float:
    command = [program, "-i", "-q", "-I", steps, "-s", str(scale), "-h", database.host, "-p", str(database.port)]
    command += ["-U", database.user, database.database]
    begun = time.perf_counter()
    environment = {**os.environ, "PGPASSWORD": database.password}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun


def _bytes(database: Address) -> int:
    from harness.adapters.postgresql.connection import connected

    size = (
        "SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    with connected(database) as connection:
        return int(connection.execute(size).fetchone()["bytes"])  # type: ignore[index]


@pytest.mark.parametrize("name", ["mariadb", "mysql"])
def test_mysql(name: str, request: pytest.FixtureRequest) -> None:
    from harness.adapters.mysql.connection import opened, run
    from harness.adapters.mysql.load import LOADING, Target, _statement
    from harness.adapters.mysql.load_lines import lines

    with shop(name, request) as (_, database, schema), tempfile.TemporaryDirectory(dir="/dev/shm") as kept:
        found = seeded(order_of(schema))
        targets = {each: Target(found.entity(each), tuple(found.tables[each].columns)) for each in ("users", "orders")}
        for each, target in targets.items():
            with (Path(kept) / each).open("wb") as file:
                for batch in found.batches(each):
                    file.writelines(lines(batch, target.shapes))

        def send() -> None:
            flavour = find(name)._flavour  # type: ignore[attr-defined]
            connection = opened(database, flavour, local_infile=True)
            run(connection, LOADING)
            for each, target in targets.items():
                run(connection, "SET foreign_key_checks = 0, unique_checks = 0")
                run(connection, _statement(target, str(Path(kept) / each)))
            run(connection, "COMMIT")
            connection.close()

        compared(name, database, schema, send)


def _message(number: int, database: str, collection: str, documents: Sequence[bytes]) -> bytes:
    """An insert command as OP_MSG: the command in one section, the documents as they are in another."""
    import bson

    body = b"documents\0" + b"".join(documents)
    command = bson.encode({"insert": collection, "ordered": False, "$db": database})
    sections = b"\0" + command + b"\1" + struct.pack("<i", len(body) + 4) + body
    return struct.pack("<iiiiI", 20 + len(sections), number, 0, 2013, 0) + sections


def test_mongodb(request: pytest.FixtureRequest) -> None:
    from harness.adapters.mongodb.connection import connected
    from harness.adapters.mongodb.load import _encoded, _parts

    with shop("mongodb", request) as (_, database, schema):
        found = seeded(order_of(schema))
        ready = []
        for name in ("users", "orders"):
            entity = found.entity(name)
            for part in _parts(made for batch in found.batches(name) for made in _encoded(entity, batch)):
                ready.append(_message(len(ready) + 1, database.database, name, [each.raw for each in part]))

        def send() -> None:
            with connected(database) as connection, connection.client._conn_for_writes(None, "insert") as line:
                for number, message in enumerate(ready):
                    line.send_message(message, 0)
                    reply = line.receive_message(number + 1).unpack_response()[0]
                    assert reply["ok"] == 1
                    assert "writeErrors" not in reply

        compared("mongodb", database, schema, send)


@pytest.mark.parametrize("millions", LARGE)
def test_size(millions: int, request: pytest.FixtureRequest) -> None:
    with shop("postgresql", request) as (_, database, schema):
        spent = filled_s(
            "postgresql", database, order_of(schema, millions * 100_000), int(os.environ.get("BENCH_W", "1"))
        )
        built = limit_s("postgresql", database, schema, lambda: None)
        own, children = (
            resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        rows = millions * 1_100_000
        print(
            f"\n{rows:,} rows: {rows / spent:,.0f} rows/s, {built:.1f} s of {spent:.1f} are the builds of what was "
            f"aside, {rows / (spent - built):,.0f} rows/s without; "
            f"{own:,.0f} MB at most here, {children:,.0f} in a child, the server's among them"
        )
