"""Fixed work for the server: rows that are made and counted, with no table and no page."""

from harness.adapters.postgresql.connection import Connection
from harness.adapters.postgresql.explain import timings

ROWS = 500
"""Rows of one unit."""


def work(connection: Connection, size: int) -> float:
    """See ``Clocked.work``. The inner series is made once and read again, so that nothing grows with the size."""
    text = f"SELECT pg_catalog.count(*) FROM generate_series(1, {size * 5}) a, generate_series(1, {ROWS // 5}) b"
    return timings(connection, (text,))[0]


def round_trip(connection: Connection) -> float:
    """See ``Clocked.round_trip``."""
    return timings(connection, ("SELECT 1",))[0]
