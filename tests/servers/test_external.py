"""A server given by its URL: read as libpq reads it, used as it is, and refused with one clear message."""

import socket
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from harness.adapters.postgresql.address import parse
from harness.adapters.postgresql.recipe import recipe
from harness.errors import InputError, ServerError
from harness.servers import databases
from harness.servers.identity import myself
from harness.servers.model import Address, Server
from harness.servers.provider import provide

POSTGRESQL = recipe(None, None)


def address(**parts: object) -> Address:
    return replace(Address("postgresql", "db", 5432, "app", "", "app"), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://app@db", address()),
        ("postgres://app@db/", address()),
        ("postgresql://app:p%40ss@db:5433/shop", address(password="p@ss", port=5433, database="shop")),
        ("postgresql://app:a@b@db/shop", address(password="a@b", database="shop")),
        ("postgresql://us%2Fer@db/my%20db", address(user="us/er", database="my db")),
        ("postgresql://app@[::1]:5433/shop", address(host="::1", port=5433, database="shop")),
        ("postgresql://app@%2Frun%2Fpg/shop", address(host="/run/pg", database="shop")),
        ("postgresql://app@/shop?host=/run/pg&port=5433", address(host="/run/pg", port=5433, database="shop")),
        ("postgresql:///shop?host=db&user=app", address(database="shop")),
        (
            "postgresql://app@db/shop?sslmode=require&connect_timeout=3",
            address(database="shop", options=(("sslmode", "require"), ("connect_timeout", "3"))),
        ),
        ("mysql://app@db", None),
        ("db.example", None),
    ],
)
def test_a_url_is_read_as_libpq_reads_it(url: str, expected: Address | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"):
        monkeypatch.delenv(variable, raising=False)
    assert parse(url) == expected


@pytest.mark.parametrize(
    "url", ["postgresql://app@db:port/shop", "postgresql://a,b/shop", "postgresql://app@[::1/shop"]
)
def test_a_url_that_cannot_be_used_is_a_wrong_call(url: str) -> None:
    with pytest.raises(InputError, match=r"^--server: "):
        parse(url)


@pytest.mark.parametrize(
    "there",
    [
        address(password="p@ss/w:rd"),
        address(host="/dev/shm/harness-1a2b3c4d", database="my db"),
        address(host="::1", options=(("sslmode", "require"),)),
    ],
)
def test_an_address_written_as_a_url_is_read_back(there: Address) -> None:
    assert parse(there.url()) == there


def test_a_password_is_not_shown() -> None:
    assert "secret" not in str(address(password="secret"))


def test_a_server_is_used_where_it_is(server: Server) -> None:
    with provide(POSTGRESQL, server.address.url()) as used:
        assert (used.kind, used.address, used.version) == ("url", server.address, server.version)
        assert str(server.address) in used.where
        assert server.address.password not in used.where
        assert used.died() is None
    assert server.died() is None


def test_a_wrong_password_is_one_clear_message(server: Server) -> None:
    url = replace(server.address, password="wrong").url()
    with pytest.raises(ServerError) as refused:
        provide(POSTGRESQL, url).__enter__()
    said = str(refused.value)
    assert said.startswith(f"{server.address}: no connection: ")
    assert "password authentication failed" in said
    assert len(said.splitlines()) == 1
    assert "wrong" not in said


def test_a_port_at_which_nobody_listens_is_one_clear_message() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(ServerError) as refused:
            provide(POSTGRESQL, f"postgresql://app@127.0.0.1:{port}/shop").__enter__()
    said = str(refused.value)
    assert said.startswith(f"postgresql://app@127.0.0.1:{port}/shop: no connection: ")
    assert "Connection refused" in said
    assert len(said.splitlines()) == 1


def test_a_server_that_is_too_old_is_refused(server: Server) -> None:
    with pytest.raises(ServerError, match=r"the oldest that is supported is 99: use a newer server"):
        provide(replace(POSTGRESQL, minimum="99"), server.address.url()).__enter__()


def test_a_server_of_another_version_than_asked_for_is_refused(server: Server) -> None:
    with pytest.raises(ServerError, match=r"and 99 was asked for: use another server, or leave the version out"):
        provide(recipe("99", None), server.address.url()).__enter__()


@pytest.mark.parametrize("choice", ["dokcer", "mysql://app:secret@db", ""])
def test_a_choice_that_is_none_is_a_wrong_call(choice: str) -> None:
    with pytest.raises(InputError, match=r"give auto, docker, local or postgresql://") as refused:
        provide(POSTGRESQL, choice).__enter__()
    assert "secret" not in str(refused.value)


def test_what_a_killed_run_left_on_a_server_is_dropped_by_the_next(
    server: Server, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(server.address.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE harness_left")
        connection.execute("CREATE DATABASE somebodys")
        monkeypatch.setattr(databases, "myself", lambda: replace(myself(), started="1"))
        with pytest.raises(KeyboardInterrupt), databases.noted(server.address.of("harness_left")):
            raise KeyboardInterrupt
        with provide(POSTGRESQL, server.address.url()):
            there = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        connection.execute("DROP DATABASE somebodys")
    assert "somebodys" in there
    assert "harness_left" not in there
    assert databases.abandoned(server.address) == ()
