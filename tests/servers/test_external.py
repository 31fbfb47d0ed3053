"""A server given by its URL: read as libpq reads it, used as it is, and refused with one clear message."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from harness.adapters.postgresql.address import parse
from harness.errors import InputError, ServerError
from harness.servers import databases
from harness.servers.identity import myself
from harness.servers.model import Address, Server
from harness.servers.provider import provide
from tests.servers.engines import Spoken


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


def test_a_server_is_used_where_it_is(engine: Spoken, local: Server) -> None:
    with provide(engine.recipe(None, None), local.address.url()) as used:
        assert (used.kind, used.address, used.version) == ("url", local.address, local.version)
        assert str(local.address) in used.where
        assert local.address.password not in used.where
        assert used.died() is None
    assert local.died() is None


def test_a_wrong_password_is_one_clear_message(engine: Spoken, local: Server) -> None:
    url = replace(local.address, password="wrong").url()
    with pytest.raises(ServerError, match=engine.refused) as refused:
        provide(engine.recipe(None, None), url).__enter__()
    said = str(refused.value)
    assert said.startswith(f"{local.address}: no connection: ")
    assert len(said.splitlines()) == 1
    assert "wrong" not in said


def test_a_port_at_which_nobody_listens_is_one_clear_message(engine_name: str, engine: Spoken) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        place = f"{engine_name}://app@127.0.0.1:{bound.getsockname()[1]}/shop"
        with pytest.raises(ServerError) as refused:
            provide(engine.recipe(None, None), place).__enter__()
    said = str(refused.value)
    assert said.startswith(f"{place}: no connection: ")
    assert "Connection refused" in said
    assert len(said.splitlines()) == 1


def test_a_server_that_is_too_old_is_refused(engine: Spoken, local: Server) -> None:
    newer = replace(engine.recipe(None, None), minimum=f"{local.version}.1")
    with pytest.raises(ServerError, match=rf"the oldest that is supported is {newer.minimum}: use a newer server"):
        provide(newer, local.address.url()).__enter__()


def test_a_server_of_another_version_than_asked_for_is_refused(engine: Spoken, local: Server) -> None:
    with pytest.raises(ServerError, match=r"and 99 was asked for: use another server, or leave the version out"):
        provide(engine.recipe("99", None), local.address.url()).__enter__()


@pytest.mark.parametrize("choice", ["dokcer", "sqlite://app:secret@db", ""])
def test_a_choice_that_is_none_is_a_wrong_call(engine_name: str, engine: Spoken, choice: str) -> None:
    with pytest.raises(InputError, match=rf"give auto, docker, local or {engine_name}://") as refused:
        provide(engine.recipe(None, None), choice).__enter__()
    assert "secret" not in str(refused.value)


def test_what_a_killed_run_left_on_a_server_is_dropped_by_the_next(
    engine: Spoken, local: Server, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("harness_left", "somebodys"):
        engine.asked(local.address, f"CREATE DATABASE {name}")
    monkeypatch.setattr(databases, "myself", lambda: replace(myself(), started="1"))
    with pytest.raises(KeyboardInterrupt), databases.noted(local.address.of("harness_left")):
        raise KeyboardInterrupt
    with provide(engine.recipe(None, None), local.address.url()):
        there = engine.asked(local.address, engine.databases).split(",")
    engine.asked(local.address, "DROP DATABASE somebodys")
    assert "somebodys" in there
    assert "harness_left" not in there
    assert databases.abandoned(local.address) == ()
