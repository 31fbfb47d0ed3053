"""Initialised data directories, made once and copied for every server: copying one takes a tenth of making one.

A copy is a copy: servers write their files in place, so a hard link would change the template.
"""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from harness.errors import ServerError
from harness.servers import unprivileged
from harness.servers.holdings import Directory, Journal
from harness.servers.model import Binaries, Local
from harness.servers.places import cache, writable

FULL = os.strerror(errno.ENOSPC)
"""What a log says of a disk that is full, or was."""

_UNUSED_FOR_S = 30 * 24 * 3600
_LAST_LINES = 8
_LATEST_LINES = 40


@dataclass(frozen=True, slots=True)
class Installation:
    """An engine's programs on this machine, and how they are used."""

    engine: str
    local: Local
    binaries: Binaries

    def held(self, path: Path) -> Directory:
        """What a journal says of a directory in which these programs work."""
        return Directory(str(path), str(self.binaries.home.resolve()))

    def start(self, command: Sequence[str], directory: Path, output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start one of the programs, in a directory, as nobody that the engine refuses."""
        environment = self.local.environment(self.binaries)
        return unprivileged.start(command, directory=directory, environment=environment, output=output)


def fill(installation: Installation, data: Path, journal: Journal) -> None:
    """Make ``data`` an initialised data directory that the engine's programs may write.

    Raises:
        ServerError: the initialisation failed; its last lines are in the message.
        OSError: the files could not be written.
    """
    templates = cache() / "templates"
    if not writable(templates):
        _initialise(installation, data)
        return
    template = templates / f"{installation.engine}-{installation.binaries.version}-{_key(installation)}"
    if not template.is_dir():
        _make(installation, template, journal)
    template.touch()
    copy(template, data)


def copy(source: Path, data: Path) -> None:
    """Make ``data`` a copy of a data directory that the engine's programs may write; OSError as of ``fill``."""
    _copy(source, data)
    unprivileged.give(data)


def tail(log: Path, *, since: re.Pattern[str] | None = None) -> str:
    """The last lines of a log, indented; where some of the latest match, the lines from the first of these."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    latest = lines[-_LATEST_LINES:]
    start = next(
        (n for n, line in enumerate(latest) if since and since.search(line)), max(0, len(latest) - _LAST_LINES)
    )
    return "\n".join(f"  {line}" for line in latest[start:][:_LAST_LINES]) or "  (nothing was logged)"


def private_directory(place: Path, installation: Installation, journal: Journal) -> Path:
    """A new directory with a short name, in the journal before it is there, that the programs may write."""
    path = place / f"harness-{secrets.token_hex(4)}"
    journal.hold(installation.held(path))
    path.mkdir(mode=0o700)
    unprivileged.give(path)
    return path


def _key(installation: Installation) -> str:
    """What changes with whatever the content comes from: the programs and the commands."""
    local, binaries = installation.local, installation.binaries
    programs = sorted(path for path in binaries.home.iterdir() if path.is_file())
    parts = [f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in programs]
    parts += [" ".join(command) for command in local.initialise(binaries, Path("data"))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _make(installation: Installation, template: Path, journal: Journal) -> None:
    """Make the template, unless somebody else does so first; it appears whole or not at all."""
    with _locked(template.with_name(f"{template.name}.lock")):
        if template.is_dir():
            return
        _forget_unused(template.parent)
        with (
            _scratch(Path(tempfile.gettempdir()), installation, journal) as made,
            _scratch(template.parent, installation, journal) as copied,
        ):
            _initialise(installation, made / "data")
            _copy(made / "data", copied / "data")
            (copied / "data").rename(template)


def _copy(source: Path, target: Path) -> None:
    """Copy a directory; ``shutil.copytree`` would go on when the disk is full, and report every file."""
    target.mkdir(mode=0o700)
    for entry in os.scandir(source):
        if entry.is_dir(follow_symlinks=False):
            _copy(Path(entry.path), target / entry.name)
        else:
            shutil.copy(entry.path, target / entry.name, follow_symlinks=False)


def _initialise(installation: Installation, data: Path) -> None:
    log = data.parent / "initialise.log"
    for command in installation.local.initialise(installation.binaries, data):
        with log.open("ab") as output:
            started = installation.start(command, data.parent, output)
            try:
                code = started.wait()
            finally:
                started.kill()  # nothing, unless the wait was broken off
                started.wait()
        if code and FULL.encode() in log.read_bytes():
            raise OSError(errno.ENOSPC, FULL, str(data))
        if code:
            raise ServerError(f"{command[0]} could not make a data directory (exit {code}):\n{tail(log)}")


@contextmanager
def _scratch(place: Path, installation: Installation, journal: Journal) -> Iterator[Path]:
    """A directory for what is not ready yet."""
    path = private_directory(place, installation, journal)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        journal.release(installation.held(path))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process that has it, however that ends."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _forget_unused(templates: Path) -> None:
    for path in templates.iterdir():
        if path.is_dir() and time.time() - path.stat().st_mtime > _UNUSED_FOR_S:
            shutil.rmtree(path, ignore_errors=True)
