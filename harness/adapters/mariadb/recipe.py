"""How a MariaDB server is made: what tells it from MySQL's."""

from pathlib import Path

from harness.adapters.mariadb.flavour import MARIADB
from harness.adapters.mysql import recipe as family
from harness.adapters.mysql.product import Product
from harness.servers.model import Recipe

_SCRIPTS = (
    "{}_system_tables.sql",
    "{}_performance_tables.sql",
    "{}_system_tables_data.sql",
    "maria_add_gis_sp_bootstrap.sql",
    "{}_sys_schema.sql",
)
_BOOTSTRAP = """\
program=$1 data=$2
shift 2
mkdir "$data" && {
    printf '%s\\n' 'CREATE DATABASE mysql;' 'USE mysql;' 'SET @auth_root_socket = NULL;'
    # No administrator of this machine's name: an image is made of the same data.
    cat "$@" | sed '/@current_hostname/d'
} | "$program" --no-defaults --bootstrap --datadir="$data" --skip-log-bin --character-set-server=utf8mb4 \
    --innodb-log-file-size=8M
"""
"""The administrator has no password yet (see ``local``). A server makes the log larger; a template is copied often."""

_STEADY = (
    # Off by default here. It is where metadata locks are seen, and costs 80 MB and no time to start.
    "--performance-schema=ON",
    "--performance-schema-instrument=wait/lock/metadata/sql/mdl=ON",
)


def recipe(version: str | None, image: str | None) -> Recipe:
    """The recipe for a version (None: any that is supported) and an image (None: the official one)."""
    return family.recipe(version, image, PRODUCT)


def _initialise(program: Path, data: Path) -> tuple[str, ...] | None:
    """What ``mariadb-install-db`` does, which some packages separate from the programs that it needs."""
    scripts = _scripts(program.parent)
    return ("/bin/sh", "-c", _BOOTSTRAP, "sh", str(program), str(data), *map(str, scripts)) if scripts else None


def _scripts(home: Path) -> tuple[Path, ...]:
    """The statements that make the system tables, in their order: beside the program, where packages put them."""
    shares = (home / "usr/share", home.parent / "share")
    for place in (share / name for share in shares for name in ("mariadb", "mysql", "")):
        for brand in ("mariadb", "mysql"):  # MariaDB 11 renamed them
            found = tuple(place / name.format(brand) for name in _SCRIPTS)
            if all(path.is_file() for path in found):
                return found
    return ()


PRODUCT = Product(
    flavour=MARIADB,
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
    own_settings=_STEADY,
    initialise=_initialise,
    package="mariadb-server-core",
    client="mariadb-client",
    suite="trixie",
    remedy="apt-get install mariadb-server-core, or another package of MariaDB 10.11 or newer",
)
