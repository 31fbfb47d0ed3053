"""A server as a throw-away process of this machine: a copied data directory, a unix socket, a random password."""

import errno
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.errors import ServerError, ServerGone
from harness.servers import templates, unprivileged
from harness.servers.endings import end
from harness.servers.holdings import Journal, Process
from harness.servers.identity import started
from harness.servers.model import Address, Missing, Recipe, Server
from harness.servers.places import socket_directory_fits, workspace
from harness.servers.ready import first_line, fitting, until_ready
from harness.servers.templates import Installation, private_directory

_READY_WITHIN_S = 120.0
_GONE_WITHIN_S = 10.0
_REMEDY = "make room there, or set TMPDIR to a place that has it"

_STARTS_WITH_BYTES = 100 << 20
"""MySQL and MariaDB make a log of that size when they start, and can say little of why they cannot."""

_WORKS_WITH_BYTES = 16 << 20
"""PostgreSQL's log of changes grows by files of that size."""

_CRASH = re.compile(r"PANIC|signal", re.IGNORECASE)
"""Where a log begins to tell of a crash; what follows is the new start."""

_detached: list[subprocess.Popen[bytes]] = []
"""Servers that stay up: while the object lives nothing complains that nobody waits for them."""


@contextmanager
def process(recipe: Recipe, journal: Journal, *, durable: bool, in_memory: bool = False) -> Iterator[Server]:
    """A server that ends with the context, unless the journal says ``keep`` by then.

    Raises:
        ServerError: no binaries, no space, or the server did not come up.
    """
    found = installation(recipe)
    password = secrets.token_urlsafe(18)
    place = workspace(durable=durable and not in_memory)
    try:
        directory, run = _prepared(found, journal, place)
        found.local.prepare(directory / "data", password)
    except OSError as error:
        raise ServerError(_unwritable(error, place)) from error
    with _living(found, directory, run, journal, durable=durable) as life:
        try:
            server = _answering(recipe, found, found.local.address(run, password), run, life)
        except ServerError as error:
            if shutil.disk_usage(directory).free < _STARTS_WITH_BYTES:
                raise ServerError(f"{_no_room(directory.parent)}\n{error}") from error
            raise
        try:
            yield replace(server, twins=_Twins(recipe, found, journal, place, directory, life, durable))
        except ServerError as error:
            raise ServerError("\n".join(_explained(error, directory, life.died))) from error


def installation(recipe: Recipe) -> Installation:
    """The engine's programs on this machine; ServerError says where was looked and what to install."""
    if recipe.local is None:
        raise ServerError(f"{recipe.engine} does not run as a local process: use --server docker or a URL")
    found = recipe.local.find()
    if isinstance(found, Missing):
        looked = "; ".join(found.looked)
        raise ServerError(f"no {recipe.engine} server on this machine (looked: {looked}): {found.remedy}")
    return Installation(recipe.engine, recipe.local, found)


def _prepared(found: Installation, journal: Journal, place: Path) -> tuple[Path, Path]:
    """The directory with the data, and the one for the socket: the same, unless its path is too long for a socket."""
    directory = private_directory(place, found, journal)
    templates.fill(found, directory / "data", journal)
    if socket_directory_fits(directory):
        return directory, directory
    return directory, private_directory(Path("/tmp"), found, journal)  # noqa: S108  (a private one in it)


def _answering(recipe: Recipe, found: Installation, address: Address, run: Path, life: "Life") -> Server:
    """The server once it answers to its random password."""

    def unlock(address: Address) -> None:
        found.local.unlock(found.binaries, address, address.password, run)

    until_ready(unlock, [address], life.died, within_s=_READY_WITHIN_S)
    life.ready = lambda: until_ready(recipe.probe, [address], life.died, within_s=_READY_WITHIN_S)
    _, version = life.ready()
    where = f"{recipe.engine} {version}, a throw-away process on this machine ({found.binaries.found})"
    version = fitting(recipe, version, str(found.binaries.home))
    return Server(address, "local", version, None, where, life.died, life, unprivileged.ran)


class Life:
    """A server's process: started, killed, started again on the same data.

    ``ready`` waits until it answers. ``twins``: by the hosts of their addresses.
    """

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]], log: Path, journal: Journal) -> None:
        self._start = start
        self._log = log
        self._journal = journal
        self.ready: Callable[[], tuple[Address, str]] | None = None
        self.twins: dict[str, Life] = {}
        self._begin()

    def _begin(self) -> None:
        self._running = self._start()
        self._hold = Process(self._running.pid, started(self._running.pid) or "")
        self._journal.hold(self._hold)

    def died(self) -> str | None:
        """Whether it has ended, and with what last words."""
        code = self._running.poll()
        return None if code is None else f"{_ending(code)}; the last lines of its log:\n{templates.tail(self._log)}"

    def kill(self, at: Address) -> None:
        """See ``Mortal.kill``."""
        self.twins.get(at.host, self).end()

    def restart(self, at: Address) -> None:
        """See ``Mortal.restart``."""
        self.twins.get(at.host, self).begin()

    def end(self) -> None:
        """End it with SIGKILL."""
        end(self._hold)
        self._running.wait(_GONE_WITHIN_S)
        self._journal.release(self._hold)

    def begin(self) -> None:
        """Start it again, until it answers."""
        self._begin()
        if self.ready is not None:
            self.ready()

    def leave(self) -> None:
        """End it, unless the journal says ``keep`` by now."""
        if self._journal.kept:
            _detached.append(self._running)
        else:
            self.end()


@dataclass(slots=True)
class _Twins:
    """Servers on copies of the data of the ``first`` one, or of each other; ``made`` by the host of their addresses."""

    recipe: Recipe
    found: Installation
    journal: Journal
    place: Path
    first: Path
    life: Life
    durable: bool
    made: dict[str, Path] = field(default_factory=dict)

    def started(self, of: Address, still: AbstractContextManager[object]) -> AbstractContextManager[Address]:
        """See ``Twins.started``."""
        return self._on_a_copy(of, self._data(of), still)

    def copied(self, of: Address, still: AbstractContextManager[object], path: Path) -> None:
        """See ``Twins.copied``."""
        try:
            with still:
                templates.copy(self._data(of), path)
        except OSError as error:
            raise ServerError(_unwritable(error, path.parent)) from error

    def restored(self, of: Address, path: Path) -> AbstractContextManager[Address]:
        """See ``Twins.restored``."""
        return self._on_a_copy(of, path, nullcontext())

    def _data(self, of: Address) -> Path:
        return self.made.get(of.host, self.first) / "data"

    @contextmanager
    def _on_a_copy(self, of: Address, source: Path, still: AbstractContextManager[object]) -> Iterator[Address]:
        with ExitStack() as gone:
            directory = self._directory(gone)
            try:
                with still:
                    templates.copy(source, directory / "data")
                self.found.local.prepare(directory / "data", of.password)
            except OSError as error:
                raise ServerError(_unwritable(error, self.place)) from error
            run = directory if socket_directory_fits(directory) else self._directory(gone, Path("/tmp"))  # noqa: S108
            address = self.found.local.address(run, of.password).of(of.database)
            life = gone.enter_context(
                _living(self.found, directory, run, self.journal, durable=self.durable, kept=False)
            )
            life.ready = lambda: until_ready(self.recipe.probe, [address], life.died, within_s=_READY_WITHIN_S)
            life.ready()
            self.life.twins[address.host] = life
            gone.callback(self.life.twins.pop, address.host)
            self.made[address.host] = directory
            gone.callback(self.made.pop, address.host)
            yield address

    def _directory(self, gone: ExitStack, place: Path | None = None) -> Path:
        """A private one, which is gone with the stack."""
        directory = private_directory(place or self.place, self.found, self.journal)
        gone.callback(self.journal.release, self.found.held(directory))
        gone.callback(shutil.rmtree, directory, ignore_errors=True)
        return directory


@contextmanager
def _living(
    found: Installation, directory: Path, run: Path, journal: Journal, *, durable: bool, kept: bool = True
) -> Iterator[Life]:
    """The server's process, for as long as the context lasts; longer where it may be, and the journal says so."""
    log = directory / "server.log"
    command = found.local.command(found.binaries, directory / "data", run, durable=durable)

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return found.start(command, directory, output)

    life = Life(start, log, journal)
    try:
        yield life
    finally:
        if kept:
            life.leave()
        else:
            life.end()


def _explained(error: ServerError, directory: Path, died: Callable[[], str | None]) -> Iterator[str]:
    """An error in the middle of the work, with what can be seen of its reason here and not by a client."""
    log = directory / "server.log"
    if shutil.disk_usage(directory).free < _WORKS_WITH_BYTES or templates.FULL.encode() in log.read_bytes():
        # What filled it a server that crashed has deleted by now.
        yield f"{_no_room(directory.parent)}\n{first_line(error)}"
        return
    yield str(error)
    if isinstance(error, ServerGone) and died() is None:  # one of its processes crashed, and it starts anew
        yield f"the last lines of its log:\n{templates.tail(log, since=_CRASH)}"


def _ending(code: int) -> str:
    if code >= 0:
        return f"the server ended with exit code {code}"
    return f"the server was ended by {signal.Signals(-code).name}"


def _unwritable(error: OSError, place: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        at = Path(error.filename or place)
        return _no_room(next((path.parent for path in at.parents if path.name.startswith("harness-")), place))
    return f"{error.filename or place}: {(error.strerror or str(error)).lower()}: {_REMEDY}"


def _no_room(place: Path) -> str:
    return f"{place}: no space left for a server's data: {_REMEDY}"
