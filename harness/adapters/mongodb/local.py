"""MongoDB as a local process: the commands and the first connection that it takes."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.adapters.mongodb import programs
from harness.adapters.mongodb.address import PORT, administrator, admit, initiate, socket_path
from harness.adapters.mongodb.settings import REPLICA_SET, STEADY, THROW_AWAY, words
from harness.servers.model import Address, Binaries, Missing
from harness.servers.unprivileged import give

_KEY = "key"


@dataclass(frozen=True, slots=True)
class LocalMongoDB:
    """See ``harness.servers.model.Local``. ``replica_set``: one of a single member."""

    version: str | None
    minimum: str
    replica_set: bool

    def find(self) -> Binaries | Missing:
        """The program."""
        return programs.find(self.version, self.minimum)

    def initialise(self, binaries: Binaries, data: Path) -> tuple[tuple[str, ...], ...]:  # noqa: ARG002
        """An empty directory: mongod fills it at its first start in the time that it takes to open a full one."""
        return (("/bin/mkdir", "-m", "700", str(data)),)

    def prepare(self, data: Path, password: str) -> None:  # noqa: ARG002  (``unlock`` sets it)
        """No lock of another server. A replica set's key; without one there is no access control."""
        (data / "mongod.lock").unlink(missing_ok=True)
        if self.replica_set:
            key = data / _KEY
            key.touch(mode=0o600)
            key.write_bytes(base64.b64encode(secrets.token_bytes(48)))
            give(data)

    def command(self, binaries: Binaries, data: Path, run: Path, *, durable: bool) -> tuple[str, ...]:
        """The server, on a socket in ``run`` only."""
        member = ("--replSet", REPLICA_SET, "--keyFile", str(data / _KEY), "--oplogSize", "64")
        return (
            str(binaries.home / programs.PROGRAM),
            "--dbpath",
            str(data),
            "--port",
            str(PORT),
            "--bind_ip",
            socket_path(str(run), PORT),
            "--nounixsocket",  # the one that it would open beside that, in /tmp
            "--auth",
            *(member if self.replica_set else ()),
            *words(STEADY),
            *(() if durable else words(THROW_AWAY)),
        )

    def environment(self, binaries: Binaries) -> Mapping[str, str]:  # noqa: ARG002  (the protocol's)
        """Messages in English, times in UTC."""
        return {"LC_ALL": "C", "TZ": "UTC"}

    def address(self, run: Path, password: str) -> Address:
        """The administrator's address."""
        return administrator(str(run), PORT, password)

    def unlock(self, binaries: Binaries, address: Address, password: str, run: Path) -> None:  # noqa: ARG002
        """Make the administrator; until then the socket, in a directory of mode 0700, lets in nobody else."""
        (initiate if self.replica_set else admit)(address)
