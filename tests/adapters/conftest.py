"""A server and a database for each engine that is there, and a connection to it."""

import importlib
from collections.abc import Iterator

import pytest

from harness import adapters
from harness.engine import Engine, Session
from harness.errors import ServerError
from harness.servers.model import Address, Server
from harness.servers.provider import provide
from tests.adapters.example import Example
from tests.conftest import missing


@pytest.fixture(scope="session", params=adapters.names())
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine, found as the product finds them."""
    return adapters.find(request.param)


@pytest.fixture(scope="session")
def example(engine: Engine) -> Example:
    module = importlib.import_module(f"tests.adapters.{engine.name}.example")
    return module.EXAMPLE


@pytest.fixture(scope="session")
def engine_server(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A local server of the engine."""
    yield from local_server(engine, None, request)


def local_server(engine: Engine, version: str | None, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A local server of a version for as long as the fixture lasts; the test is skipped when there is none."""
    with_server = provide(engine.recipe(version, None), "local")
    try:
        server = with_server.__enter__()
    except ServerError as error:
        missing(request.config, engine.name, str(error))
        raise
    yield server
    with_server.__exit__(None, None, None)


@pytest.fixture
def database(engine: Engine, engine_server: Server) -> Iterator[Address]:
    """A new database for one test."""
    with engine.fresh(engine_server, "contract") as address:
        yield address


@pytest.fixture
def session(engine: Engine, database: Address) -> Iterator[Session]:
    """A connection to it."""
    with engine.connect(database) as opened:
        yield opened
