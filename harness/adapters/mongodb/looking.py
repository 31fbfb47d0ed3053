"""Who waits for a lock at this moment, and who holds one that keeps others waiting, by ``currentOp``.

The letters of its ``locks`` are ``r``, ``w``, ``R`` and ``W``; the manual's names for them are IS, IX, S and X. An
operation that waits is shown with the lock that it wants. Reads of a single collection take no lock on it since MongoDB
5.0, and wait for nobody; most phases of an index build hold an intent lock, which stops nobody either.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.adapters.mongodb import files
from harness.adapters.mongodb.connection import Connection, answering, run
from harness.watching import Holding, Look, Waiting

MODES = {"r": "intent shared (IS)", "w": "intent exclusive (IX)", "R": "shared (S)", "W": "exclusive (X)"}

RESOURCES = ("Collection", "Database", "Global")
"""From the narrowest on: what an operation waits for is the narrowest that it names."""

STRONG = ("R", "W")

WANTED = {
    "$or": [{"waitingForLock": True}, *({f"locks.{name}": {"$in": list(STRONG)}} for name in RESOURCES)],
}


def number(connection: Connection) -> int:
    """See ``Working.number``."""
    return int(run(connection, {"hello": 1})["connectionId"])


def look(connection: Connection, sessions: Sequence[int], stored: Path | None, *, gauged: bool) -> Look:
    """See ``Working.look``. ``gauged``: with the sizes of the log and of the files in ``stored``."""
    ours = frozenset(sessions)
    with answering():
        found = connection.client.admin.command({"currentOp": True, **WANTED})["inprog"]
    here = [each for each in found if str(each.get("ns", "")).startswith(f"{connection.name}.")]
    waiting = tuple(
        Waiting(int(each.get("connectionId", 0)), _collection(each), _wanted(each["locks"]))
        for each in here
        if each["waitingForLock"]
    )
    return Look(
        waiting=tuple(each for each in waiting if each.session in ours),
        holding=tuple(
            Holding(int(each.get("connectionId", 0)), _collection(each), MODES[mode])
            for each in here
            if not each["waitingForLock"] and each.get("connectionId") not in ours
            for mode in [_strongest(each["locks"])]
            if mode in STRONG
        ),
        pending=tuple(each for each in waiting if each.session not in ours),
        log_bytes=_log(connection) if gauged else None,
        disk_bytes=files.size(stored) if gauged and stored is not None else None,
    )


def _collection(operation: Mapping[str, Any]) -> str:
    """The collection that a command names; a copy that it makes has another name meanwhile."""
    named = next(iter(operation.get("command", {}).values()), None)
    return named if isinstance(named, str) else str(operation["ns"]).partition(".")[2]


def _wanted(locks: Mapping[str, str]) -> str:
    return next((MODES[locks[name]] for name in RESOURCES if locks.get(name) in MODES), "lock")


def _strongest(locks: Mapping[str, str]) -> str:
    order = "".join(MODES)
    return max((locks[name] for name in RESOURCES if locks.get(name) in MODES), key=order.index, default="")


def _log(connection: Connection) -> int | None:
    """Bytes written to the journal since the server was started."""
    status = run(connection, {"serverStatus": 1, "metrics": 0, "repl": 0, "locks": 0, "tcmalloc": 0})
    written = status.get("wiredTiger", {}).get("log", {}).get("log bytes written")
    return None if written is None else int(written)
