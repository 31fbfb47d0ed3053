"""The closure image of MySQL: ``python -m tests.images.mysql`` builds it and prints its tag; so does ``….mariadb``.

Made of the programs that the harness itself finds on this machine, of a distribution or unpacked.
"""

import sys
import tempfile
from pathlib import Path

from harness.adapters.mysql import programs
from harness.adapters.mysql.product import PRODUCT, Product
from harness.adapters.mysql.recipe import recipe
from harness.servers import templates
from harness.servers.leftovers import watched
from harness.servers.model import Binaries
from harness.servers.process import installation
from tests.images.closure import Closure, build

_DATA = "/var/lib/mysql"
_UID = 999
_ENTRYPOINT = Path(__file__).with_name("mysql-entrypoint.sh")


def image(version: str | None = None, product: Product = PRODUCT) -> str:
    """Build the image, unless it is there; its tag."""
    found = installation(recipe(version, None, product))
    closure = _programs(product, found.binaries)
    commands = found.local.initialise(found.binaries, Path(_DATA))
    closure.texts["/initialised-with"] = ("\n".join(" ".join(command) for command in commands), 0o644)
    digest = closure.digest()
    with watched(product.engine) as journal, tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch, "data")
        Path(scratch).chmod(0o711)
        templates.fill(found, data, journal)
        closure.add_tree(data, at=_DATA, without=("auto.cnf",), owner=_UID)
        tag = f"harness-test/{product.engine}:{found.binaries.version}"
        return build(closure, tag, _changes(product, found.binaries), digest)


def _programs(product: Product, binaries: Binaries) -> Closure:
    closure = Closure()
    for program in ("sh", "sed", "cat", "ls", "cp", "rm"):
        closure.files[f"/bin/{program}"] = Path("/bin", program).resolve()
    if (binaries.home / "usr").is_dir():
        closure.add_libraries()  # the shell's; the server has brought its own
        closure.add_tree(binaries.home)
    else:
        _add_installed(closure, product, binaries)
        closure.add_libraries()
    closure.texts["/etc/passwd"] = (f"root:x:0:0::/:/bin/sh\nmysql:x:{_UID}:{_UID}::{_DATA}:/bin/sh\n", 0o644)
    closure.texts["/etc/group"] = (f"root:x:0:\nmysql:x:{_UID}:\n", 0o644)
    closure.texts["/entrypoint"] = (_ENTRYPOINT.read_text(), 0o755)
    closure.directories |= {"/tmp": (0o1777, 0), "/run/mysqld": (0o775, _UID), "/var/lib/mysql-files": (0o700, _UID)}
    return closure


def _add_installed(closure: Closure, product: Product, binaries: Binaries) -> None:
    """A distribution's program, with what it reads."""
    closure.add(_server(product, binaries))
    prefix = binaries.home.parent
    trees = (prefix / below / name for below in ("share", "lib") for name in ("mysql", "mariadb"))
    for tree in filter(Path.is_dir, trees):
        closure.add_tree(tree)


def _server(product: Product, binaries: Binaries) -> Path:
    program = programs.server(product, binaries.home)
    assert program is not None, binaries
    return program


def _changes(product: Product, binaries: Binaries) -> tuple[str, ...]:
    return (
        f"ENV SERVER={_server(product, binaries)} PATH=/bin LC_ALL=C TZ=UTC",
        f"USER {_UID}:{_UID}",
        "EXPOSE 3306",
        'ENTRYPOINT ["/entrypoint"]',
    )


if __name__ == "__main__":
    print(image(sys.argv[1] if len(sys.argv) > 1 else None))
