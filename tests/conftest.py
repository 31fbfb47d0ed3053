"""What all tests share: servers, and what happens where one cannot be had.

A test that needs what this machine has not is skipped with the reason; ``--require docker,postgresql`` (or
HARNESS_REQUIRE) turns those skips into failures.
"""

import os
import re
import signal
import sys
from collections.abc import Iterable, Iterator

import pytest
from _pytest.mark import ParameterSet

from harness.adapters.postgresql.recipe import recipe
from harness.errors import ServerError
from harness.servers import docker_engine
from harness.servers.model import Server
from harness.servers.provider import provide
from tests.standing import Standing

_ENGINE = "postgresql"

# Started in the background, or by nohup, this process ignores them, and so would every run that a test interrupts.
for _number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number is signal.SIGINT else signal.SIG_DFL)

# Where the environment forbids to keep compiled modules, every process that a test starts would compile them all again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require",
        default=os.environ.get("HARNESS_REQUIRE", ""),
        metavar="NAME,…",
        help="what must be there (docker, postgresql): tests that miss it fail instead of being skipped",
    )
    parser.addoption(
        "--thorough",
        action="store_true",
        default=bool(os.environ.get("HARNESS_THOROUGH")),
        help="also the tests that repeat on a second engine or version what was shown on the first",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the thorough tests for CI, so that a bare run stays short."""
    if config.getoption("--thorough"):
        return
    late = [item for item in items if item.get_closest_marker("thorough")]
    config.hook.pytest_deselected(items=late)
    items[:] = [item for item in items if item not in late]


def mostly_thorough(values: Iterable[str], *, short: str) -> list[ParameterSet]:
    """Values of a parameter of which a bare run takes only one; the others repeat what it shows."""
    return [pytest.param(each, marks=[] if each == short else [pytest.mark.thorough]) for each in values]


def missing(config: pytest.Config, what: str, reason: str) -> None:
    """Skip the test for want of ``what``, or fail it where that is required."""
    if what in re.split(r"[,\s]+", config.getoption("--require")):
        pytest.fail(f"{what} is required: {reason}", pytrace=False)
    pytest.skip(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("docker") and (reason := _no_docker()):
        missing(item.config, "docker", reason)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A local PostgreSQL for the whole run of this process: make databases on it, with ``Engine.fresh``."""
    opened = provide(recipe(None, None), "local")
    try:
        there = opened.__enter__()
    except ServerError as error:
        missing(request.config, _ENGINE, str(error))
        raise
    yield there
    opened.__exit__(None, None, None)


@pytest.fixture(scope="session")
def standing() -> Iterator[Standing]:
    """Servers for tests that need nothing of their own from one."""
    servers = Standing()
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def docker_image() -> str:
    """The image for tests marked ``docker``: made on this machine, unless HARNESS_POSTGRESQL_IMAGE names one."""
    from tests.images import postgresql

    return os.environ.get("HARNESS_POSTGRESQL_IMAGE") or postgresql.image()


def _no_docker() -> str | None:
    engine = docker_engine.engine()
    return engine.reason if isinstance(engine, docker_engine.NoEngine) else None
