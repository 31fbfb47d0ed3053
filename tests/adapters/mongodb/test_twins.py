"""Copies of databases with their server: the same, apart, killed by themselves, and gone at the end."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.adapters import find
from harness.adapters.mongodb import twins
from harness.adapters.mongodb.connection import connected, run
from harness.adapters.mongodb.fresh import fresh
from harness.adapters.mongodb.session import MemberSession, MongoDBSession
from harness.errors import ServerError
from harness.servers.model import Address, Server
from tests.adapters.mongodb.shell import made

SCRIPT = (
    "db.createCollection('users', { validator: { $jsonSchema: { required: ['name'] } }, validationAction: 'warn' })",
    "db.users.insertMany([{ _id: 1, name: 'a', at: ISODate('2020-01-01') }, { _id: 2, tags: ['x', 'y'] }])",
    "db.users.createIndex({ name: 1 }, { unique: true, sparse: true })",
    "db.createCollection('log', { capped: true, size: 4096 })",
    "db.log.insertMany([{ n: 2 }, { n: 1 }])",
    "db.createView('named', 'users', [{ $match: { name: { $exists: true } } }])",
)


@pytest.fixture
def template(address: Address, session: MongoDBSession, monkeypatch: pytest.MonkeyPatch) -> Address:
    made(session, *SCRIPT)
    monkeypatch.setattr(twins, "LEAST_DOCUMENTS", 0)
    monkeypatch.setattr(twins, "MOST_BESIDE", 1000)
    return address


def hashes(address: Address) -> Mapping[str, Any]:
    """Of each collection of the document's, a hash of all documents."""
    with connected(address) as connection:
        found: Mapping[str, Any] = run(connection, {"dbHash": 1})["collections"]
        return {name: value for name, value in found.items() if "." not in name}


def insert(address: Address) -> None:
    with connected(address) as connection:
        run(connection, {"insert": "users", "documents": [{"_id": 3, "name": "c"}]})


def test_a_twin_has_the_same_and_is_gone_at_the_end(mongodb: Server, template: Address) -> None:
    engine, wanted = find("mongodb"), hashes(template)
    with engine.connect(template) as session:
        schema = session.inspect()
    with fresh(mongodb, "copy", template) as copy:
        with engine.connect(copy) as session:
            assert session.inspect() == schema
            if isinstance(session, MemberSession):
                with session.holding("users", writing=True):
                    pass  # it is the primary of its own set, and takes transactions
        assert hashes(copy) == wanted
        insert(copy)
        assert hashes(template) == wanted
        assert copy.host != template.host
        changed = hashes(copy)
        with fresh(mongodb, "copy of a copy", copy) as second:
            assert hashes(second) == changed
    assert not Path(copy.host).exists()
    assert not Path(second.host).exists()
    with pytest.raises(ServerError), connected(copy):
        pass
    insert(template)


@pytest.mark.thorough
def test_a_twin_is_killed_and_comes_back_and_its_server_lives_on(mongodb: Server, template: Address) -> None:
    assert mongodb.mortal
    with fresh(mongodb, "copy", template) as copy:
        insert(copy)
        with find("mongodb").connect(copy) as session:
            assert isinstance(session, MongoDBSession)
            session.flush()
        wanted = hashes(copy)
        mongodb.mortal.kill(copy)
        with pytest.raises(ServerError), connected(copy):
            pass
        assert mongodb.died() is None
        mongodb.mortal.restart(copy)
        assert hashes(copy) == wanted


def test_writers_go_on_when_a_copy_is_broken_off(mongodb: Server, template: Address) -> None:
    with pytest.raises(KeyboardInterrupt), twins.still(template):
        raise KeyboardInterrupt
    insert(template)
