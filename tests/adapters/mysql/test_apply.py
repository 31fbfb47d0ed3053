"""What statements do: the algorithm, locks, storage written anew; what is left when one of them is refused."""

import time

import pytest

from harness.adapters.mysql.migrating import GRACE_S
from harness.design.model import Statement
from harness.engine import Engine, Session
from harness.facts import Effect
from harness.keeping import Keeping
from harness.servers.model import Address
from tests.adapters.scripts import FIRST_LINE, applied, made, script

BASE = """
CREATE TABLE parent (id int PRIMARY KEY, name varchar(20), extra int, KEY (name));
CREATE TABLE child (
  id int PRIMARY KEY, parent_id int, size int, note text,
  CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id)
);
CREATE TABLE event (id int, at date, PRIMARY KEY (id, at))
  PARTITION BY RANGE (year(at)) (PARTITION p2024 VALUES LESS THAN (2025));
"""

ROWS = """
INSERT INTO parent VALUES (1, 'a', 1), (2, 'b', 2);
INSERT INTO child VALUES (1, 1, 1, 'x'), (2, 2, 2, 'y');
"""

INSTANT = ("INSTANT", "INSTANT")
ONLINE = ("INPLACE, LOCK=NONE", "INPLACE, LOCK=NONE")
COPY = ("COPY, LOCK=SHARED", "COPY, LOCK=SHARED")

WAYS = {
    "ALTER TABLE child ADD note2 varchar(20)": INSTANT,
    "ALTER TABLE child ADD note2 int NOT NULL DEFAULT 5 FIRST": INSTANT,
    "ALTER TABLE child DROP note": INSTANT,
    "ALTER TABLE child RENAME COLUMN note TO remark": INSTANT,
    "ALTER TABLE parent ALTER extra SET DEFAULT 3": INSTANT,
    "ALTER TABLE parent MODIFY name varchar(40)": ("INPLACE, LOCK=NONE", "INSTANT"),
    "ALTER TABLE parent MODIFY extra bigint": COPY,
    "ALTER TABLE parent MODIFY extra int NOT NULL": ONLINE,
    "CREATE INDEX child_size ON child (size)": ONLINE,
    "CREATE UNIQUE INDEX child_size ON child (size DESC)": ONLINE,
    "DROP INDEX name ON parent": ONLINE,
    "CREATE FULLTEXT INDEX child_note ON child (note)": ("INPLACE, LOCK=SHARED", "INPLACE, LOCK=SHARED"),
    "ALTER TABLE child DROP FOREIGN KEY child_parent": ("INPLACE, LOCK=NONE", "INSTANT"),
    "ALTER TABLE child ADD CONSTRAINT other FOREIGN KEY (size) REFERENCES parent (id)": COPY,
    "ALTER TABLE child ADD CONSTRAINT positive CHECK (size > 0)": COPY,
    "ALTER TABLE child CONVERT TO CHARACTER SET latin1": COPY,
    "ALTER TABLE child ENGINE=InnoDB": ONLINE,
    "ALTER TABLE child ADD size2 int, ALGORITHM=INPLACE, LOCK=SHARED": ("INPLACE, LOCK=SHARED",) * 2,
    "ALTER TABLE parent RENAME TO other": INSTANT,
    "CREATE TABLE other (id int)": ("", ""),
    "INSERT INTO parent VALUES (9, 'z', 9)": ("", ""),
}
"""What changes a table, and how MySQL and MariaDB do it (seen in 9.7, 10.11 and 11.8, as their manuals have it)."""

ANEW = {text: text.split()[2] for text, told in WAYS.items() if told == COPY} | {
    "ALTER TABLE child ENGINE=InnoDB": "child",
    "CREATE FULLTEXT INDEX child_note ON child (note)": "child",  # the first one: it adds a hidden column
}


def one(engine: Engine, session: Session, text: str) -> Effect:
    """The effect of a single statement that is taken."""
    (effect,) = applied(engine, session, text)
    assert effect.refusal is None
    return effect


@pytest.mark.parametrize("text", WAYS, ids=lambda text: text[:70])
def test_how_a_table_is_changed_is_found_out(engine: Engine, session: Session, text: str) -> None:
    made(engine, session, BASE + ROWS)
    effect = one(engine, session, text)
    assert effect.algorithm == WAYS[text][engine.name == "mariadb"]
    if text in ANEW:
        assert effect.rewrites == (ANEW[text],)
    elif "INPLACE" not in text and "NOT NULL" not in text:  # those may rebuild, and do in some versions
        assert effect.rewrites == ()


def test_the_trials_leave_nothing_behind(engine: Engine, database: Address, session: Session) -> None:
    made(engine, session, BASE)
    with engine.connect(database) as migrating:
        for text in ("ALTER TABLE child ADD note2 int", "ALTER TABLE child DROP note2"):
            assert one(engine, migrating, text).algorithm == "INSTANT"
    databases = session._connection.cursor()
    databases.execute("SHOW DATABASES LIKE 'harness\\_aside%'")
    assert databases.fetchall() == ()


BACK_AND_FORTH = """
ALTER TABLE {t} ADD note2 text
ALTER TABLE {t} DROP note2
ALTER TABLE {t} ADD note2 text
CREATE FULLTEXT INDEX i ON {t} (note2)
DROP INDEX i ON {t}
CREATE FULLTEXT INDEX i ON {t} (note2)
INSERT INTO parent VALUES (1), (2)
ALTER TABLE {t} ADD FOREIGN KEY (parent_id) REFERENCES parent (id)
ALTER TABLE {t} MODIFY parent_id bigint
ALTER TABLE {t} MODIFY id int AUTO_INCREMENT
INSERT INTO {t} (parent_id) VALUES (1), (2)
ALTER TABLE {t} ADD size int
ALTER TABLE {t} DROP size
ALTER TABLE {t} RENAME TO {t}2
ALTER TABLE {t}2 RENAME TO {t}
"""


def test_what_earlier_trials_have_left_changes_no_answer(engine: Engine, database: Address) -> None:
    """One session for all, against one for each; the tables differ in their names, so that each is asked anew."""
    texts = BACK_AND_FORTH.strip().splitlines()
    begun = "CREATE TABLE {t} (id int PRIMARY KEY, parent_id int)"
    with engine.connect(database) as whole:
        made(engine, whole, "CREATE TABLE parent (id int PRIMARY KEY);" + begun.format(t="a"))
        once = [applied(engine, whole, text.format(t="a"))[0] for text in texts]
        made(engine, whole, "DELETE FROM a; DELETE FROM parent;" + begun.format(t="b"))
    each = []
    for text in texts:
        with engine.connect(database) as single:
            each.append(applied(engine, single, text.format(t="b"))[0])
    assert [effect.refusal is None for effect in once] == [effect.refusal is None for effect in each]
    assert [effect.algorithm for effect in once] == [effect.algorithm for effect in each]


def test_a_table_that_is_emptied_is_not_rewritten(engine: Engine, session: Session) -> None:
    made(engine, session, BASE + ROWS)
    assert one(engine, session, "TRUNCATE TABLE child").rewrites == ()


@pytest.mark.parametrize(
    ("text", "anew"),
    [
        ("/* all of it */ OPTIMIZE TABLE child", ("child",)),
        ("DROP TABLE event; CREATE TABLE event (id int)", ()),
        ("CREATE TABLE other SELECT * FROM child", ()),
        ("RENAME TABLE event TO other, child TO event", ()),
    ],
)
def test_what_makes_and_drops_tables_writes_none_anew(
    engine: Engine, session: Session, text: str, anew: tuple[str, ...]
) -> None:
    made(engine, session, BASE + ROWS)
    effects = applied(engine, session, text)
    assert [effect.refusal for effect in effects if effect.refusal] == []
    assert effects[-1].rewrites == anew


def test_a_table_that_another_takes_the_place_of_is_written_anew(engine: Engine, session: Session) -> None:
    if engine.name != "mariadb":
        pytest.skip(f"{engine.title} does not know it")
    made(engine, session, BASE + ROWS)
    assert one(engine, session, "CREATE OR REPLACE TABLE child (id int)").rewrites == ("child",)


def test_what_ran_before_a_refusal_stays_done(engine: Engine, session: Session) -> None:
    made(engine, session, BASE)
    effects = applied(
        engine, session, "CREATE TABLE one (id int);\nALTER TABLE nowhere ADD a int;\nCREATE TABLE two (id int);"
    )
    assert [effect.refusal is None for effect in effects] == [True, False]
    schema = session.inspect()
    assert schema.entity("one")
    assert not schema.entity("two")


def test_a_transaction_of_the_scripts_own_is_undone_by_a_refusal(engine: Engine, session: Session) -> None:
    made(engine, session, BASE)
    applied(engine, session, "START TRANSACTION; INSERT INTO parent VALUES (1, 'a', 1); INSERT INTO parent VALUES (1)")
    assert session.count("parent") == 0


def test_settings_of_one_migration_are_not_those_of_the_next(engine: Engine, session: Session) -> None:
    made(engine, session, BASE)
    made(engine, session, "SET foreign_key_checks = 0, sql_mode = ''; CREATE TEMPORARY TABLE parent (id int)")
    (effect,) = applied(engine, session, "INSERT INTO child VALUES (1, 777, 1, '')")
    assert effect.refusal
    assert effect.refusal.code == "1452"


STATE = (
    "SELECT CONCAT_WS(' ', DATABASE(), @kept, @@sql_mode, @@foreign_key_checks, @@time_zone, @@autocommit, "
    "@@collation_connection, @@character_set_results, @@session.default_storage_engine, "
    "(SELECT count(*) FROM kept), IS_USED_LOCK('kept'), LAST_INSERT_ID()) AS state"
)
LEFT = """
CREATE TEMPORARY TABLE kept AS SELECT 1 AS id
INSERT INTO other VALUES (@kept := 1), (GET_LOCK('kept', 0) + 1)
INSERT INTO other VALUES ()
SET sql_mode = '', foreign_key_checks = 0, time_zone = '+02:00', autocommit = 0, default_storage_engine = 'Memory'
SET NAMES latin1
USE information_schema
START TRANSACTION
"""


def test_each_migration_begins_as_on_a_connection_of_its_own(
    engine: Engine, database: Address, session: Session
) -> None:
    made(engine, session, "CREATE TABLE seen (state varchar(400)); CREATE TABLE kept (id int)")
    made(engine, session, "CREATE TABLE other (id int AUTO_INCREMENT PRIMARY KEY)")
    with engine.connect(database) as other:
        made(engine, other, f"INSERT INTO seen {STATE}")
        for text in LEFT.strip().splitlines():
            made(engine, other, text)
            made(engine, other, f"INSERT INTO seen {STATE}")
    assert isinstance(session, Keeping)
    assert len(session.ask("SELECT DISTINCT state FROM seen")) == 1, session.ask("SELECT state FROM seen")


def test_a_statement_is_ended_when_its_time_is_over(session: Session) -> None:
    statement = script("SELECT count(*) FROM information_schema.columns a, information_schema.columns b, "
                       "information_schema.columns c")  # fmt: skip
    begun = time.perf_counter()
    (effect,) = session.apply([statement], timeout_s=0.3)
    assert effect.refusal
    assert effect.refusal.detail == "it was ended when its time was over"
    assert time.perf_counter() - begun < 60
    assert session.count("information_schema.schemata") > 0


def test_the_server_itself_ends_what_nobody_waits_for_any_more(engine: Engine, session: Session) -> None:
    if engine.name != "mariadb":
        pytest.skip("MySQL has no limit for statements that are no SELECT")
    for timeout_s in (60, 30):  # the second on the connection of the first
        statement = script(f"CREATE TABLE limit_{timeout_s} AS SELECT @@SESSION.max_statement_time AS seconds")
        (effect,) = session.apply([statement], timeout_s=timeout_s)
        assert effect.refusal is None
        assert isinstance(session, Keeping)
        ((seconds,),) = session.ask(f"SELECT seconds FROM limit_{timeout_s}")
        assert float(str(seconds)) == timeout_s + GRACE_S


def test_locks_of_what_takes_long_are_seen(engine: Engine, session: Session) -> None:
    made(engine, session, BASE + ROWS)
    locks = one(engine, session, "UPDATE child SET size = size + sleep(0.2)").locks
    assert {(lock.relation, lock.mode) for lock in locks} >= {("child", "SHARED_WRITE")}
    assert all(0 < lock.held_ms < 60_000 for lock in locks)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("CREATE TABLE t (\n  a int,\n  b nonsense(3)\n)", 3),
        ("ALTER TABLE child\n  ADD a int,\n  DROP COLUMN nothing_such", 3),
        ("ALTER TABLE child\n  ADD id int", 2),
        ("SELECT 1,\n  nothing_such\nFROM parent", 2),
        ("SELECT *\nFROM nowhere", 2),
        ("INSERT INTO parent\nVALUES (1)", 1),
    ],
)
def test_a_refusal_stands_on_the_line_it_speaks_of(engine: Engine, session: Session, text: str, line: int) -> None:
    made(engine, session, BASE)
    (effect,) = session.apply([script(text)], timeout_s=30)
    assert effect.refusal
    assert effect.refusal.source.line == FIRST_LINE + line - 1


def test_a_file_of_this_machine_is_not_sent(session: Session) -> None:
    made_up = Statement("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE nowhere", script("").source)
    (effect,) = session.apply([made_up], timeout_s=30)
    assert effect.refusal
