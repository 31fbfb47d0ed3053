"""Where a server is: URLs read as people write them, and what the driver is told; who made the server that is there."""

import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from harness.adapters.mariadb.recipe import PRODUCT as MARIADB
from harness.adapters.mysql.address import connect, maker, parse, socket_path
from harness.adapters.mysql.product import PRODUCT as MYSQL
from harness.errors import InputError, ServerError
from harness.servers.model import Address
from harness.servers.provider import provide
from tests.conftest import missing
from tests.servers.engines import ENGINES


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("MYSQL_HOST", "MYSQL_TCP_PORT", "MYSQL_PWD"):
        monkeypatch.delenv(variable, raising=False)


def address(**parts: object) -> Address:
    return replace(Address("mysql", "db", 3306, "app", "", ""), **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mysql://app@db", address()),
        ("mysql://app:p%40ss@db:3307/shop", address(password="p@ss", port=3307, database="shop")),
        ("mysql://app:a@b@db/", address(password="a@b")),
        ("mysql://us%2Fer@db/my%20db", address(user="us/er", database="my db")),
        ("mysql://app@[::1]:3307/shop", address(host="::1", port=3307, database="shop")),
        ("mysql://app@%2Frun%2Fmysqld/shop", address(host="/run/mysqld", database="shop")),
        ("mysql://app@localhost/shop?socket=/run/my.sock", address(host="/run/my.sock", database="shop")),
        ("mysql://app@localhost?unix_socket=/run/my.sock", address(host="/run/my.sock")),
        ("mysql://app@db/?ssl-mode=REQUIRED", address(options=(("ssl-mode", "REQUIRED"),))),
        ("mysql://app@db/?ssl_ca=/etc/ca.pem", address(options=(("ssl-ca", "/etc/ca.pem"),))),
        ("mariadb://app@db", None),
        ("postgresql://app@db", None),
        ("db.example", None),
    ],
)
def test_a_url_is_read(url: str, expected: Address | None) -> None:
    assert parse(MYSQL, url) == expected


@pytest.mark.parametrize("scheme", ["mariadb", "mysql"])
def test_mariadb_goes_by_both_schemes(scheme: str) -> None:
    assert parse(MARIADB, f"{scheme}://app@db") == address(engine="mariadb")


def test_what_a_url_leaves_out_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYSQL_HOST", "db")
    monkeypatch.setenv("MYSQL_TCP_PORT", "3307")
    monkeypatch.setenv("MYSQL_PWD", "secret")
    assert parse(MYSQL, "mysql://app@/shop") == address(port=3307, password="secret", database="shop")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://app@db:port/shop",
        "mysql://a,b/shop",
        "mysql://app@[::1/shop",
        "mysql://app@db?charset=latin1",
        "mysql://app@db?ssl-mode=SOMETIMES",
    ],
)
def test_a_url_that_cannot_be_used_is_a_wrong_call(url: str) -> None:
    with pytest.raises(InputError, match=r"^--server: "):
        parse(MYSQL, url)


@pytest.mark.parametrize(
    "there",
    [
        address(password="p@ss/w:rd"),
        address(host="/dev/shm/harness-1a2b3c4d", database="my db"),
        address(host="::1", options=(("ssl-mode", "DISABLED"),)),
    ],
)
def test_an_address_written_as_a_url_is_read_back(there: Address) -> None:
    assert parse(MYSQL, there.url()) == there


def test_a_directory_means_the_socket_in_it(tmp_path: Path) -> None:
    assert socket_path(str(tmp_path)) == str(tmp_path / "mysqld.sock")
    assert socket_path("/run/my.sock") == "/run/my.sock"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("9.7.4-2", ("MySQL", "9.7.4")),
        ("8.4.3", ("MySQL", "8.4.3")),
        ("8.0.36-28.1", ("MySQL", "8.0.36")),
        ("10.11.19-MariaDB-0+deb12u1", ("MariaDB", "10.11.19")),
        ("11.8.9-MariaDB-ubu2404-log", ("MariaDB", "11.8.9")),
        ("12.0-mariadb", ("MariaDB", "12.0")),
    ],
)
def test_a_server_is_known_by_its_version(said: str, expected: tuple[str, str]) -> None:
    assert maker(said) == expected


@pytest.mark.parametrize(("there", "asked"), [("mariadb", "mysql"), ("mysql", "mariadb")])
def test_the_other_engine_behind_a_url_is_one_clear_message(
    there: str, asked: str, request: pytest.FixtureRequest
) -> None:
    try:
        opened = provide(ENGINES[there].recipe(None, None), "local")
        server = opened.__enter__()
    except ServerError as error:
        missing(request.config, there, str(error))
        raise
    titles = {"mariadb": "MariaDB", "mysql": "MySQL"}
    url = server.address.url().replace(f"{there}://", "mysql://")
    with pytest.raises(ServerError) as refused:
        provide(ENGINES[asked].recipe(None, None), url).__enter__()
    opened.__exit__(None, None, None)
    said = str(refused.value)
    assert f"this is {titles[there]} {server.version}, and {titles[asked]} was asked for" in said
    assert f"--engine {there}" in said
    assert len(said.splitlines()) == 1


def test_a_server_that_waits_to_be_spoken_to_is_one_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.adapters.mysql.address._CONNECTS_WITHIN_S", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"mysql://app@127.0.0.1:{silent.getsockname()[1]}/shop"
        with pytest.raises(ServerError, match="timed out") as refused:
            provide(ENGINES["mysql"].recipe(None, None), place).__enter__()
    assert str(refused.value).startswith(f"{place}: no connection: ")
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.docker
@pytest.mark.parametrize(
    ("mode", "encrypted"), [("DISABLED", False), ("PREFERRED", True), ("REQUIRED", True), ("", True)]
)
def test_a_connection_is_encrypted_as_asked(mode: str, encrypted: bool, request: pytest.FixtureRequest) -> None:
    from tests.images import mysql

    with provide(ENGINES["mysql"].recipe(None, mysql.image()), "docker") as server:
        options = (("ssl-mode", mode),) if mode else ()
        with connect(replace(server.address, options=options)) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            row = cursor.fetchone()
        assert row is not None
        assert bool(row[1]) is encrypted
        verified = replace(server.address, options=(("ssl-mode", "VERIFY_CA"),))
        with pytest.raises(Exception, match="certificate verify failed") as refused:
            connect(verified)
        assert isinstance(refused.value.__context__, ssl.SSLError | OSError)
