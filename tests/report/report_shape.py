"""Compares a JSON value with the published shape: every key there, none besides, each of its kind.

The shape is a value of the same form: a word for each leaf (``text``, ``number``, ``flag``, ``any``, with ``?`` where
null may stand), a list of one item for lists, ``*`` for any key, and ``@name`` for a shape that stands at the top.
"""

from collections.abc import Iterator
from typing import Any

KINDS: dict[str, tuple[type, ...]] = {"text": (str,), "number": (int, float), "flag": (bool,)}


def faults(value: Any, shape: Any, named: dict[str, Any], path: str = "$") -> Iterator[str]:
    """Where the value is not of that shape."""
    if isinstance(shape, str):
        yield from _leaf(value, shape, named, path)
    elif isinstance(shape, list):
        for number, item in enumerate(value):
            yield from faults(item, shape[0], named, f"{path}[{number}]")
    elif "*" in shape:
        for key, item in value.items():
            yield from faults(item, shape["*"], named, f"{path}.{key}")
    else:
        keys = {key for key in shape if not key.startswith("@")}
        if keys != value.keys():
            yield f"{path}: {sorted(keys ^ value.keys())}"
        for key in keys & value.keys():
            yield from faults(value[key], shape[key], named, f"{path}.{key}")


def _leaf(value: Any, word: str, named: dict[str, Any], path: str) -> Iterator[str]:
    kind = word.removesuffix("?")
    if (value is None and word.endswith("?")) or kind == "any":
        return
    if kind.startswith("@"):
        yield from faults(value, named[kind], named, path)
    elif not isinstance(value, KINDS[kind]) or (kind == "number" and isinstance(value, bool)):
        yield f"{path}: {value!r} is no {kind}"
