"""PostgreSQL in two versions: what is true of one must be true of both."""

from collections.abc import Iterator

import pytest

from harness import adapters
from harness.engine import Engine
from harness.servers.model import Server
from tests.adapters.conftest import local_server
from tests.conftest import mostly_thorough


@pytest.fixture(scope="session")
def engine() -> Engine:
    return adapters.find("postgresql")


@pytest.fixture(scope="session", params=mostly_thorough(["15", "18"], short="15"))
def engine_server(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Server]:
    yield from local_server(engine, request.param, request)
