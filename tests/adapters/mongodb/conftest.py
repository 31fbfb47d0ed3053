"""MongoDB as a single server and as a replica set of one: what is true of one must be true of both."""

from collections.abc import Iterator

import pytest

from harness.adapters.mongodb.connection import Connection, connected
from harness.adapters.mongodb.fresh import fresh
from harness.adapters.mongodb.recipe import recipe
from harness.adapters.mongodb.session import MongoDBSession
from harness.errors import ServerError
from harness.servers.model import Address, Server
from harness.servers.provider import provide
from tests.conftest import missing


@pytest.fixture(scope="session", params=["single", pytest.param("replica set", marks=pytest.mark.thorough)])
def mongodb(request: pytest.FixtureRequest) -> Iterator[Server]:
    opened = provide(recipe(None, None, replica_set=request.param == "replica set"), "local")
    try:
        server = opened.__enter__()
    except ServerError as error:
        missing(request.config, "mongodb", str(error))
        raise
    yield server
    opened.__exit__(None, None, None)


@pytest.fixture
def address(mongodb: Server) -> Iterator[Address]:
    with fresh(mongodb, "test", None) as made:
        yield made


@pytest.fixture
def connection(address: Address) -> Iterator[Connection]:
    with connected(address) as opened:
        yield opened


@pytest.fixture
def session(connection: Connection) -> MongoDBSession:
    return MongoDBSession(connection)
