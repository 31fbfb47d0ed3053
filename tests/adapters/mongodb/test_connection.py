"""Servers that refuse, die, or are not what was said; and what a URL says."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pymongo import MongoClient

from harness.adapters.mongodb.address import administrator, parse
from harness.adapters.mongodb.connection import connected
from harness.adapters.mongodb.fresh import fresh
from harness.adapters.mongodb.lasting import lasting, remember
from harness.adapters.mongodb.recipe import recipe
from harness.adapters.mongodb.session import MongoDBSession
from harness.errors import InputError, ServerError, ServerGone
from harness.servers.model import Address, Server
from harness.servers.provider import provide
from tests.adapters.mongodb.shell import made, run
from tests.conftest import missing
from tests.servers.conftest import eventually


@pytest.fixture
def mortal(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of its own, which a test may kill."""
    opened = provide(recipe(None, None), "local")
    try:
        server = opened.__enter__()
    except ServerError as error:
        missing(request.config, "mongodb", str(error))
        raise
    yield server
    opened.__exit__(None, None, None)


@contextmanager
def on_a_database(server: Server) -> Iterator[MongoDBSession]:
    with fresh(server, "test", None) as address, connected(address) as connection:
        yield MongoDBSession(connection)


def refused(address: Address, match: str) -> None:
    with pytest.raises(ServerError, match=match), connected(address):
        pass


def kill(server: Server) -> None:
    home = Path(server.address.host).parent
    (pid,) = [p for p in Path("/proc").iterdir() if p.name.isdecimal() and _works_in(p, home)]
    os.kill(int(pid.name), signal.SIGKILL)


def _works_in(process: Path, home: Path) -> bool:
    try:
        return (process / "cwd").readlink() == home and (process / "comm").read_text().strip() == "mongod"
    except OSError:
        return False


def test_a_server_that_dies_is_told_as_such(mortal: Server) -> None:
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(ServerGone, match="went away in the middle of the work"))
        session = stack.enter_context(on_a_database(mortal))
        made(session, "db.users.insertOne({})")
        kill(mortal)
        run(session, "db.users.insertOne({})")
    assert eventually(lambda: mortal.died() is not None)


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        ("readAnyDatabase", "cannot create a database: not authorized on .* to execute command update: "),
        ("readWriteAnyDatabase", "cannot be dropped: not authorized on .* to execute command dropDatabase: "),
    ],
)
def test_a_user_who_may_not_make_or_drop_databases_is_told_so(mortal: Server, role: str, refused: str) -> None:
    with connected(mortal.address) as connection:
        connection.client.admin.command("createUser", "plain", pwd="plain", roles=[role])
    plain = replace(mortal, kind="url", address=replace(mortal.address, user="plain", password="plain"))
    roles = "give the user the roles readWriteAnyDatabase and dbAdminAnyDatabase"
    with pytest.raises(ServerError, match=refused + roles), fresh(plain, "refused", None):
        pass


def test_a_user_with_rights_on_data_and_schemas_can_make_and_drop_databases(mortal: Server) -> None:
    with connected(mortal.address) as connection:
        roles = ["readWriteAnyDatabase", "dbAdminAnyDatabase"]
        connection.client.admin.command("createUser", "maker", pwd="maker", roles=roles)
    maker = replace(mortal, kind="url", address=replace(mortal.address, user="maker", password="maker"))
    with fresh(maker, "own", None) as own, connected(own) as connection:
        made(MongoDBSession(connection), "db.createCollection('t', {validator: {a: 1}}); db.t.createIndex({a: 1})")


@pytest.mark.thorough
def test_a_server_that_dies_while_it_is_filled_is_told_as_such(mortal: Server) -> None:
    with ExitStack() as stack:
        stack.enter_context(pytest.raises(ServerGone))
        session = stack.enter_context(on_a_database(mortal))
        stack.enter_context(session.filling(made(session, "db.users.createIndex({ a: 1 })")))
        kill(mortal)
        run(session, "db.users.insertOne({})")


def test_a_wrong_password_is_told(mongodb: Server) -> None:
    refused(replace(mongodb.address, password="wrong"), "Authentication failed.*check the user and password")


def test_no_password_is_told(mongodb: Server) -> None:
    refused(replace(mongodb.address, user="", password=""), "requires authentication: check the user and password")


def test_nobody_listening_is_told(tmp_path: Path) -> None:
    refused(administrator(str(tmp_path), 27017, "x"), "cannot connect: no such file or directory")


def test_a_lasting_database_keeps_its_memo(mongodb: Server) -> None:
    first = lasting(mongodb, "some design")
    try:
        assert (first.address.database, first.memo) == ("harness_some_design", "")
        remember(mongodb, replace(first, memo="at 002"))
        assert lasting(mongodb, "some design").memo == "at 002"
        with connected(first.address) as connection:
            made(MongoDBSession(connection), "db.dropDatabase()")
        assert lasting(mongodb, "some design").memo == "at 002"
    finally:
        with connected(mongodb.address) as connection:
            connection.client.drop_database("harness_some_design")


def test_a_database_of_that_name_that_is_not_ours_is_left_alone(mongodb: Server) -> None:
    with connected(mongodb.address) as connection:
        connection.client["harness_taken"]["users"].insert_one({})
        try:
            with pytest.raises(InputError, match="was not made by this command"):
                lasting(mongodb, "taken")
        finally:
            connection.client.drop_database("harness_taken")


URLS = {
    "mongodb://u:p%40ss@db.example:27018/shop?tls=true": Address(
        "mongodb", "db.example", 27018, "u", "p@ss", "shop", (("tls", "true"), ("authSource", "shop"))
    ),
    "mongodb://localhost": Address("mongodb", "localhost", 27017, "", "", "admin", (("authSource", "admin"),)),
    "mongodb://%2Ftmp%2Fmongodb-27017.sock/?authSource=x": Address(
        "mongodb", "/tmp/mongodb-27017.sock", 27017, "", "", "admin", (("authSource", "x"),)
    ),
    "mongodb://%2Ftmp:5": Address("mongodb", "/tmp/mongodb-5.sock", 5, "", "", "admin", (("authSource", "admin"),)),
    "mongodb://[::1]:5/a": Address("mongodb", "::1", 5, "", "", "a", (("authSource", "a"),)),
}


def test_a_url_that_is_printed_is_one_for_the_drivers_and_for_this_command(mongodb: Server) -> None:
    url = mongodb.address.url()
    with MongoClient[Any](url) as client:
        assert client.admin.command("ping")["ok"] == 1
    again = parse(url)
    assert again is not None
    with connected(again) as connection:
        assert connection.client.address == (unquote(url.split("@")[1].split("/")[0]), None)


@pytest.mark.parametrize("url", URLS)
def test_a_url_is_read_as_drivers_read_it(url: str) -> None:
    assert parse(url) == URLS[url]


@pytest.mark.parametrize("url", ["mongodb://a,b/x", "mongodb+srv://a/x", "mongodb://a:port"])
def test_a_url_that_names_no_single_server_is_the_callers_mistake(url: str) -> None:
    with pytest.raises(InputError, match="--server"):
        parse(url)


def test_another_scheme_is_not_ours() -> None:
    assert parse("postgresql://localhost/x") is None


def test_an_address_survives_its_url() -> None:
    address = administrator("/dev/shm/harness-1", 27017, "p/w:@")
    assert parse(address.url()) == address


def test_an_unknown_option_is_the_callers_mistake() -> None:
    address = parse("mongodb://localhost/x?nosuch=1")
    assert address
    with pytest.raises(InputError, match="nosuch"), connected(address):
        pass
