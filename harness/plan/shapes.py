"""The keys of a scenario that say what the data looks like: ratios, skew, NULLs, values.

Each is a table by entity, and below it by column::

    [ratio]
    orders = 25                       # rows for each row of its largest parent
    visits = { users = 3.5 }          # for each row of the parent that is named
    [skew]
    orders.user_id = 1.2              # 0: each parent has as many; 1: zipf's law; 3 at most
    [null]
    orders.coupon_id = 0.8
    [values]
    users.plan = { free = 90, pro = 9, enterprise = 1 }
    orders.country = ["DE", "AT"]
    orders.total = { min = 5, max = 500 }
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.errors import InputError
from harness.plan.model import Shares

MOST_SKEW = 3.0
MOST_RATIO = 1_000_000
EDGES = frozenset({"min", "max"})

Named = tuple[tuple[str, str, float], ...]


def ratios(path: Path, given: Any) -> tuple[int | None, Named]:
    """The ratio of all children (when it is one number), and those of single ones."""
    if isinstance(given, Mapping):
        return None, tuple(_ratios(path, given))
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise InputError(f"{path}: ratio must be a whole number of at least 1, or a table such as [ratio] orders = 10")
    return given, ()


def _ratios(path: Path, given: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    for child, value in given.items():
        pair = next(iter(value.items())) if isinstance(value, Mapping) and len(value) == 1 else ("", value)
        yield child, str(pair[0]), _share(path, f"ratio.{child}", pair[1], MOST_RATIO)


def skew(path: Path, given: Any) -> Named:
    """Exponents of references."""
    return tuple((e, f, _share(path, f"skew.{e}.{f}", v, MOST_SKEW)) for e, f, v in _columns(path, "skew", given))


def null(path: Path, given: Any) -> Named:
    """Shares of NULL."""
    return tuple((e, f, _share(path, f"null.{e}.{f}", v, 1.0)) for e, f, v in _columns(path, "null", given))


def values(path: Path, given: Any) -> tuple[Shares, ...]:
    """What columns hold."""
    return tuple(_values(path, e, f, v) for e, f, v in _columns(path, "values", given))


def _values(path: Path, entity: str, field: str, value: Any) -> Shares:
    where = f"values.{entity}.{field}"
    if isinstance(value, list) and value:
        return Shares(entity, field, tuple((_text(path, where, each), 1.0) for each in value))
    if isinstance(value, Mapping) and value and value.keys() <= EDGES:
        low, high = (None if edge not in value else _text(path, where, value[edge]) for edge in ("min", "max"))
        return Shares(entity, field, (), low, high)
    if isinstance(value, Mapping) and value:
        of = tuple((str(name), _share(path, f"{where}.{name}", weight, 1e12)) for name, weight in value.items())
        if sum(weight for _, weight in of) > 0:
            return Shares(entity, field, of)
    raise InputError(
        f'{path}: {where} must be a list such as ["a", "b"], weights such as {{ a = 90, b = 10 }}, '
        f"or {{ min = 1, max = 9 }}, not {value!r}"
    )


def _text(path: Path, where: str, value: Any) -> str:
    if isinstance(value, list | Mapping):
        raise InputError(f"{path}: {where}: a value must be a text, a number, a date or a truth, not {value!r}")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _columns(path: Path, key: str, given: Any) -> Iterator[tuple[str, str, Any]]:
    """Entity, column and value; a namespace is written in quotes: ``"sales.orders".total``."""
    if not isinstance(given, Mapping):
        raise InputError(f"{path}: {key} must be a table such as [{key}] with lines like orders.status = …")
    for entity, columns in given.items():
        if not isinstance(columns, Mapping):
            raise InputError(f"{path}: {key}.{entity} must name a column: {key}.{entity}.column = …")
        for field, value in columns.items():
            yield entity, field, value


def _share(path: Path, where: str, value: Any, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise InputError(f"{path}: {where} must be a number from 0 to {most:g}, not {value!r}")
    return float(value)
