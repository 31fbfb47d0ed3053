"""What values a column takes, from its type as the server prints it."""

import re

from harness.adapters.mysql.grammar import lexemes
from harness.adapters.mysql.printed import text_of
from harness.design.model import Family, Shape

WIDTHS = {"tinyint": 1, "smallint": 2, "mediumint": 3, "int": 4, "bigint": 8, "float": 4, "double": 8}

LONGEST = {
    "tinytext": 255, "text": 65_535, "mediumtext": 16_777_215, "longtext": 4_294_967_295,
    "tinyblob": 255, "blob": 65_535, "mediumblob": 16_777_215, "longblob": 4_294_967_295,
}  # fmt: skip
"""In bytes: a text of multi-byte characters holds fewer characters."""

FAMILIES: dict[str, Family] = {
    "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer", "bigint": "integer",
    "decimal": "decimal", "float": "float", "double": "float",
    "char": "text", "varchar": "text", "tinytext": "text", "text": "text", "mediumtext": "text", "longtext": "text",
    "binary": "bytes", "varbinary": "bytes", "tinyblob": "bytes", "blob": "bytes", "mediumblob": "bytes",
    "longblob": "bytes", "date": "date", "time": "time", "datetime": "timestamp", "timestamp": "timestamp",
    "json": "json", "enum": "enum", "bit": "bits", "uuid": "uuid", "inet4": "network", "inet6": "network",
    "geometry": "geometry", "point": "geometry", "linestring": "geometry", "polygon": "geometry",
    "multipoint": "geometry", "multilinestring": "geometry", "multipolygon": "geometry",
    "geometrycollection": "geometry", "geomcollection": "geometry",
}  # fmt: skip

BOOLEAN = "tinyint(1)"
"""What BOOLEAN is turned into, by both engines; also what anybody may write who means a small number."""

_TYPE = re.compile(r"(?P<name>\w+)(?:\((?P<first>\d+)(?:,(?P<second>\d+))?\))?")


def shape(type_: str, *, characters: int = 4, json: bool = False, counted: bool = False) -> Shape:
    """The shape of a column.

    Args:
        type_: as printed (``int unsigned``, ``enum('a','b')``).
        characters: most bytes that one character of the column takes.
        json: a text that a CHECK keeps valid JSON (MariaDB's JSON).
        counted: a ``tinyint(1)`` that holds more than true and false, by its CHECK or its default.
    """
    match = _TYPE.match(type_)
    if match is None:
        return Shape("other", detail=type_)
    name = match["name"].lower()
    if json:
        return Shape("json", detail="json")
    if name in {"enum", "set"}:
        labels = tuple(text_of(lexeme.text) for lexeme in lexemes(type_) if lexeme.kind == "string")
        return Shape("enum", labels=labels, detail="set" if name == "set" else "")
    if type_ == BOOLEAN and not counted:
        return Shape("boolean")
    if name == "year":
        return Shape("integer", width=2, unsigned=True, detail="year")
    return _scalar(name, type_, _number(match["first"]), _number(match["second"]), characters)


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _scalar(name: str, type_: str, first: int | None, second: int | None, characters: int) -> Shape:
    family = FAMILIES.get(name, "other")
    timed = family in {"time", "timestamp"}
    return Shape(
        family,
        length=_length(name, family, first, characters),
        width=WIDTHS.get(name),
        precision=(first or 0) if timed else _digits(family, name, first),
        scale=(second or 0) if family == "decimal" else second if family == "float" else None,
        zoned=name == "timestamp",
        unsigned="unsigned" in type_,
        fixed=name in {"char", "binary", "bit"},
        detail=_detail(name, family),
    )


def _detail(name: str, family: Family) -> str:
    """The name of a subkind, as the seeds know it. A geometry's has the column's own in it."""
    if family == "geometry":
        return f"geometry({name})"
    if name == "timestamp":
        return "unix"
    return name if family in {"network", "json", "other"} else ""


def _length(name: str, family: Family, first: int | None, characters: int) -> int | None:
    if family == "text":
        return first if first is not None else LONGEST[name] // characters
    if family == "bytes":
        return first if first is not None else LONGEST.get(name, 1)
    return (first or 1) if family == "bits" else None


def _digits(family: Family, name: str, first: int | None) -> int | None:
    """Digits of a number. ``decimal`` alone has ten; a float without digits has none to speak of."""
    if family == "decimal":
        return 10 if first is None else first
    return first if name in {"float", "double"} else None
