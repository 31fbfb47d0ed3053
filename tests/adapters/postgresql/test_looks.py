"""A session that looks again reads what has changed, and sees what one sees that reads everything."""

from collections.abc import Iterator

import pytest

from harness.adapters.postgresql.connection import Connection, connected, results
from harness.adapters.postgresql.inspect import inspect
from harness.adapters.postgresql.looks import Looks
from harness.engine import Engine, Session
from harness.servers.model import Address
from tests.adapters.postgresql.changes import BASE, CASES
from tests.adapters.scripts import made

HOSTILE = """
CREATE TABLE a (id int PRIMARY KEY, name varchar(20) NOT NULL, note text);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id), n int CHECK (n > 0));
CREATE VIEW v AS SELECT a.id, a.name, b.n FROM a JOIN b ON b.a_id = a.id;
CREATE VIEW w AS SELECT v.name FROM v;
ALTER TABLE a RENAME TO aa;
ALTER TABLE aa RENAME COLUMN name TO title;
ALTER TABLE b RENAME CONSTRAINT b_a_id_fkey TO to_a;
CREATE SCHEMA s;
ALTER TABLE aa SET SCHEMA s;
ALTER SCHEMA s RENAME TO s2;
CREATE TABLE c (id bigint GENERATED ALWAYS AS IDENTITY, old_id serial, whole s2.aa, many s2.aa[]);
ALTER TABLE s2.aa RENAME TO a;
ALTER TABLE c RENAME TO cc;
ALTER TABLE cc RENAME COLUMN old_id TO older;
ALTER SEQUENCE c_old_id_seq RENAME TO counted;
ALTER SEQUENCE counted OWNED BY NONE;
ALTER SEQUENCE counted INCREMENT 5;
COMMENT ON COLUMN cc.older IS 'of before';
COMMENT ON CONSTRAINT to_a ON b IS 'to a';
COMMENT ON CONSTRAINT to_a ON b IS NULL;
CREATE TABLE part (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX part_at ON part (at);
ALTER INDEX part_at RENAME TO part_when;
ALTER TABLE part RENAME TO parted;
ALTER TABLE parted DETACH PARTITION part_1;
ALTER TABLE parted ATTACH PARTITION part_1 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
ALTER TABLE parted ALTER COLUMN id SET STATISTICS 500;
ALTER TABLE parted ADD PRIMARY KEY (id, at);
CREATE TYPE mood AS ENUM ('good', 'bad');
ALTER TABLE b ADD COLUMN mood mood DEFAULT 'good';
ALTER TYPE mood ADD VALUE 'fair';
ALTER TYPE mood RENAME TO temper;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
ALTER TABLE b ADD COLUMN plus positive;
ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 1000);
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE INDEX b_twice ON b (twice(n));
ALTER FUNCTION twice(int) RENAME TO doubled;
CREATE FUNCTION of_a(x s2.a) RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE s2.a RENAME TO a3;
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER told BEFORE INSERT ON b FOR EACH ROW EXECUTE FUNCTION tell();
ALTER TABLE b RENAME TO bb;
ALTER TABLE bb DISABLE TRIGGER told;
ALTER TABLE bb ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON bb USING (n > 0);
GRANT SELECT ON bb TO PUBLIC;
GRANT UPDATE (n) ON bb TO PUBLIC;
REVOKE ALL ON bb FROM PUBLIC;
ALTER TABLE bb ADD CONSTRAINT apart EXCLUDE USING btree (n WITH =);
ALTER TABLE bb RENAME COLUMN n TO number;
ALTER TABLE bb SET (fillfactor = 70, toast.autovacuum_enabled = off);
ALTER TABLE bb ALTER COLUMN number SET DEFAULT 3;
ALTER TABLE bb REPLICA IDENTITY FULL;
CREATE STATISTICS of_both ON id, number FROM bb;
CREATE MATERIALIZED VIEW seen AS SELECT id FROM bb WITH NO DATA;
REFRESH MATERIALIZED VIEW seen;
CREATE RULE none AS ON DELETE TO cc DO INSTEAD NOTHING;
DROP RULE none ON cc;
CREATE PUBLICATION told FOR TABLE bb;
ALTER TABLE bb RENAME TO b4;
DROP PUBLICATION told;
CREATE TABLE heir (more int) INHERITS (cc);
ALTER TABLE cc ADD COLUMN extra int;
ALTER TABLE cc RENAME TO parent;
DROP VIEW w;
CREATE OR REPLACE VIEW v AS
  SELECT a3.id, a3.title AS name, b4.number AS n, 1 AS one FROM s2.a3 JOIN b4 ON b4.a_id = a3.id;
ALTER TABLE b4 DROP COLUMN plus;
DROP TABLE parted;
DROP TABLE heir;
CREATE TEMPORARY TABLE passing (a int);
VACUUM FULL pg_catalog.pg_class;
DROP SCHEMA s2 CASCADE;
DROP SCHEMA public CASCADE;
"""
"""Statements after each of which the two ways of looking must agree: most change what is printed of something else."""


@pytest.fixture
def looking(database: Address) -> Iterator[Connection]:
    with connected(database) as connection:
        yield connection


def test_what_is_read_again_is_what_a_whole_read_gives(database: Address, looking: Connection) -> None:
    looks = Looks(looking)
    with connected(database) as changing, connected(database) as whole:
        for text in filter(None, map(str.strip, HOSTILE.split(";\n"))):
            results(changing, text.removesuffix(";"))
            assert looks.schema() == inspect(whole), text
        assert looks.schema() is looks.schema()


@pytest.mark.thorough
def test_no_kind_of_change_is_missed(engine: Engine, session: Session, looking: Connection) -> None:
    """All of them on one database, one after another; ``made`` gives the whole schema as a first look sees it."""
    looks = Looks(looking)
    for script in (BASE, *(script for case in CASES for script in (case.change, case.back) if script)):
        try:
            expected = made(engine, session, script)
        except AssertionError:
            continue  # a newer version's, or one that another change stands in the way of
        assert looks.schema() == expected, script


def test_what_undoes_what_is_prepared_is_lived_with(engine: Engine, session: Session) -> None:
    for number in range(3):
        made(engine, session, f"CREATE TABLE t{number} (a int)")
        assert [entity.name for entity in session.inspect().entities][-1] == f"t{number}"
        session.inspect()
