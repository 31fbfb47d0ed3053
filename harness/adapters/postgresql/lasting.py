"""Databases of ours that stay between commands: ``harness_orders`` for the design orders, with a memo as its comment.

The comment is no part of the schema that is read back, and goes with the database. It also says that the database is
ours: one of that name with another comment is left alone.
"""

import re

from harness.adapters.postgresql.connection import connected, rows, run
from harness.adapters.postgresql.fresh import create
from harness.adapters.postgresql.names import literal
from harness.engine import Lasting
from harness.errors import InputError
from harness.servers.model import Server

MARK = "harness.lasting "
COMMENT = (
    "SELECT pg_catalog.shobj_description(oid, 'pg_database') AS said FROM pg_catalog.pg_database WHERE datname = %s"
)


def lasting(server: Server, name: str) -> Lasting:
    """The database of a design; made when it is not there."""
    database = server.address.of(f"harness_{re.sub(r'[^a-z0-9]+', '_', name.lower())}"[:63])
    query = (
        "SELECT pg_catalog.shobj_description(oid, 'pg_database') AS said FROM pg_catalog.pg_database WHERE datname = %s"
    )
    with connected(server.address) as connection:
        found = rows(connection, query, [database.database])
        if not found:
            create(connection, database, MARK)
            return Lasting(database, "")
    said = found[0]["said"] or ""
    if not said.startswith(MARK):
        raise InputError(f"{database}: is there, and was not made by this command: rename it, or use another server")
    return Lasting(database, said.removeprefix(MARK))


def remember(server: Server, database: Lasting) -> None:
    """Write the memo."""
    with connected(server.address) as connection:
        run(connection, f'COMMENT ON DATABASE "{database.address.database}" IS {literal(MARK + database.memo)}')
