"""What a rollback loses, reckoned on real servers: each kind of loss, and its twin in which everything is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import adapters
from harness.checks.base import Case
from harness.checks.registry import judge
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.engine import Engine
from harness.errors import ServerError
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.run.bench import Bench
from harness.run.ledger import reckon
from harness.run.model import Run, Silent
from harness.run.seen.rows import Reckoned
from harness.run.staircase import climb
from harness.servers.model import Server
from harness.servers.provider import provide
from tests.conftest import missing
from tests.run.losses import DOCUMENT, FIRST, TRIALS, TYPE, Trial

CASES = [
    pytest.param(
        engine, trial, id=f"{engine}-{trial.name}", marks=[] if engine == "postgresql" else [pytest.mark.thorough]
    )
    for engine in TYPE
    for trial in TRIALS
    if engine in trial.only
]


@pytest.fixture(scope="module")
def servers(request: pytest.FixtureRequest) -> Iterator[dict[str, Server]]:
    opened: dict[str, tuple[object, Server]] = {}
    yield _Servers(request, opened)  # type: ignore[misc]
    for manager, _ in opened.values():
        manager.__exit__(None, None, None)  # type: ignore[attr-defined]


class _Servers(dict[str, Server]):
    def __init__(self, request: pytest.FixtureRequest, opened: dict[str, tuple[object, Server]]) -> None:
        self._request, self._opened = request, opened

    def __missing__(self, name: str) -> Server:
        manager = provide(adapters.find(name).recipe(None, None), "local")
        try:
            server = manager.__enter__()
        except ServerError as error:
            missing(self._request.config, name, str(error))
            raise
        self._opened[name] = (manager, server)
        self[name] = server
        return server


def seen(engine: Engine, server: Server, trial: Trial, folder: Path) -> Case:
    on = "" if engine.name == "postgresql" else " ON people"
    up, down = (script.replace("{on}", on) for script in (trial.up, trial.down))
    text = DOCUMENT.format(engine=TYPE[engine.name], first=FIRST + trial.more, words=trial.words, up=up, down=down)
    return reckoned(engine, server, text, folder)


def reckoned(engine: Engine, server: Server, text: str, folder: Path) -> Case:
    path = folder / "people.md"
    path.write_text(text, encoding="utf-8")
    plan = plan_of(designed(read(path)), engine, Scenario())
    bench = Bench(plan, engine, server, Silent())
    with climb(bench) as (applied, _):
        pass
    assert applied == len(plan.changes), bench.seen
    reckon(bench, applied, datetime.now(UTC))
    return Case(plan, Run(engine.name, server.version, "local", None, "", 0.0, tuple(bench.seen), bench.traits))


@pytest.mark.parametrize(("name", "trial"), CASES)
def test_what_is_lost_is_found_and_nothing_else(
    name: str, trial: Trial, servers: dict[str, Server], tmp_path: Path
) -> None:
    case = seen(adapters.find(name), servers[name], trial, tmp_path)
    losses = [loss for reckoned in case.run.of(Reckoned) for loss in reckoned.losses]
    told = {(x.entity, x.field, x.kind, x.whose) for x in losses}
    finding = next(f for f in judge(case, select=["rollback-keeps-data"]) if f.subject == "migration 002")

    assert told == set(trial.lost), (losses, [str(o) for o in case.run.skips("ledger")])
    assert finding.verdict == (trial.verdict or ("broken" if trial.lost else "holds")), finding.message
    assert all(loss.count > 0 for loss in losses)


def test_the_first_migration_has_nothing_to_go_back_to(servers: dict[str, Server], tmp_path: Path) -> None:
    case = seen(adapters.find("postgresql"), servers["postgresql"], TRIALS[0], tmp_path)
    first = next(f for f in judge(case, select=["rollback-keeps-data"]) if f.subject == "migration 001")

    assert first.verdict == "holds"


def test_an_up_that_rows_do_not_allow_is_unverified_with_the_reason(servers: dict[str, Server], tmp_path: Path) -> None:
    trial = Trial("", "ALTER TABLE people ADD COLUMN born DATE NOT NULL;", "ALTER TABLE people DROP COLUMN born;")
    case = seen(adapters.find("postgresql"), servers["postgresql"], trial, tmp_path)
    second = next(f for f in judge(case, select=["rollback-keeps-data"]) if f.subject == "migration 002")

    assert second.verdict == "unverified"
    assert "contains null values" in second.message
    assert second.remedy.startswith("Bring what is there into the new shape")


MOODS = """\
# People
**Type:** PostgreSQL

### Migration 001: Start
```sql
-- Up
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE people (id INT PRIMARY KEY, mood mood NOT NULL, touched_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.touched_at := clock_timestamp(); RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION touch();
-- Down
DROP TABLE people; DROP FUNCTION touch(); DROP TYPE mood;
```

### Migration 002: Old code is stopped by what was written
```sql
-- Up
ALTER TABLE people ADD COLUMN size INT;
-- Down
ALTER TABLE people ADD CONSTRAINT none CHECK (size IS NULL);
ALTER TABLE people DROP COLUMN size;
```

### Migration 003: A label more
```sql
-- Up
ALTER TYPE mood ADD VALUE 'great';
-- Down{words}
UPDATE people SET mood = 'glad' WHERE mood::text = 'great';
ALTER TYPE mood RENAME TO mood_was;
CREATE TYPE mood AS ENUM ('sad', 'glad');
ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood;
DROP TYPE mood_was;
```

### Migration 004: A field that is lost
```sql
-- Up
ALTER TABLE people DROP COLUMN mood;
-- Down
ALTER TABLE people ADD COLUMN mood mood NOT NULL DEFAULT 'sad';
```
"""


@pytest.mark.parametrize(("words", "verdict"), [("", "broken"), (" (a mood that is great becomes glad)", "holds")])
def test_after_a_down_that_is_refused_the_others_are_reckoned_all_the_same(
    servers: dict[str, Server], tmp_path: Path, words: str, verdict: str
) -> None:
    """The copies do not hold the type, and a moment that a trigger sets for what the down changes is not lost."""
    case = reckoned(adapters.find("postgresql"), servers["postgresql"], MOODS.replace("{words}", words), tmp_path)
    found = {f.subject[-3:]: f for f in judge(case, select=["rollback-keeps-data"])}
    lost = {x.field for r in case.run.of(Reckoned) for x in r.losses}

    assert {name: f.verdict for name, f in found.items()} == {
        "001": "holds", "002": "broken", "003": verdict, "004": "broken"
    }  # fmt: skip
    assert "cannot be taken back any more" in found["002"].message
    assert "great became glad" in found["003"].message
    assert lost == {"mood"}
