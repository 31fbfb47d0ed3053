"""How long requests wait for a table of five million rows: the usual way to change it against the safer one.

Traffic of single rows runs beside each; the stall is the longest wait for a lock that the look-out saw. Each pair three
times in a row; the safer one must stall at least ten times less. ``BENCH_ROWS`` sets the size, ``BENCH_ENGINE`` the
engine (postgresql, mysql, mariadb).
"""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from harness.adapters import find
from harness.design.model import Statement
from harness.engine import Engine, Session
from harness.run.flow import Job, Request
from harness.run.stalls import Passage, beside
from harness.run.traffic import traffic
from harness.servers.model import Address
from harness.servers.provider import provide
from harness.source import Source

ENGINE = os.environ.get("BENCH_ENGINE", "postgresql")
ROWS = int(os.environ.get("BENCH_ROWS", "5000000"))
TURNS = int(os.environ.get("BENCH_TURNS", "3"))
TIMES = 10
LOOK_MS = 20.0
"""Shorter waits cannot be told from none."""

Ways = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Pair:
    """Two ways to the same schema. Each is a row of migrations, each of them one transaction where that can be."""

    name: str
    usual: Ways
    safer: Ways
    undo: tuple[str, ...]


POSTGRESQL = (
    Pair(
        "a default: computed for each row, or constant",
        (("ALTER TABLE big ADD COLUMN extra DOUBLE PRECISION DEFAULT random()",),),
        (("ALTER TABLE big ADD COLUMN extra DOUBLE PRECISION DEFAULT 0.5",),),
        ("ALTER TABLE big DROP COLUMN extra",),
    ),
    Pair(
        "SET NOT NULL: at once, or by a CHECK that is validated before",
        (("ALTER TABLE big ALTER COLUMN note SET NOT NULL",),),
        (
            ("ALTER TABLE big ADD CONSTRAINT note_there CHECK (note IS NOT NULL) NOT VALID",),
            ("ALTER TABLE big VALIDATE CONSTRAINT note_there",),
            ("ALTER TABLE big ALTER COLUMN note SET NOT NULL",),
            ("ALTER TABLE big DROP CONSTRAINT note_there",),
        ),
        ("ALTER TABLE big ALTER COLUMN note DROP NOT NULL",),
    ),
    Pair(
        "an index: plain, or concurrently",
        (("CREATE INDEX big_amount ON big (amount)",),),
        (("CREATE INDEX CONCURRENTLY big_amount ON big (amount)",),),
        ("DROP INDEX big_amount",),
    ),
    Pair(
        "a wider type: INT to BIGINT, or VARCHAR(20) to VARCHAR(40)",
        (("ALTER TABLE big ALTER COLUMN amount TYPE BIGINT",),),
        (("ALTER TABLE big ALTER COLUMN code TYPE VARCHAR(40)",),),
        ("ALTER TABLE big ALTER COLUMN amount TYPE INT", "ALTER TABLE big ALTER COLUMN code TYPE VARCHAR(20)"),
    ),
    Pair(
        "a CHECK: at once, or NOT VALID and validated later",
        (("ALTER TABLE big ADD CONSTRAINT positive CHECK (amount >= 0)",),),
        (
            ("ALTER TABLE big ADD CONSTRAINT positive CHECK (amount >= 0) NOT VALID",),
            ("ALTER TABLE big VALIDATE CONSTRAINT positive",),
        ),
        ("ALTER TABLE big DROP CONSTRAINT positive",),
    ),
    Pair(
        "a foreign key: at once, or NOT VALID and validated later",
        (("ALTER TABLE big ADD CONSTRAINT parent FOREIGN KEY (parent_id) REFERENCES small",),),
        (
            ("ALTER TABLE big ADD CONSTRAINT parent FOREIGN KEY (parent_id) REFERENCES small NOT VALID",),
            ("ALTER TABLE big VALIDATE CONSTRAINT parent",),
        ),
        ("ALTER TABLE big DROP CONSTRAINT parent",),
    ),
)
MYSQL = (
    Pair(
        "a column: by a copy, or instantly",
        (("ALTER TABLE big ADD COLUMN extra INT, ALGORITHM=COPY",),),
        (("ALTER TABLE big ADD COLUMN extra INT, ALGORITHM=INSTANT",),),
        ("ALTER TABLE big DROP COLUMN extra",),
    ),
    Pair(
        "an index: by a copy, or in place",
        (("ALTER TABLE big ADD INDEX big_amount (amount), ALGORITHM=COPY",),),
        (("ALTER TABLE big ADD INDEX big_amount (amount), ALGORITHM=INPLACE, LOCK=NONE",),),
        ("ALTER TABLE big DROP INDEX big_amount",),
    ),
    Pair(
        "a wider type: INT to BIGINT, or VARCHAR(20) to VARCHAR(40)",
        (("ALTER TABLE big MODIFY amount BIGINT",),),
        (("ALTER TABLE big MODIFY code VARCHAR(40)",),),
        ("ALTER TABLE big MODIFY amount INT", "ALTER TABLE big MODIFY code VARCHAR(20)"),
    ),
)
PAIRS = POSTGRESQL if ENGINE == "postgresql" else MYSQL

TABLES = (
    "CREATE TABLE small (id INT PRIMARY KEY)",
    "INSERT INTO small VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
    "CREATE TABLE big (id INT PRIMARY KEY, amount INT, note VARCHAR(40), code VARCHAR(20), parent_id INT)",
)
FILL = {
    "postgresql": (
        "INSERT INTO big SELECT n, n % 1000, 'note number ' || n, 'code', n % 10 FROM generate_series(1, {rows}) n",
        "VACUUM ANALYZE big",
    ),
    "mysql": (
        (
            "INSERT INTO big SELECT n + 1, n % 1000, CONCAT('note number ', n), 'code', n % 10 FROM (SELECT a.id + "
            "10 * b.id + 100 * c.id + 1000 * d.id + 10000 * e.id + 100000 * f.id + 1000000 * g.id AS n FROM small a, "
            "small b, small c, small d, small e, small f, small g) x WHERE n < {rows}"
        ),
    ),
}


@dataclass(frozen=True)
class Place:
    engine: Engine
    address: Address
    session: Session

    def applied(self, texts: Sequence[str]) -> Passage:
        effects = self.session.apply([Statement(text, Source("", 1, 1)) for text in texts], timeout_s=600)
        assert effects[-1].refusal is None, effects[-1].refusal
        return Passage("bench", "up", effects, ("big",), time.perf_counter())

    def stall_ms(self, way: Ways) -> float:
        """The longest wait for a lock while the migrations of a way run one after the other."""
        reads = [Request("read", ("big",), (f"SELECT note FROM big WHERE id = {n}",)) for n in range(1, 40)]
        writes = [Request("write", ("big",), (f"UPDATE big SET code = code WHERE id = {n}",)) for n in range(1, 40)]
        longest = 0.0
        with traffic(Job(self.engine.name, self.address, timeout_s=600)) as running:
            running.send((*reads, *writes))
            running.settle(0.5)
            for texts in way:
                passage = self.applied(texts)
                running.settle(0.3)
                stalls = (stall for each in beside(passage, running.seen()) for stall in each.stalls)
                longest = max(longest, *(stall.waited_ms for stall in stalls), 0.0)
        return longest


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    engine = find(ENGINE)
    with (
        provide(engine.recipe(None, None), "local") as server,
        engine.fresh(server, "bench_stalls") as address,
        engine.connect(address) as session,
    ):
        there = Place(engine, address, session)
        there.applied(TABLES)
        for text in FILL.get(ENGINE, FILL["mysql"]):
            there.applied([text.replace("{rows}", str(ROWS))])
        yield there


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_the_safer_way_stalls_at_least_ten_times_less(place: Place, pair: Pair) -> None:
    for turn in range(TURNS):
        stalls = []
        for way in (pair.usual, pair.safer):
            stalls.append(place.stall_ms(way))
            place.applied(pair.undo)
        usual, safer = stalls
        ratio = usual / max(safer, LOOK_MS)
        print(f"\n{pair.name}, turn {turn + 1}: {usual:,.0f} ms, {safer:,.0f} ms: {ratio:,.0f} times")
        assert ratio >= TIMES
