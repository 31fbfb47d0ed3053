"""Servers that refuse or die: one clear message, and nothing left behind."""

import threading
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest
from pymysql.constants import COMMAND

from harness import adapters
from harness.abilities import Remaining
from harness.bulk import Bulk
from harness.engine import Engine, Session
from harness.errors import InputError, ServerError, ServerGone
from harness.facts import Batch
from harness.servers.model import Address, Server, ServerKind
from tests.adapters.scripts import applied, made, script


def test_a_wrong_password_is_said(engine: Engine, engine_server: Server) -> None:
    wrong = replace(engine_server.address, password="wrong-one")
    with pytest.raises(ServerError, match=r"Access denied.*: check the user and password") as caught:
        engine.connect(wrong).__enter__()
    assert "wrong-one" not in str(caught.value)


def test_a_server_that_is_not_there_is_said(engine: Engine) -> None:
    nowhere = Address(engine.name, "127.0.0.1", 1, "root", "secret", "")
    with pytest.raises(ServerError, match=rf"{engine.name}://root@127.0.0.1:1/: cannot connect") as caught:
        engine.connect(nowhere).__enter__()
    assert "secret" not in str(caught.value)


def test_a_server_of_the_other_engine_is_said(engine: Engine, database: Address) -> None:
    other = adapters.find("mysql" if engine.name == "mariadb" else "mariadb")
    with pytest.raises(ServerError, match=f"this is {engine.title} .*, not {other.title}"):
        other.connect(database).__enter__()


def test_a_connection_that_is_cut_is_said(engine: Engine, database: Address) -> None:
    with engine.connect(database) as session, engine.connect(database) as other:
        made(engine, session, "CREATE TABLE t (id int)")
        applied(engine, other, f"KILL {session._connection.thread_id()}")
        with pytest.raises(ServerGone, match="went away"):
            session.count("t")
        with pytest.raises(ServerGone, match="went away"):
            session.timings(["SELECT 1"])


def test_a_statement_that_ends_its_own_session_is_said(engine: Engine, session: Session) -> None:
    with pytest.raises(ServerGone, match="went away"):
        applied(engine, session, "KILL CONNECTION CONNECTION_ID()")


def test_what_a_killed_run_left_at_work_is_ended_with_its_database(engine: Engine, engine_server: Server) -> None:
    ended: list[str] = []
    with engine.fresh(engine_server, "left") as database:

        def work() -> None:
            with engine.connect(database) as session:
                try:
                    session.timings(["SELECT SLEEP(60)"])
                except ServerGone as gone:
                    ended.append(str(gone))

        working = threading.Thread(target=work)
        working.start()
        time.sleep(0.5)
        drop = engine.recipe(None, None).drop
        assert drop is not None
        drop(engine_server.address, database.database)
        working.join(20)
        assert len(ended) == 1


def test_the_same_settings_hold_whatever_the_server_has(
    engine: Engine, engine_server: Server, database: Address
) -> None:
    switches = ["foreign_key_checks", "unique_checks", "autocommit"]
    switches += ["check_constraint_checks"] if engine.name == "mariadb" else []
    changes = ("sql_mode = ''", "time_zone = '+05:00'", *(f"{name} = 0" for name in switches))
    query = f"SELECT @@sql_mode AS mode, @@time_zone AS zone, {', '.join(f'@@{name} AS {name}' for name in switches)}"
    with engine.connect(database) as session:
        cursor = session._connection.cursor()
        cursor.execute("SELECT @@GLOBAL.sql_mode AS mode, @@GLOBAL.time_zone AS zone")
        before = cursor.fetchone()
        made(engine, session, f"SET GLOBAL {', GLOBAL '.join(changes)}")
        try:
            with engine.connect(database) as late:
                cursor = late._connection.cursor()
                cursor.execute(query)
                found = cursor.fetchone()
        finally:
            restored = (f"sql_mode = '{before['mode']}'", f"time_zone = '{before['zone']}'")
            made(engine, session, f"SET GLOBAL {', GLOBAL '.join((*restored, *(f'{name} = 1' for name in switches)))}")
    assert "STRICT_TRANS_TABLES" in found["mode"]
    assert found["zone"] == "+00:00"
    assert {name: found[name] for name in switches} == dict.fromkeys(switches, 1)


def test_a_server_that_wants_a_key_of_each_table_is_served(
    engine: Engine, engine_server: Server, database: Address, session: Session
) -> None:
    wanted = "sql_require_primary_key" if engine.name == "mysql" else "innodb_force_primary_key"
    schema = made(engine, session, "CREATE TABLE t (id int PRIMARY KEY, n int, KEY i (n))")
    made(engine, session, f"SET GLOBAL {wanted} = 1")
    try:
        with engine.connect(database) as late:
            assert applied(engine, late, "CREATE TABLE keyless (id int)")[0].refusal is not None
            assert late.equal("1 + 1", "2", "int")
            assert isinstance(late, Bulk)
            late.begin(schema, "noted")
            journal = late.journal()
            assert journal is not None
            assert journal.memo == "noted"
            for part in journal.aside:
                late.put_back(part)
            late.finish(schema)
            assert late.inspect() == schema
        place = engine.lasting(engine_server, "keyed")
        engine.remember(engine_server, replace(place, memo="again"))
        assert engine.lasting(engine_server, "keyed").memo == "again"
        made(engine, session, f"DROP DATABASE {place.address.database}")
    finally:
        made(engine, session, f"SET GLOBAL {wanted} = 0")


USER = "'harness_test'@'%'"


def plain_user(engine: Engine, session: Session, server: Server, rights: str) -> Server:
    """The server as a user sees it who may do but little."""
    made(engine, session, f"DROP USER IF EXISTS {USER}; CREATE USER {USER} IDENTIFIED BY 'plain'; {rights}")
    return replace(server, address=replace(server.address, user="harness_test", password="plain"))


@pytest.mark.parametrize("kind", ["local", "url"])
def test_a_user_who_may_not_make_databases_is_told_so(
    engine: Engine, engine_server: Server, session: Session, kind: ServerKind
) -> None:
    plain = replace(plain_user(engine, session, engine_server, "SELECT 1"), kind=kind)
    with pytest.raises(ServerError, match="give the user all rights on"):
        engine.fresh(plain, "refused").__enter__()
    made(engine, session, f"DROP USER {USER}")


def test_a_user_who_has_no_connection_left_is_told_so(
    engine: Engine, engine_server: Server, database: Address, session: Session
) -> None:
    limited = f"ALTER USER {USER} WITH MAX_USER_CONNECTIONS 1; GRANT ALL ON `harness\\_%`.* TO {USER}"
    plain = plain_user(engine, session, engine_server, limited).address.of(database.database)
    with engine.connect(plain), pytest.raises(ServerError, match="ten connections for the user are enough"):
        engine.connect(plain).__enter__()
    made(engine, session, f"DROP USER {USER}")


def test_a_user_with_rights_on_our_databases_can_do_all_of_it(
    engine: Engine, engine_server: Server, session: Session
) -> None:
    plain = plain_user(engine, session, engine_server, f"GRANT ALL ON `harness\\_%`.* TO {USER}")
    with engine.fresh(plain, "maker") as own, engine.connect(own) as maker:
        schema = made(
            engine,
            maker,
            "CREATE TABLE t (id int PRIMARY KEY, n int, FOREIGN KEY (n) REFERENCES t (id), KEY i (n, id))",
        )
        table = schema.entity("t")
        assert table
        with maker.filling(schema):
            maker.load(table, [Batch(("id", "n"), ([1, 2], [None, 1]), 2)])
        assert maker.inspect() == schema
        (effect,) = applied(engine, maker, "ALTER TABLE t ADD more int")
        assert effect.algorithm == "INSTANT"
        with engine.fresh(plain, "copy", template=own) as copy, engine.connect(copy) as other:
            assert other.count("t") == 2
    made(engine, session, f"DROP USER {USER}")


def test_a_database_is_dropped_though_somebody_holds_its_tables(engine: Engine, engine_server: Server) -> None:
    with engine.fresh(engine_server, "busy") as database:
        opened = engine.connect(database)
        session = opened.__enter__()
        made(engine, session, "CREATE TABLE t (id int)")
        session._connection.cursor().execute("LOCK TABLES t WRITE")
    with pytest.raises(ServerError, match="Unknown database"):
        engine.connect(database).__enter__()
    opened.__exit__(None, None, None)


def test_sessions_are_seen_and_ended_whatever_they_send(engine: Engine, engine_server: Server) -> None:
    text = b"SELECT SLEEP(60) /* \xf0\x9f\x98\x80 \xff */"
    with ExitStack() as held:
        with engine.fresh(engine_server, "bytes") as database:
            own = held.enter_context(engine.connect(database))._connection  # type: ignore[attr-defined]
            own._execute_command(COMMAND.COM_QUERY, text)
            with engine.connect(database) as looking:
                assert isinstance(looking, Remaining)
                while not any("SLEEP(60)" in remain.name for remain in looking.remains()):
                    assert own.open
        with pytest.raises(ServerError, match="Unknown database"):
            engine.connect(database).__enter__()


def test_a_lasting_database_keeps_its_memo_out_of_the_schema(engine: Engine, engine_server: Server) -> None:
    made_now = engine.lasting(engine_server, "Some design")
    try:
        assert made_now.memo == ""
        engine.remember(engine_server, replace(made_now, memo="it's '001'\n\\"))
        again = engine.lasting(engine_server, "Some design")
        assert again.memo == "it's '001'\n\\"
        with engine.connect(again.address) as session:
            assert session.inspect().entities == ()
    finally:
        with engine.connect(made_now.address) as session:
            made_up = script(f"DROP DATABASE {made_now.address.database}")
            session.apply([made_up], timeout_s=30)


def test_a_database_that_is_not_ours_is_left_alone(engine: Engine, engine_server: Server, session: Session) -> None:
    made(engine, session, "CREATE DATABASE harness_not_ours")
    with pytest.raises(InputError, match="was not made by this command"):
        engine.lasting(engine_server, "not ours")
    made(engine, session, "DROP DATABASE harness_not_ours")
