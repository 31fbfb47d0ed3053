"""A backup by the dump program of the server's makers, and from it a database again by their client."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from harness.adapters.mysql.address import SOCKET
from harness.adapters.mysql.flavour import Flavour
from harness.errors import ServerError
from harness.servers.model import Address

TAKES_S = 1800
DUMPS = {"mysql": ("mysqldump",), "mariadb": ("mariadb-dump", "mysqldump")}
CLIENTS = {"mysql": ("mysql",), "mariadb": ("mariadb", "mysql")}


def backup(flavour: Flavour, database: Address, path: Path) -> str | None:
    """See ``Backing.backup``: one transaction, with triggers, routines and events."""
    program, client = _program(DUMPS[flavour.name]), _program(CLIENTS[flavour.name])
    if program is None or client is None:
        return f"{DUMPS[flavour.name][0]} and {CLIENTS[flavour.name][0]} are not on this machine: install the client"
    options = ("--single-transaction", "--routines", "--events", "--triggers", f"--result-file={path}")
    _run([program, *_reaching(database), *options, database.database], database)
    return None


def restore(flavour: Flavour, database: Address, path: Path) -> None:
    """See ``Backing.restore``."""
    client = _program(CLIENTS[flavour.name]) or CLIENTS[flavour.name][0]
    _run([client, *_reaching(database), database.database], database, path)


def _program(names: Sequence[str]) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


def _reaching(database: Address) -> tuple[str, ...]:
    if database.host.startswith("/"):
        return (f"--socket={database.host}/{SOCKET}", f"--user={database.user}")
    return (f"--host={database.host}", f"--port={database.port}", f"--user={database.user}")


def _run(command: Sequence[str], database: Address, path: Path | None = None) -> None:
    environment = {**os.environ, "MYSQL_PWD": database.password}
    with (path or Path(os.devnull)).open("rb") as source:
        done = subprocess.run(command, env=environment, stdin=source, capture_output=True, timeout=TAKES_S, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise ServerError(f"{Path(command[0]).name}: {said[0]}")
