"""How long queries take, from sending to the last row, with no lasting effect."""

import time
from collections import deque
from collections.abc import Sequence
from math import nan

from pymysql.cursors import SSCursor
from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, answering, run


def timings(connection: Connection, texts: Sequence[str]) -> tuple[float, ...]:
    """Milliseconds for each text in order; NaN for one that the server refused."""
    return tuple(_one(connection, text) for text in texts)


def _one(connection: Connection, text: str) -> float:
    run(connection, "START TRANSACTION")
    try:
        started = time.perf_counter()
        with answering(connection), connection.cursor(SSCursor) as cursor:  # not all rows at once in memory
            cursor.execute(text)
            deque(cursor, maxlen=0)
        return (time.perf_counter() - started) * 1000
    except MySQLError:
        return nan
    finally:
        if connection.open:
            run(connection, "ROLLBACK")
