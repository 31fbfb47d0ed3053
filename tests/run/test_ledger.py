"""What a rollback loses, reckoned on real servers: each kind of loss, and its twin in which everything is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
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

FIRST = """\
CREATE TABLE groups_ (id INT PRIMARY KEY, title VARCHAR(40) NOT NULL, CONSTRAINT one UNIQUE (title));
CREATE TABLE people (
  id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, phone VARCHAR(30), cents INT NOT NULL CHECK (cents > 100),
  group_id INT NOT NULL REFERENCES groups_ (id)
);"""
DOCUMENT = """\
# People
**Type:** {engine}

### Migration 001: Start
```sql
-- Up
{first}
-- Down
DROP TABLE people;
DROP TABLE groups_;
```

### Migration 002: Change
{words}
```sql
-- Up
{up}
-- Down
{down}
```
"""
TYPE = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}


@dataclass(frozen=True)
class Trial:
    """A migration, and what it loses: table, field, kind, whose. ``words`` may announce it."""

    name: str
    up: str
    down: str
    lost: tuple[tuple[str, str, str, str], ...] = ()
    words: str = ""
    verdict: str = ""
    only: tuple[str, ...] = ("postgresql", "mysql", "mariadb")


WRITTEN, BEFORE = "written after", "there before"
ROLE = "ALTER TABLE people ADD COLUMN role VARCHAR(20);"
NO_ROLE = "ALTER TABLE people DROP COLUMN role;"
ROLE_LOST = (("people", "role", "value gone", WRITTEN),)

TRIALS = (
    Trial("a field that is dropped takes its values along", ROLE, NO_ROLE, ROLE_LOST),
    Trial("and the document may say so", ROLE, NO_ROLE, ROLE_LOST, "Going back loses each role.", "holds"),
    Trial("but must say which", ROLE, NO_ROLE, ROLE_LOST, "Going back loses some data.", "broken"),
    Trial("or that nothing is lost, which is no announcement", ROLE, NO_ROLE, ROLE_LOST, "No role is lost.", "broken"),
    Trial(
        "a table that is dropped takes its rows along",
        "CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(200) NOT NULL);",
        "DROP TABLE notes;",
        (("notes", "", "rows gone", WRITTEN),),
    ),
    Trial(
        "a field that is dropped by the up comes back empty",
        "ALTER TABLE people DROP COLUMN phone;",
        "ALTER TABLE people ADD COLUMN phone VARCHAR(30);",
        (("people", "phone", "nulled", BEFORE),),
    ),
    Trial(
        "or with a default that is nobody's value",
        "ALTER TABLE people DROP COLUMN name;",
        "ALTER TABLE people ADD COLUMN name VARCHAR(40) NOT NULL DEFAULT '#';",
        (("people", "name", "changed", BEFORE),),
    ),
    Trial(
        "a down that deletes",
        "UPDATE people SET phone = phone;",
        "DELETE FROM people;",
        (("people", "", "rows gone", BEFORE), ("people", "", "rows gone", WRITTEN)),
    ),
    Trial(
        "values that are cut off",
        "UPDATE people SET name = LEFT(name, 2);",
        "UPDATE people SET phone = phone;",
        (("people", "name", "truncated", BEFORE),),
    ),
    Trial(
        "a down that takes back what its up put in",
        "INSERT INTO groups_ (id, title) VALUES (900001, 'These');\n"
        "INSERT INTO people (id, name, cents, group_id) VALUES (900001, 'Ada', 500, 900001);",
        "DELETE FROM people WHERE id = 900001;\nDELETE FROM groups_ WHERE id = 900001;",
    ),
    Trial(
        "a down that takes back more",
        "INSERT INTO groups_ (id, title) VALUES (900001, 'These');\n"
        "INSERT INTO people (id, name, cents, group_id) VALUES (900001, 'Ada', 500, 900001);",
        "DELETE FROM people WHERE id >= 5;\nDELETE FROM groups_ WHERE id = 900001;",
        (("people", "", "rows gone", BEFORE), ("people", "", "rows gone", WRITTEN)),
    ),
    Trial("indexes touch no row", "CREATE INDEX by_name ON people (name);", "DROP INDEX by_name{on};"),
    Trial(
        "a rename keeps all",
        "ALTER TABLE people RENAME COLUMN name TO full_name;",
        "ALTER TABLE people RENAME COLUMN full_name TO name;",
    ),
    Trial("so does a table's", "ALTER TABLE groups_ RENAME TO teams;", "ALTER TABLE teams RENAME TO groups_;"),
    Trial(
        "a computed change that the down computes back",
        "UPDATE people SET cents = cents * 2;",
        "UPDATE people SET cents = cents / 2;",
        only=("postgresql",),
    ),
    Trial(
        "a field moved into a table of its own and back",
        "CREATE TABLE phones (person_id INT PRIMARY KEY REFERENCES people (id), phone VARCHAR(30));\n"
        "INSERT INTO phones SELECT id, phone FROM people WHERE phone IS NOT NULL;\n"
        "ALTER TABLE people DROP COLUMN phone;",
        "ALTER TABLE people ADD COLUMN phone VARCHAR(30);\n"
        "UPDATE people SET phone = (SELECT x.phone FROM phones x WHERE x.person_id = people.id);\n"
        "DROP TABLE phones;",
    ),
    Trial(
        "a copy that the down restores from",
        "CREATE TABLE people_was (id INT PRIMARY KEY, cents INT NOT NULL);\n"
        "INSERT INTO people_was SELECT id, cents FROM people;\nUPDATE people SET cents = 101;",
        "UPDATE people SET cents = (SELECT w.cents FROM people_was w WHERE w.id = people.id)\n"
        "  WHERE id IN (SELECT w.id FROM people_was w);\nDROP TABLE people_was;",
    ),
    Trial(
        "and one that it does not restore from",
        "CREATE TABLE people_was (id INT PRIMARY KEY, cents INT NOT NULL);\n"
        "INSERT INTO people_was SELECT id, cents FROM people;\nUPDATE people SET cents = 101;",
        "DROP TABLE people_was;",
        (("people", "cents", "changed", BEFORE),),
    ),
    Trial(
        "rows that are moved away and brought back",
        "CREATE TABLE archive (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, phone VARCHAR(30), cents INT NOT NULL,"
        " group_id INT NOT NULL);\nINSERT INTO archive SELECT id, name, phone, cents, group_id FROM people;\n"
        "DELETE FROM people;",
        "INSERT INTO people SELECT id, name, phone, cents, group_id FROM archive;\nDROP TABLE archive;",
    ),
    Trial(
        "a type with less room than the longest value",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(35) USING LEFT(name, 35);",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(40);",
        (("people", "name", "truncated", BEFORE),),
        only=("postgresql",),
    ),
    Trial(
        "a type with less room than the longest value, made to fit",
        "UPDATE people SET name = LEFT(name, 35);\nALTER TABLE people MODIFY name VARCHAR(35) NOT NULL;",
        "ALTER TABLE people MODIFY name VARCHAR(40) NOT NULL;",
        (("people", "name", "truncated", BEFORE),),
        only=("mysql", "mariadb"),
    ),
    Trial(
        "a type with less room that the server does not cut anything for",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(35);",
        "ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(40);",
        only=("postgresql",),
    ),
    Trial(
        "a wider type and back",
        "ALTER TABLE people ALTER COLUMN cents TYPE BIGINT;",
        "ALTER TABLE people ALTER COLUMN cents TYPE INT;",
        only=("postgresql",),
    ),
    Trial(
        "a key beside the one of before, which the server counts on",
        "ALTER TABLE people ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;\n"
        "ALTER TABLE people DROP CONSTRAINT people_pkey;\n"
        "ALTER TABLE people ADD COLUMN uid UUID DEFAULT gen_random_uuid() PRIMARY KEY;",
        "ALTER TABLE people DROP COLUMN uid;\nALTER TABLE people ADD PRIMARY KEY (id);\n"
        "ALTER TABLE people ALTER COLUMN id DROP IDENTITY;",
        (("people", "uid", "value gone", WRITTEN),),
        only=("postgresql",),
    ),
    Trial(
        "a value that may be there twice now, and may not before",
        "ALTER TABLE groups_ ADD COLUMN gone DATE;\nALTER TABLE groups_ DROP CONSTRAINT one;\n"
        "CREATE UNIQUE INDEX one ON groups_ (title) WHERE gone IS NULL;",
        "DROP INDEX one;\nALTER TABLE groups_ ADD CONSTRAINT one UNIQUE (title);\n"
        "ALTER TABLE groups_ DROP COLUMN gone;",
        words="Going back loses gone.",
        verdict="broken",
        only=("postgresql",),
    ),
    Trial(
        "and a down that lets one of them be another",
        "ALTER TABLE groups_ DROP CONSTRAINT one;",
        "UPDATE groups_ SET title = concat(left(title, 30), id) \n"
        "WHERE id > (SELECT min(id) FROM groups_ b WHERE b.title = groups_.title);\n"
        "ALTER TABLE groups_ ADD CONSTRAINT one UNIQUE (title);",
        (("groups_", "title", "changed", WRITTEN),),
        words="Titles that are there twice get a number: going back loses their title.",
        verdict="holds",
        only=("postgresql",),
    ),
    Trial(
        "a table's new name, with a view under the old one",
        "ALTER TABLE groups_ RENAME TO teams;\nCREATE VIEW groups_ AS SELECT id, title FROM teams;",
        "DROP VIEW groups_;\nALTER TABLE teams RENAME TO groups_;",
    ),
    Trial(
        "values that a trigger derives, as the up does again",
        "ALTER TABLE people ADD COLUMN initials VARCHAR(3);\nUPDATE people SET initials = LEFT(name, 3);\n"
        "CREATE FUNCTION derive() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.initials := LEFT(NEW.name, 3); RETURN NEW; END $$;\n"
        "CREATE TRIGGER derived BEFORE INSERT OR UPDATE ON people FOR EACH ROW EXECUTE FUNCTION derive();",
        "DROP TRIGGER derived ON people;\nDROP FUNCTION derive();\nALTER TABLE people DROP COLUMN initials;",
        only=("postgresql",),
    ),
    Trial(
        "values that the up derives from what was there alone",
        "ALTER TABLE people ADD COLUMN initials VARCHAR(3);\nUPDATE people SET initials = LEFT(name, 3);",
        "ALTER TABLE people DROP COLUMN initials;",
        (("people", "initials", "value gone", WRITTEN),),
    ),
    Trial(
        "a key with one field more, which takes what the old one does not",
        "ALTER TABLE people DROP CONSTRAINT people_pkey, ADD CONSTRAINT people_pkey PRIMARY KEY (id, name);",
        "ALTER TABLE people DROP CONSTRAINT people_pkey, ADD CONSTRAINT people_pkey PRIMARY KEY (id);",
        verdict="broken",
        only=("postgresql",),
    ),
    Trial(
        "a table with another key in its place, and the old one back",
        "ALTER TABLE people RENAME TO people_was;\n"
        "CREATE TABLE people (LIKE people_was, PRIMARY KEY (id, name)) PARTITION BY RANGE (id);\n"
        "CREATE TABLE people_all PARTITION OF people DEFAULT;\nINSERT INTO people SELECT * FROM people_was;",
        "DROP TABLE people;\nALTER TABLE people_was RENAME TO people;",
        (("people", "", "rows gone", WRITTEN),),
        only=("postgresql",),
    ),
    Trial(
        "a key of another type under the old name",
        "ALTER TABLE people RENAME COLUMN id TO number;\nALTER TABLE people DROP CONSTRAINT people_pkey;\n"
        "ALTER TABLE people ALTER COLUMN number DROP NOT NULL;\n"
        "ALTER TABLE people ADD COLUMN id UUID DEFAULT gen_random_uuid() PRIMARY KEY;",
        "ALTER TABLE people DROP COLUMN id;\n"
        "DELETE FROM people a USING people b WHERE a.number = b.number AND a.ctid > b.ctid OR a.number IS NULL;\n"
        "ALTER TABLE people RENAME COLUMN number TO id;\nALTER TABLE people ADD PRIMARY KEY (id);",
        only=("postgresql",),
    ),
)

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
    down = trial.down.replace("{on}", "" if engine.name == "postgresql" else " ON people")
    text = DOCUMENT.format(engine=TYPE[engine.name], first=FIRST, words=trial.words, up=trial.up, down=down)
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
-- Down (a mood that is great becomes glad)
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


def test_after_a_down_that_is_refused_the_others_are_reckoned_all_the_same(
    servers: dict[str, Server], tmp_path: Path
) -> None:
    """The copies do not hold the type, and a moment that a trigger sets for what the down changes is not lost."""
    case = reckoned(adapters.find("postgresql"), servers["postgresql"], MOODS, tmp_path)
    found = {f.subject[-3:]: f for f in judge(case, select=["rollback-keeps-data"])}
    lost = {x.field for r in case.run.of(Reckoned) for x in r.losses}

    assert {name: f.verdict for name, f in found.items()} == {
        "001": "holds", "002": "broken", "003": "broken", "004": "broken"
    }  # fmt: skip
    assert "cannot be taken back any more" in found["002"].message
    assert "great became glad" in found["003"].message
    assert lost == {"mood"}
