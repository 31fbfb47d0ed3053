"""Safer ways: what is offered was run, leads to the same schema, and says what stays as it is."""

from pathlib import Path

import pytest

from harness import adapters
from harness.design.compare import differences
from harness.design.model import Schema, Statement
from harness.engine import Engine
from harness.errors import ServerError
from harness.pipeline import Options, made_safer
from harness.plan.model import Plan
from harness.report.as_safer import as_safer
from harness.run.model import Run, Silent
from harness.run.safer import Offer, Weighed, parts
from harness.servers.provider import provide
from tests.conftest import missing

DOCUMENT = """\
# Things
**Type:** {title}

### Migration 001: Start
```sql
-- Up
CREATE TABLE p (id INT PRIMARY KEY);
CREATE TABLE t (id INT PRIMARY KEY, n INT, code VARCHAR(20) NOT NULL, p_id INT);
-- Down
DROP TABLE t;
DROP TABLE p;
```

### Migration 002: Change
```sql
-- Up
{up}
-- Down
DROP TABLE t;
```
"""
POSTGRESQL = """\
CREATE INDEX by_n ON t (n);
UPDATE t SET n = COALESCE(n, 0), p_id = NULL;
ALTER TABLE t ALTER COLUMN n SET NOT NULL, ADD FOREIGN KEY (p_id) REFERENCES p, ADD CHECK (n > -9999999999);
ALTER TABLE t ADD COLUMN token UUID NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE t ADD CONSTRAINT twice UNIQUE (id, n);
CREATE TABLE own (id INT PRIMARY KEY, t_id INT);
CREATE INDEX own_t ON own (t_id);
ALTER TABLE t ALTER COLUMN n TYPE BIGINT;
DROP INDEX by_n;"""
FAMILY = """\
ALTER TABLE t ADD COLUMN extra INT, ALGORITHM=COPY;
ALTER TABLE t ADD INDEX by_n (n), ALGORITHM=COPY, LOCK=SHARED;
ALTER TABLE t MODIFY n BIGINT;
ALTER TABLE t ADD INDEX by_code (code), ALGORITHM=INPLACE, LOCK=NONE;"""


def tried(folder: Path, title: str, up: str, request: pytest.FixtureRequest) -> tuple[Plan, Run]:
    path = folder / "things.md"
    path.write_text(DOCUMENT.format(title=title, up=up), encoding="utf-8")
    try:
        return made_safer(path, Options(server="local", rows=("300",)), Silent())
    except ServerError as error:
        missing(request.config, title.lower(), str(error))
        raise


def offers(run: Run) -> tuple[Offer, ...]:
    return tuple(offer for offer in run.of(Offer) if offer.migration == "002")


def standings(run: Run) -> list[tuple[str, str]]:
    return [(offer.statement.text.split(" (")[0][:30], offer.standing) for offer in offers(run)]


def after(engine: Engine, scripts: list[tuple[Statement, ...]]) -> Schema:
    """The schema after scripts, each of them a migration, on a server of its own."""
    with (
        provide(engine.recipe(None, None), "local") as server,
        engine.fresh(server, "again") as address,
        engine.connect(address) as session,
    ):
        for script in scripts:
            assert [effect.refusal for effect in session.apply(script, timeout_s=30) if effect.refusal] == []
        return session.inspect()


def same_schema(plan: Plan, run: Run) -> None:
    first, second = plan.changes
    engine = adapters.find(run.engine)
    usual = after(engine, [first.up, second.up])
    assert differences(usual, after(engine, [first.up, *parts(offers(run))])) == ()


@pytest.mark.thorough
def test_postgresql_is_offered_what_the_manual_says(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    plan, run = tried(tmp_path, "PostgreSQL", POSTGRESQL, request)
    assert [standing for _, standing in standings(run)] == [
        "offered",
        "as it is",
        *["offered"] * 3,
        *["as it is"] * 3,
        "offered",
    ]
    texts = [statement.text for script in parts(offers(run)) for statement in script]
    assert texts[0] == "CREATE INDEX CONCURRENTLY by_n ON t (n)"
    assert "ALTER TABLE t ADD CHECK (n > -9999999999) NOT VALID" in texts
    assert "ALTER TABLE t VALIDATE CONSTRAINT t_p_id_fkey" in texts
    assert "CREATE INDEX own_t ON own (t_id)" in texts  # nobody uses a table that is made beside it
    assert any("SET token = DEFAULT" in text for text in texts)
    same_schema(plan, run)
    printed = as_safer(plan, run)
    assert "stays as it is: ALTER TABLE t ALTER COLUMN n TYPE BIGINT" in printed
    assert "ADD COLUMN of the new type" in printed
    weighed = next(run.of(Weighed))
    assert (weighed.migration, weighed.rows > 0) == ("002", True)


@pytest.mark.thorough
@pytest.mark.parametrize("title", ["MySQL", "MariaDB"])
def test_mysql_is_told_to_refuse_a_copy(title: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    plan, run = tried(tmp_path, title, FAMILY, request)
    assert [standing for _, standing in standings(run)] == ["offered", "offered", "refused", "as it is"]
    texts = [statement.text for script in parts(offers(run)) for statement in script]
    assert texts[0] == "ALTER TABLE t ALGORITHM=INSTANT, ADD COLUMN extra INT"
    assert texts[1] == "ALTER TABLE t ALGORITHM=INPLACE, LOCK=NONE, ADD INDEX by_n (n)"
    same_schema(plan, run)
    assert "the server refuses the way that was tried: ALGORITHM=INPLACE is not supported" in as_safer(plan, run)


@pytest.mark.thorough
def test_what_leads_elsewhere_is_not_offered(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The server counts the names of nameless checks up, so that the second one would stay unvalidated."""
    up = "ALTER TABLE t ADD CHECK (n + id > -9999999999), ADD CHECK (n - id > -9999999999);"
    plan, run = tried(tmp_path, "PostgreSQL", up, request)
    (offer,) = offers(run)
    assert offer.standing == "differs"
    assert "t_check1" in offer.reason
    assert parts(offers(run)) == [plan.changes[1].up]


@pytest.mark.parametrize(
    ("up", "last"),
    [
        ("ALTER TABLE t DROP CONSTRAINT t_pkey;\nCREATE UNIQUE INDEX by_id ON t (id);", "DROP CONSTRAINT t_pkey"),
        ("ALTER TABLE t DROP CONSTRAINT t_pkey;\nALTER TABLE t ADD CONSTRAINT t_pkey UNIQUE (id);", "USING INDEX"),
    ],
)
def test_what_keeps_rows_apart_goes_when_something_else_does(
    up: str, last: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Where it must go first, for the other has its name, that is said."""
    plan, run = tried(tmp_path, "PostgreSQL", up, request)

    assert last in parts(offers(run))[-1][-1].text
    assert ("nothing keeps what was kept there" in as_safer(plan, run)) == (last == "USING INDEX")
