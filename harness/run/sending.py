"""The process that sends: one thread for each connection, one that looks at the locks, and one that takes orders.

Each connection sends on its own beat and notes when a request was due, sent and done. The control says what a
connection waits that needs no lock at all. Started by ``traffic``; ends with the pipe that its orders come through.
"""

import os
import pickle
import sys
import threading
import time
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import IO, Literal

from harness import adapters
from harness.errors import HarnessError, ServerError
from harness.facts import Refusal
from harness.run.flow import CONTROL, Flow, Gauge, Job, Kind, Request, Served, Span
from harness.watching import Look, Preparing, Waiting, Working

SWITCH_S = 0.0005
"""Between two threads of this process: they compute next to nothing, and none shall wait for another."""

DISK_EVERY = 20
"""Looks: the size of many files takes longer to ask for than all the rest."""

GAP = 3
"""Looks that may miss a lock before it counts as another one."""

Seen = Literal["waits", "holds", "pending"]
"""As what a span stands in the flow."""


class Sender(threading.Thread):
    """One connection on its beat."""

    def __init__(self, session: Working, kind: Kind, every_s: float) -> None:
        super().__init__(daemon=True)
        self.number = session.number
        self.requests: tuple[Request, ...] = ()
        self.now: Request | None = None
        self._session = session
        self._kind = kind
        self._every_s = every_s
        self._served: list[Served] = []
        self.failure = ""
        if kind == CONTROL:
            self.take((Request(CONTROL, (), (session.idle,)),))

    def take(self, requests: tuple[Request, ...]) -> None:
        """From now on send these."""
        if isinstance(self._session, Preparing):
            self._session.prepare([text for request in requests for text in request.texts])
        self.requests = requests

    def run(self) -> None:
        """Send until the server is gone."""
        due, turn = time.perf_counter(), 0
        while not self.failure:
            due += self._every_s
            time.sleep(max(0.0, due - time.perf_counter()))
            requests = self.requests
            if not requests:
                due = time.perf_counter()
                continue
            turn += 1
            self._one(requests[turn % len(requests)], due)
            if self._kind == CONTROL:  # what it missed is told once: its beats do not pile up
                due = max(due, time.perf_counter() - self._every_s)

    def _one(self, request: Request, due: float) -> None:
        self.now, sent = request, time.perf_counter()
        try:
            refusal = self._session.send(request.texts)
        except Exception as error:  # a thread that dies would be a silence that nobody understands
            refusal, self.failure = None, str(error)
        done = time.perf_counter()
        said = refusal if isinstance(refusal, Refusal) else None
        code, message = (
            (said.code or "?", said.message) if said else ("gone", self.failure) if self.failure else ("", "")
        )
        times = (due, sent, done)
        self._served.append(Served(self.number, self._kind, request.entities, *times, code, message, request.query))
        self.now = None

    def taken(self) -> list[Served]:
        """What was served since this was asked last."""
        taken, self._served = self._served, []
        return taken


class Lookout(threading.Thread):
    """Looks at the locks again and again, and joins what it sees into spans."""

    def __init__(self, session: Working, senders: Iterable[Sender], every_s: float) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._senders = {sender.number: sender for sender in senders}
        self._every_s = every_s
        self._lock = threading.Lock()
        self._open: dict[tuple[Seen, int, str, str], tuple[Span, int]] = {}
        self._closed: list[tuple[Seen, Span]] = []
        self._gauges: list[Gauge] = []
        self.failure = ""

    def run(self) -> None:
        """Look until the server is gone."""
        ours = tuple(self._senders)
        number = 0
        while True:
            began = time.perf_counter()
            try:
                look = self._session.look(ours, disk=number % DISK_EVERY == 0)
            except Exception as error:  # a server that is gone is told of by the senders too
                self.failure = str(error)
                return
            with self._lock:
                self._note(look, (began + time.perf_counter()) / 2, number)
            number += 1
            time.sleep(max(0.0, self._every_s - (time.perf_counter() - began)))

    def _note(self, look: Look, at: float, number: int) -> None:
        self._gauges.append(Gauge(at, look.log_bytes, look.disk_bytes))
        waiting = {w.session for w in look.waiting}
        for w in look.waiting:
            among = bool(w.behind) and set(w.behind) <= set(self._senders) - waiting
            if not among and self._senders[w.session].now is not None:  # else it is over by now
                self._extend("waits", Span(w.session, w.relation or self._guess(w), w.mode, at, at, w.behind), number)
        for h in look.holding:
            self._extend("holds", Span(h.session, h.relation, h.mode, at, at), number)
        for p in look.pending:
            behind = p.behind or self._at_work(p.relation, waiting)
            self._extend("pending", Span(p.session, p.relation, p.mode, at, at, behind), number)
        for key in [key for key, (_, last) in self._open.items() if number - last > GAP]:
            self._closed.append((key[0], self._open.pop(key)[0]))

    def _guess(self, waiting: Waiting) -> str:
        """The table of a lock on a row: the one that the request which waits is about."""
        request = self._senders[waiting.session].now
        return request.entities[0] if request is not None and len(request.entities) == 1 else ""

    def _at_work(self, relation: str, waiting: Collection[int]) -> tuple[int, ...]:
        """Who uses a table at this moment, where the server does not say who holds its lock."""
        busy = ((n, s.now) for n, s in self._senders.items() if n not in waiting)
        return tuple(n for n, now in busy if now is not None and (relation in now.entities or not relation))

    def _extend(self, seen: Seen, span: Span, number: int) -> None:
        key = (seen, span.session, span.relation, span.mode)
        known = self._open.get(key)
        first = known[0] if known is not None else span
        self._open[key] = (replace(first, last=span.last, behind=span.behind or first.behind), number)

    def taken(self) -> tuple[dict[Seen, list[Span]], list[Gauge]]:
        """Spans and gauges since this was asked last; what still lasts is told, and told again later."""
        with self._lock:
            found = [*self._closed, *((key[0], span) for key, (span, _) in self._open.items())]
            self._closed = []
            gauges, self._gauges = self._gauges, []
        found.sort(key=lambda pair: pair[1].first)
        spans: dict[Seen, list[Span]] = {"waits": [], "holds": [], "pending": []}
        for seen, span in found:
            spans[seen].append(span)
        return spans, gauges


class Far:
    """The far end: does what the near one asks."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._senders: list[Sender] = []
        self._lookout: Lookout | None = None

    def do(self, word: str, value: object) -> object:
        """The answer to an order."""
        match word, value:
            case "open", Job() as job:
                self._open(job)
                return None
            case "send", tuple() as requests:
                self._send(requests)
                return None
            case "sessions", _:
                return tuple(sender.number for sender in self._senders)
            case _:
                return self._seen()

    def _open(self, job: Job) -> None:
        kinds: list[Kind] = ["control"]
        kinds += ["read"] * job.readers
        kinds += ["write"] * job.writers
        self._senders = [Sender(self._session(job), kind, job.every_s) for kind in kinds]
        self._lookout = Lookout(self._session(job), self._senders, job.look_every_s)
        for thread in (*self._senders, self._lookout):
            thread.start()

    def _session(self, job: Job) -> Working:
        session = self._stack.enter_context(adapters.find(job.engine).connect(job.address))
        if not isinstance(session, Working):
            raise HarnessError(f"there is no traffic for {job.engine}")
        session.patient(job.timeout_s)
        return session

    def _send(self, requests: tuple[Request, ...]) -> None:
        """Each connection its share: no two of them write the same row, and wait for each other."""
        for kind in ("read", "write"):
            senders = [s for s in self._senders if s._kind == kind]  # noqa: SLF001
            wanted = [r for r in requests if r.kind == kind]
            for place, sender in enumerate(senders):
                sender.take(tuple(wanted[place :: len(senders)]))

    def _seen(self) -> Flow:
        if self._lookout is not None and self._lookout.failure:
            raise ServerError(f"the locks cannot be looked at: {self._lookout.failure}")
        served = sorted((s for sender in self._senders for s in sender.taken()), key=lambda s: s.done)
        if self._lookout is None:
            return Flow(tuple(served))
        spans, gauges = self._lookout.taken()
        return Flow(tuple(served), **{seen: tuple(found) for seen, found in spans.items()}, gauges=tuple(gauges))


def main(orders: IO[bytes], answers: IO[bytes]) -> None:
    """Take orders until the pipe is closed."""
    sys.setswitchinterval(SWITCH_S)
    far = Far()
    while True:
        try:
            word, value = pickle.load(orders)  # noqa: S301  (from our own parent)
        except (EOFError, OSError):
            os._exit(0)  # a connection may wait for a lock: nothing is waited for
        try:
            answer = (False, far.do(word, value))
        except HarnessError as error:
            answer = (True, str(error))
        try:
            pickle.dump(answer, answers)
            answers.flush()
        except OSError:
            os._exit(0)  # nobody is there any more to be answered


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
