"""Databases of our own on a server: made, noted down, and dropped at the end. No other database is ever touched."""

import re
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from pymongo.errors import OperationFailure, PyMongoError

from harness.adapters.mongodb import twins
from harness.adapters.mongodb.connection import DENIED, answering, connected, said
from harness.adapters.mongodb.copying import copy
from harness.adapters.mongodb.marker import mark
from harness.errors import ServerError
from harness.servers.databases import noted_elsewhere
from harness.servers.identity import myself
from harness.servers.model import Address, Server

RIGHTS = "give the user the roles readWriteAnyDatabase and dbAdminAnyDatabase, or another user in the address"
LONGEST_NAME = 38
"""A name has at most 63 bytes."""


def fresh(server: Server, name: str, template: Address | None) -> AbstractContextManager[Address]:
    """A new database, dropped at the end: on the same server, or, a copy of a large one, on a twin of it."""
    if template is not None and server.twins is not None and twins.worth(template):
        return server.twins.started(template, twins.still(template))
    return _made(server, name, template)


@contextmanager
def _made(server: Server, name: str, template: Address | None) -> Iterator[Address]:
    database = server.address.of(_name(name))
    with noted_elsewhere(server, database) as dropped:
        try:
            create(server, database, str(myself()))
            if template is not None:
                with connected(template) as source, connected(database) as target:
                    copy(source, target)
            yield database
            _drop(server, database)
        except BaseException:
            # A server of our own is thrown away as a whole. Elsewhere what went wrong inside matters more than a drop
            # that fails after it; then the note of the database stays.
            if server.kind == "url":
                with suppress(ServerError):
                    _drop(server, database)
                    dropped()
            raise


def _name(name: str) -> str:
    """``harness_<name>_<random>``."""
    return f"harness_{re.sub(r'[^a-z0-9]+', '_', name.lower())[:LONGEST_NAME]}_{secrets.token_hex(4)}"


def create(server: Server, database: Address, owner: str) -> None:
    """Make a database that says whose it is; ServerError says why it cannot be."""
    with connected(server.address) as connection:
        try:
            with answering():
                mark(connection.client[database.database], owner)
        except PyMongoError as error:
            raise ServerError(f"{database}: cannot create a database: {said(error)}: {RIGHTS}") from error


def _drop(server: Server, database: Address) -> None:
    """Drop it, whoever is still connected."""
    with connected(server.address) as connection:
        try:
            with answering():
                connection.client.drop_database(database.database)
        except PyMongoError as error:
            denied = isinstance(error, OperationFailure) and error.code in DENIED
            remedy = RIGHTS if denied else "the next run tries it again"
            raise ServerError(f"{database}: cannot be dropped: {said(error)}: {remedy}") from error
