"""Traffic beside a real server: who waits for a lock is seen, who is slow without one is not, and nothing stays."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import adapters
from harness.design.model import Statement
from harness.engine import Engine, Session
from harness.errors import ServerError
from harness.run.flow import Job, Request
from harness.run.traffic import traffic
from harness.servers.model import Address
from harness.servers.provider import provide
from harness.source import Source
from harness.watching import Working
from tests.conftest import missing, mostly_thorough

TABLE = "CREATE TABLE things (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL)"
ROWS = "INSERT INTO things VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')"
READ = Request("read", ("things",), ("SELECT name FROM things WHERE id = 1",))
WRITES = tuple(Request("write", ("things",), (f"UPDATE things SET name = name WHERE id = {n}",)) for n in (1, 2, 3, 4))


@dataclass(frozen=True)
class Place:
    engine: Engine
    address: Address
    session: Session

    def applied(self, *texts: str) -> None:
        effects = self.session.apply([Statement(text, Source("", 1, 1)) for text in texts], timeout_s=30)
        assert effects[-1].refusal is None, effects[-1].refusal


LOCKING = {
    "postgresql": (("LOCK TABLE things IN ACCESS EXCLUSIVE MODE", "SELECT pg_sleep(0.8)"), {"read", "write"}),
    "mysql": (("LOCK TABLES things WRITE", "SELECT SLEEP(0.8)", "UNLOCK TABLES"), {"read", "write"}),
    "mariadb": (("LOCK TABLES things WRITE", "SELECT SLEEP(0.8)", "UNLOCK TABLES"), {"read", "write"}),
}
SHARING = {
    "postgresql": (("LOCK TABLE things IN SHARE MODE", "SELECT pg_sleep(0.8)"), {"write"}),
    "mysql": (("LOCK TABLES things READ", "SELECT SLEEP(0.8)", "UNLOCK TABLES"), {"write"}),
    "mariadb": (("LOCK TABLES things READ", "SELECT SLEEP(0.8)", "UNLOCK TABLES"), {"write"}),
}
ROW = {
    "postgresql": (("UPDATE things SET name = 'z' WHERE id = 2", "SELECT pg_sleep(0.8)"), {"write"}),
    "mysql": (("START TRANSACTION", "UPDATE things SET name = 'z' WHERE id = 2", "SELECT SLEEP(0.8)"), {"write"}),
    "mariadb": (("START TRANSACTION", "UPDATE things SET name = 'z' WHERE id = 2", "SELECT SLEEP(0.8)"), {"write"}),
}
HARMLESS = {
    "postgresql": (("SELECT pg_sleep(0.2)",), set[str]()),
    "mysql": (("SELECT SLEEP(0.2)",), set[str]()),
    "mariadb": (("SELECT SLEEP(0.2)",), set[str]()),
}
ENGINES = mostly_thorough(LOCKING, short="postgresql")


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    engine = adapters.find(request.param)
    opened = provide(engine.recipe(None, None), "local")
    try:
        server = opened.__enter__()
    except ServerError as error:
        missing(request.config, request.param, str(error))
        raise
    with engine.fresh(server, "traffic") as address, engine.connect(address) as session:
        found = Place(engine, address, session)
        found.applied(TABLE, ROWS)
        yield found
    opened.__exit__(None, None, None)


@pytest.mark.parametrize("case", [LOCKING, SHARING, ROW, HARMLESS], ids=["exclusive", "shared", "row", "harmless"])
def test_who_waits_for_a_lock_is_seen(place: Place, case: dict[str, tuple[tuple[str, ...], set[str]]]) -> None:
    statements, waiting = case[place.engine.name]
    with traffic(Job(place.engine.name, place.address, every_s=0.005)) as beside:
        beside.send((READ, READ, *WRITES))
        beside.settle(0.2)
        place.applied(*statements)
        beside.settle(0.1)
        flow = beside.seen()
    kinds = {s.session: s.kind for s in flow.served}

    assert {kinds[w.session] for w in flow.waits if w.length_s > 0.1} == waiting
    assert {w.relation for w in flow.waits} <= {"things"}
    assert {s.kind for s in flow.served} == {"read", "write", "control"}
    assert not [s for s in flow.served if s.code], flow.served[-1]
    assert any(gauge.log_bytes for gauge in flow.gauges)
    assert any(gauge.disk_bytes for gauge in flow.gauges)


def test_a_request_that_the_server_refuses_is_told_with_its_reason(place: Place) -> None:
    with traffic(Job(place.engine.name, place.address, every_s=0.005)) as beside:
        beside.send((Request("write", ("things",), ("INSERT INTO things VALUES (1, 'again')",)),))
        beside.settle(0.3)
        flow = beside.seen()
    refused = [s for s in flow.served if s.kind == "write"]

    assert refused
    assert all(s.code and s.message for s in refused)


def test_several_statements_are_one_transaction(place: Place) -> None:
    with place.engine.connect(place.address) as session:
        assert isinstance(session, Working)
        refusal = session.send(("DELETE FROM things WHERE id = 4", "INSERT INTO things VALUES (1, 'again')"))

        assert refusal is not None
        assert session.count("things") == 4
        assert session.send(("DELETE FROM things WHERE id = 4", "ROLLBACK")) is None
        assert session.count("things") == 4


def test_the_process_ends_with_the_pipe_to_it() -> None:
    child = subprocess.Popen([sys.executable, "-m", "harness.run.sending"], stdin=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.close()

    assert child.wait(20) == 0


def test_a_server_that_is_not_there_is_told_of_in_one_line(tmp_path: Path) -> None:
    address = Address("postgresql", str(tmp_path), 5432, "u", "p", "d")
    began = time.perf_counter()
    with pytest.raises(ServerError, match="is the server running"), traffic(Job("postgresql", address)):
        pass

    assert time.perf_counter() - began < 60
