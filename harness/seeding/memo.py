"""An order as text and back: what another process, or another run on another day, makes the same rows from."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from harness.seeding.model import Order


def written(order: Order) -> str:
    """The order as JSON; what is as by default is left out."""
    return json.dumps(_plain(order), separators=(",", ":"), ensure_ascii=False)


def read(text: str) -> Order:
    """The order of a text that ``written`` made; ValueError, KeyError or TypeError when it is no such text."""
    found = _typed(json.loads(text), Order)
    if not isinstance(found, Order):
        raise TypeError("not an order")
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        pairs = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _plain(found) for field, found in pairs if found != field.default}
    if isinstance(value, Mapping):
        return {str(name): _plain(found) for name, found in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(found) for found in value]
    return value.isoformat() if isinstance(value, datetime) else value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _typed(value: Any, kind: Any) -> Any:
    """A plain value as the type that its field is declared with."""
    if get_origin(kind) in {Union, UnionType}:
        kinds = [each for each in get_args(kind) if each is not NoneType]
        return None if value is None else _typed(value, kinds[0])
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _typed(found, _hints(kind)[name]) for name, found in value.items()})
    if kind is datetime:
        return datetime.fromisoformat(value)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        every = inner[0] if len(inner) == 2 and inner[1] is Ellipsis else None
        kinds = [every] * len(value) if every is not None else list(inner)
        return tuple(_typed(each, of) for each, of in zip(value, kinds, strict=True))
    if get_origin(kind) is not None and isinstance(value, Mapping):
        of = get_args(kind)[1]
        return {name: _typed(found, of) for name, found in value.items()}
    return value
