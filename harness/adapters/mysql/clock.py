"""Fixed work for the server: an expression that is evaluated again and again, with no table and no page."""

from harness.adapters.mysql.connection import Connection
from harness.adapters.mysql.timings import timings

TIMES = 150
"""Evaluations of one unit."""


def work(connection: Connection, size: int) -> float:
    """See ``Clocked.work``."""
    return timings(connection, (f"SELECT BENCHMARK({size * TIMES}, SHA2('fixed work', 256))",))[0]


def round_trip(connection: Connection) -> float:
    """See ``Clocked.round_trip``."""
    return timings(connection, ("SELECT 1",))[0]
