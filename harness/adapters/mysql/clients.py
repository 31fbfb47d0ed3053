"""Where the programs that back up and restore are on this machine: named, on PATH, or unpacked before.

``mysqldump`` and ``mysql`` are also names that MariaDB's programs answer to: what they say of themselves decides.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.adapters.mysql.flavour import Flavour
from harness.servers.model import Missing
from harness.servers.places import cache


@dataclass(frozen=True, slots=True)
class Names:
    """What the programs are called, the preferred name first."""

    dump: tuple[str, ...]
    client: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clients:
    """The programs, and what the one that dumps says of its version."""

    dump: Path
    client: Path
    version: str


NAMES = {
    "mysql": Names(("mysqldump",), ("mysql",)),
    "mariadb": Names(("mariadb-dump", "mysqldump"), ("mariadb", "mysql")),
}

REMEDY = {
    "mysql": "install MySQL's client programs, or on Debian run {} -m harness.adapters.mysql.unpack",
    "mariadb": "apt-get install mariadb-client, or on Debian run {} -m harness.adapters.mariadb.unpack",
}


def names(flavour: Flavour) -> Names:
    """What the programs of an engine are called."""
    return NAMES[flavour.name]


def unpacked(flavour: Flavour) -> Path:
    """Where ``unpack`` puts them, one directory for each version."""
    return cache() / "programs" / f"{flavour.name}-client"


def find(flavour: Flavour) -> Clients | Missing:
    """The first directory with both programs, in the order of the module's title."""
    looked = []
    for home in dict.fromkeys(_places(flavour)):
        dump, client = (_there(home, each) for each in (names(flavour).dump, names(flavour).client))
        if dump is not None and client is not None:
            version = _version(dump, flavour)
            if version:
                return Clients(dump, client, version)
            looked.append(f"{dump}: not {flavour.title}'s")
    wanted = f"{names(flavour).dump[0]} and {names(flavour).client[0]}"
    return Missing((*looked, f"PATH, {unpacked(flavour)}: no {wanted}"), REMEDY[flavour.name].format(sys.executable))


def _places(flavour: Flavour) -> Iterator[Path]:
    named = os.environ.get(f"HARNESS_{flavour.name.upper()}_BIN")
    if named:
        yield Path(named)
    for name in names(flavour).dump:
        found = shutil.which(name)
        if found is not None:
            yield Path(found).parent
    yield from sorted(unpacked(flavour).glob("*"), key=_numbers, reverse=True)


def _numbers(home: Path) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", home.name))


def _there(home: Path, names_: Sequence[str]) -> Path | None:
    return next((home / name for name in names_ if os.access(home / name, os.X_OK)), None)


def _version(dump: Path, flavour: Flavour) -> str:
    """What the program says of its version; empty when it is the other engine's, or does not run."""
    try:
        said = subprocess.run([dump, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    number = re.search(r"(?:Ver|from) (\d+\.\d+\.\d+)", said)
    fits = ("MariaDB" in said) == (flavour.name == "mariadb")
    return number[1] if number and fits else ""
