"""Statements run as one migration: what is observed of each, and what is left when one is refused."""

import pytest

from harness.abilities import Stepwise
from harness.engine import Engine, Session
from harness.facts import Lock
from harness.replaying import Replaying
from tests.adapters.scripts import FIRST_LINE, applied, made, script

TABLES = """
CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
INSERT INTO users VALUES (1, 'a')
"""


def taken(locks: tuple[Lock, ...]) -> set[tuple[str, str]]:
    return {(lock.relation, lock.mode) for lock in locks}


def test_locks_on_what_was_there_are_seen(engine: Engine, session: Session) -> None:
    made(engine, session, TABLES)
    add, reference, create = applied(
        engine,
        session,
        "ALTER TABLE users ADD COLUMN age int;"
        "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;"
        "CREATE TABLE more (id int)",
    )
    assert taken(add.locks) == {("users", "AccessExclusiveLock")}
    assert ("orders", "ShareRowExclusiveLock") in taken(reference.locks)
    assert ("users", "ShareRowExclusiveLock") in taken(reference.locks)
    assert create.locks == ()
    assert add.locks[0].held_ms > reference.locks[0].held_ms > 0


REWRITES = {
    "ALTER TABLE users ALTER name TYPE varchar(10)": ("users",),
    "ALTER TABLE users ADD COLUMN r float DEFAULT random()": ("users",),
    "ALTER TABLE users SET UNLOGGED": ("users",),
    "ALTER TABLE users ADD COLUMN c int DEFAULT 5": (),
    "ALTER TABLE users ALTER name SET NOT NULL": (),
    "VACUUM FULL users": ("users",),
    "TRUNCATE users": (),
    "CREATE TABLE more (id int)": (),
}


@pytest.mark.parametrize(("text", "rewrites"), REWRITES.items(), ids=list(REWRITES))
def test_a_table_that_is_written_anew_is_seen(
    engine: Engine, session: Session, text: str, rewrites: tuple[str, ...]
) -> None:
    made(engine, session, TABLES)
    (effect,) = applied(engine, session, text)
    assert effect.refusal is None
    assert effect.rewrites == rewrites


def test_a_copy_brings_its_rows_step_by_step_too(engine: Engine, session: Session) -> None:
    made(engine, session, TABLES)
    assert isinstance(session, Stepwise)
    statements = engine.split(
        script("COPY users FROM stdin;\n7\tit's; so\n\\.\nSELECT 1 / count(*) FROM users WHERE id = 7")
    )
    assert [effect.refusal for effect in session.steps(statements, timeout_s=5)] == [None, None]


REFUSED = {
    "a syntax error": ("SELECT 1;\nALTER TABLE users\n  ADD COLUM x int", 3, "42601"),
    "an unknown column": ("SELECT id,\n  nope\nFROM users", 2, "42703"),
    "letters beyond ASCII before it": ("SELECT 'größe 😀',\n  nope FROM users", 2, "42703"),
    "an unknown table": ("DROP TABLE nowhere", 1, "42P01"),
    "a fault in a function's body": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  selec 1;\nEND $$",
        3,
        "42601",
    ),
    "a fault while a block runs": ("\n\nDO $$ BEGIN\n  PERFORM 1 / 0;\nEND $$", 3, "22012"),
    "a constraint": ("INSERT INTO users VALUES (2, 'b');\nINSERT INTO users VALUES (1, 'c')", 2, "23505"),
    "a psql command": ("\\connect other\nSELECT 1", 1, "42601"),
    "a copy from the client": ("SELECT 1;\nCOPY users FROM STDIN;", 2, "0A000"),
}


@pytest.mark.parametrize(("text", "line", "code"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_stands_on_the_guilty_line_and_undoes_all(
    engine: Engine, session: Session, text: str, line: int, code: str
) -> None:
    before = made(engine, session, TABLES)
    refusal = applied(engine, session, "CREATE TABLE leftover ();" + text)[-1].refusal
    assert refusal
    assert refusal.source.line == FIRST_LINE + line - 1
    assert refusal.code == code
    assert session.inspect() == before
    assert session.count("users") == 1


@pytest.mark.parametrize("text", [text for text, _, _ in REFUSED.values()], ids=REFUSED)
def test_what_runs_again_at_once_is_refused_as_statement_by_statement(
    engine: Engine, session: Session, text: str
) -> None:
    before = made(engine, session, TABLES)
    statements = engine.split(script("CREATE TABLE leftover ();" + text))
    assert isinstance(session, Replaying)
    at_once = session.replay(statements, timeout_s=30)
    assert session.inspect() == before
    assert session.count("users") == 1
    one_by_one = session.apply(statements, timeout_s=30)
    assert at_once[-1].refusal
    assert [(e.statement, e.refusal) for e in at_once] == [(e.statement, e.refusal) for e in one_by_one]


def test_a_deferred_constraint_refuses_what_runs_again_at_once(engine: Engine, session: Session) -> None:
    deferred = "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users DEFERRABLE INITIALLY DEFERRED;"
    made(engine, session, TABLES + ";" + deferred)
    assert isinstance(session, Replaying)
    effects = session.replay(
        engine.split(script("CREATE TABLE t ();\nINSERT INTO orders VALUES (1, 99)")), timeout_s=30
    )
    assert [effect.refusal and effect.refusal.code for effect in effects] == [None, "23503"]
    assert session.count("orders") == 0
    assert not session.inspect().entity("t")


def test_the_servers_detail_and_hint_are_kept(engine: Engine, session: Session) -> None:
    made(engine, session, TABLES)
    refusal = applied(engine, session, "INSERT INTO users VALUES (1, 'twice')")[-1].refusal
    assert refusal
    assert "(id)=(1)" in refusal.detail


def test_what_cannot_run_in_a_transaction_runs_alone(engine: Engine, session: Session) -> None:
    made(engine, session, TABLES)
    schema = made(engine, session, "CREATE INDEX CONCURRENTLY by_name ON users (name); ALTER TABLE users ADD a int")
    assert schema.index("by_name")
    effects = applied(engine, session, "ALTER TABLE users ADD b int; DROP INDEX CONCURRENTLY by_name; SELECT nothing")
    assert effects[-1].refusal
    users = session.inspect().entity("users")
    assert users
    assert users.field("b"), "nothing but the refused statement can be taken back"


def test_an_enum_value_may_be_used_by_the_migration_that_adds_it(engine: Engine, session: Session) -> None:
    made(engine, session, "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood)")
    made(engine, session, "ALTER TYPE mood ADD VALUE 'happy'; INSERT INTO t VALUES ('happy')")
    assert session.count("t") == 1


def test_borders_in_the_script_are_its_own(engine: Engine, session: Session) -> None:
    effects = applied(
        engine,
        session,
        "BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; CREATE TABLE kept (); COMMIT;"
        "BEGIN; CREATE TABLE undone (); SELECT nothing",
    )
    assert effects[-1].refusal
    assert [entity.name for entity in session.inspect().entities] == ["kept"]


def test_a_deferred_constraint_speaks_at_the_end(engine: Engine, session: Session) -> None:
    made(engine, session, TABLES)
    refusal = applied(
        engine,
        session,
        "ALTER TABLE orders ADD CONSTRAINT c FOREIGN KEY (user_id) REFERENCES users DEFERRABLE INITIALLY DEFERRED;\n"
        "INSERT INTO orders VALUES (1, 99)",
    )[-1].refusal
    assert refusal
    assert (refusal.code, refusal.source.line) == ("23503", FIRST_LINE + 1)
    assert session.count("orders") == 0


def test_a_statement_that_takes_too_long_is_ended(engine: Engine, session: Session) -> None:
    (effect,) = session.apply([script("SELECT pg_sleep(60)")], timeout_s=0.1)
    assert effect.refusal
    assert effect.refusal.code == "57014"
    assert applied(engine, session, "SELECT 1")[0].refusal is None


def test_settings_of_one_migration_are_not_those_of_the_next(engine: Engine, session: Session) -> None:
    made(
        engine,
        session,
        "CREATE SCHEMA app; SET search_path = app; SET ROLE pg_monitor; RESET ROLE; SET TimeZone = 'Asia/Tokyo'",
    )
    schema = made(engine, session, "CREATE TABLE t (at timestamptz DEFAULT '2024-01-01 00:00:00')")
    entity = schema.entity("t")
    assert entity
    assert "+00" in (entity.fields[0].default or "")
