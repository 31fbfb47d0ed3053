"""What tells one engine of this family from the other where servers are had: names, places, versions, images."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.adapters.mysql.flavour import MYSQL, Flavour
from harness.adapters.mysql.settings import MYSQL_STEADY, STEADY


@dataclass(frozen=True, slots=True)
class Product:
    """One engine of the family, as a thing that is installed and run.

    Attributes:
        flavour: its names, and how it is spoken to.
        schemes: of the URLs that may mean such a server.
        oldest: the oldest version that is supported.
        image: the repository of the official image.
        image_version: the image's tag when no version is asked for.
        programs: names of the server's program, the preferred one first.
        places: patterns of directories in which distributions put it.
        own_settings: what every disposable server of it is started with, besides what both have in common.
        initialise: the command that makes a data directory, of the server's program and that directory; None where
            something that it needs is not there.
        package: Debian's, with the server's program.
        client: Debian's, with the programs that back up and restore.
        suite: of Debian, that has the packages in a version worth unpacking.
        remedy: how to get one on this machine.
    """

    flavour: Flavour
    schemes: frozenset[str]
    oldest: str
    image: str
    image_version: str
    programs: tuple[str, ...]
    places: tuple[str, ...]
    own_settings: tuple[str, ...]
    initialise: Callable[[Path, Path], tuple[str, ...] | None]
    package: str
    client: str
    suite: str
    remedy: str

    @property
    def engine(self) -> str:
        """Its name in the harness."""
        return self.flavour.name

    @property
    def title(self) -> str:
        """Its name among people."""
        return self.flavour.title

    @property
    def settings(self) -> tuple[str, ...]:
        """What every disposable server of it is started with."""
        return (*STEADY, f"--sql-mode={self.flavour.sql_mode}", *self.own_settings)

    @property
    def binaries_variable(self) -> str:
        """The environment variable that names the directory of the programs."""
        return f"HARNESS_{self.engine.upper()}_BIN"

    @property
    def image_variable(self) -> str:
        """The environment variable that names the image."""
        return f"HARNESS_{self.engine.upper()}_IMAGE"


def _initialise(program: Path, data: Path) -> tuple[str, ...]:
    return (
        str(program),
        "--no-defaults",
        # No password yet: none of the servers that run on a copy is ever up before it has got one (see ``local``).
        "--initialize-insecure",
        f"--datadir={data}",
        "--skip-log-bin",
        "--secure-file-priv=NULL",
        "--character-set-server=utf8mb4",
        "--innodb-redo-log-capacity=8M",  # a server makes it larger; a template is copied often
    )


PRODUCT = Product(
    flavour=MYSQL,
    schemes=frozenset({"mysql"}),
    oldest="8.4",
    image="mysql",
    image_version="8.4",
    programs=("mysqld",),
    places=(
        "/usr/sbin",  # Debian, Ubuntu, the MySQL project's packages
        "/usr/libexec",  # Fedora, Red Hat
        "/usr/local/mysql/bin",  # the MySQL project's archives
        "/opt/mysql*/bin",
        "/opt/homebrew/opt/mysql*/bin",
        "/usr/local/opt/mysql*/bin",
        "/home/linuxbrew/.linuxbrew/opt/mysql*/bin",
    ),
    own_settings=MYSQL_STEADY,
    initialise=_initialise,
    package="mysql-server-core",
    client="mysql-client",
    suite="sid",
    remedy=(
        f"install MySQL 8.4 or newer, or on Debian run {sys.executable} -m harness.adapters.mysql.unpack (it fetches "
        "Debian's newest into the cache directory and installs nothing)"
    ),
)
