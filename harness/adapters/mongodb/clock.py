"""Fixed work for the server: numbers that are summed up by an expression, with no collection."""

import time
from typing import Any

from harness.adapters.mongodb.connection import Connection, run

NUMBERS = 400
"""Numbers of one unit."""


def work(connection: Connection, size: int) -> float:
    """See ``Clocked.work``."""
    total = {"input": {"$range": [0, size * NUMBERS]}, "initialValue": 0, "in": {"$add": ["$$value", "$$this"]}}
    stages: list[dict[str, Any]] = [{"$documents": [{}]}, {"$project": {"total": {"$reduce": total}}}]
    return _clocked(connection, {"aggregate": 1, "pipeline": stages, "cursor": {}})


def round_trip(connection: Connection) -> float:
    """See ``Clocked.round_trip``."""
    return _clocked(connection, {"ping": 1})


def _clocked(connection: Connection, command: dict[str, Any]) -> float:
    started = time.perf_counter()
    run(connection, command)
    return (time.perf_counter() - started) * 1000
