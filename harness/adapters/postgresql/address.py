"""Where a PostgreSQL server is: URLs read, first contact made. The driver is imported when it is needed."""

import base64
import getpass
import hashlib
import hmac
import os
import secrets
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from harness.errors import InputError, ServerError
from harness.servers.endpoint import host_and_port, port_number
from harness.servers.model import Address

ADMINISTRATOR = "postgres"
PORT = 5432

_SCHEMES = {"postgresql", "postgres"}
_CONNECT_TIMEOUT_S = 5


def administrator(host: str, port: int, password: str) -> Address:
    """The administrator's address on a server of our own."""
    return Address("postgresql", host, port, ADMINISTRATOR, password, ADMINISTRATOR)


def parse(url: str) -> Address | None:
    """The address in a ``postgresql://`` URL, as libpq reads it; None for other schemes.

    Raises:
        InputError: the URL cannot be read, or names several servers.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InputError(f"--server: not a URL: {error}") from error
    if parts.scheme not in _SCHEMES:
        return None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    login, _, place = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    host, port = host_and_port(place)
    # libpq: a parameter of the query string wins over the same thing further left.
    user = options.pop("user", "") or unquote(user) or os.environ.get("PGUSER") or getpass.getuser()
    return Address(
        engine="postgresql",
        host=options.pop("host", "") or unquote(host) or os.environ.get("PGHOST") or "localhost",
        port=port_number(options.pop("port", "") or port or os.environ.get("PGPORT") or str(PORT)),
        user=user,
        password=options.pop("password", "") or unquote(password) or os.environ.get("PGPASSWORD", ""),
        database=options.pop("dbname", "") or unquote(parts.path[1:]) or os.environ.get("PGDATABASE") or user,
        options=tuple(options.items()),
    )


def probe(address: Address) -> str:
    """The version of the server that answers at an address, after a query with its user and password."""
    with _connection(address) as connection:
        row = connection.execute("SELECT current_setting('server_version')").fetchone()
    return str(row[0]).partition(" ")[0]


def drop(server: Address, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    with _connection(server) as connection:
        from psycopg import sql  # noqa: PLC0415  (optional driver)

        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def reset_password(address: Address, password: str) -> None:
    """Give the address's user another password, a long random one."""
    with _connection(address) as connection:
        from psycopg import sql  # noqa: PLC0415  (optional driver)

        role, new = sql.Identifier(address.user), sql.Literal(_verifier(password))
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, new))


def _verifier(password: str) -> str:
    """What the server keeps of a password (RFC 5803), which it takes in place of the password itself.

    Hashed once, not 4096 times as it would do: that slows down who guesses, which nobody does with 144 random bits, and
    who connects.
    """
    salt, rounds = secrets.token_bytes(16), 1
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
    client, server = (hmac.digest(salted, name, "sha256") for name in (b"Client Key", b"Server Key"))
    kept = (base64.b64encode(each).decode() for each in (salt, hashlib.sha256(client).digest(), server))
    return "SCRAM-SHA-256${}:{}${}:{}".format(rounds, *kept)


def _connection(address: Address) -> Any:
    try:
        import psycopg  # noqa: PLC0415  (optional driver)
    except ImportError as error:
        raise ServerError("the PostgreSQL driver is missing: pip install 'schema-harness[postgresql]'") from error
    parameters: dict[str, Any] = {"connect_timeout": _CONNECT_TIMEOUT_S, **dict(address.options)}
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        dbname=address.database,
        autocommit=True,
        **parameters,
    )
