"""A backup by pg_dump, and from it a database again by pg_restore: the server's own programs, of its own version."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from harness.adapters.postgresql import programs
from harness.adapters.postgresql.recipe import OLDEST
from harness.errors import ServerError
from harness.servers.model import Address, Binaries, Missing

TAKES_S = 1800


def dumping() -> Binaries | Missing:
    """See ``Backing.programs``."""
    program = _program("pg_dump")
    if program is None:
        return Missing(("beside the server's programs, and PATH: no pg_dump",), "install postgresql-client")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    number = re.search(r"\d+(\.\d+)*", said)
    return Binaries(Path(program).parent, number[0] if number else "", program)


def backup(database: Address, path: Path) -> str | None:
    """See ``Backing.backup``: the custom format, which pg_restore reads."""
    program = _program("pg_dump")
    if program is None:
        return "pg_dump is not on this machine: install postgresql-client"
    _run([program, "--format=custom", "--compress=0", f"--file={path}"], database)
    return None


def restore(database: Address, path: Path) -> None:
    """Fill an empty database from a backup."""
    program = _program("pg_restore") or "pg_restore"
    _run([program, "--exit-on-error", "--no-owner", "--jobs=2", f"--dbname={database.database}", str(path)], database)


def _program(name: str) -> str | None:
    """Beside the server's own programs, else on PATH. An older pg_dump refuses a newer server."""
    found = programs.find(None, OLDEST)
    if not isinstance(found, Missing) and (found.home / name).exists():
        return str(found.home / name)
    return shutil.which(name)


def _run(command: Sequence[str], database: Address) -> None:
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
