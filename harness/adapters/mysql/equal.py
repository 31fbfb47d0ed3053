"""Whether two default expressions mean the same, by asking the server: two columns of a temporary table get them."""

import re

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, rows, run
from harness.adapters.mysql.names import literal
from harness.adapters.mysql.printed import bare

PLAIN = re.compile(r"[A-Za-z_]\w*\Z")
WORDS = frozenset({"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP", "UTC_TIMESTAMP",
                   "TRUE", "FALSE", "NULL", "CURRENT_USER", "CURRENT_ROLE"})  # fmt: skip
TABLE = "harness_equal"
KEY = "n INT AUTO_INCREMENT PRIMARY KEY"


def equal(connection: Connection, left: str, right: str, type_: str) -> bool | None:
    """True, False, or None when it cannot be known (a refusal, two functions that give another value each time)."""
    if bare(left).lower() == bare(right).lower() and "'" not in left:
        return True
    made = (
        f"CREATE TEMPORARY TABLE {TABLE} ({KEY}, a {type_} DEFAULT {one}, b {type_} DEFAULT {other})"
        for one, other in _spellings(left, right)
    )
    if not any(_taken(connection, text) for text in made):
        return None
    try:
        return _same(connection)
    except MySQLError:
        return None
    finally:
        if connection.open:
            run(connection, f"DROP TEMPORARY TABLE IF EXISTS {TABLE}")


def value(expression: str) -> str:
    """An expression as SQL; a bare word that is no keyword (``default pending``) can only be meant as a text."""
    word = expression.strip()
    return literal(word) if PLAIN.match(word) and word.upper() not in WORDS else word


def _spellings(left: str, right: str) -> list[tuple[str, str]]:
    """As they stand, and in the parentheses that MySQL wants around what is more than a constant."""
    first, second = value(left), value(right)
    return [(one, other) for one in (first, f"({first})") for other in (second, f"({second})")]


def _taken(connection: Connection, text: str) -> bool:
    try:
        run(connection, text)
    except MySQLError:
        return False
    return True


def _same(connection: Connection) -> bool | None:
    """Two rows, so that what differs from row to row is found out."""
    run(connection, f"INSERT INTO {TABLE} () VALUES ()")
    run(connection, f"INSERT INTO {TABLE} () VALUES ()")
    found = rows(connection, f"SELECT HEX(a) AS a, HEX(b) AS b, a <=> b AS same FROM {TABLE}")
    steady = [len({row[column] for row in found}) == 1 for column in ("a", "b")]
    if steady == [False, False]:
        return None
    return False if False in steady else bool(found[0]["same"])
