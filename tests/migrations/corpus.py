"""Migrations with their known truth, from the servers' documentation: data alone, one line each; the runner is beside.

PostgreSQL: the manual's pages of ALTER TABLE (Notes), CREATE INDEX (Building Indexes Concurrently), Explicit Locking.
MySQL and MariaDB: Online DDL Operations (MySQL 9.7), InnoDB Online DDL Overview (MariaDB); of a way that both have, the
least that the server needs is named.

Columns: up, down, ``way`` (PostgreSQL: the strongest lock on ``t``; else the algorithm and its lock), ``copies``
(whether ``t`` is written anew, rows being there), ``loses`` (whether going back loses something, or is refused once
rows were written; None: rows of before do not let it up), ``compatible`` (whether old code works on), ``whole``
(whether a crash leaves all or nothing of the up: one transaction, or one statement that is atomic).
"""

# ruff: noqa: E501  (one migration, one line)
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    up: str
    down: str
    way: str
    copies: bool
    loses: bool | None
    compatible: bool
    whole: bool = True


AX, SH, SRX, SUX = "AccessExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "ShareUpdateExclusiveLock"
ROWX, NONE = "RowExclusiveLock", ""

POSTGRESQL = (
    Case("ALTER TABLE t ADD COLUMN x INT", "ALTER TABLE t DROP COLUMN x", AX, False, True, True),
    Case("ALTER TABLE t ADD COLUMN x INT DEFAULT 7", "ALTER TABLE t DROP COLUMN x", AX, False, True, True),
    Case("ALTER TABLE t ADD COLUMN x INT NOT NULL DEFAULT 7", "ALTER TABLE t DROP COLUMN x", AX, False, True, True),
    Case("ALTER TABLE t ADD COLUMN x TIMESTAMPTZ DEFAULT now()", "ALTER TABLE t DROP COLUMN x", AX, False, True, True),
    Case("ALTER TABLE t ADD COLUMN x UUID DEFAULT gen_random_uuid()", "ALTER TABLE t DROP COLUMN x", AX, True, True, True),
    Case("ALTER TABLE t ADD COLUMN x DOUBLE PRECISION DEFAULT random()", "ALTER TABLE t DROP COLUMN x", AX, True, True, True),
    Case("ALTER TABLE t ADD COLUMN x INT GENERATED ALWAYS AS (n / 2) STORED", "ALTER TABLE t DROP COLUMN x", AX, True, False, True),
    Case("ALTER TABLE t DROP COLUMN note", "ALTER TABLE t ADD COLUMN note VARCHAR(40)", AX, False, True, False),
    Case("ALTER TABLE t RENAME COLUMN note TO remark", "ALTER TABLE t RENAME COLUMN remark TO note", AX, False, False, False),
    Case("ALTER TABLE t RENAME TO t2", "ALTER TABLE t2 RENAME TO t", AX, False, False, False),
    Case("ALTER TABLE t ALTER COLUMN n SET NOT NULL", "ALTER TABLE t ALTER COLUMN n DROP NOT NULL", AX, False, None, False),
    Case("ALTER TABLE t ALTER COLUMN code DROP NOT NULL", "UPDATE t SET code = 'none' WHERE code IS NULL; ALTER TABLE t ALTER COLUMN code SET NOT NULL", AX, False, False, True),
    Case("ALTER TABLE t ALTER COLUMN n SET DEFAULT 3", "ALTER TABLE t ALTER COLUMN n DROP DEFAULT", AX, False, False, True),
    Case("ALTER TABLE t ALTER COLUMN n TYPE BIGINT", "ALTER TABLE t ALTER COLUMN n TYPE INT", AX, True, False, True),
    Case("ALTER TABLE t ALTER COLUMN note TYPE VARCHAR(80)", "ALTER TABLE t ALTER COLUMN note TYPE VARCHAR(40)", AX, False, True, True),
    Case("ALTER TABLE t ALTER COLUMN note TYPE TEXT", "ALTER TABLE t ALTER COLUMN note TYPE VARCHAR(40)", AX, False, True, True),
    Case("ALTER TABLE t ALTER COLUMN n TYPE TEXT", "ALTER TABLE t ALTER COLUMN n TYPE INT USING n::int", AX, True, True, True),
    Case("ALTER TABLE t ADD CONSTRAINT c CHECK (n > -9999999999)", "ALTER TABLE t DROP CONSTRAINT c", AX, False, False, True),
    Case("ALTER TABLE t ADD CONSTRAINT c CHECK (n > -9999999999) NOT VALID", "ALTER TABLE t DROP CONSTRAINT c", AX, False, False, True),
    Case("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p NOT VALID", "ALTER TABLE t DROP CONSTRAINT f", SRX, False, False, True),
    Case("ALTER TABLE t VALIDATE CONSTRAINT later", "ALTER TABLE t DROP CONSTRAINT later; ALTER TABLE t ADD CONSTRAINT later CHECK (id > -9) NOT VALID", SUX, False, False, True),
    Case("CREATE INDEX i ON t (n)", "DROP INDEX i", SH, False, False, True),
    Case("CREATE INDEX CONCURRENTLY i ON t (n)", "DROP INDEX CONCURRENTLY i", NONE, False, False, True, whole=False),
    Case("ALTER TABLE t SET (fillfactor = 90)", "ALTER TABLE t RESET (fillfactor)", SUX, False, False, True),
    Case("ALTER TABLE t ALTER COLUMN n SET STATISTICS 500", "ALTER TABLE t ALTER COLUMN n SET STATISTICS -1", SUX, False, False, True),
    Case("UPDATE t SET n = n + 1", "UPDATE t SET n = n - 1", ROWX, False, False, True),
    Case("COMMENT ON TABLE t IS 'things'", "COMMENT ON TABLE t IS NULL", SUX, False, False, True),
    Case("CREATE TABLE extra (id INT PRIMARY KEY, body TEXT)", "DROP TABLE extra", NONE, False, True, True),
    Case("CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()", "DROP TRIGGER tr ON t", SRX, False, False, True),
)  # fmt: skip

INSTANT, ONLINE, COPY = "INSTANT", "INPLACE, LOCK=NONE", "COPY, LOCK=SHARED"

FAMILY = (
    Case("ALTER TABLE t ADD COLUMN x INT", "ALTER TABLE t DROP COLUMN x", INSTANT, False, True, True),
    Case("ALTER TABLE t ADD COLUMN x INT NOT NULL DEFAULT 7", "ALTER TABLE t DROP COLUMN x", INSTANT, False, True, True),
    Case("ALTER TABLE t ADD COLUMN x INT FIRST", "ALTER TABLE t DROP COLUMN x", INSTANT, False, True, True),
    Case("ALTER TABLE t ADD COLUMN x INT, ALGORITHM=COPY", "ALTER TABLE t DROP COLUMN x", "COPY", True, True, True),
    Case("ALTER TABLE t DROP COLUMN note", "ALTER TABLE t ADD COLUMN note VARCHAR(40) AFTER code", INSTANT, False, True, False),
    Case("ALTER TABLE t RENAME COLUMN note TO remark", "ALTER TABLE t RENAME COLUMN remark TO note", INSTANT, False, False, False),
    Case("ALTER TABLE t MODIFY n BIGINT", "ALTER TABLE t MODIFY n INT", COPY, True, False, True),
    Case("ALTER TABLE t ALTER COLUMN n SET DEFAULT 3", "ALTER TABLE t ALTER COLUMN n DROP DEFAULT", INSTANT, False, False, True),
    Case("ALTER TABLE t ADD INDEX i (n)", "ALTER TABLE t DROP INDEX i", ONLINE, False, False, True),
    Case("CREATE INDEX i ON t (n)", "DROP INDEX i ON t", ONLINE, False, False, True),
    Case("ALTER TABLE t MODIFY kind ENUM('a', 'b', 'c')", "ALTER TABLE t MODIFY kind ENUM('a', 'b')", INSTANT, False, True, True),
    Case("CREATE TABLE extra (id INT PRIMARY KEY, body TEXT)", "DROP TABLE extra", NONE, False, True, True),
    Case("UPDATE t SET n = n + 1", "UPDATE t SET n = n - 1", NONE, False, False, True),
)  # fmt: skip
"""What MySQL and MariaDB do alike."""

OWN = {
    "mysql": (
        Case("ALTER TABLE t MODIFY note VARCHAR(60)", "ALTER TABLE t MODIFY note VARCHAR(40)", ONLINE, False, True, True),
        Case("ALTER TABLE t MODIFY n INT NOT NULL", "ALTER TABLE t MODIFY n INT NULL", ONLINE, True, None, False),
    ),
    "mariadb": (
        Case("ALTER TABLE t MODIFY note VARCHAR(60)", "ALTER TABLE t MODIFY note VARCHAR(40)", INSTANT, False, True, True),
    ),
}  # fmt: skip
CORPUS = {"postgresql": POSTGRESQL, "mysql": (*FAMILY, *OWN["mysql"]), "mariadb": (*FAMILY, *OWN["mariadb"])}

FIRST = {
    "postgresql": "CREATE TABLE p (id INT PRIMARY KEY);\n"
    "CREATE TABLE t (id INT PRIMARY KEY, n INT, code VARCHAR(20) NOT NULL, note VARCHAR(40), p_id INT REFERENCES p);\n"
    "ALTER TABLE t ADD CONSTRAINT later CHECK (id > -9) NOT VALID;",
    "mysql": "CREATE TABLE p (id INT PRIMARY KEY);\n"
    "CREATE TABLE t (id INT PRIMARY KEY, n INT, code VARCHAR(20) NOT NULL, note VARCHAR(40), kind ENUM('a', 'b'));",
}
FIRST["mariadb"] = FIRST["mysql"]
