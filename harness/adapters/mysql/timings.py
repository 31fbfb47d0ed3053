"""How long queries take, from sending to the last row, with no lasting effect."""

import time
from collections.abc import Sequence
from math import nan

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, run


def timings(connection: Connection, texts: Sequence[str]) -> tuple[float, ...]:
    """Milliseconds for each text in order; NaN for one that the server refused."""
    return tuple(_one(connection, text) for text in texts)


def _one(connection: Connection, text: str) -> float:
    run(connection, "START TRANSACTION")
    try:
        started = time.perf_counter()
        run(connection, text)
        return (time.perf_counter() - started) * 1000
    except MySQLError:
        return nan
    finally:
        if connection.open:
            run(connection, "ROLLBACK")
