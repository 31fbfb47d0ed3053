"""MySQL or MariaDB as a local process: the commands, files and first statements that it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.adapters.mysql import programs
from harness.adapters.mysql.address import ADMINISTRATOR, PORT, SOCKET, administrator
from harness.adapters.mysql.product import Product
from harness.adapters.mysql.settings import THROW_AWAY
from harness.servers import unprivileged
from harness.servers.model import Address, Binaries, Missing

_WORK = "work"
"""The directory beside the data for the server's temporary files, and the only one that its SQL may read and write."""

_FIRST = "first.sql"


@dataclass(frozen=True, slots=True)
class LocalServer:
    """See ``harness.servers.model.Local``."""

    product: Product
    version: str | None

    def find(self) -> Binaries | Missing:
        """The programs."""
        return programs.find(self.product, self.version)

    def initialise(self, binaries: Binaries, data: Path) -> tuple[tuple[str, ...], ...]:
        """A data directory whose administrator has no password: no server is ever up on it before it has got one."""
        command = self.product.initialise(_program(self.product, binaries), data)
        return (command,) if command else ()

    def prepare(self, data: Path, password: str) -> None:
        """The password, as a statement that the server runs before it listens; and no identity of the template's."""
        (data / "auto.cnf").unlink(missing_ok=True)  # MySQL's server_uuid
        work = data.parent / _WORK
        work.mkdir(mode=0o700)
        first = work / _FIRST
        first.touch(mode=0o600)
        first.write_text(f"ALTER USER '{ADMINISTRATOR}'@'localhost' IDENTIFIED BY '{password}';\n", encoding="ascii")
        unprivileged.give(work)

    def command(self, binaries: Binaries, data: Path, run: Path, *, durable: bool) -> tuple[str, ...]:
        """The server, on a socket in ``run`` only."""
        work = data.parent / _WORK
        return (
            str(_program(self.product, binaries)),
            "--no-defaults",
            f"--datadir={data}",
            f"--socket={run / SOCKET}",
            f"--pid-file={data / 'server.pid'}",
            "--skip-networking",
            f"--tmpdir={work}",
            f"--secure-file-priv={work}",
            f"--init-file={work / _FIRST}",
            *self.product.settings,
            *(() if durable else THROW_AWAY),
        )

    def environment(self, binaries: Binaries) -> Mapping[str, str]:  # noqa: ARG002  (the protocol's)
        """Messages in English, times in UTC."""
        return {"LC_ALL": "C", "TZ": "UTC"}

    def address(self, run: Path, password: str) -> Address:
        """The administrator's address."""
        return administrator(self.product.engine, str(run), PORT, password)

    def unlock(self, binaries: Binaries, address: Address, password: str, run: Path) -> None:
        """Nothing: ``prepare`` did it."""


def _program(product: Product, binaries: Binaries) -> Path:
    return programs.server(product, binaries.home) or binaries.home / product.programs[0]
