"""A backup by pg_dump, and from it a database again by pg_restore: the server's own programs, of its own version.

An older pg_dump refuses a newer server (https://www.postgresql.org/docs/current/app-pgdump.html); what a newer one
wrote may set what an older server does not know. So the version of the server is taken, else the next one after it.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from harness.adapters.postgresql import programs
from harness.adapters.postgresql.recipe import OLDEST
from harness.errors import ServerError
from harness.servers.model import Address, Binaries, Missing

TAKES_S = 1800


def dumping() -> Binaries | Missing:
    """See ``Backing.programs``: those for the server that is started where no other is asked for."""
    server = programs.find(None, OLDEST)
    found = _for(_major(server.version) if isinstance(server, Binaries) else OLDEST)
    if found is None:
        return Missing(("beside the server's programs, and PATH: no pg_dump",), "install postgresql-client")
    return found


def backup(version: str, database: Address, path: Path) -> str | None:
    """See ``Backing.backup``: the custom format, which pg_restore reads."""
    found = _for(_major(version))
    if found is not None:
        _run([str(found.home / "pg_dump"), "--format=custom", "--compress=0", f"--file={path}"], database)
        return None
    older = max(_there(), key=lambda each: _major(each.version), default=None)
    there = f"{older.home / 'pg_dump'} is {older.version}, older than" if older else "there is no pg_dump for"
    return f"{there} the server ({version}): install postgresql-client-{_major(version)}"


def restore(version: str, database: Address, path: Path) -> None:
    """Fill an empty database from a backup."""
    found = _for(_major(version))
    if found is None:
        raise ServerError(f"pg_restore for PostgreSQL {version} is not on this machine any more")
    options = ("--exit-on-error", "--no-owner", "--jobs=2", f"--dbname={database.database}", str(path))
    _run([str(found.home / "pg_restore"), *options], database)


def _for(server: int) -> Binaries | None:
    """The programs for a server of that major version."""
    fit = [each for each in _there() if _major(each.version) >= server]
    return min(fit, key=lambda each: _major(each.version), default=None)


def _there() -> Iterator[Binaries]:
    """Wherever programs of PostgreSQL may be."""
    for home in programs.homes():
        if (version := _version(home / "pg_dump")) and (home / "pg_restore").exists():
            yield Binaries(home, version, str(home / "pg_dump"))


@cache
def _version(program: Path) -> str:
    """What a program says of itself; nothing when it is not there or does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    number = re.search(r"\d+(\.\d+)*", said)
    return number[0] if number else ""


def _major(version: str) -> int:
    number = re.match(r"\d+", version)
    return int(number[0]) if number else 0


def _run(command: Sequence[str], database: Address) -> None:
    """Run a program at a database; ServerError tells what it said when it failed."""
    environment = {
        **os.environ,
        "PGHOST": database.host,
        "PGPORT": str(database.port),
        "PGUSER": database.user,
        "PGPASSWORD": database.password,
        "PGDATABASE": database.database,
    }
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, errors="replace", timeout=TAKES_S, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise ServerError(f"{Path(command[0]).name}: {said[0]}")
