"""Servers that refuse, die or fill up: one clear message, and nothing left behind."""

from dataclasses import replace

import pytest

from harness.engine import Engine, Session
from harness.errors import ServerError, ServerGone
from harness.facts import Batch
from harness.servers.model import Address, Server
from tests.adapters.scripts import applied, made


def test_a_wrong_password_is_said(engine: Engine, engine_server: Server) -> None:
    wrong = replace(engine_server.address, password="wrong")
    with pytest.raises(ServerError, match=r"password authentication failed.*: check the user and password") as caught:
        engine.connect(wrong).__enter__()
    assert "wrong" not in str(caught.value)


def test_a_server_that_is_not_there_is_said(engine: Engine) -> None:
    nowhere = Address("postgresql", "127.0.0.1", 1, "postgres", "secret", "postgres")
    with pytest.raises(ServerError, match=r"postgresql://postgres@127.0.0.1:1/postgres: cannot connect") as caught:
        engine.connect(nowhere).__enter__()
    assert "secret" not in str(caught.value)


def test_a_server_that_dies_in_the_middle_is_said(engine: Engine, database: Address) -> None:
    with engine.connect(database) as session, engine.connect(database) as other:
        made(engine, session, "CREATE TABLE t (id int)")
        applied(engine, other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        with pytest.raises(ServerGone, match="went away"):
            session.count("t")
        with pytest.raises(ServerGone, match="went away"):
            applied(engine, session, "SELECT 1")
        with pytest.raises(ServerGone, match="went away"):
            session.timings(["SELECT 1"])


def test_a_statement_that_ends_its_own_session_is_said(engine: Engine, session: Session) -> None:
    with pytest.raises(ServerGone, match="went away"):
        applied(engine, session, "SELECT pg_terminate_backend(pg_backend_pid())")


def test_filling_that_loses_its_server_changes_nothing(engine: Engine, database: Address) -> None:
    with engine.connect(database) as session:
        schema = made(engine, session, "CREATE TABLE t (id int); CREATE INDEX i ON t (id)")
        with pytest.raises(ServerGone), session.filling(schema):
            session.timings(["SELECT pg_terminate_backend(pg_backend_pid())"])
    with engine.connect(database) as session:
        assert session.inspect() == schema


@pytest.mark.thorough
def test_a_copy_of_a_database_in_use_is_refused_with_the_remedy(
    engine: Engine, engine_server: Server, database: Address
) -> None:
    with engine.connect(database), pytest.raises(ServerError, match="end the sessions of the database"):
        engine.fresh(engine_server, "copy", template=database).__enter__()


def test_a_user_who_may_not_make_databases_is_told_so(engine: Engine, engine_server: Server, database: Address) -> None:
    with engine.connect(database) as session:
        made(engine, session, "DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN PASSWORD 'plain'")
    plain = replace(engine_server, address=replace(engine_server.address, user="plain", password="plain"))
    with pytest.raises(ServerError, match="CREATEDB"):
        engine.fresh(plain, "refused").__enter__()


def test_a_user_who_has_no_connection_left_is_told_so(engine: Engine, engine_server: Server, database: Address) -> None:
    with engine.connect(database) as session:
        made(engine, session, "DROP ROLE IF EXISTS one; CREATE ROLE one LOGIN PASSWORD 'one' CONNECTION LIMIT 1")
    one = replace(database, user="one", password="one")
    with engine.connect(one), pytest.raises(ServerError, match=r"too many connections.*ten for the user are enough"):
        engine.connect(one).__enter__()


def test_a_user_who_is_no_superuser_can_do_all_of_it(engine: Engine, engine_server: Server, database: Address) -> None:
    with engine.connect(database) as session:
        made(engine, session, "DROP ROLE IF EXISTS maker; CREATE ROLE maker LOGIN CREATEDB PASSWORD 'maker'")
    maker = replace(engine_server, address=replace(engine_server.address, user="maker", password="maker"))
    with engine.fresh(maker, "maker") as own, engine.connect(own) as session:
        schema = made(
            engine, session, "CREATE TABLE t (id serial PRIMARY KEY, n int REFERENCES t); CREATE INDEX ON t (n)"
        )
        table = schema.entity("t")
        assert table
        with session.filling(schema):
            session.load(table, [Batch(("id", "n"), ([1, 2], [None, 1]), 2)])
        assert session.inspect() == schema
        assert session.count("t") == 2


def test_foreign_keys_are_kept_on_a_server_that_is_set_to_a_replicas_role(
    engine: Engine, engine_server: Server, database: Address
) -> None:
    with engine.connect(database) as session:
        made(engine, session, f"ALTER DATABASE {database.database} SET session_replication_role = 'replica'")
        made(engine, session, "DROP ROLE IF EXISTS lesser; CREATE ROLE lesser LOGIN PASSWORD 'lesser'")
    with engine.connect(database) as session:
        made(engine, session, "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int REFERENCES p)")
        made(engine, session, "DO $$ BEGIN END $$")  # after it everything is discarded
        [refused] = applied(engine, session, "INSERT INTO c VALUES (1)")
        assert refused.refusal is not None
        assert refused.refusal.code == "23503"
    with pytest.raises(ServerError, match=r"session_replication_role is replica .* the user may not change it"):
        engine.connect(replace(database, user="lesser", password="lesser")).__enter__()


def test_what_a_url_says_is_given_to_the_library(engine: Engine, database: Address) -> None:
    said = (("application_name", "mine"), ("options", "-c work_mem=5MB"), ("sslmode", "prefer"))
    with engine.connect(replace(database, options=said)) as session:
        query = "SELECT current_setting('application_name') AS a, current_setting('work_mem') AS b"
        assert list(session._connection.execute(query).fetchall()[0].values()) == ["mine", "5MB"]


def test_an_option_that_the_library_does_not_know_is_said(engine: Engine, database: Address) -> None:
    with pytest.raises(ServerError, match="no_such_option"):
        engine.connect(replace(database, options=(("no_such_option", "1"),))).__enter__()


def test_a_database_says_whose_it_is(engine: Engine, database: Address) -> None:
    with engine.connect(database) as session:
        query = "SELECT shobj_description(oid, 'pg_database') AS c FROM pg_database WHERE datname = current_database()"
        (row,) = session._connection.execute(query).fetchall()
    assert row["c"].startswith("harness.owner=")
    assert database.database.startswith("harness_contract_")


def test_a_database_is_dropped_though_those_who_wait_were_ended(engine: Engine, engine_server: Server) -> None:
    with engine.fresh(engine_server, "idle") as database, engine.connect(database) as session:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres' AND state = 'idle'"
        assert session._connection.execute(ended).fetchall()
    with pytest.raises(ServerError, match="does not exist"):
        engine.connect(database).__enter__()


def test_a_database_is_dropped_though_somebody_is_connected(engine: Engine, engine_server: Server) -> None:
    with engine.fresh(engine_server, "busy") as database:
        opened = engine.connect(database)
        opened.__enter__()
    with pytest.raises(ServerError, match="does not exist"):
        engine.connect(database).__enter__()
    opened.__exit__(None, None, None)
