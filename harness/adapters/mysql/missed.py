"""Rows that the optimizer looked for by a unique key and did not find: there is no plan then that would say by which.

Both engines end there ("no matching row in const table", "Impossible WHERE noticed after reading const tables"). What
they looked up are the tables of which a unique key stands against constants only, and that can be read from the query.
"""

from collections.abc import Iterator

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, rows
from harness.adapters.mysql.names import qualified
from harness.adapters.mysql.parameters import parameters
from harness.adapters.mysql.reading import queried
from harness.design.model import Entity, Field, Schema
from harness.facts import Access

CONSTANT = "const table"
"""In the words of both engines for such an end."""


def missed(connection: Connection, text: str) -> tuple[Access, ...]:
    """The tables that were looked at, each by its first unique key that constants stand against."""
    known = {table: found for table in queried(text) for found in [_unique(connection, table)] if found}
    schema = Schema(tuple(Entity(table, fields=_fields(connection, table)) for table in known))
    equal = {(p.entity, p.field.lower()) for p in parameters(text, schema) if p.operator == "="}
    return tuple(node for table, keys in known.items() for node in _looked_up(table, keys, equal))


def _looked_up(table: str, keys: dict[str, list[str]], equal: set[tuple[str, str]]) -> Iterator[Access]:
    for name, columns in keys.items():
        if all((table, column.lower()) in equal for column in columns):
            condition = " and ".join(f"{column} = const" for column in columns)
            yield Access("index scan", "Constant row not found", table, name, condition)
            return


def _unique(connection: Connection, table: str) -> dict[str, list[str]]:
    """The unique keys of a table with their columns; none for what is no table."""
    try:
        found = rows(connection, f"SHOW INDEX FROM {qualified(table)}")
    except MySQLError:
        return {}
    keys: dict[str, list[str]] = {}
    for row in found:
        if not int(row["Non_unique"]):
            keys.setdefault(str(row["Key_name"]), []).append(str(row["Column_name"]))
    return keys


def _fields(connection: Connection, table: str) -> tuple[Field, ...]:
    found = rows(connection, f"SHOW COLUMNS FROM {qualified(table)}")
    return tuple(Field(str(row["Field"]), str(row["Type"])) for row in found)
