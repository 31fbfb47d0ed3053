"""The other sessions in a database, as the server lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.adapters.mysql.connection import Connection, rows
from harness.adapters.mysql.flavour import Flavour

LONGEST = 1000
"""Characters that are read of a session's statement."""


@dataclass(frozen=True, slots=True)
class Other:
    """A session: its number, what it runs (else the kind of its command), and the state that the server sees it in."""

    number: int
    text: str
    state: str


def others(connection: Connection, flavour: Flavour, database: str) -> tuple[Other, ...]:
    """All sessions in a database but this one."""
    found = (_listed(connection, view, database) for view in flavour.lists)
    listed = next(filter(None, found), ())  # where sessions are listed there is at least the one who asks
    return tuple(
        Other(row["number"], bytes.fromhex(row["text"]).decode("utf-8", "replace"), row["state"])
        for row in listed
        if not row["own"]
    )


def _listed(connection: Connection, view: str, database: str) -> Sequence[dict[str, Any]]:
    """This session, and those in the database. A statement may hold what is no text."""
    return rows(
        connection,
        f"SELECT id AS number, HEX(LEFT(COALESCE(info, command), {LONGEST})) AS text, COALESCE(state, '') AS state, "
        f"id = CONNECTION_ID() AS own FROM {view} WHERE db = %s OR id = CONNECTION_ID()",
        [database],
    )
