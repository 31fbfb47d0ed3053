"""BSON values as mongosh writes them: one spelling for each value and type, so that equal texts are equal values."""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bson import Binary, Code, DatetimeMS, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp

INT32 = range(-(1 << 31), 1 << 31)
PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$]*\Z", re.ASCII)


def literal(value: Any) -> str:
    """The value as an expression of mongosh's JavaScript. Keys keep their order."""
    if value is None:
        return "null"
    for kind, write in WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"{type(value).__name__} is no BSON type")


def _document(value: Mapping[str, Any]) -> str:
    pairs = [f"{_key(key)}: {literal(item)}" for key, item in value.items()]
    return "{ " + ", ".join(pairs) + " }" if pairs else "{}"


def _key(key: str) -> str:
    return key if PLAIN_KEY.match(key) else text(key)


def text(value: str) -> str:
    """A string in double quotes."""
    return json.dumps(value, ensure_ascii=False)


def _list(value: list[Any] | tuple[Any, ...]) -> str:
    return "[" + ", ".join(map(literal, value)) + "]"


def _number(value: int) -> str:
    """JavaScript's whole numbers become int32 where they fit, as in mongosh."""
    return str(int(value)) if value in INT32 else f'NumberLong("{int(value)}")'


def _float(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return f"Double({value:.0f})" if value == int(value) and abs(value) < 1 << 53 else repr(value)


def _moment(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    # Not isoformat(): BSON has milliseconds.
    said = aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.")
    return f'ISODate("{said}{aware.microsecond // 1000:03}Z")'


def _binary(value: bytes) -> str:
    subtype = value.subtype if isinstance(value, Binary) else 0
    if subtype == 4 and len(value) == 16:
        return f'UUID("{UUID(bytes=bytes(value))}")'
    return f'HexData({subtype}, "{bytes(value).hex()}")'


def _regex(value: Any) -> str:
    found = value if isinstance(value, Regex) else Regex.from_native(value)
    flags = "".join(sign for sign, flag in FLAGS if found.flags & flag)
    return f"/{str(found.pattern).replace('/', chr(92) + '/')}/{flags}"


FLAGS = (("i", re.IGNORECASE), ("m", re.MULTILINE), ("s", re.DOTALL), ("x", re.VERBOSE), ("u", re.UNICODE))

WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (bool, lambda value: "true" if value else "false"),
    (Code, lambda value: f"Code({text(str(value))})"),
    (str, text),
    (Int64, lambda value: f'NumberLong("{int(value)}")'),
    (int, _number),
    (float, _float),
    (Mapping, _document),
    ((list, tuple), _list),
    (ObjectId, lambda value: f'ObjectId("{value}")'),
    (datetime, _moment),
    (DatetimeMS, lambda value: f"new Date({int(value)})"),  # outside of the years 1 to 9999
    (Decimal128, lambda value: f'NumberDecimal("{value}")'),
    (UUID, lambda value: f'UUID("{value}")'),
    (bytes, _binary),
    ((Regex, re.Pattern), _regex),
    (Timestamp, lambda value: f"Timestamp({{ t: {value.time}, i: {value.inc} }})"),
    (MinKey, lambda _: "MinKey()"),
    (MaxKey, lambda _: "MaxKey()"),
)
