"""PostgreSQL as a local process: the commands, files and first connection that it takes."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from harness.adapters.postgresql import programs
from harness.adapters.postgresql.address import ADMINISTRATOR, PORT, administrator, reset_password
from harness.adapters.postgresql.settings import LIBRARIES, STEADY, THROW_AWAY, options
from harness.servers.model import Address, Binaries, Missing

_TEMPLATE_PASSWORD = "as made by initdb"  # noqa: S105  (valid in a directory of mode 0700, until ``unlock``)


@dataclass(frozen=True, slots=True)
class LocalPostgresql:
    """See ``harness.servers.model.Local``."""

    version: str | None
    minimum: int

    def find(self) -> Binaries | Missing:
        """The programs."""
        return programs.find(self.version, self.minimum)

    def initialise(self, binaries: Binaries, data: Path) -> tuple[tuple[str, ...], ...]:
        """A cluster in which every door asks for a password; that password is replaced before the server is used."""
        password_file = str(data.parent / "password")
        return (
            ("/bin/sh", "-c", 'printf %s "$1" > "$2"', "sh", _TEMPLATE_PASSWORD, password_file),
            (
                str(binaries.home / "initdb"),
                f"--pgdata={data}",
                f"--username={ADMINISTRATOR}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                f"--locale={_locale()}",
                "--no-sync",
            ),
        )

    def prepare(self, data: Path, password: str) -> None:
        """Nothing: a copied cluster that was shut down cleanly starts as it is; see ``unlock`` for the password."""

    def command(self, binaries: Binaries, data: Path, run: Path, *, durable: bool) -> tuple[str, ...]:
        """The server, on a socket in ``run`` only."""
        settings = (
            ("listen_addresses", ""),
            ("port", str(PORT)),
            ("unix_socket_directories", str(run)),
            ("unix_socket_permissions", "0700"),
            # POSIX shared memory of a server that was killed stays in /dev/shm; files in the data directory go with it.
            ("dynamic_shared_memory_type", "mmap"),
            ("shared_preload_libraries", ",".join(_libraries(binaries))),
            *STEADY,
            *(() if durable else THROW_AWAY),
        )
        return (str(binaries.home / "postgres"), "-D", str(data), *options(settings))

    def environment(self, binaries: Binaries) -> Mapping[str, str]:  # noqa: ARG002  (the protocol's)
        """Messages in English, times in UTC."""
        return {"LC_ALL": _locale(), "TZ": "UTC"}

    def address(self, run: Path, password: str) -> Address:
        """The administrator's address."""
        return administrator(str(run), PORT, password)

    def unlock(self, binaries: Binaries, address: Address, password: str, run: Path) -> None:  # noqa: ARG002
        """Replace the template's password."""
        reset_password(replace(address, password=_TEMPLATE_PASSWORD), password)


@cache
def _libraries(binaries: Binaries) -> tuple[str, ...]:
    """Those of LIBRARIES that this installation has."""
    return tuple(name for name in LIBRARIES if any(_is_in(place, name) for place in _library_places(binaries)))


def _library_places(binaries: Binaries) -> Iterator[Path]:
    prefix = binaries.home.parent
    yield from (prefix / "lib", prefix / "lib/postgresql")
    config = binaries.home / "pg_config"
    if config.exists():
        asked = subprocess.run([config, "--pkglibdir"], capture_output=True, text=True, check=False)
        yield Path(asked.stdout.strip())


def _is_in(place: Path, library: str) -> bool:
    return any(place.joinpath(f"{library}{ending}").exists() for ending in (".so", ".dylib"))


@cache
def _locale() -> str:
    """Sorting by code point, on every machine; but by the C library's locale, as in production.

    Not PostgreSQL's own C or builtin C.UTF-8: with those a plain index serves ``LIKE 'x%'``, which it does not under
    the locales that real databases have. Without C.UTF-8 (macOS) there is only C.
    """
    program = shutil.which("locale")
    if program is None:
        return "C.UTF-8"  # musl has no such program, and takes the name
    listed = subprocess.run([program, "-a"], capture_output=True, text=True, check=False).stdout.split()
    return "C.UTF-8" if {"C.utf8", "C.UTF-8"} & set(listed) else "C"
