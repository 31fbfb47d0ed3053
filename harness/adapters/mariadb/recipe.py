"""How a MariaDB server is made: what tells it from MySQL's."""

from pathlib import Path

from harness.adapters.mysql import recipe as family
from harness.adapters.mysql.product import Product
from harness.servers.model import Recipe

_INSTALLERS = ("mariadb-install-db", "mysql_install_db")
_STEADY = (
    # Its default, as documented from 10.2.4 on; an image may come with a configuration of its own.
    "--sql-mode=STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION",
    # Off by default here. It is where metadata locks are seen, and costs 80 MB and no time to start.
    "--performance-schema=ON",
    "--performance-schema-instrument=wait/lock/metadata/sql/mdl=ON",
)


def recipe(version: str | None, image: str | None) -> Recipe:
    """The recipe for a version (None: any that is supported) and an image (None: the official one)."""
    return family.recipe(version, image, MARIADB)


def _initialise(program: Path, data: Path) -> tuple[str, ...] | None:
    installer = _installer(program.parent)
    if installer is None:
        return None
    return (
        str(installer),
        "--no-defaults",
        f"--datadir={data}",
        # With a password (none yet, see ``local``) instead of by the socket's peer: we are nobody, and want to be root.
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--innodb-log-file-size=8M",  # a server makes it larger; a template is copied often
    )


def _installer(home: Path) -> Path | None:
    """The script that makes data directories: beside the server, or where a package or an archive puts it."""
    places = (home, home.parent / "bin", home.parent / "scripts")
    return next((place / name for place in places for name in _INSTALLERS if (place / name).is_file()), None)


MARIADB = Product(
    engine="mariadb",
    title="MariaDB",
    schemes=frozenset({"mariadb", "mysql"}),  # many tools know no other word; the server tells which it is
    oldest="10.11",
    image="mariadb",
    image_version="11",
    programs=("mariadbd", "mysqld"),
    places=(
        "/usr/sbin",  # Debian, Ubuntu, the MariaDB project's packages
        "/usr/libexec",  # Fedora, Red Hat
        "/usr/local/mariadb/bin",
        "/opt/mariadb*/bin",
        "/opt/homebrew/opt/mariadb*/bin",
        "/usr/local/opt/mariadb*/bin",
        "/home/linuxbrew/.linuxbrew/opt/mariadb*/bin",
    ),
    settings=_STEADY,
    initialise=_initialise,
    remedy="apt-get install mariadb-server-core, or another package of MariaDB 10.11 or newer",
)
