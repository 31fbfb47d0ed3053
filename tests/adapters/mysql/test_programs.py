"""Programs are found where they are, and known by what they say: ``mysqld`` may be MariaDB's."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.adapters.mariadb.recipe import PRODUCT as MARIADB
from harness.adapters.mysql import programs
from harness.adapters.mysql.product import PRODUCT as MYSQL
from harness.adapters.mysql.product import Product
from harness.servers.model import Binaries, Missing


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing on PATH, nothing unpacked, and what the test puts into the directory."""
    for product in (MYSQL, MARIADB):
        monkeypatch.delenv(product.binaries_variable, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def only_path(product: Product) -> Product:
    """The product, on a machine whose distribution puts nothing anywhere."""
    return replace(product, places=())


def program(place: Path, name: str, says: str) -> None:
    """A program that says this of its version; a distribution's scripts beside it."""
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(f"#!/bin/sh\necho '{place / name}  Ver {says} for Linux on x86_64'\n")
    (place / name).chmod(0o755)


def scripts(share: Path) -> None:
    share.mkdir(parents=True)
    for name in ("system_tables", "performance_tables", "system_tables_data", "sys_schema"):
        (share / f"mariadb_{name}.sql").touch()
    (share / "maria_add_gis_sp_bootstrap.sql").touch()


def test_a_program_on_the_path_is_found(nowhere: Path) -> None:
    program(nowhere, "mysqld", "8.4.3")
    assert programs.find(only_path(MYSQL), None) == Binaries(nowhere, "8.4.3", f"{nowhere}/mysqld on PATH")


def test_a_link_on_the_path_leads_to_the_directory_of_the_programs(nowhere: Path) -> None:
    program(nowhere / "real", "mysqld", "9.7.4-2")
    (nowhere / "mysqld").symlink_to(nowhere / "real/mysqld")
    found = programs.find(only_path(MYSQL), None)
    assert isinstance(found, Binaries)
    assert found.home == nowhere / "real"


def test_the_same_name_is_told_apart_by_what_the_program_says(nowhere: Path) -> None:
    program(nowhere, "mysqld", "11.8.2-MariaDB-ubu2404")
    found = programs.find(only_path(MYSQL), None)
    assert isinstance(found, Missing)
    assert found.looked[0] == f"{nowhere}/mysqld on PATH: MariaDB 11.8.2"


def test_mariadb_under_its_old_name_is_found_with_its_scripts(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(nowhere / "bin", "mysqld", "10.11.6-MariaDB")
    monkeypatch.setenv("PATH", str(nowhere / "bin"))
    assert isinstance(programs.find(only_path(MARIADB), None), Missing)
    scripts(nowhere / "share/mysql")
    found = programs.find(only_path(MARIADB), None)
    assert isinstance(found, Binaries)
    assert found.version == "10.11.6"


@pytest.mark.parametrize(
    ("there", "asked", "fits"),
    [
        ("8.0.36", None, False),
        ("8.4.0", None, True),
        ("9.7.4", None, True),
        ("9.7.4", "9", True),
        ("9.7.4", "9.7", True),
        ("9.7.4", "8.4", False),
        ("8.0.36", "8.0", True),
    ],
)
def test_a_version_fits_when_it_is_asked_for_or_not_too_old(
    there: str, asked: str | None, fits: bool, nowhere: Path
) -> None:
    program(nowhere, "mysqld", there)
    found = programs.find(only_path(MYSQL), asked)
    assert isinstance(found, Binaries) is fits
    if isinstance(found, Missing):
        assert found.looked[0].endswith(f"MySQL {there}")


def test_what_was_unpacked_is_found_the_newest_first(nowhere: Path) -> None:
    for version in ("9.7.4", "9.7.10", "9.10.0"):
        program(programs.unpacked(MYSQL) / version, "mysqld", version)
    found = programs.find(only_path(MYSQL), None)
    assert isinstance(found, Binaries)
    assert found.version == "9.10.0"


def test_a_named_place_is_the_only_one_looked_at(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(nowhere, "mysqld", "9.7.4")
    empty = nowhere / "empty"
    monkeypatch.setenv("HARNESS_MYSQL_BIN", str(empty))
    found = programs.find(MYSQL, None)
    assert isinstance(found, Missing)
    assert found.looked == (f"HARNESS_MYSQL_BIN={empty}: no programs of MySQL",)


def test_a_machine_without_any_is_told_where_was_looked_and_what_to_do(nowhere: Path) -> None:
    found = programs.find(only_path(MYSQL), None)
    assert isinstance(found, Missing)
    assert any(str(programs.unpacked(MYSQL)) in place for place in found.looked)
    assert "install MySQL 8.4 or newer" in found.remedy
    assert "-m harness.adapters.mysql.unpack (it fetches" in found.remedy
    assert found.remedy.endswith("HARNESS_MYSQL_BIN")
