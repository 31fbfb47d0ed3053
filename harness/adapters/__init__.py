"""One folder per engine, found by looking: a new engine is a new folder with a function ``engine()``, and no edit."""

import importlib
import pkgutil

from harness.engine import Engine
from harness.errors import InputError, ServerError


def names() -> tuple[str, ...]:
    """The engines that are there, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


def find(name: str) -> Engine:
    """The engine of that name.

    Raises:
        InputError: there is none of that name.
        ServerError: its driver is not installed; the message says how to install it.
    """
    if name not in names():
        raise InputError(f"no support for {name or 'an unnamed database'} (there is: {', '.join(names())})")
    module = importlib.import_module(f"{__name__}.{name}")
    try:
        engine: Engine = module.engine()
    except ModuleNotFoundError as error:
        remedy = f"pip install 'schema-harness[{name}]'"
        raise ServerError(f"{name}: the Python package {error.name} is not installed: {remedy}") from error
    return engine
