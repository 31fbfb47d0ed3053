"""What it costs to know what a rollback loses: seconds and the harness's own memory, by rows of the table.

A column is narrowed by a down, so that every row is compared and some are found changed. Memory is the peak of this
process, which must not grow with the rows. ``BENCH_ROWS`` sets the sizes, ``BENCH_ENGINE`` the engine.
"""

import os
import resource
import time
from datetime import UTC, datetime
from pathlib import Path

from harness.adapters import find
from harness.design.model import Statement
from harness.engine import Session
from harness.pipeline import Options, planned
from harness.run.bench import Bench
from harness.run.ledger import reckoned
from harness.run.model import Silent
from harness.run.seen.rows import Reckoned
from harness.servers.provider import provide
from harness.source import Source

ENGINE = os.environ.get("BENCH_ENGINE", "postgresql")
SIZES = tuple(int(size) for size in os.environ.get("BENCH_ROWS", "100000,1000000,10000000").split(","))
GROWS_MB = 100
"""More than that is memory that grows with the rows."""

MODIFY = {
    "postgresql": "ALTER TABLE big ALTER COLUMN price TYPE NUMERIC(12,{})",
    "mysql": "ALTER TABLE big MODIFY price DECIMAL(12,{})",
    "mariadb": "ALTER TABLE big MODIFY price DECIMAL(12,{})",
}
DOCUMENT = """\
# Big

**Type:** {engine}

## Migrations

### Migration 001: Start
```sql
-- Up
CREATE TABLE big (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, price NUMERIC(12,2));
-- Down
DROP TABLE big;
```

### Migration 002: Finer prices
```sql
-- Up
{up};
-- Down
{down};
```
"""
ROWS = {
    "postgresql": "INSERT INTO big SELECT n, 'name ' || n, n % 1000 / 100.0 FROM generate_series({0}, {1}) n",
    "mysql": "INSERT INTO big WITH RECURSIVE s AS (SELECT {0} AS n UNION ALL SELECT n + 1 FROM s WHERE n < {1}) "
    "SELECT n, CONCAT('name ', n), n % 1000 / 100.0 FROM s",
    "mariadb": "INSERT INTO big SELECT seq, CONCAT('name ', seq), seq % 1000 / 100.0 FROM seq_{0}_to_{1}",
}
PART = 1000


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    up, down = (MODIFY[ENGINE].format(digits) for digits in (4, 2))
    path.write_text(DOCUMENT.format(engine=ENGINE, up=up, down=down), encoding="utf-8")
    plan, engine = planned(path, Options()), find(ENGINE)
    peaks = []
    with provide(engine.recipe(None, None), "local") as server:
        for rows in SIZES:
            bench = Bench(plan, engine, server, Silent())
            with bench.database("ledger") as database, engine.connect(database) as session:
                session.apply(plan.changes[0].up, timeout_s=60)
                _fill(session, rows)
                begun = time.perf_counter()
                assert reckoned(bench, session, plan.changes[1], datetime.now(UTC))
                seconds = time.perf_counter() - begun
            (seen,) = (each for each in bench.seen if isinstance(each, Reckoned))
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            print(f"\n{ENGINE} {rows:>11,} rows: {seconds:6.1f} s, {rows / seconds:,.0f} rows/s, "
                  f"peak {peaks[-1]:,.0f} MB")  # fmt: skip
            assert seen is not None
    assert peaks[-1] - peaks[0] < GROWS_MB


def _fill(session: Session, rows: int) -> None:
    part = rows if ENGINE != "mysql" else PART  # its recursion ends after a thousand
    for first in range(1, rows + 1, part):
        text = ROWS[ENGINE].format(first, min(first + part - 1, rows))
        (effect,) = session.apply([Statement(text, Source("", 1, 1))], timeout_s=600)
        assert effect.refusal is None, effect.refusal
