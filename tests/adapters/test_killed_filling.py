"""The real ``harness seed``, killed again and again in its midst, goes on to the rows of one that nobody disturbed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.engine import Engine
from harness.run.filling import stepwise
from harness.servers.model import Address, Server
from tests.adapters.scripts import made
from tests.adapters.test_filling import checksum

TABLES = 12
ROWS = 6_000
KILLED_AT = (2, 7)
"""Ranges that are there when it is killed; each small table is one."""
PATIENCE_S = 120
SQL = "CREATE TABLE t{n:02} (id BIGINT PRIMARY KEY, email VARCHAR(120) NOT NULL{more}, made_at TIMESTAMP NULL{last})"
KEY = ", parent_id BIGINT NOT NULL"
REFERENCE = ", CONSTRAINT of_{n:02} FOREIGN KEY (parent_id) REFERENCES t00 (id)"
COLLECTION = """db.createCollection("t{n:02}", {{ validator: {{ $jsonSchema: {{ bsonType: "object",
  required: ["email"], properties: {{ email: {{ bsonType: "string" }}, made_at: {{ bsonType: "date" }} }} }} }} }});
db.t{n:02}.createIndex({{ email: 1 }})"""

pytestmark = [pytest.mark.thorough, pytest.mark.skipif(os.name != "posix", reason="kills a group of processes")]


def script(engine: Engine) -> str:
    if engine.name == "mongodb":
        return ";\n".join(COLLECTION.format(n=n) for n in range(TABLES))
    tables = []
    for n in range(TABLES):
        last = REFERENCE.format(n=n) if n else ""
        tables += [SQL.format(n=n, more=KEY if n else "", last=last), f"CREATE INDEX mail_{n:02} ON t{n:02} (email)"]
    return ";\n".join(tables)


@pytest.fixture
def second(engine: Engine, engine_server: Server) -> Iterator[Address]:
    with engine.fresh(engine_server, "undisturbed") as address:
        yield address


def begun(address: Address, *more: str) -> "subprocess.Popen[str]":
    rows = [f"--rows=t{n:02}={ROWS}" for n in range(TABLES)]
    given = more or ("--seed=7", "--as-of=2026-01-01", *rows)
    command = [sys.executable, "-m", "harness", "seed", "--server", address.url(), "--into-existing", *given]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, text=True, start_new_session=True, **pipes)  # type: ignore[call-overload,no-any-return]


def killed(engine: Engine, address: Address, process: "subprocess.Popen[str]", at: int) -> int:
    """Kill it as soon as so many ranges are there; how many are there then."""
    with engine.connect(address) as session:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            assert process.poll() is None, process.communicate()[0]
            journal = stepwise(session).journal()
            if journal is not None and len(journal.done) >= at:
                break
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        found = stepwise(session).journal()
    assert found is not None, "it had ended before it was killed"
    return len(found.done)


def test_a_filling_that_is_killed_twice_goes_on_to_the_same_rows(
    engine: Engine, database: Address, second: Address
) -> None:
    with engine.connect(database) as session, engine.connect(second) as other:
        schema = made(engine, session, script(engine))
        made(engine, other, script(engine))
    there = [
        killed(engine, database, begun(database, *(("--resume",) if place else ())), at)
        for place, at in enumerate(KILLED_AT)
    ]
    assert there[0] < TABLES
    for process in (begun(database, "--resume"), begun(second)):
        said, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, said
    with engine.connect(database) as session:
        assert session.inspect() == schema
        assert stepwise(session).journal() is None
    assert checksum(engine, database, schema) == checksum(engine, second, schema)


def test_a_worker_that_is_killed_is_told_and_the_filling_goes_on(engine: Engine, database: Address) -> None:
    with engine.connect(database) as session:
        made(engine, session, script(engine))
    rows = [f"--rows=t{n:02}={ROWS}" for n in range(TABLES)]
    process = begun(database, "--seed=7", "--workers=2", *rows)
    until = time.monotonic() + PATIENCE_S
    while not (pids := workers_of(process.pid)) and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(pids[0], signal.SIGKILL)
    said, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 3, said
    assert "error: a process that makes rows has ended before its time" in said
    assert "Traceback" not in said
    again, _ = (resumed := begun(database, "--resume")).communicate(timeout=PATIENCE_S)
    assert resumed.returncode == 0, again


def workers_of(pid: int) -> list[int]:
    """The processes that make rows for another one, once they are there."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
