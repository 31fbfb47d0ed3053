"""Owners are told apart for ever; journals are read whatever state they were left in."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from harness.servers import databases
from harness.servers.holdings import Description, Directory, Journal, Process, record
from harness.servers.identity import Owner, alive, machine, myself, owner, started
from harness.servers.model import Address

DESCRIPTION = Description("postgresql", "15.18", "local", "postgresql 15.18, a process", "postgresql://…")


def test_an_owner_is_read_back_from_its_label() -> None:
    assert owner(str(myself())) == myself()


@pytest.mark.parametrize("text", ["", "a:b:c", "one", "host/boot/ns:12"])
def test_any_other_label_names_no_owner(text: str) -> None:
    assert owner(text) is None


def test_this_process_is_alive() -> None:
    assert alive(myself()) is True


def test_a_pid_that_was_given_out_again_is_another_process() -> None:
    assert alive(replace(myself(), started="1")) is False


def test_a_process_that_ended_is_gone_also_as_a_zombie() -> None:
    ended = subprocess.Popen(["true"])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    assert started(ended.pid) is None
    ended.wait()
    assert started(ended.pid) is None


def test_what_ran_before_the_machine_was_started_is_gone() -> None:
    host, _, namespace = machine().split("/")
    assert alive(Owner(f"{host}/another-boot/{namespace}", 1, "1")) is False


def test_a_process_of_another_machine_or_container_cannot_be_seen() -> None:
    host, boot, _ = machine().split("/")
    assert alive(Owner(f"elsewhere/{boot}/1", os.getpid(), "1")) is None
    assert alive(Owner(f"{host}/{boot}/1", os.getpid(), "1")) is None


def test_a_journal_tells_what_is_held_still(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "postgresql-1.jsonl", myself())
    journal.hold(Directory("/dev/shm/one", "/usr/bin"))
    journal.hold(Process(12, "34"))
    journal.hold(Directory("/dev/shm/two", ""))
    journal.release(Directory("/dev/shm/one", "/usr/bin"))
    journal.describe(DESCRIPTION)
    seen = record(journal.path)
    assert seen is not None
    assert (seen.name, seen.owner, seen.kept) == ("postgresql-1", myself(), False)
    assert seen.holds == (Process(12, "34"), Directory("/dev/shm/two", ""))
    assert seen.description == DESCRIPTION
    journal.keep()
    journal.close()
    assert (kept := record(journal.path)) is not None
    assert kept.kept


def test_a_journal_is_for_its_owner_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "postgresql-1.jsonl", myself())
    journal.close()
    assert journal.path.stat().st_mode & 0o777 == 0o600


def test_a_journal_that_was_cut_off_tells_what_came_before(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "postgresql-1.jsonl", myself())
    journal.hold(Process(12, "34"))
    journal.close()
    with journal.path.open("a") as file:
        file.write('{"hold": {"kind": "direc')
    assert (seen := record(journal.path)) is not None
    assert seen.holds == (Process(12, "34"),)


def test_a_journal_of_a_newer_version_is_read_as_far_as_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "postgresql-1.jsonl"
    lines = [
        '{"hold": {"kind": "moon", "phase": 3}}',
        '{"hold": {"kind": "process", "pid": 1, "started": "2", "x": 3}}',
    ]
    path.write_text("\n".join(lines))
    assert (seen := record(path)) is not None
    assert seen.holds == (Process(1, "2"),)


def test_a_journal_that_is_gone_is_none(tmp_path: Path) -> None:
    assert record(tmp_path / "postgresql-1.jsonl") is None


@pytest.fixture
def database(apart: Path) -> Address:
    return Address("postgresql", "db", 5432, "app", "secret", "harness_1")


def test_a_database_in_use_is_not_abandoned(database: Address) -> None:
    with databases.noted(database):
        assert databases.abandoned(database) == ()


def test_a_database_of_a_run_that_is_gone_is_abandoned_until_it_is_dropped(
    database: Address, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = replace(myself(), started="1")
    monkeypatch.setattr(databases, "myself", lambda: gone)
    with pytest.raises(KeyboardInterrupt), databases.noted(database):
        raise KeyboardInterrupt
    assert databases.abandoned(database) == ("harness_1",)
    assert databases.abandoned(replace(database, host="other")) == ()
    assert not [path for path in apart.rglob("*.json") if "secret" in path.read_text()]
    databases.forget(database, "harness_1")
    assert databases.abandoned(database) == ()


def test_a_note_is_forgotten_when_the_socket_of_its_server_is_gone(
    database: Address, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "myself", lambda: replace(myself(), started="1"))
    for host in ("/dev/shm/harness-gone", "db"):
        with pytest.raises(KeyboardInterrupt), databases.noted(replace(database, host=host)):
            raise KeyboardInterrupt
    databases.sweep()
    assert len(list(apart.rglob("*.json"))) == 1
    assert databases.abandoned(database) == ("harness_1",)
