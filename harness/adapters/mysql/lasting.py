"""Databases of ours that stay between commands: ``harness_orders`` for the design orders, with a memo in a table.

MySQL has no comment of a database. The table is left out of the schema that is read back, and goes with the database.
It also says that the database is ours: one of that name without it is left alone.
"""

import re

from harness.adapters.mysql.connection import connected, rows, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.fresh import create
from harness.adapters.mysql.inspect import MEMO, ONLY_ROW
from harness.adapters.mysql.names import literal, quoted
from harness.engine import Lasting
from harness.errors import InputError
from harness.servers.model import Server


def lasting(server: Server, flavour: Flavour, name: str) -> Lasting:
    """The database of a design; made when it is not there."""
    database = server.address.of(f"harness_{re.sub(r'[^a-z0-9]+', '_', name.lower())}"[:64])
    with connected(server.address, flavour) as connection:
        if not rows(connection, _there("schemata"), [database.database]):
            create(connection, database)
            run(connection, f"CREATE TABLE {quoted(database.database)}.{MEMO} ({ONLY_ROW}, memo TEXT NOT NULL)")
            return Lasting(database, "")
        if not rows(connection, f"{_there('tables')} AND table_name = '{MEMO}'", [database.database]):
            raise InputError(
                f"{database}: is there, and was not made by this command: rename it, or use another server"
            )
    with connected(database, flavour) as connection:
        found = rows(connection, f"SELECT memo FROM {MEMO}")
    return Lasting(database, str(found[0]["memo"]) if found else "")


def remember(flavour: Flavour, database: Lasting) -> None:
    """Write the memo."""
    with connected(database.address, flavour) as connection:
        run(connection, f"DELETE FROM {MEMO}")
        run(connection, f"INSERT INTO {MEMO} (memo) VALUES ({literal(database.memo)})")


def _there(view: str) -> str:
    name = "schema_name" if view == "schemata" else "table_schema"
    return f"SELECT 1 AS found FROM information_schema.{view} WHERE {name} = %s"
