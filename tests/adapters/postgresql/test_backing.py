"""A backup is made by programs that suit the server: its own version's, whatever else is on this machine."""

from dataclasses import replace
from pathlib import Path

from harness.abilities import Backing
from harness.engine import Engine, Session
from harness.servers.model import Address, Server
from tests.adapters.scripts import made


def test_what_is_restored_is_what_was_backed_up(
    engine: Engine, engine_server: Server, database: Address, session: Session, tmp_path: Path
) -> None:
    assert isinstance(engine, Backing)
    made(engine, session, "CREATE TABLE t (id int PRIMARY KEY, name text);\nINSERT INTO t VALUES (1, 'a'), (2, NULL);")
    assert engine.backup(engine_server, database, tmp_path / "backup") is None
    with engine.restored(engine_server, database, tmp_path / "backup") as again, engine.connect(again) as other:
        assert other.count("t") == 2
        assert other.inspect() == session.inspect()


def test_no_older_program_is_let_at_a_newer_server(
    engine: Engine, engine_server: Server, database: Address, tmp_path: Path
) -> None:
    assert isinstance(engine, Backing)
    missing = engine.backup(replace(engine_server, version="99.1"), database, tmp_path / "backup")
    assert missing is not None
    assert "older than the server (99.1): install postgresql-client-99" in missing
