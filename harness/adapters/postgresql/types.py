"""Type words of documents as PostgreSQL types.

What PostgreSQL knows stays as it is written. ``string``, ``datetime``, ``tinyint`` and their like become what comes
closest, so that a column table that speaks loosely still says something.
"""

import re
from dataclasses import dataclass

from harness.adapters.postgresql.names import literal


@dataclass(frozen=True, slots=True)
class Native:
    """A type as SQL. ``labels``: for an enum inside a type, its values as a list of literals."""

    text: str
    labels: str = ""


WORDS = {
    "string": "text",
    "str": "text",
    "tinytext": "text",
    "mediumtext": "text",
    "longtext": "text",
    "clob": "text",
    "nvarchar": "varchar",
    "varchar2": "varchar",
    "nchar": "char",
    "datetime": "timestamp",
    "datetime2": "timestamp",
    "datetimeoffset": "timestamptz",
    "number": "numeric",
    "double": "double precision",
    "tinyint": "smallint",
    "mediumint": "integer",
    "long": "bigint",
    "unsigned int": "bigint",
    "int unsigned": "bigint",
    "integer unsigned": "bigint",
    "bigint unsigned": "numeric(20)",
    "autoincrement": "serial",
    "auto increment": "serial",
    "uniqueidentifier": "uuid",
    "guid": "uuid",
    "blob": "bytea",
    "longblob": "bytea",
    "mediumblob": "bytea",
    "binary": "bytea",
    "varbinary": "bytea",
    "bit": "bit",
}

ALIKE = re.compile(r"\s*([A-Za-z][\w ]*?)\s*(\([^()]*\))?\s*(\[\])?\s*\Z")
ENUM = re.compile(r"\s*enum\s*\(?\s*(.+?)\s*\)?\s*\Z", re.IGNORECASE | re.DOTALL)
INTEGERS = frozenset({"int", "integer", "bigint", "smallint"})
"""PostgreSQL's own words, which other engines write with a display width: ``int(11)``."""

SIZED = frozenset({"varchar", "char", "numeric", "timestamp", "timestamptz", "bit"})
"""Targets that take the number in parentheses; for others it means nothing (``int(11)``)."""


def native(word: str) -> Native:
    """The type in SQL."""
    plain = word.strip().strip("`").strip()
    enum = ENUM.match(plain)
    if enum and plain.lower() != "enum":
        return Native("text", _labels(enum[1]))
    found = ALIKE.match(plain)
    if not found:
        return Native(plain)
    bare, size, array = " ".join(found[1].lower().split()), found[2] or "", found[3] or ""
    target = _target(bare, size)
    return Native(plain if target is None else target + array)


def _target(bare: str, size: str) -> str | None:
    """What a word means here; None for what PostgreSQL knows, or nobody does."""
    if bare == "tinyint" and size.replace(" ", "") == "(1)":
        return "boolean"
    if bare == "string" and size:
        return f"varchar{size}"
    target = bare if bare in INTEGERS and size else WORDS.get(bare)
    return target + size if target in SIZED else target


def _labels(inside: str) -> str:
    """The values, quoted whether or not they were."""
    found = re.findall(r"'((?:[^']|'')*)'", inside) or [part.strip(' "`') for part in re.split(r"[,|/]", inside)]
    return ", ".join(literal(label.replace("''", "'")) for label in found if label)


def numbers_itself(word: str) -> bool:
    """Whether the type is a serial."""
    return native(word).text.lower() in {"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"}
