"""What a run holds and must give back, and the journal in which it is written before it is there.

A journal is a file of JSON lines, appended to only, one for each server. It is read by whoever has to clean up: the run
itself, its watchdog, the next run, ``harness server list``.
"""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from harness.errors import ServerError
from harness.servers.identity import Owner, owner
from harness.servers.places import recording


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that is deleted at the end, after the programs from ``home`` that work in it have been ended.

    Writing it down before it is made closes the gap in which a kill would leave a server that nobody knows: a server
    is started inside its directory, and is found there.
    """

    path: str
    home: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """A server's main process, by pid and start time (see ``identity``)."""

    pid: int
    started: str


@dataclass(frozen=True, slots=True)
class Containers:
    """All containers with this session's label, at a Docker engine."""

    session: str
    endpoint: str


Hold = Directory | Process | Containers
_KINDS: dict[str, type[Hold]] = {"directory": Directory, "process": Process, "containers": Containers}


@dataclass(frozen=True, slots=True)
class Description:
    """What people are told of a server: ``url`` has its password, so the journal is for its owner's eyes only."""

    engine: str
    version: str
    kind: str
    where: str
    url: str


@dataclass(frozen=True, slots=True)
class Record:
    """A journal, read.

    Attributes:
        name: what a user calls the server by.
        holds: what is still held, oldest first.
        kept: the server was asked to stay up after its run.
    """

    path: Path
    name: str
    owner: Owner | None
    holds: tuple[Hold, ...]
    description: Description | None
    kept: bool


class Journal:
    """The journal of this run's server, while it is written."""

    def __init__(self, path: Path, who: Owner) -> None:
        self.path = path
        self.kept = False
        with recording(path):
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._write({"owner": str(who)})
        except ServerError:
            self.close()
            path.unlink()
            raise

    def hold(self, hold: Hold) -> None:
        """Write down what is about to be made (or has just been started)."""
        self._write({"hold": _written(hold)})

    def release(self, hold: Hold) -> None:
        """It is gone."""
        self._write({"release": _written(hold)})

    def describe(self, description: Description) -> None:
        """The server is up."""
        self._write({"server": asdict(description)})

    def keep(self) -> None:
        """From here on nobody cleans up but ``harness server stop`` and ``prune``."""
        self.kept = True
        self._write({"kept": True})

    def close(self) -> None:
        """End writing; the file stays."""
        os.close(self._file)

    def _write(self, line: dict[str, object]) -> None:
        # One write of one line: a reader sees it whole or not at all.
        with recording(self.path):
            os.write(self._file, json.dumps(line).encode() + b"\n")


def record(path: Path) -> Record | None:
    """A journal as it stands; None when it is gone."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    held: dict[Hold, None] = {}
    who, description, kept = None, None, False
    for line in map(_parsed, lines):
        if "owner" in line:
            who = owner(str(line["owner"]))
        if hold := _read(line.get("hold")):
            held[hold] = None
        if released := _read(line.get("release")):
            held.pop(released, None)
        if "server" in line:
            description = Description(**_known(Description, line["server"]))
        kept = kept or bool(line.get("kept"))
    return Record(path, path.stem, who, tuple(held), description, kept)


def _parsed(line: str) -> dict[str, Any]:
    """A line's content; a line that a full disk or a kill cut off says nothing."""
    try:
        content = json.loads(line)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _written(hold: Hold) -> dict[str, object]:
    kind = next(kind for kind, type_ in _KINDS.items() if isinstance(hold, type_))
    return {"kind": kind, **asdict(hold)}


def _read(content: dict[str, Any] | None) -> Hold | None:
    type_ = _KINDS.get(content.get("kind", "")) if content else None
    return type_(**_known(type_, content)) if type_ and content else None


def _known(type_: type[Any], content: dict[str, Any]) -> dict[str, Any]:
    """The fields that this version knows: a journal may have been written by another."""
    names = {field.name for field in fields(type_)}
    return {name: value for name, value in content.items() if name in names}
