"""The inverse of statements is derived where it is exact, and only there."""

import pytest

from harness.adapters.mysql.intent import intent
from harness.engine import Engine, Session
from tests.adapters.scripts import made, script

INVERSES: dict[str, str | None] = {
    "CREATE TABLE `a b` (id int)": "DROP TABLE `a b`",
    "CREATE TABLE app.t (id int)": "DROP TABLE app.t",
    "CREATE TEMPORARY TABLE t (id int)": "DROP TEMPORARY TABLE t",
    "CREATE TABLE IF NOT EXISTS t (id int)": None,
    "CREATE OR REPLACE TABLE t (id int)": None,
    "CREATE UNIQUE INDEX i ON t (a)": "DROP INDEX i ON t",
    "CREATE INDEX `i` USING HASH ON app.`t` (a)": "DROP INDEX `i` ON app.`t`",
    "CREATE INDEX IF NOT EXISTS i ON t (a)": None,
    "CREATE VIEW v AS SELECT 1": "DROP VIEW v",
    "CREATE OR REPLACE VIEW v AS SELECT 1": None,
    "CREATE DEFINER=`a`@`%` TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1": "DROP TRIGGER t",
    "CREATE PROCEDURE p() SELECT 1": "DROP PROCEDURE p",
    "CREATE DATABASE shop": "DROP DATABASE shop",
    "RENAME TABLE a TO b, app.c TO d": "RENAME TABLE d TO app.c, b TO a",
    "ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 1 AFTER b": "ALTER TABLE t DROP COLUMN c",
    "ALTER TABLE t ADD c int FIRST": "ALTER TABLE t DROP COLUMN c",
    "ALTER TABLE t ADD (a int, b decimal(10,2))": "ALTER TABLE t DROP COLUMN b, DROP COLUMN a",
    "ALTER TABLE t ADD COLUMN IF NOT EXISTS c int": None,
    "ALTER TABLE t ADD COLUMN c int REFERENCES u (id)": None,
    "ALTER TABLE t ADD INDEX i (a), ADD KEY j USING BTREE (b)": "ALTER TABLE t DROP INDEX j, DROP INDEX i",
    "ALTER TABLE t ADD FULLTEXT INDEX f (a) WITH PARSER ngram": "ALTER TABLE t DROP INDEX f",
    "ALTER TABLE t ADD UNIQUE KEY u (a)": "ALTER TABLE t DROP INDEX u",
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)": "ALTER TABLE t DROP INDEX u",
    "ALTER TABLE t ADD CONSTRAINT c UNIQUE INDEX u (a)": "ALTER TABLE t DROP INDEX u",
    "ALTER TABLE t ADD INDEX (`a`, b)": "ALTER TABLE t DROP INDEX a",
    "ALTER TABLE t ADD INDEX (a), ADD UNIQUE (a)": None,
    "ALTER TABLE t ADD INDEX ((lower(a)))": None,
    "ALTER TABLE t ADD PRIMARY KEY (a)": None,
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)": "ALTER TABLE t DROP CONSTRAINT c",
    "ALTER TABLE t ADD CHECK (a > 0)": None,
    "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)": None,
    "ALTER TABLE t ADD COLUMN a int, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id) ON DELETE CASCADE": (
        "ALTER TABLE t DROP FOREIGN KEY f, DROP COLUMN a"
    ),
    "ALTER TABLE t ADD INDEX i (a, b), ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)": (
        "ALTER TABLE t DROP FOREIGN KEY f, DROP INDEX i"
    ),
    "ALTER TABLE t ADD INDEX i (b), ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)": None,
    "ALTER TABLE t ADD COLUMN a int, ADD FOREIGN KEY (a) REFERENCES u (id)": None,
    "ALTER TABLE t ADD COLUMN c int, ALGORITHM=INSTANT, LOCK = NONE": "ALTER TABLE t DROP COLUMN c",
    "ALTER TABLE t ALGORITHM=INPLACE, FORCE": "",
    "ALTER TABLE t RENAME COLUMN a TO `b`, RENAME INDEX i TO j": (
        "ALTER TABLE t RENAME INDEX j TO i, RENAME COLUMN `b` TO a"
    ),
    "ALTER TABLE t RENAME TO u": "ALTER TABLE u RENAME TO t",
    "ALTER TABLE t RENAME AS u, ADD COLUMN c int": "ALTER TABLE u DROP COLUMN c, RENAME TO t",
    "ALTER TABLE t RENAME a TO b": None,
    "ALTER TABLE t ALTER INDEX i INVISIBLE": "ALTER TABLE t ALTER INDEX i VISIBLE",
    "ALTER TABLE t ALTER INDEX i NOT IGNORED": "ALTER TABLE t ALTER INDEX i IGNORED",
    "ALTER TABLE t ALTER CHECK c NOT ENFORCED": "ALTER TABLE t ALTER CHECK c ENFORCED",
    "ALTER TABLE t ALTER COLUMN c SET DEFAULT 5": None,
    "ALTER TABLE t ALTER c DROP DEFAULT": None,
    "ALTER TABLE t MODIFY c int NOT NULL": None,
    "ALTER TABLE t CHANGE a b int": None,
    "ALTER TABLE t ADD COLUMN a int, DROP COLUMN b": None,
    "ALTER TABLE t DROP FOREIGN KEY f": None,
    "ALTER TABLE t ENGINE = InnoDB": None,
    "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4": None,
    "ALTER TABLE t ADD PARTITION (PARTITION p1 VALUES LESS THAN (10), PARTITION p2 VALUES LESS THAN MAXVALUE)": (
        "ALTER TABLE t DROP PARTITION p1, p2"
    ),
    "ALTER TABLE t PARTITION BY KEY (a) PARTITIONS 4": None,
    "ALTER TABLE IF EXISTS t ADD COLUMN c int": None,
    "DROP TABLE t": None,
    "INSERT INTO t VALUES (1)": None,
    "CALL p()": None,
    "SELECT 1": "",
    "WITH w AS (SELECT 1) SELECT * FROM w": "",
    "SET @a = 1": "",
    "START TRANSACTION": "",
    "ANALYZE TABLE t": "",
}


@pytest.mark.parametrize(("text", "expected"), INVERSES.items(), ids=[text[:60] for text in INVERSES])
def test_a_statement_is_taken_back_exactly_or_not_at_all(text: str, expected: str | None) -> None:
    wanted = None if expected is None else (expected,) if expected else ()
    assert intent(script(text)).undo == wanted


BASE = """
CREATE TABLE parent (id int PRIMARY KEY, code int, UNIQUE KEY code (code));
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1, b int, c varchar(20), KEY by_b (b));
CREATE TABLE parts (id int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10));
"""

EXACT = [
    "CREATE TABLE u (id int PRIMARY KEY, p int REFERENCES parent (id))",
    "CREATE TABLE u LIKE t",
    "CREATE UNIQUE INDEX i ON t (a, b DESC)",
    "CREATE VIEW v AS SELECT * FROM t",
    "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
    "CREATE PROCEDURE p() BEGIN SELECT 1; END",
    "CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1",
    "RENAME TABLE t TO u, parent TO t",
    "ALTER TABLE t ADD COLUMN d int NOT NULL DEFAULT 5 AFTER a, ADD e int UNIQUE FIRST",
    "ALTER TABLE t ADD (d int CHECK (d > 0), e int AS (a + 1) STORED)",
    "ALTER TABLE t ADD d int, ADD CONSTRAINT positive CHECK (d > 0)",
    "ALTER TABLE t ADD d int, ADD KEY i (d), ADD CONSTRAINT f FOREIGN KEY (d) REFERENCES parent (id) ON DELETE CASCADE",
    "ALTER TABLE t ADD d int, ADD CONSTRAINT f FOREIGN KEY (d) REFERENCES parent (code)",
    "ALTER TABLE t ADD INDEX i (a, id), ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES parent (code)",
    "ALTER TABLE t ADD CONSTRAINT s UNIQUE (a)",
    "ALTER TABLE t ADD CONSTRAINT s UNIQUE KEY k (a), ADD FULLTEXT INDEX words (c), ADD INDEX (c)",
    "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0), ALGORITHM = COPY",
    "ALTER TABLE t RENAME COLUMN a TO z, RENAME INDEX by_b TO by_z",
    "ALTER TABLE t RENAME TO u, ADD COLUMN d int",
    "ALTER TABLE parts ADD PARTITION (PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN MAXVALUE)",
]


@pytest.mark.parametrize("text", EXACT)
def test_an_inverse_brings_the_schema_back_exactly(engine: Engine, session: Session, text: str) -> None:
    before = made(engine, session, BASE)
    undo = intent(script(text)).undo
    assert undo
    assert made(engine, session, text) != before
    assert made(engine, session, ";\n".join(undo)) == before
