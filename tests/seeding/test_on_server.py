"""Rows are taken by a real server: every awkward schema is filled, and the server is the judge."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.adapters import find
from harness.design.model import Statement
from harness.seeding.model import Order
from harness.seeding.rows import seeded
from harness.servers.model import Server
from harness.source import Source

SCHEMAS = sorted(Path(__file__).with_name("schemas").glob("*.sql"))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_every_row_is_taken(server: Server, path: Path) -> None:
    engine = find("postgresql")
    script = Statement(path.read_text(encoding="utf-8"), Source(str(path), 1, 1))
    with engine.fresh(server, f"seed_{path.stem}") as database, engine.connect(database) as session:
        effects = session.apply(engine.split(script), timeout_s=30)
        assert effects[-1].refusal is None, effects[-1]
        schema = session.inspect()
        made = seeded(Order(schema, 42, datetime.now(tz=UTC), default_rows=1000, ratio=5))
        assert not made.unfillable
        with session.filling(schema):
            for volume in made.volumes:
                assert session.load(made.entity(volume.entity), made.batches(volume.entity)) == volume.rows
        assert all(session.count(volume.entity) == volume.rows for volume in made.volumes)
