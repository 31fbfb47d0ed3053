"""A real, new server for a Debian machine whose own packages have none: ``python -m harness.adapters.mysql.unpack``.

Debian's unstable suite has MySQL, which no release of Debian has; the release of 2025 has MariaDB 11.8. The package and
those it needs are fetched from the mirror that this machine already uses, checked by apt as ever, and unpacked into the
cache directory, where the harness looks for it; so are the programs that back up and restore, apart, with what these
need. apt works with lists and a status of its own: nothing on the machine is
installed or changed, and root is not needed. The program runs with the C library that came with it, which is newer than
the machine's.
"""

import fcntl
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.adapters.mysql import clients
from harness.adapters.mysql.address import maker
from harness.adapters.mysql.product import PRODUCT, Product
from harness.adapters.mysql.programs import unpacked
from harness.errors import HarnessError, ServerError

_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_NOT_RUN = re.compile(r"(lib)?perl")
"""Packages that only its maintenance scripts need: most of the download."""

_KEPT = ("usr/lib", "usr/sbin", "usr/share/mysql", "usr/share/mariadb")
_KEPT_OF_CLIENTS = ("usr/lib", "usr/bin", "usr/share/mysql", "usr/share/mariadb")

_CONFIGURATION = """\
Dir::State "{place}";
Dir::State::status "{place}/status";
Dir::Cache "{place}";
Dir::Etc::sourcelist "{place}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
APT::Default-Release "";
APT::Install-Recommends "false";
APT::Sandbox::User "{user}";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""
"""Read after the machine's own, from which proxies and the like are kept; what others hook onto an update is not."""

_WRAPPER = """\
#!/bin/sh
# The program with the loader and the libraries that it was built for; found from wherever this directory is.
home=$(cd "${{0%/*}}" && pwd -P)
exec "$home/{loader}" --library-path "$home/{libraries}" "$home/{program}" "$@"{more}
"""

_MORE_OF_SERVERS = ' --basedir="$home/usr"'


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A package, which of its directories are kept, and the programs (``usr/sbin/mysqld``) that are started."""

    package: str
    where: Path
    kept: tuple[str, ...]
    programs: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class _Apt:
    """apt-get with lists and a status of its own, in a directory of its own."""

    place: Path

    def configure(self, mirror: str, suite: str) -> None:
        """Write down where it works and what it fetches from."""
        (self.place / "lists/partial").mkdir(parents=True)
        (self.place / "archives/partial").mkdir(parents=True)
        (self.place / "status").touch()
        signed = f"[signed-by={_KEYS}] " if _KEYS.exists() else ""
        (self.place / "sources.list").write_text(f"deb {signed}{mirror} {suite} main\n", encoding="utf-8")
        user = "root" if os.geteuid() == 0 else ""
        (self.place / "apt.conf").write_text(_CONFIGURATION.format(place=self.place, user=user), encoding="utf-8")

    def run(self, *words: str) -> str:
        """What apt-get says."""
        return _run("apt-get", "--quiet", "--config-file", str(self.place / "apt.conf"), *words, directory=self.place)

    def closure(self, package: str) -> tuple[str, ...]:
        """The names of a package and of all that it needs, each ``name=version``."""
        planned = self.run("install", "--simulate", package)
        found = re.findall(r"^Inst (\S+) \((\S+)", planned, re.MULTILINE)
        return tuple(f"{name}={version}" for name, version in found if not _NOT_RUN.match(name))


def unpack(product: Product, tell: Callable[[str], None]) -> Path:
    """Fetch and unpack what Debian's suite has; the directory of the server's programs, named for its version.

    Raises:
        ServerError: this is no Debian, or something could not be fetched.
    """
    mirror = _mirror()
    server = _Wanted(product.package, unpacked(product), _KEPT, (f"usr/sbin/{product.programs[0]}",), _MORE_OF_SERVERS)
    names = clients.names(product.flavour)
    client = _Wanted(product.client, clients.unpacked(product.flavour), _KEPT_OF_CLIENTS, tuple(
        f"usr/bin/{name}" for name in (names.dump[0], names.client[0])
    ))  # fmt: skip
    with _scratch(server.where) as scratch:
        apt = _Apt(scratch / "apt")
        apt.configure(mirror, product.suite)
        tell(f"reading what Debian {product.suite} has")
        apt.run("update")
        there = _had(apt, server, tell)
        _had(apt, client, tell)
        return there


def _had(apt: _Apt, wanted: _Wanted, tell: Callable[[str], None]) -> Path:
    """The directory of a package's programs, fetched unless they are there in that version."""
    packages = apt.closure(wanted.package)
    there = wanted.where / _upstream(packages, wanted.package)
    if there.exists():
        return there
    tell(f"fetching {wanted.package} and the {len(packages) - 1} packages it needs")
    for left in apt.place.glob("*.deb"):
        left.unlink()
    apt.run("download", *packages)
    wanted.where.mkdir(parents=True, exist_ok=True)
    return _extracted(apt.place, wanted).rename(there)


@contextmanager
def _scratch(programs: Path) -> Iterator[Path]:
    """A directory beside the one for the programs, for one process at a time; what a killed one left is deleted."""
    programs.mkdir(parents=True, exist_ok=True)
    with (programs.parent / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in programs.parent.glob("unpack-*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix="unpack-", dir=programs.parent) as scratch:
            yield Path(scratch)


def _mirror() -> str:
    """The mirror from which this machine has its own release.

    Raises:
        ServerError: it is no Debian, or has no such mirror.
    """
    system = platform.freedesktop_os_release() if Path("/etc/os-release").exists() else {}
    if system.get("ID") != "debian" or not all(map(shutil.which, ("apt-get", "dpkg-deb"))):
        raise ServerError(
            f"the packages are Debian's, and this is {system.get('NAME', platform.system())}: use Docker, or install a "
            "server in the way that is usual here"
        )
    fetched = _run("apt-get", "update", "--print-uris")
    release = system.get("VERSION_CODENAME", "sid")
    found = re.search(rf"^'(\S+?)/dists/(?:{re.escape(release)}|sid|unstable)/", fetched, re.MULTILINE)
    if found is None:
        raise ServerError(f"apt has no source with Debian {release}: see /etc/apt/sources.list")
    return found[1]


def _extracted(packages: Path, wanted: _Wanted) -> Path:
    """The packages' files as far as they are needed, with programs that start them."""
    everything, home = packages / "root" / wanted.package, packages / "home" / wanted.package
    everything.mkdir(parents=True)
    for package in sorted(packages.glob("*.deb")):
        _run("dpkg-deb", "--extract", str(package), str(everything))
    for part in filter(lambda part: (everything / part).exists(), wanted.kept):
        (home / part).parent.mkdir(parents=True, exist_ok=True)
        (everything / part).rename(home / part)
    loader = next(iter(sorted(home.glob("usr/lib/*/ld-linux*.so.*"))), None)
    if loader is None:
        raise ServerError("the packages hold no loader for this machine's architecture")
    found = loader.relative_to(home)
    for program in wanted.programs:
        text = _WRAPPER.format(loader=found, libraries=found.parent, program=program, more=wanted.more)
        started = home / Path(program).name
        started.write_text(text, encoding="utf-8")
        started.chmod(0o755)
    return home


def _upstream(packages: Sequence[str], name: str) -> str:
    """The version that the program will say it is: ``9.7.4`` of ``mysql-server-core=9.7.4-2``."""
    version = next(package.partition("=")[2] for package in packages if package.startswith(f"{name}="))
    return maker(version.rpartition(":")[2])[1]


def _run(*command: str, directory: Path | None = None) -> str:
    """What a program says; its last words when it fails."""
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join(f"  {line}" for line in (done.stderr or done.stdout).splitlines()[-5:])
        raise ServerError(f"{command[0]} failed (exit {done.returncode}):\n{last}")
    return done.stdout


def main(product: Product = PRODUCT) -> int:
    """Unpack, tell where, and give the exit code."""
    try:
        home = unpack(product, lambda text: print(text, file=sys.stderr))
    except HarnessError as error:
        print(f"no {product.title} was unpacked: {error}", file=sys.stderr)
        return error.exit_code
    print(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
