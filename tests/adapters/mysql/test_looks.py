"""A session that looks again knows what has not changed, and sees what one sees that never looked before."""

from collections.abc import Iterator

import pytest
from pymysql.connections import MAX_PACKET_LEN
from pymysql.err import MySQLError

from harness.adapters.mariadb.flavour import MARIADB
from harness.adapters.mysql.answers import Answer, answers
from harness.adapters.mysql.connection import Connection, opened, rows, run
from harness.adapters.mysql.flavour import MYSQL, Flavour
from harness.adapters.mysql.looks import Looks
from harness.adapters.mysql.sending import several
from harness.design.model import Schema
from harness.engine import Engine, Session
from harness.servers.model import Address
from tests.adapters.mysql.changes import BASE, CASES
from tests.adapters.scripts import made
from tests.migrations import corpus

HOSTILE = """
CREATE TABLE p (id int PRIMARY KEY, name varchar(20) NOT NULL, note text)
CREATE TABLE c (id int PRIMARY KEY, p_id int, n int, CONSTRAINT to_p FOREIGN KEY (p_id) REFERENCES p (id))
CREATE VIEW v AS SELECT p.id, p.name, c.n FROM p JOIN c ON c.p_id = p.id
CREATE VIEW w AS SELECT v.name, v.n FROM v
ALTER TABLE p RENAME COLUMN id TO number
ALTER TABLE p RENAME TO parent
RENAME TABLE parent TO p
ALTER TABLE p RENAME COLUMN number TO id
ALTER TABLE p MODIFY name varchar(40) NOT NULL
ALTER TABLE c MODIFY n bigint
CREATE OR REPLACE VIEW v AS SELECT p.id, p.note AS name, c.n FROM p JOIN c ON c.p_id = p.id
ALTER TABLE p MODIFY note varchar(10)
RENAME TABLE p TO x, c TO p
RENAME TABLE p TO c, x TO p
DROP VIEW v
CREATE VIEW v AS SELECT p.id, p.name, c.n FROM p JOIN c ON c.p_id = p.id
ALTER TABLE p COMMENT 'one'
ALTER TABLE p COMMENT 'two'
ALTER TABLE p COMMENT ''
ALTER TABLE c MODIFY n bigint COMMENT 'one'
ALTER TABLE c MODIFY n bigint COMMENT 'two'
ALTER TABLE c ALTER n SET DEFAULT 1
ALTER TABLE c ALTER n SET DEFAULT 2
ALTER TABLE c ADD b varbinary(4) DEFAULT X'00FF'
ALTER TABLE c ALTER b SET DEFAULT X'00FE'
ALTER TABLE c ADD CONSTRAINT ck CHECK (n > 1)
ALTER TABLE c DROP CONSTRAINT ck
ALTER TABLE c ADD CONSTRAINT ck CHECK (n > 2)
ALTER TABLE p ADD v varchar(20) COLLATE utf8mb4_bin AS (concat(name, 'x')) VIRTUAL
ALTER TABLE p DROP v
ALTER TABLE p ADD v varchar(20) COLLATE utf8mb4_unicode_ci AS (concat(name, 'x')) VIRTUAL
ALTER TABLE p DEFAULT CHARSET latin1
ALTER TABLE p ADD l varchar(20), ADD t tinytext, ADD e enum('a') CHARACTER SET utf8mb3
ALTER TABLE p CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
ALTER TABLE p MODIFY l varchar(20) CHARACTER SET binary
ALTER TABLE c ADD j json, ADD u char(3) CHARACTER SET ascii COLLATE ascii_bin
INSERT INTO p (id, name) VALUES (1, 'one')
ALTER TABLE c MODIFY id int AUTO_INCREMENT
INSERT INTO c (p_id, n) VALUES (1, 9), (1, 9), (1, 9)
ALTER TABLE c AUTO_INCREMENT 1000
CREATE TRIGGER z BEFORE UPDATE ON c FOR EACH ROW SET NEW.n = 1
CREATE TRIGGER y BEFORE UPDATE ON c FOR EACH ROW FOLLOWS z SET NEW.n = 2
CREATE TRIGGER x BEFORE UPDATE ON c FOR EACH ROW PRECEDES y SET NEW.n = 3
DROP TRIGGER z
SET sql_mode = ''
CREATE TRIGGER z BEFORE UPDATE ON c FOR EACH ROW SET NEW.n = 1
SET sql_mode = DEFAULT
DROP TRIGGER x
RENAME TABLE c TO d
CREATE PROCEDURE f() SELECT 1
DROP PROCEDURE f
CREATE PROCEDURE f() SELECT 2
ALTER PROCEDURE f COMMENT 'two'
CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN a
CREATE VIEW g AS SELECT f(1) AS one
DROP FUNCTION f
CREATE FUNCTION f(a int) RETURNS varchar(9) DETERMINISTIC RETURN a
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM d
ALTER EVENT e COMMENT 'each day'
ALTER EVENT e RENAME TO e2
GRANT SELECT ON p TO CURRENT_USER
GRANT UPDATE (name) ON p TO CURRENT_USER
REVOKE SELECT ON p FROM CURRENT_USER
ALTER DATABASE COLLATE utf8mb4_bin
CREATE TABLE `a ``b` (`c ``d` int COMMENT 'it''s')
CREATE TABLE h (id int, at date) PARTITION BY RANGE (year(at)) (PARTITION a VALUES LESS THAN (2025))
ALTER TABLE h ADD PARTITION (PARTITION b VALUES LESS THAN (2026))
ALTER TABLE h TRUNCATE PARTITION b
ALTER TABLE h REMOVE PARTITIONING
CREATE TEMPORARY TABLE p (a int)
DROP TEMPORARY TABLE p
SET foreign_key_checks = 0
DROP TABLE p
CREATE TABLE p (id int PRIMARY KEY)
TRUNCATE TABLE d
DROP TABLE d
"""
"""Statements after each of which both must see the same: most change what is printed of something else, in no time."""

COLLATIONS = """
SELECT c.table_name AS entity, c.column_name AS name, c.collation_name AS own, t.table_collation AS usual
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = DATABASE() AND t.table_type <> 'VIEW'
"""


@pytest.fixture
def flavour(engine: Engine) -> Flavour:
    return {"mysql": MYSQL, "mariadb": MARIADB}[engine.name]


@pytest.fixture
def looking(flavour: Flavour, database: Address) -> Iterator[Connection]:
    yield from _connection(flavour, database)


@pytest.fixture
def changing(flavour: Flavour, database: Address) -> Iterator[Connection]:
    yield from _connection(flavour, database)


def _connection(flavour: Flavour, database: Address) -> Iterator[Connection]:
    connection = opened(database, flavour)
    yield connection
    connection.close()


def _first_look(flavour: Flavour, connection: Connection) -> Schema:
    return Looks(connection, flavour).schema()


def _agree(schema: Schema, connection: Connection) -> None:
    """Collations, which the texts of tables say or leave out, are those of the catalog."""
    own = {(e.name, f.name): f.collation for e in schema.entities if e.kind != "view" for f in e.fields}
    told = {
        (row["entity"], row["name"]): row["own"] if row["own"] != row["usual"] else None
        for row in rows(connection, COLLATIONS)
    }
    assert {place: told[place] for place in own} == own


def test_what_is_known_is_what_a_first_look_sees(flavour: Flavour, looking: Connection, changing: Connection) -> None:
    looks = Looks(looking, flavour)
    for text in HOSTILE.strip().splitlines():
        run(changing, text)
        expected = _first_look(flavour, looking)
        assert looks.schema() == expected, text
        _agree(expected, looking)
    assert looks.schema() is looks.schema()


@pytest.mark.thorough
def test_no_kind_of_change_is_missed(engine: Engine, flavour: Flavour, session: Session, looking: Connection) -> None:
    """All of them on one database, one after another."""
    looks = Looks(looking, flavour)
    for script in (BASE, *(script for case in CASES for script in (case.change, case.back) if script)):
        try:
            made(engine, session, script)
        except AssertionError:
            continue  # the other engine's, or one that another change stands in the way of
        expected = _first_look(flavour, looking)
        assert looks.schema() == expected, script
        _agree(expected, looking)


def test_nor_what_migrations_do(engine: Engine, flavour: Flavour, looking: Connection, changing: Connection) -> None:
    looks = Looks(looking, flavour)
    for text in (corpus.FIRST[engine.name], *(text for c in corpus.CORPUS[engine.name] for text in (c.up, c.down))):
        for statement in filter(None, map(str.strip, text.split(";"))):
            run(changing, statement)
            assert looks.schema() == _first_look(flavour, looking), statement


def test_what_is_left_alone_is_the_same_object(flavour: Flavour, looking: Connection, changing: Connection) -> None:
    looks = Looks(looking, flavour)
    run(changing, "CREATE TABLE a (id int)")
    run(changing, "CREATE TABLE b (id int)")
    before = looks.schema()
    run(changing, "ALTER TABLE b ADD n int")
    after = looks.schema()
    assert [old is new for old, new in zip(before.entities, after.entities, strict=True)] == [True, False]


def test_what_stands_behind_a_refusal_is_answered(looking: Connection) -> None:
    with several(looking):
        said = answers(
            looking, ["SELECT 1 AS a", "SELECT nothing", "SELECT 'b' AS b, NULL AS c UNION SELECT 2, 3", "oh"]
        )
    assert [answer.rows() if isinstance(answer, Answer) else type(answer).__name__ for answer in said] == [
        [{"a": "1"}], "OperationalError", [{"b": "b", "c": None}, {"b": "2", "c": "3"}], "ProgrammingError",
    ]  # fmt: skip
    with pytest.raises(MySQLError):
        run(looking, "SELECT 1; SELECT 2")  # single statements again
    assert rows(looking, "SELECT 1 AS a") == [{"a": 1}]


def test_an_answer_longer_than_a_packet_is_read_whole(looking: Connection) -> None:
    with several(looking):
        long, after = answers(looking, [f"SELECT REPEAT('a', {MAX_PACKET_LEN}) AS a, 'b' AS b", "SELECT 'c' AS c"])
    assert isinstance(long, Answer)
    assert isinstance(after, Answer)
    ((first,), second) = long.rows(), after.rows()
    assert (len(first["a"] or ""), first["b"], second) == (MAX_PACKET_LEN, "b", [{"c": "c"}])
