"""Rows are taken by real servers: thirty awkward schemas are filled, and the server is the judge."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.adapters import find
from harness.design.model import Statement
from harness.seeding.model import Order
from harness.seeding.rows import seeded
from harness.servers.model import Server
from harness.source import Source
from tests.adapters.conftest import local_server

SCHEMAS = Path(__file__).with_name("schemas")
ENGINES = {"postgresql": ".", "mysql": "mysql", "mariadb": "mysql", "mongodb": "mongodb"}
REPEATED = {"mysql"}
"""Where what was shown on a sibling is shown again."""

CASES = [
    pytest.param(engine, path, id=f"{engine}-{path.stem}", marks=[pytest.mark.thorough] * (engine in REPEATED))
    for engine, folder in ENGINES.items()
    for path in sorted(p for p in (SCHEMAS / folder).iterdir() if p.is_file())
]


@pytest.fixture(scope="module")
def server_of(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Server]]:
    """A server of the engine of that name, started when it is asked for first."""
    started: dict[str, Iterator[Server]] = {}
    found: dict[str, Server] = {}

    def of(name: str) -> Server:
        if name not in found:
            started[name] = local_server(find(name), None, request)
            found[name] = next(started[name])
        return found[name]

    yield of
    for each in started.values():
        next(each, None)


@pytest.mark.parametrize(("name", "path"), CASES)
def test_every_row_is_taken(server_of: Callable[[str], Server], name: str, path: Path) -> None:
    engine = find(name)
    script = Statement(path.read_text(encoding="utf-8"), Source(str(path), 1, 1))
    with engine.fresh(server_of(name), f"seed_{path.stem}") as database, engine.connect(database) as session:
        effects = session.apply(engine.split(script), timeout_s=30)
        assert effects[-1].refusal is None, effects[-1]
        schema = session.inspect()
        made = seeded(Order(schema, 42, datetime.now(tz=UTC), default_rows=1000, ratio=5))
        assert not made.unfillable
        with session.filling(schema):
            for volume in made.volumes:
                assert session.load(made.entity(volume.entity), made.batches(volume.entity)) == volume.rows
        assert all(session.count(volume.entity) == volume.rows for volume in made.volumes)


def test_there_are_thirty_of_them() -> None:
    assert len({path for path in SCHEMAS.rglob("*") if path.is_file()}) >= 30
