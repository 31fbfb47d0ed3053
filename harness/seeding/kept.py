"""Pools of words that were made before, in the cache directory: Faker takes a second for those of a common design.

What is kept is what would be made again, so its place is named by everything that decides it: the code of the pools,
Faker's release and Python's, whose generators of random numbers might change. A cache that cannot be written or read
costs time and nothing else.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from harness.servers import places

MODULES = ("pools.py", "phrases.py", "phrases_german.py", "locales.py")
"""What makes the words."""


def kept(name: str, locale: str, make: Callable[[], Sequence[str]]) -> list[str]:
    """The words of a pool, made only when they are not in the cache."""
    place = _home() / locale / f"{name}.json"
    with suppress(OSError, ValueError):
        found = json.loads(place.read_text(encoding="utf-8"))
        if isinstance(found, list) and found:
            return found
    made = list(make())
    with suppress(OSError):
        _write(place, json.dumps(made))
    return made


def _write(place: Path, text: str) -> None:
    """Whole or not at all: others read while this is written."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@cache
def _home() -> Path:
    told = sha256(f"{version('faker')} {sys.version}".encode())
    for module in MODULES:
        told.update(Path(__file__).with_name(module).read_bytes())
    return places.cache() / "pools" / told.hexdigest()[:16]
