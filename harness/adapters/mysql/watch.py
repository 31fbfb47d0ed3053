"""What another connection sees of a statement while it runs: its metadata locks. It also ends what takes too long.

An implicit commit gives a statement's locks back before its own session could look at them, so that they can only be
seen from outside while it runs. Nobody looks in the first moments: what is over by then kept nobody waiting. The length
of a lock is counted in looks, so that it is never too long by more than one pause.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection
from harness.facts import Lock

FIRST_LOOK_S = 0.02
PAUSE_S = 0.005
"""Between two looks; each takes about half a millisecond."""


@cache
def _locks_query() -> str:
    return files(__package__).joinpath("watch_locks.sql").read_text(encoding="utf-8")


class Watch:
    """Looks at one connection through another one, which nobody else uses meanwhile."""

    def __init__(self, looking: Connection, watched: Connection, database: str, timeout_s: float) -> None:
        self._looking = looking
        self._watched: int = watched.thread_id()  # type: ignore[no-untyped-call]
        self._database = database
        self._timeout_s = timeout_s
        self._seen: dict[tuple[str, str], float] = {}

    @property
    def locks(self) -> tuple[Lock, ...]:
        """What the last statement was seen to hold."""
        return tuple(Lock(relation, mode, held * 1000) for (relation, mode), held in sorted(self._seen.items()))

    @contextmanager
    def over(self, first_look_s: float = FIRST_LOOK_S, pause_s: float = PAUSE_S) -> Iterator[None]:
        """While inside, one statement runs; it is interrupted when its time is over."""
        self._seen = defaultdict(float)
        done = threading.Event()
        looking = threading.Thread(target=self._look, args=(done, first_look_s, pause_s), daemon=True)
        looking.start()
        try:
            yield
        finally:
            done.set()
            looking.join()

    def _look(self, done: threading.Event, first_look_s: float, pause_s: float) -> None:
        started = last = time.perf_counter()
        pause = first_look_s
        while not done.wait(pause):
            now = time.perf_counter()
            over = now - started > self._timeout_s
            # A server that is gone is told of by the connection that waits for its answer.
            with suppress(MySQLError):
                self._note(now - last)
                if over:
                    self._interrupt()
            last, pause = now, 1.0 if over else pause_s

    def _note(self, since_s: float) -> None:
        with self._looking.cursor() as cursor:
            cursor.execute(_locks_query(), (self._watched, self._database))
            for row in cursor.fetchall():
                self._seen[row["relation"], row["mode"]] += since_s

    def _interrupt(self) -> None:
        with self._looking.cursor() as cursor:
            cursor.execute(f"KILL QUERY {self._watched}")
