"""MySQL and MariaDB: what is here must be true of both."""

import pytest

from harness import adapters
from harness.engine import Engine


@pytest.fixture(scope="session", params=["mysql", "mariadb"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return adapters.find(request.param)
