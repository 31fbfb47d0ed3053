"""A backup by the dump program of the server's makers, and from it a database again by their client."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from harness.adapters.mysql import clients
from harness.adapters.mysql.address import SOCKET
from harness.adapters.mysql.flavour import Flavour
from harness.errors import ServerError
from harness.servers.model import Address, Binaries, Missing

TAKES_S = 1800


def programs(flavour: Flavour) -> Binaries | Missing:
    """See ``Backing.programs``."""
    found = clients.find(flavour)
    return found if isinstance(found, Missing) else Binaries(found.dump.parent, found.version, str(found.dump))


def backup(flavour: Flavour, database: Address, path: Path) -> str | None:
    """See ``Backing.backup``: one transaction, with triggers, routines and events."""
    found = clients.find(flavour)
    if isinstance(found, Missing):
        return f"{clients.names(flavour).dump[0]} is not on this machine: {found.remedy}"
    options = ("--single-transaction", "--routines", "--events", "--triggers", f"--result-file={path}")
    _run([found.dump, "--no-defaults", *_reaching(database, flavour), *options, database.database], database)
    return None


def restore(flavour: Flavour, database: Address, path: Path) -> None:
    """Fill an empty database from a backup."""
    found = clients.find(flavour)
    if isinstance(found, Missing):
        raise ServerError(f"{clients.names(flavour).client[0]} is not on this machine any more: {found.remedy}")
    _run([found.client, "--no-defaults", *_reaching(database, flavour), database.database], database, path)


def _reaching(database: Address, flavour: Flavour) -> tuple[str, ...]:
    # MariaDB's programs want an encrypted connection even on this machine, since 11.4.
    plain = ("--skip-ssl-verify-server-cert",) if database.here and flavour.name == "mariadb" else ()
    return (*_place(database), *plain)


def _place(database: Address) -> tuple[str, ...]:
    if database.host.startswith("/"):
        return (f"--socket={database.host}/{SOCKET}", f"--user={database.user}")
    return (f"--host={database.host}", f"--port={database.port}", f"--user={database.user}")


def _run(command: Sequence[str | Path], database: Address, path: Path | None = None) -> None:
    environment = {**os.environ, "MYSQL_PWD": database.password}
    with (path or Path(os.devnull)).open("rb") as source:
        done = subprocess.run(command, env=environment, stdin=source, capture_output=True, timeout=TAKES_S, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise ServerError(f"{Path(command[0]).name}: {said[0]}")
