"""Values on their way to and from the sandbox, with their BSON types: ``{"o": ["a", 1]}`` is the document ``{a: 1}``.

JSON that names the type of everything that JSON has not, so that documents keep the order of their keys, and a document
that looks like a type is not taken for one.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import InvalidOperation
from typing import Any
from uuid import UUID

from bson import Binary, Code, DatetimeMS, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE, "u": re.UNICODE}


def value(sent: Any) -> Any:
    """A value that came from the sandbox, in the driver's types."""
    if not isinstance(sent, Mapping):
        return sent
    kind, said = next(iter(sent.items()))
    return READERS[kind](said)


def _document(pairs: list[Any]) -> dict[str, Any]:
    return {str(name): value(said) for name, said in zip(pairs[::2], pairs[1::2], strict=True)}


def _date(milliseconds: float) -> datetime | DatetimeMS:
    """In the years that Python has, a datetime."""
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return DatetimeMS(int(milliseconds))


def _decimal(text: str) -> Decimal128:
    try:
        return Decimal128(text)
    except InvalidOperation:
        return Decimal128("NaN")


def _binary(said: list[Any]) -> Binary:
    return Binary(bytes.fromhex(said[1]), int(said[0]))


def _base64(said: list[Any]) -> Binary:
    return Binary(base64.b64decode(said[1] + "=" * (-len(said[1]) % 4)), int(said[0]))


def _regex(said: list[Any]) -> Regex[str]:
    flags = 0
    for sign in said[1]:
        flags |= FLAGS.get(sign, 0)
    return Regex(said[0], flags)


READERS: Mapping[str, Callable[[Any], Any]] = {
    "a": lambda said: [value(each) for each in said],
    "o": _document,
    "f": float,
    "i": int,
    "l": lambda said: Int64(int(said)),
    "n": _decimal,
    "oid": ObjectId,
    "d": _date,
    "r": _regex,
    "b": _binary,
    "b64": _base64,
    "ts": lambda said: Timestamp(int(said[0]), int(said[1])),
    "min": lambda _: MinKey(),
    "max": lambda _: MaxKey(),
    "code": Code,
}


def packed(values: list[Any]) -> str:
    """Values that the sandbox is given, as text."""
    return json.dumps([_sent(each) for each in values])


def unpacked(text: str) -> list[Any]:
    """The text's values, as they are sent."""
    return list(json.loads(text))


def _sent(given: Any) -> Any:
    for kind, write in WRITERS:
        if isinstance(given, kind):
            return write(given)
    return None


def _number(given: int) -> Any:
    return int(given) if abs(given) < 1 << 31 else {"l": str(int(given))}


def _milliseconds(given: datetime) -> int:
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(milliseconds=1)


def _bytes(given: bytes) -> Any:
    return {"b": [given.subtype if isinstance(given, Binary) else 0, bytes(given).hex()]}


WRITERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((bool, str), lambda given: given),
    (Int64, lambda given: {"l": str(int(given))}),
    (int, _number),
    (float, lambda given: {"f": repr(given)}),
    (Mapping, lambda given: {"o": [part for name, said in given.items() for part in (str(name), _sent(said))]}),
    ((list, tuple), lambda given: {"a": [_sent(each) for each in given]}),
    (ObjectId, lambda given: {"oid": str(given)}),
    (datetime, lambda given: {"d": _milliseconds(given)}),
    (DatetimeMS, lambda given: {"d": int(given)}),
    (Decimal128, lambda given: {"n": str(given)}),
    (UUID, lambda given: {"b": [4, given.hex]}),
    (bytes, _bytes),
    (Timestamp, lambda given: {"ts": [given.time, given.inc]}),
    (MinKey, lambda _: {"min": 1}),
    (MaxKey, lambda _: {"max": 1}),
)
