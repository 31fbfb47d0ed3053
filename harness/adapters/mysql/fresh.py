"""Databases of our own on a server: made, noted down, and dropped at the end. No other database is ever touched."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pymysql.err import MySQLError

from harness.adapters.mysql.address import ADMINISTRATOR
from harness.adapters.mysql.connection import Connection, code, connected, rows, run, said
from harness.adapters.mysql.copying import copy
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.names import literal, quoted
from harness.adapters.mysql.sessions import others
from harness.errors import ServerError, ServerGone
from harness.servers.databases import noted_elsewhere
from harness.servers.model import Address, Server

DENIED = frozenset({1044, 1045, 1142, 1227})
RIGHTS = r": give the user all rights on `harness\_%`.*, or another user in the address"
NO_SUCH_THREAD = 1094
CANNOT_USER = 4006

OWN = "^(|root|PUBLIC|healthcheck|mysql([.].*)?|mariadb[.]sys)$"
"""Accounts that servers and their images bring themselves."""


@contextmanager
def fresh(server: Server, flavour: Flavour, name: str, template: Address | None) -> Iterator[Address]:
    """A new database, dropped at the end."""
    database = server.address.of(_name(name))
    with noted_elsewhere(server, database) as dropped:
        try:
            with connected(server.address, flavour) as connection:
                if template is None and server.kind != "url" and server.address.user == ADMINISTRATOR:
                    _forget_accounts(connection)
                create(connection, database)
            if template is not None:
                copy(template, database, flavour, server.beside)
            yield database
            _drop(server, database, flavour)
        except BaseException:
            # A server of our own is thrown away as a whole. Elsewhere what went wrong inside matters more than a drop
            # that fails after it; then the note of the database stays.
            if server.kind == "url":
                with suppress(ServerError):
                    _drop(server, database, flavour)
                    dropped()
            raise


def _forget_accounts(connection: Connection) -> None:
    """Free the names of users and roles that a document made before: they are the server's, and a new one has none."""
    found = rows(connection, f"SELECT user AS name, host AS host FROM mysql.user WHERE user NOT REGEXP '{OWN}'")
    for row in found:
        account = f"{literal(row['name'])}@{literal(row['host'])}" if row["host"] else literal(row["name"])
        kind = "USER" if row["host"] else "ROLE"  # only MariaDB's roles have no host
        try:
            run(connection, f"DROP {kind} {account}")
        except MySQLError as error:
            if code(error) != CANNOT_USER:  # a stored object of a database that is still there is defined by it
                raise


def _name(name: str) -> str:
    """``harness_<name>_<random>`` within the 64 characters of a name."""
    return f"harness_{re.sub(r'[^a-z0-9]+', '_', name.lower())[:40]}_{secrets.token_hex(4)}"


def create(connection: Connection, database: Address) -> None:
    """Make an empty database; ServerError when it cannot be."""
    try:
        run(connection, f"CREATE DATABASE {quoted(database.database)} CHARACTER SET utf8mb4")
    except MySQLError as error:
        remedy = RIGHTS if code(error) in DENIED else ""
        raise ServerError(f"{database}: cannot create a database: {said(error)}{remedy}") from error


def _drop(server: Server, database: Address, flavour: Flavour) -> None:
    """Drop it, whoever is still connected. A server that is gone took a database of its own with it."""
    try:
        with connected(server.address, flavour) as connection:
            for other in others(connection, flavour, database.database):
                _end(connection, other.number)
            run(connection, f"DROP DATABASE IF EXISTS {quoted(database.database)}")
    except MySQLError as error:
        raise ServerError(f"{database}: cannot be dropped: {said(error)}: the next run tries it again") from error
    except (ServerError, ServerGone):
        if server.kind == "url" or server.died() is None:
            raise


def _end(connection: Connection, thread_id: int) -> None:
    """End a session that would keep its tables locked; it may have ended meanwhile."""
    try:
        run(connection, f"KILL {thread_id}")
    except MySQLError as error:
        if code(error) != NO_SUCH_THREAD:
            raise
