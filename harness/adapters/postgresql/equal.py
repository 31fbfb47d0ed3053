"""Whether two default expressions mean the same, by asking the server for their values.

They are evaluated in a read-only transaction that is rolled back, so that a ``nextval`` has no effect; it is refused
there, and then only the normalised texts can tell.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from harness.adapters.postgresql.connection import Connection, rows, run
from harness.adapters.postgresql.grammar import normalised
from harness.adapters.postgresql.names import literal, quoted

CAST = re.compile(r"::(?:\"[^\"]+\"|[\w.]+)(?: varying| precision)?(?:\(\d+(?:, ?\d+)?\))?(?:\[\])*")

WORD = re.compile(r"[A-Za-z_]\w*\Z")

NO_EQUALITY = "42883"


def equal(connection: Connection, left: str, right: str, type_: str) -> bool | None:
    """True, False, or None when it cannot be known (an error, two functions that give another value each time)."""
    first, second = value(left), value(right)
    if _bare(first) is not None and _bare(first) == _bare(second):
        return True
    one, other = f"({first})::{type_}", f"({second})::{type_}"
    steady = [_same(connection, each, each) for each in (one, other)]
    if None in steady or steady == [False, False]:
        return None
    return False if False in steady else _same(connection, one, other)


def value(expression: str) -> str:
    """An expression as SQL. A bare word that has no value of its own (``default pending``) is meant as a text."""
    word = expression.strip()
    return literal(word) if WORD.match(word) and _says_nothing(word) else word


def _says_nothing(word: str) -> bool:
    """Whether a word is no constant and no value function; ``user`` is one, and in a document never meant so."""
    text = normalised(f"SELECT {word}")
    return text is None or word.lower() == "user" or text == f"SELECT {quoted(word.lower())}"


def _bare(expression: str) -> str | None:
    """The expression in the parser's spelling, without casts; None when it does not parse."""
    text = normalised(f"SELECT {expression}")
    return None if text is None else CAST.sub("", text)


def _same(connection: Connection, left: str, right: str) -> bool | None:
    """Whether two expressions have the same value now; None when the server will not say."""
    result = _asked(connection, f"SELECT {left} IS NOT DISTINCT FROM {right} AS same")
    if result == NO_EQUALITY:
        result = _asked(connection, f"SELECT ({left})::text IS NOT DISTINCT FROM ({right})::text AS same")
    return result if isinstance(result, bool) else None


def _asked(connection: Connection, question: str) -> bool | str:
    """The answer, or the SQLSTATE of the error."""
    with _looking(connection):
        try:
            return bool(rows(connection, question)[0]["same"])
        except psycopg.Error as error:
            return error.sqlstate or "unknown"


@contextmanager
def _looking(connection: Connection) -> Iterator[None]:
    run(connection, "BEGIN READ ONLY")
    run(connection, "SET LOCAL statement_timeout = '5s'")
    try:
        yield
    finally:
        if not connection.broken:
            run(connection, "ROLLBACK")
