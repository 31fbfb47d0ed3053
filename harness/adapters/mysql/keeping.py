"""Rows put aside in tables beside the others, and how they are compared there."""

from collections.abc import Sequence

from pymysql.cursors import Cursor

from harness.adapters.mysql.connection import Connection, answering
from harness.adapters.mysql.names import qualified, quoted
from harness.keeping import ASIDE, Dialect

UNREADABLE = frozenset({"bytes", "bits", "geometry"})
"""Families whose values are no text in any character set."""


def _text(value: str, family: str) -> str:
    return f"HEX({value})" if family in UNREADABLE else f"CAST({value} AS CHAR CHARACTER SET utf8mb4)"


def _copying(name: str, key: Sequence[str]) -> str:
    """MariaDB joins without hashes unless told otherwise: the copy has the key of its table."""
    return f"CREATE TABLE {name}" + (f" (PRIMARY KEY ({', '.join(map(quoted, key))}))" if key else "") + " AS"


DIALECT = Dialect(
    name=quoted,
    entity=qualified,
    aside=lambda name: quoted(f"{ASIDE}_{name}"),
    text=_text,
    value=lambda value, family: value,  # noqa: ARG005  (it compares numbers of all types, and moments)
    kept=lambda value, type_: value,  # noqa: ARG005  (types are no objects of their own)
    # MySQL 9.6 and newer have no MD5 of their own (it went into a component).
    number=lambda text: f"CAST(CONV(LEFT(SHA2({text}, 256), 15), 16, 10) AS UNSIGNED)",
    copying=_copying,
    before=(),
    after=("DROP TABLE IF EXISTS {}",),
)


def ask(connection: Connection, text: str) -> Sequence[tuple[object, ...]]:
    """See ``Keeping.ask``."""
    with answering(connection), connection.cursor(Cursor) as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())
