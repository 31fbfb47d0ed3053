"""Every migration of the corpus is run, and what is seen agrees with its known truth."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import adapters
from harness.checks.base import Case as Judged
from harness.checks.registry import judge
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.errors import ServerError
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.run.bench import Bench
from harness.run.compatibility import compatible
from harness.run.ledger import reckon
from harness.run.model import Applied, Run, Silent
from harness.run.staircase import climb
from harness.servers.model import Server
from harness.servers.provider import provide
from tests.conftest import missing
from tests.migrations.corpus import AX, CORPUS, FIRST, ROWX, SH, SRX, SUX, Case

STRENGTH = (ROWX, SUX, SH, SRX, AX)
TITLES = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}
DOCUMENT = """\
# Things
**Type:** {title}

### Common query 1: One
```sql
SELECT id, n, code, note FROM t WHERE id = 1;
```

### Migration 001: Start
```sql
-- Up
{first}
-- Down
DROP TABLE t;
DROP TABLE p;
```

### Migration 002: Change
```sql
-- Up (backwards compatible)
{up};
-- Down
{down};
```
"""
SLICE = {"postgresql": (0, 4, 10, 14)}
CASES = [
    pytest.param(
        name,
        case,
        id=f"{name}-{case.up}",
        marks=[] if number in SLICE.get(name, ()) else [pytest.mark.thorough],
    )
    for name, cases in CORPUS.items()
    for number, case in enumerate(cases)
]


@pytest.fixture(scope="module")
def servers(request: pytest.FixtureRequest) -> Iterator[dict[str, Server]]:
    with ExitStack() as held:
        yield Started(request, held)


class Started(dict[str, Server]):
    """A server for each engine, started when it is asked for."""

    def __init__(self, request: pytest.FixtureRequest, held: ExitStack, *, durable: bool = False) -> None:
        self._request, self._held, self._durable = request, held, durable

    def __missing__(self, name: str) -> Server:
        try:
            recipe = adapters.find(name).recipe(None, None)
            started = provide(recipe, "local", durable=self._durable, in_memory=self._durable)
            self[name] = self._held.enter_context(started)
        except ServerError as error:
            missing(self._request.config, name, str(error))
            raise
        return self[name]


def seen(name: str, case: Case, server: Server, folder: Path) -> Judged:
    text = DOCUMENT.format(title=TITLES[name], first=FIRST[name], up=case.up, down=case.down)
    path = folder / "things.md"
    path.write_text(text, encoding="utf-8")
    engine, now = adapters.find(name), datetime.now(UTC)
    plan = plan_of(designed(read(path)), engine, Scenario())
    bench = Bench(plan, engine, server, Silent())
    with climb(bench) as (applied, _):
        pass
    assert applied == 2, [o for o in bench.seen if isinstance(o, Applied) and not o.ok]
    compatible(bench, applied, now)
    reckon(bench, applied, now)
    return Judged(plan, Run(name, server.version, "local", None, "", 0.0, tuple(bench.seen), bench.traits))


def way(judged: Judged) -> str:
    """The algorithm of the up, else the strongest lock on the table."""
    up = judged.run.applied("up", "002")
    assert up is not None
    found = [effect.algorithm for effect in up.effects if effect.algorithm]
    if found:
        return found[-1]
    modes = {lock.mode for effect in up.effects for lock in effect.locks if lock.relation in {"t", "t2"}} & set(
        STRENGTH
    )
    return max(modes, key=STRENGTH.index, default="") if judged.run.engine == "postgresql" else ""


def verdict(judged: Judged, check: str) -> str:
    found = [f for f in judge(judged, select=[check]) if f.subject.startswith("migration 002")]
    return found[0].verdict if found else "none"


def _agrees(name: str, case: Case, server: Server, folder: Path) -> None:
    judged = seen(name, case, server, folder)
    up = judged.run.applied("up", "002")
    copies = up is not None and any("t" in effect.rewrites for effect in up.effects)
    told = {
        "way": way(judged),
        "copies": copies,
        "loses": verdict(judged, "rollback-keeps-data"),
        "compatible": verdict(judged, "backward-compatible"),
    }
    truth = {
        "way": case.way,
        "copies": case.copies,
        "loses": "unverified" if case.loses is None else "broken" if case.loses else "holds",
        "compatible": "holds" if case.compatible else "broken",
    }
    assert told == truth, list(judged.run.skips("ledger"))


@pytest.mark.parametrize(("name", "case"), CASES)
def test_what_is_seen_agrees_with_the_truth(name: str, case: Case, servers: dict[str, Server], tmp_path: Path) -> None:
    _agrees(name, case, servers[name], tmp_path)


def test_there_are_at_least_forty() -> None:
    assert sum(map(len, CORPUS.values())) >= 40
    assert all(len({case.up for case in cases}) == len(cases) for cases in CORPUS.values())
