"""What a design asks for, and the user of a server's address may not do: no fault of the design."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.adapters import find
from harness.checks.base import Finding
from harness.engine import Engine
from harness.errors import ServerError
from harness.pipeline import Options, verified
from harness.run.model import Silent
from harness.servers.model import Address, Server
from harness.servers.provider import provide
from tests.adapters.scripts import made
from tests.conftest import missing

DOCUMENT = """# Notes

**Type:** {engine}

## Migrations

### Migration 001: Notes
```sql
-- Up
CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(200) NOT NULL);
{up}
-- Down
{down}
DROP TABLE notes;
```
"""

EVENT_TRIGGER = """CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER told ON ddl_command_end EXECUTE FUNCTION told();"""

GUARDED = {
    "postgresql": (EVENT_TRIGGER, "DROP EVENT TRIGGER told;\nDROP FUNCTION told();"),
    "mysql": ("CREATE DEFINER = 'root'@'localhost' VIEW short AS SELECT id FROM notes;", "DROP VIEW short;"),
}
"""Statements that only an administrator may run."""

ENGINES = ["postgresql", "mariadb", pytest.param("mysql", marks=pytest.mark.thorough)]


def plain(engine: Engine, server: Server) -> Address:
    """A user with the rights that docs/engines.md asks for."""
    with engine.fresh(server, "rights") as database, engine.connect(database) as session:
        if engine.name == "postgresql":
            made(engine, session, "CREATE ROLE plain LOGIN CREATEDB PASSWORD 'plain'")
        else:
            made(
                engine,
                session,
                r"CREATE USER plain@'%' IDENTIFIED BY 'plain'; GRANT ALL ON `harness\_%`.* TO plain@'%'",
            )
    return replace(server.address, user="plain", password="plain")


def found(path: Path, server: str, engine: Engine) -> Finding:
    report = verified(path, Options(server=server, engine=engine.name), Silent())
    (finding,) = [each for each in report.findings if each.check == "up-applies"]
    return finding


@pytest.mark.parametrize("name", ENGINES)
def test_a_right_that_the_user_of_an_address_lacks_is_no_fault_of_the_design(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    engine = find(name)
    up, down = GUARDED.get(name, GUARDED["mysql"])
    design, wrong = tmp_path / "design.md", tmp_path / "wrong.md"
    design.write_text(DOCUMENT.format(engine=name, up=up, down=down))
    wrong.write_text(DOCUMENT.format(engine=name, up="ALTER TABLE nots ADD n INT;", down=""))
    try:
        opened = provide(engine.recipe(None, None), "local")
        with opened as server:
            address = plain(engine, server)
            url = f"{name}://{address.url().partition('://')[2]}"
            lacking, broken = found(design, url, engine), found(wrong, url, engine)
            allowed = found(design, server.address.url(), engine)
    except ServerError as error:
        missing(request.config, name, str(error))
        raise
    assert (lacking.verdict, broken.verdict, allowed.verdict) == ("unverified", "broken", "holds")
    assert "the user of this address has not the right to it" in lacking.message
    assert "--server local" in lacking.remedy
