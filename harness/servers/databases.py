"""Databases that a run makes on a server that is not its own, written down so that the next run can drop them.

A watchdog cannot: it would need the server's password. The next run that is given the same server has it.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from harness.servers.identity import alive, myself, owner
from harness.servers.model import Address, Server
from harness.servers.places import recording, state

_USEFUL_FOR_S = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class _Note:
    path: Path
    owner: str
    server: str
    database: str


@contextmanager
def noted(database: Address) -> Iterator[Callable[[], None]]:
    """Keep a note of a database while it may exist: enter before CREATE DATABASE, leave after DROP DATABASE.

    Gives what is called to say that it was dropped. When the inside fails without that the note stays: to drop a
    database once more does no harm.
    """
    path = _notes() / f"{secrets.token_hex(8)}.json"
    content = {"owner": str(myself()), "server": _server(database), "database": database.database}

    def dropped() -> None:
        path.unlink(missing_ok=True)

    try:
        with recording(path):
            path.touch(mode=0o600)
            path.write_text(json.dumps(content), encoding="utf-8")
    except BaseException:
        dropped()
        raise
    yield dropped
    dropped()


def noted_elsewhere(server: Server, database: Address) -> AbstractContextManager[Callable[[], None]]:
    """A note where the database could outlive this run: a server of our own takes its databases with it."""
    return noted(database) if server.kind == "url" else nullcontext(lambda: None)


def abandoned(server: Address) -> tuple[str, ...]:
    """Names of databases on that server whose runs are gone, and which they did not drop."""
    return tuple(note.database for note in _all() if note.server == _server(server) and _is_over(note))


def forget(server: Address, name: str) -> None:
    """That database has been dropped."""
    for note in _all():
        if (note.server, note.database) == (_server(server), name) and _is_over(note):
            note.path.unlink(missing_ok=True)


def sweep() -> None:
    """Forget what can be of no use any more: on a server whose socket is gone, or after a month."""
    for note in _all():
        directory = note.server.partition("://")[2].rpartition(":")[0]
        gone = directory.startswith("/") and not Path(directory).exists()
        if _is_over(note) and (gone or time.time() - note.path.stat().st_mtime > _USEFUL_FOR_S):
            note.path.unlink(missing_ok=True)


def _is_over(note: _Note) -> bool:
    who = owner(note.owner)
    return who is not None and alive(who) is False


def _server(address: Address) -> str:
    return f"{address.engine}://{address.host}:{address.port}"


def _notes() -> Path:
    directory = state() / "databases"
    with recording(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def _all() -> tuple[_Note, ...]:
    return tuple(note for path in sorted(_notes().glob("*.json")) if (note := _read(path)))


def _read(path: Path) -> _Note | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _Note(path, content["owner"], content["server"], content["database"])
    except (FileNotFoundError, ValueError, KeyError):
        return None  # just dropped by its owner, or just being written
