"""Type words of documents as MySQL and MariaDB types.

What the servers know stays as it is written (``SERIAL``, ``BOOLEAN``, ``INT(11)``, ``ENUM('a', 'b')``). ``string``,
``timestamptz``, ``jsonb`` and their like become what comes closest, so that a column table that speaks loosely still
says something; and a ``VARCHAR`` gets the length without which it is no type here.
"""

import re

from harness.adapters.mysql.names import literal

WORDS = {
    "string": "varchar",
    "str": "varchar",
    "character varying": "varchar",
    "varchar2": "varchar",
    "citext": "text",
    "clob": "longtext",
    "bytea": "blob",
    "jsonb": "json",
    "object": "json",
    "array": "json",
    "timestamptz": "timestamp",
    "timestamp with time zone": "timestamp",
    "timestamp without time zone": "datetime",
    "datetime2": "datetime",
    "datetimeoffset": "timestamp",
    "number": "decimal",
    "money": "decimal(19,4)",
    "double": "double",
    "long": "bigint",
    "int2": "smallint",
    "bigserial": "bigint auto_increment",
    "smallserial": "smallint auto_increment",
    "autoincrement": "int auto_increment",
    "auto increment": "int auto_increment",
    "uniqueidentifier": "char(36)",
    "guid": "char(36)",
    "uuid": "char(36)",
    "ulid": "char(26)",
    "unsigned int": "int unsigned",
    "unsigned integer": "int unsigned",
    "unsigned bigint": "bigint unsigned",
}
"""Words of other engines and of nobody."""

SIZED = frozenset({"varchar", "decimal", "timestamp", "datetime"})
"""Targets that take the number in parentheses."""

LENGTHS = {"varchar": "(255)", "varbinary": "(255)", "nvarchar": "(255)"}
"""Types that must have a length, and the one that is taken when a document gives none."""

ALIKE = re.compile(
    r"\s*([A-Za-z][\w ]*?)\s*(\([^()]*\))?\s*(\[\])?((?:\s+(?:unsigned|signed|zerofill))*)\s*\Z", re.IGNORECASE
)
ENUM = re.compile(r"\s*(enum|set)\s*[(:\[]\s*(.+?)\s*[)\]]?\s*\Z", re.IGNORECASE | re.DOTALL)
NUMBERING = re.compile(r"\b(?:serial|auto_increment)\b", re.IGNORECASE)


def native(word: str, *, uuid: bool = False) -> str:
    """The type in SQL.

    Args:
        word: as the document has it.
        uuid: the server has a type UUID of its own (MariaDB from 10.7 on).
    """
    plain = word.strip().strip("`").strip()
    enum = ENUM.match(plain)
    if enum:
        return f"{enum[1]}({_labels(enum[2])})"
    found = ALIKE.match(plain)
    if not found:
        return plain
    bare, size, array, sign = " ".join(found[1].lower().split()), found[2] or "", found[3] or "", found[4]
    if array:
        return "json"
    if bare == "uuid" and uuid:
        return plain
    target = WORDS.get(bare, bare)
    known = plain if target == bare else target + (size if target in SIZED else "") + sign
    return known if size else _with_length(known, target)


def _with_length(known: str, target: str) -> str:
    return known + LENGTHS[target] if target in LENGTHS else known


def _labels(inside: str) -> str:
    """The values, quoted whether or not they were."""
    found = re.findall(r"'((?:[^']|'')*)'", inside) or [part.strip(' "`') for part in re.split(r"[,|/]", inside)]
    return ", ".join(literal(label.replace("''", "'")) for label in found if label)


def numbers_itself(word: str) -> bool:
    """Whether the type brings its AUTO_INCREMENT along."""
    return NUMBERING.search(native(word)) is not None
