"""A backup of the server's files: restored it is what was there, and no more; a damaged one is not taken for whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.adapters import find
from harness.adapters.mongodb import backing
from harness.adapters.mongodb.connection import connected, run
from harness.adapters.mongodb.session import MongoDBSession
from harness.errors import ServerError
from harness.servers.model import Address, Server
from tests.adapters.mongodb.shell import made
from tests.adapters.mongodb.test_twins import SCRIPT, hashes, insert


@pytest.fixture
def filled(address: Address, session: MongoDBSession) -> Address:
    made(session, *SCRIPT)
    return address


def test_what_is_restored_is_what_was_backed_up(mongodb: Server, filled: Address, tmp_path: Path) -> None:
    engine, wanted = find("mongodb"), hashes(filled)
    with engine.connect(filled) as session:
        schema = session.inspect()
    assert backing.backup(mongodb, filled, tmp_path / "backup") is None
    insert(filled)
    with backing.restored(mongodb, filled, tmp_path / "backup") as again:
        assert again.host != filled.host
        assert hashes(again) == wanted != hashes(filled)
        with engine.connect(again) as session:
            assert session.inspect() == schema
    assert not Path(again.host).exists()


@pytest.mark.thorough
def test_a_backup_that_was_cut_short_is_not_restored(mongodb: Server, filled: Address, tmp_path: Path) -> None:
    assert backing.backup(mongodb, filled, tmp_path / "backup") is None
    with connected(filled) as connection:
        uri = run(connection, {"collStats": "users"})["wiredTiger"]["uri"]
    file = tmp_path / "backup" / f"{uri.rpartition(':')[2]}.wt"
    file.write_bytes(file.read_bytes()[:4096])
    with pytest.raises(ServerError), backing.restored(mongodb, filled, tmp_path / "backup") as again:
        hashes(again)


def test_a_server_whose_files_are_out_of_reach_is_told_with_the_remedy(
    mongodb: Server, filled: Address, tmp_path: Path
) -> None:
    elsewhere = replace(mongodb, twins=None)
    assert "--server local" in (backing.backup(elsewhere, filled, tmp_path / "backup") or "")
