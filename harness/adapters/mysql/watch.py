"""What another connection sees of a statement while it runs: its metadata locks. It also ends what takes too long.

An implicit commit gives a statement's locks back before its own session could look at them, so that they can only be
seen from outside while it runs. Nobody looks in the first moments: what is over by then kept nobody waiting. The length
of a lock is counted in looks, so that it is never too long by more than one pause.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection
from harness.facts import Lock

FIRST_LOOK_S = 0.02
PAUSE_S = 0.005
"""Between two looks; each takes about half a millisecond."""

IDLE_S = 0.01
"""Between two glances at whether a statement has run for long enough to be looked at."""


@cache
def _locks_query() -> str:
    return files(__package__).joinpath("watch_locks.sql").read_text(encoding="utf-8")


class Watch:
    """Looks at one connection through another one, which nobody else uses while a statement runs.

    One thread for all statements: to start one for each takes longer than most of them.
    """

    def __init__(self, looking: Connection, database: str) -> None:
        self._looking = looking
        self._database = database
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._turn = threading.Lock()
        self._running: _Running | None = None
        self._seen: Mapping[tuple[str, str], float] = {}

    def close(self) -> None:
        """Nothing is watched any more."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def locks(self) -> tuple[Lock, ...]:
        """What the last statement was seen to hold."""
        return tuple(Lock(relation, mode, held * 1000) for (relation, mode), held in sorted(self._seen.items()))

    @contextmanager
    def over(
        self, watched: Connection, timeout_s: float, first_look_s: float = FIRST_LOOK_S, pause_s: float = PAUSE_S
    ) -> Iterator[None]:
        """While inside, one statement runs on that connection; it is interrupted when its time is over."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()
        now = time.perf_counter()
        number: int = watched.thread_id()  # type: ignore[no-untyped-call]
        self._running = running = _Running(number, now, timeout_s, pause_s, now + first_look_s)
        self._seen = running.seen
        try:
            yield
        finally:
            with self._turn:
                self._running = None

    def _watch(self) -> None:
        while not self._closed.wait(self._pause()):
            with self._turn:
                running = self._running
                if running is not None and time.perf_counter() >= running.next_look:
                    self._look(running)

    def _pause(self) -> float:
        running = self._running
        if running is None:
            return IDLE_S
        return min(IDLE_S, max(0.0, running.next_look - time.perf_counter()))

    def _look(self, running: "_Running") -> None:
        now = time.perf_counter()
        over = now - running.started > running.timeout_s
        # A server that is gone is told of by the connection that waits for its answer.
        with suppress(MySQLError):
            self._note(running, now - running.last)
            if over:
                self._interrupt(running)
        running.last = now
        running.next_look = time.perf_counter() + (1.0 if over else running.pause_s)

    def _note(self, running: "_Running", since_s: float) -> None:
        with self._looking.cursor() as cursor:
            cursor.execute(_locks_query(), (running.number, self._database))
            for row in cursor.fetchall():
                running.seen[row["relation"], row["mode"]] += since_s

    def _interrupt(self, running: "_Running") -> None:
        with self._looking.cursor() as cursor:
            cursor.execute(f"KILL QUERY {running.number}")


@dataclass(slots=True)
class _Running:
    """A statement that runs, on the connection with that number; times are of ``perf_counter``."""

    number: int
    started: float
    timeout_s: float
    pause_s: float
    next_look: float
    last: float = field(init=False)
    seen: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        """The first look counts from the start."""
        self.last = self.started
