"""What is sent beside a migration, and what became of it: values that pass between this process and the one that sends.

All moments are seconds of ``time.perf_counter``, which the processes of one machine share.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.servers.model import Address

Kind = Literal["read", "write", "control"]

CONTROL = "control"

HICCUP_S = 0.05
"""What the control waits longer than that, the machine has stood still; less is the usual lack of a free core."""


@dataclass(frozen=True, slots=True)
class Request:
    """What an application sends: one statement, or several in one transaction.

    Attributes:
        entities: the tables that it needs.
        query: the id of the example query that it is; empty for one derived from a table.
    """

    kind: Kind
    entities: tuple[str, ...]
    texts: tuple[str, ...]
    query: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """What the sending process is to do: connections of each kind, and how often each of them sends."""

    engine: str
    address: Address
    readers: int = 2
    writers: int = 2
    every_s: float = 0.01
    look_every_s: float = 0.005
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Served:
    """One request: when it was ``due``, when it was sent and done, and how it was refused, if it was.

    ``due`` is before ``sent`` when an earlier request of the same connection took too long: users do not wait for each
    other before they come.
    """

    session: int
    kind: Kind
    entities: tuple[str, ...]
    due: float
    sent: float
    done: float
    code: str = ""
    message: str = ""
    query: str = ""

    @property
    def waited_s(self) -> float:
        """How long the one who asked had to wait."""
        return self.done - self.due


@dataclass(frozen=True, slots=True)
class Span:
    """A lock that one session was seen to wait for or to hold, from look to look; ``behind``: whom it waited for."""

    session: int
    relation: str
    mode: str
    first: float
    last: float
    behind: tuple[int, ...] = ()

    @property
    def length_s(self) -> float:
        """Seconds between the first and the last look."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Gauge:
    """The log's position and the files' size at a moment; see ``watching.Look``."""

    at: float
    log_bytes: int | None
    disk_bytes: int | None


@dataclass(frozen=True, slots=True)
class Flow:
    """Everything that was served, waited for, held and measured, in order.

    ``waits`` are those of the connections that send; ``pending`` are the waits of others, such as the migration's.
    """

    served: tuple[Served, ...] = ()
    waits: tuple[Span, ...] = ()
    holds: tuple[Span, ...] = ()
    pending: tuple[Span, ...] = ()
    gauges: tuple[Gauge, ...] = ()

    def requests(self, start: float, end: float) -> tuple[Served, ...]:
        """The requests (of the control none) that were under way at some time between two moments."""
        return tuple(s for s in self.served if s.kind != CONTROL and s.due < end and s.done > start)

    def hiccup_s(self, start: float, end: float) -> float:
        """Time between two moments in which not even the control was served: the machine's, not a lock's."""
        late = (s for s in self.served if s.kind == CONTROL and s.waited_s > HICCUP_S)
        total, reached = 0.0, start
        for each in sorted(late, key=lambda s: s.due):
            since, until = max(each.due, reached), min(each.done, end)
            total += max(0.0, until - since)
            reached = max(reached, until)
        return total

    def log_bytes(self, start: float, end: float) -> int | None:
        """How far the log went on between two moments, as near as the looks tell."""
        known = [g for g in self.gauges if g.log_bytes is not None]
        first, last = _at(known, start), _at(known, end)
        return last.log_bytes - first.log_bytes if first and last and last.log_bytes and first.log_bytes else None

    def disk_bytes(self, start: float, end: float) -> tuple[int, int, int] | None:
        """The size of the files before, at most, and after."""
        known = [g for g in self.gauges if g.disk_bytes is not None]
        first, last = _at(known, start), next((g for g in known if g.at >= end), known[-1] if known else None)
        if first is None or last is None:
            return None
        between = [g.disk_bytes or 0 for g in known if first.at <= g.at <= last.at]
        return first.disk_bytes or 0, max(between), last.disk_bytes or 0


def _at(gauges: Sequence[Gauge], moment: float) -> Gauge | None:
    """The last one before a moment, else the first."""
    return next((g for g in reversed(gauges) if g.at <= moment), gauges[0] if gauges else None)


def percentile(values: Iterable[float], percent: float) -> float:
    """By nearest rank; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0
