"""One folder per engine, found by looking: a new engine is a new folder with a function ``engine()``, and no edit."""

import importlib
import pkgutil

from harness.engine import Engine
from harness.errors import InputError


def names() -> tuple[str, ...]:
    """The engines that are there, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


def find(name: str) -> Engine:
    """The engine of that name; InputError when there is none."""
    if name not in names():
        raise InputError(f"no support for {name or 'an unnamed database'} (there is: {', '.join(names())})")
    module = importlib.import_module(f"{__name__}.{name}")
    engine: Engine = module.engine()
    return engine
