"""The programs that back up and restore: found where both are, and known by what they say of themselves."""

from pathlib import Path

import pytest

from harness.adapters.mariadb.flavour import MARIADB
from harness.adapters.mysql import clients
from harness.adapters.mysql.flavour import MYSQL, Flavour
from harness.servers.model import Missing

SAID = {
    "mysql": "mysqldump  Ver 9.7.4 for Linux on x86_64 (Debian)",
    "mariadb": "mysqldump from 11.8.9-MariaDB, client 10.19 for debian-linux-gnu (x86_64)",
}


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only directory in which programs are found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for variable in ("HARNESS_MYSQL_BIN", "HARNESS_MARIADB_BIN"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def put(place: Path, said: str, *names: str) -> None:
    for name in names:
        (place / name).write_text(f"#!/bin/sh\necho '{said}'\n")
        (place / name).chmod(0o755)


@pytest.mark.parametrize(("said", "version"), [(MYSQL, "9.7.4"), (MARIADB, "11.8.9")])
@pytest.mark.parametrize("asked", [MYSQL, MARIADB])
def test_a_program_is_taken_for_its_own_engine_only(place: Path, said: Flavour, version: str, asked: Flavour) -> None:
    put(place, SAID[said.name], "mysqldump", "mysql")
    found = clients.find(asked)

    if said is asked:
        assert isinstance(found, clients.Clients)
        assert (found.version, found.dump, found.client) == (version, place / "mysqldump", place / "mysql")
    else:
        assert isinstance(found, Missing)
        assert f"not {asked.title}'s" in found.looked[0]


def test_one_program_without_the_other_is_none(place: Path) -> None:
    put(place, SAID["mysql"], "mysqldump")
    found = clients.find(MYSQL)

    assert isinstance(found, Missing)
    assert "harness.adapters.mysql.unpack" in found.remedy


def test_the_newest_that_was_unpacked_is_taken(place: Path) -> None:
    for version in ("9.7.4", "9.10.0"):
        home = clients.unpacked(MYSQL) / version
        home.mkdir(parents=True)
        put(home, f"mysqldump  Ver {version} for Linux", "mysqldump", "mysql")
    found = clients.find(MYSQL)

    assert isinstance(found, clients.Clients)
    assert found.version == "9.10.0"
