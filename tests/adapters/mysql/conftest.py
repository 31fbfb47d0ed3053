"""MySQL, and MariaDB in two versions: what is here must be true of all three."""

from collections.abc import Iterator

import pytest

from harness import adapters
from harness.engine import Engine
from harness.servers.model import Server
from tests.adapters.conftest import local_server
from tests.conftest import mostly_thorough

VARIANTS = {"mysql": ("mysql", None), "mariadb-10.11": ("mariadb", "10.11"), "mariadb-11.8": ("mariadb", "11.8")}


@pytest.fixture(scope="session", params=mostly_thorough(VARIANTS, short="mariadb-10.11"))
def variant(request: pytest.FixtureRequest) -> tuple[str, str | None]:
    """An engine's name, and the version that is asked for."""
    return VARIANTS[request.param]


@pytest.fixture(scope="session")
def engine(variant: tuple[str, str | None]) -> Engine:
    return adapters.find(variant[0])


@pytest.fixture(scope="session")
def engine_server(engine: Engine, variant: tuple[str, str | None], request: pytest.FixtureRequest) -> Iterator[Server]:
    yield from local_server(engine, variant[1], request)
