"""Nothing is left behind: not after success, failure, Ctrl-C, nor after a kill.

Three nets, each for what passes the one before: the run cleans up when it leaves ``watched``; its watchdog does when
the run is gone; the next run sweeps what both left (a machine that lost power, a watchdog that was killed as well).
"""

import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.errors import InputError, ServerError
from harness.servers import databases, docker_engine, watchdog
from harness.servers.docker_engine import DockerEngine
from harness.servers.endings import end
from harness.servers.holdings import Containers, Journal, Process, Record, record
from harness.servers.identity import alive, myself, owner, started
from harness.servers.places import recording, state

Standing = Literal["in use", "kept", "left behind", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A disposable server as ``harness server list`` shows it.

    Attributes:
        name: what ``harness server stop`` takes.
        standing: of a run that is going on; kept on purpose; of a run that is gone; of a run that cannot be seen from
            here.
        url: with its password; empty while it is not up yet, or where only its container is known.
    """

    name: str
    standing: Standing
    engine: str
    version: str
    kind: str
    where: str
    url: str


@contextmanager
def watched(engine: str) -> Iterator[Journal]:
    """Hold things inside; whatever is still held at the end is ended, unless the journal says ``keep``."""
    sweep()
    path = _journals() / f"{engine}-{secrets.token_hex(4)}.jsonl"
    journal, dog = None, None
    try:  # from before they are there: an interrupt may come at any moment
        journal = Journal(path, myself())
        dog = watchdog.start(path)
        yield journal
    finally:
        if journal is not None:
            journal.close()
        watchdog.clean(path)
        if dog is not None:
            _dismissed(dog)


def sweep() -> None:
    """End what runs that are gone have left, by their journals; what cannot be ended now stays listed."""
    for seen in filter(_left_behind, _records()):
        with suppress(ServerError):
            _end(seen)
    databases.sweep()


def sweep_containers(at: str) -> tuple[str, ...]:
    """Remove the containers of runs that are gone and have no journal here (another home, a wiped state).

    Returns:
        Their names.
    """
    with docker_engine.client(at) as connected:
        left = tuple(each for each in docker_engine.labelled(connected) if _abandoned(each.labels, each.status))
        for container in left:
            docker_engine.discard(container)
        return tuple(container.name for container in left)


def listing() -> tuple[Listed, ...]:
    """All disposable servers that can be seen from here."""
    records = _records()
    known = {hold.session for seen in records for hold in seen.holds if isinstance(hold, Containers)}
    return (*map(_listed, records), *_unrecorded(known))


def stop(name: str) -> None:
    """End one server by the name that ``listing`` gives it; InputError when there is none of that name."""
    for seen in _records():
        if seen.name == name:
            _end(seen)
            databases.sweep()
            return
    there = ", ".join(seen.name for seen in _records()) or "none"
    raise InputError(f"{name}: no such server (there is: {there})")


def prune(*, kept: bool = False) -> tuple[str, ...]:
    """End what is left behind (and what was kept, when asked); the names of what was ended."""
    ended = tuple(seen for seen in _records() if _left_behind(seen) or (kept and seen.kept))
    for seen in ended:
        _end(seen)
    databases.sweep()
    engine = _docker()
    containers = sweep_containers(engine.endpoint) if engine else ()
    return (*(seen.name for seen in ended), *containers)


def _journals() -> Path:
    directory = state() / "servers"
    with recording(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def _records() -> tuple[Record, ...]:
    return tuple(seen for path in sorted(_journals().glob("*.jsonl")) if (seen := record(path)))


def _end(seen: Record) -> None:
    for hold in reversed(seen.holds):
        end(hold)
    seen.path.unlink(missing_ok=True)


def _left_behind(seen: Record) -> bool:
    if seen.kept:
        # A kept process that has died (a restart of the machine) leaves its directory.
        return any(isinstance(hold, Process) and started(hold.pid) != hold.started for hold in seen.holds)
    if seen.owner is None:
        # Killed between making the journal and its first line; a run that is doing so now needs no minute.
        return time.time() - seen.path.stat().st_mtime > 60
    return alive(seen.owner) is False


def _abandoned(labels: dict[str, str], status: str) -> bool:
    who = owner(labels.get(docker_engine.OWNER_LABEL, ""))
    if who is None or docker_engine.KEEP_LABEL in labels:
        return False
    return alive(who) is False or (alive(who) is None and status == "exited")


def _standing(seen: Record) -> Standing:
    if _left_behind(seen):
        return "left behind"
    if seen.kept:
        return "kept"
    return "in use" if seen.owner and alive(seen.owner) else "elsewhere"


def _listed(seen: Record) -> Listed:
    of = seen.description
    if of is None:
        return Listed(seen.name, _standing(seen), seen.name.partition("-")[0], "", "", "not up yet", "")
    return Listed(seen.name, _standing(seen), of.engine, of.version, of.kind, of.where, of.url)


def _docker() -> DockerEngine | None:
    """The Docker engine, where one answers and there is a library to talk to it."""
    engine = docker_engine.engine() if docker_engine.library_is_there() else None
    return engine if isinstance(engine, DockerEngine) else None


def _unrecorded(known: set[str]) -> tuple[Listed, ...]:
    """Containers that carry our label and stand in no journal of this user's."""
    engine = _docker()
    if engine is None:
        return ()
    with docker_engine.client(engine.endpoint) as connected:
        return tuple(
            Listed(each.name, "left behind" if _abandoned(each.labels, each.status) else "elsewhere", "", "", "docker",
                   f"a container of {each.attrs.get('Config', {}).get('Image', 'an image')}", "")
            for each in docker_engine.labelled(connected)
            if each.labels[docker_engine.SESSION_LABEL] not in known
        )  # fmt: skip


def _dismissed(dog: subprocess.Popen[bytes]) -> None:
    """End the watch: there is nothing left to see to."""
    if dog.stdin:
        dog.stdin.close()
    dog.wait()
