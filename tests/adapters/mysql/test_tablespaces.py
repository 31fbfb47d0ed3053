"""Copies of databases whose tables are carried as files: the same as copies of rows, whatever the server refuses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.adapters import find
from harness.adapters.mysql import tablespaces
from harness.adapters.mysql.connection import connected, rows, run
from harness.adapters.mysql.digest import digest
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.tablespaces import Beside, Tablespaces
from harness.engine import Engine
from harness.errors import ServerError
from harness.servers.model import Address, Server
from harness.servers.provider import provide
from tests.conftest import missing

NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT"

SCRIPT = f"""
SET foreign_key_checks = 0;
CREATE TABLE people (id BIGINT AUTO_INCREMENT PRIMARY KEY, chief BIGINT, team INT, name VARCHAR(40) NOT NULL,
  shout VARCHAR(50) AS (CONCAT(UPPER(name), '!')) VIRTUAL, size INT AS (CHAR_LENGTH(name)) STORED,
  UNIQUE (name), KEY (shout), KEY (team), FOREIGN KEY (chief) REFERENCES people (id) ON DELETE SET NULL,
  FOREIGN KEY (team) REFERENCES teams (id));
CREATE TABLE teams (id INT PRIMARY KEY, lead_id BIGINT NOT NULL,
  note TEXT, CHECK (id > 0), FOREIGN KEY (lead_id) REFERENCES people (id));
INSERT INTO people (id, chief, team, name) {NUMBERS} i, NULLIF(i, 1) - 1, i % 9 + 1, CONCAT('name ', i) FROM n;
INSERT INTO teams {NUMBERS} i, i, REPEAT('long ', i * 20) FROM n WHERE i < 10;
ALTER TABLE people AUTO_INCREMENT = 7000;
CREATE TABLE words (id INT PRIMARY KEY, text TEXT, FULLTEXT (text));
INSERT INTO words {NUMBERS} i, CONCAT('word', i) FROM n;
CREATE TABLE days (id INT, day DATE, PRIMARY KEY (id, day)) PARTITION BY RANGE (YEAR(day))
  (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
INSERT INTO days {NUMBERS} i, DATE '2018-01-01' + INTERVAL i * 3 DAY FROM n;
CREATE TABLE grown (id INT PRIMARY KEY, gone INT, a VARCHAR(20));
INSERT INTO grown {NUMBERS} i, i, i FROM n;
ALTER TABLE grown ADD COLUMN b INT NOT NULL DEFAULT 5, ALGORITHM=INSTANT;
ALTER TABLE grown ADD COLUMN c VARCHAR(9) DEFAULT 'x' AFTER id, ALGORITHM=INSTANT;
ALTER TABLE grown DROP COLUMN gone, ALGORITHM=INSTANT;
UPDATE grown SET b = id, c = id WHERE id % 3 = 0;
CREATE TABLE `odd-name` (`a b` INT PRIMARY KEY, `ü` VARCHAR(9));
INSERT INTO `odd-name` {NUMBERS} i, 'ä' FROM n;
CREATE TABLE packed (id INT PRIMARY KEY, text TEXT) ROW_FORMAT=COMPRESSED;
INSERT INTO packed {NUMBERS} i, REPEAT('x', 200) FROM n;
CREATE TABLE places (id INT PRIMARY KEY, at POINT NOT NULL, SPATIAL INDEX (at));
INSERT INTO places {NUMBERS} i, POINT(i, i) FROM n;
CREATE TABLE plain (id INT, text VARCHAR(20)) ENGINE=MyISAM;
INSERT INTO plain {NUMBERS} i, i FROM n;
CREATE TABLE keyless (a INT, b VARCHAR(20), KEY (b));
INSERT INTO keyless {NUMBERS} i % 7, i % 5 FROM n;
CREATE TABLE bare (id INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 17;
CREATE TRIGGER named BEFORE INSERT ON people FOR EACH ROW SET NEW.name = CONCAT(NEW.name, '.');
CREATE VIEW chiefs AS SELECT id, name FROM people WHERE id IN (SELECT chief FROM people);
ANALYZE TABLE people, teams, words, days, grown, packed, places, keyless, bare;
"""

EVERYWHERE = frozenset({"people", "teams", "packed", "keyless", "bare"})
"""Tables that both servers carry."""


@pytest.fixture
def flavour(engine: Engine) -> Flavour:
    found: Flavour = engine._flavour  # type: ignore[attr-defined]
    return found


@pytest.fixture
def template(engine: Engine, flavour: Flavour, database: Address) -> Address:
    with connected(database, flavour) as connection:
        for text in SCRIPT.split(";\n")[:-1]:
            run(connection, text)
    return database


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Has every table carried that can be; those that were."""
    monkeypatch.setattr(tablespaces, "LEAST_BYTES", 0)
    done: set[str] = set()
    real = Tablespaces.carried

    def noted(self: Tablespaces, name: str, text: str) -> bool:
        was = real(self, name, text)
        done.update({name} if was else ())
        return was

    monkeypatch.setattr(Tablespaces, "carried", noted)
    return done


def contents(database: Address, flavour: Flavour) -> Mapping[str, Any]:
    """Of each table the rows, the next number, and what a check of all its pages says."""
    with connected(database, flavour) as connection:
        numbers = rows(
            connection,
            "SELECT table_name AS name, auto_increment AS next FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
        )
        return {
            row["name"]: (
                digest(connection, row["name"]),
                row["next"],
                rows(connection, f"CHECK TABLE `{row['name']}` EXTENDED")[-1]["Msg_text"],
            )
            for row in numbers
        }


def descriptions(database: Address, flavour: Flavour) -> Iterator[str]:
    """Files that an export made."""
    with connected(database, flavour) as connection:
        place = rows(connection, "SELECT @@datadir AS place")[0]["place"]
    return (path.name for path in Path(place, database.database).glob("*.cfg"))


def test_a_copy_by_files_is_the_same(
    engine: Engine, engine_server: Server, template: Address, flavour: Flavour, carried: set[str]
) -> None:
    with engine.connect(template) as session:
        schema = session.inspect()
    wanted = contents(template, flavour)
    with engine.fresh(engine_server, "copy", template=template) as copy:
        assert contents(copy, flavour) == wanted
        with engine.connect(copy) as session:
            assert session.inspect() == schema
        assert not [*descriptions(template, flavour), *descriptions(copy, flavour)]
        assert carried >= EVERYWHERE


def test_a_copy_by_files_outlives_a_crash(
    engine: Engine, engine_server: Server, template: Address, flavour: Flavour, carried: set[str]
) -> None:
    with engine.fresh(engine_server, "copy", template=template) as copy:
        assert carried
        assert engine_server.mortal is not None
        engine_server.mortal.kill(engine_server.address)
        engine_server.mortal.restart(engine_server.address)
        assert contents(copy, flavour) == contents(template, flavour)  # MySQL 9.7 forgets a number that none has had
        with connected(copy, flavour) as connection:
            run(connection, "ALTER TABLE grown ADD COLUMN later INT DEFAULT 3, ALGORITHM=INSTANT")
            assert rows(connection, "SELECT SUM(later) AS total FROM grown") == [{"total": 1500}]


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["mysql", "mariadb"])
def test_a_container_copies_files_too(name: str, carried: set[str], request: pytest.FixtureRequest) -> None:
    inside = find(name)
    opened = provide(inside.recipe(None, None), "docker")
    try:
        server = opened.__enter__()
    except ServerError as error:
        missing(request.config, "docker", str(error))
        raise
    flavour: Flavour = inside._flavour  # type: ignore[attr-defined]
    with inside.fresh(server, "original") as original, connected(original, flavour) as connection:
        run(connection, "CREATE TABLE numbers (id INT PRIMARY KEY, text VARCHAR(20), KEY (text))")
        run(connection, f"INSERT INTO numbers {NUMBERS} i, i FROM n")
        with inside.fresh(server, "copy", template=original) as copy:
            assert carried == {"numbers"}
            assert contents(copy, flavour) == contents(original, flavour)
    opened.__exit__(None, None, None)


@pytest.mark.parametrize("beside", [None, lambda command: False])
def test_without_files_rows_are_copied(
    engine: Engine,
    engine_server: Server,
    template: Address,
    flavour: Flavour,
    carried: set[str],
    *,
    beside: Beside | None,
) -> None:
    with engine.fresh(replace(engine_server, beside=beside), "copy", template=template) as copy:
        assert not carried
        assert contents(copy, flavour) == contents(template, flavour)


@pytest.mark.usefixtures("carried")
def test_a_copy_that_is_broken_off_leaves_the_template_as_it_was(
    engine: Engine, engine_server: Server, template: Address, flavour: Flavour
) -> None:
    exported: list[str] = []

    def beside(_: Sequence[str]) -> bool:
        exported.extend(descriptions(template, flavour))
        raise KeyboardInterrupt

    server = replace(engine_server, beside=beside)
    with pytest.raises(KeyboardInterrupt), engine.fresh(server, "cut", template=template):
        pytest.fail("it went on")
    assert exported
    assert not [*descriptions(template, flavour)]
    with connected(template, flavour) as connection:
        assert run(connection, "DELETE FROM keyless") == 500


def test_the_planner_knows_of_a_copy_what_it_knew(
    engine: Engine, engine_server: Server, template: Address, flavour: Flavour
) -> None:
    def known(database: Address) -> object:
        with connected(database, flavour) as connection:
            names = ("people", "teams", "days", "grown", "keyless")
            found = [row for name in names for row in rows(connection, f"SHOW INDEX FROM {name}")]
            return {(row["Table"], row["Key_name"], row["Seq_in_index"]): row["Cardinality"] for row in found}

    with engine.fresh(engine_server, "copy", template=template) as copy:
        assert known(copy) == known(template)
