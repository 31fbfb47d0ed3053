"""Databases of ours that stay between commands: ``harness_orders`` for the design orders, with a memo in its marker."""

import re

from harness.adapters.mongodb.connection import answering, connected
from harness.adapters.mongodb.fresh import create
from harness.adapters.mongodb.marker import mark, marked
from harness.engine import Lasting
from harness.errors import InputError
from harness.servers.model import Server

OWNER = "harness.lasting"


def lasting(server: Server, name: str) -> Lasting:
    """The database of a design; made when it is not there."""
    database = server.address.of(f"harness_{re.sub(r'[^a-z0-9]+', '_', name.lower())}"[:63])
    with connected(server.address) as connection, answering():
        there = connection.client[database.database]
        found = marked(there)
        taken = found is None and bool(there.list_collection_names())
    if taken or (found is not None and found["owner"] != OWNER):
        raise InputError(f"{database}: is there, and was not made by this command: rename it, or use another server")
    if found is None:
        create(server, database, OWNER)
    return Lasting(database, "" if found is None else found["memo"])


def remember(server: Server, database: Lasting) -> None:
    """Write the memo."""
    with connected(server.address) as connection, answering():
        mark(connection.client[database.address.database], OWNER, database.memo)
