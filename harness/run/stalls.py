"""What traffic beside a migration tells of each of its statements. Pure: values in, values out.

A stall is a wait for a lock that was seen by the look-out, on a table that the migration holds; not what was merely
slow. What the control was not served either is taken off: a machine that stands still blames nobody. A statement that
waits for a lock itself, behind a request that takes long, lets all that come after it wait as well: that part of a wait
is as long as the request, and is told apart from what the statement does once it has its lock.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.facts import Effect, Lock
from harness.run.flow import CONTROL, Flow, Served, Span, percentile
from harness.run.model import Way
from harness.run.seen.statements import Measured, Pace, Queued, Stall
from harness.watching import TIME_OUTS

STOPS_READERS = frozenset({"AccessExclusiveLock", "EXCLUSIVE", "SHARED_NO_READ_WRITE", "exclusive (X)"})
STOPS_WRITERS = STOPS_READERS | {
    "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "SHARED_NO_WRITE", "shared (S)"
}  # fmt: skip
"""Modes of locks on tables, PostgreSQL's, MySQL's (metadata locks) and MongoDB's, by whom they keep waiting."""

WINDOW_S = 0.3
"""Of the time before and after a statement."""

SHORTEST_S = 0.02
"""A wait that was seen in fewer looks than that is over before anybody feels it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A migration that was run: its effects, and when all was done."""

    migration: str
    way: Way
    effects: tuple[Effect, ...]
    entities: tuple[str, ...]
    end: float

    def ended(self, number: int) -> float:
        """When a statement had ended."""
        return self.effects[number].started_s + self.effects[number].elapsed_s

    def released(self, number: int) -> float:
        """When its locks were given back: with its transaction, whose end the locks tell; else with itself."""
        held = max((lock.held_ms for lock in self.effects[number].locks), default=0.0)
        return max(self.ended(number), min(self.effects[number].started_s + held / 1000, self.end))


def alone(passage: Passage) -> Iterator[Measured]:
    """Each statement of a migration beside which nothing ran."""
    for number, effect in enumerate(passage.effects):
        held = passage.released(number) - effect.started_s
        yield _measured(passage, number, paced=False, held_s=held, locks=effect.locks)


def beside(passage: Passage, flow: Flow) -> Iterator[Measured]:
    """Each statement of a migration beside which traffic ran."""
    blamed = [(wait, _taker(passage, flow, wait)) for wait in flow.waits]
    for number, effect in enumerate(passage.effects):
        start, end, released = effect.started_s, passage.ended(number), passage.released(number)
        mine = [wait for wait, taker in blamed if taker == number]
        pending = [span for span in flow.pending if span.first < end and span.last > start]
        yield _measured(
            passage,
            number,
            paced=True,
            held_s=released - start,
            locks=effect.locks if _timed(effect.locks) else _held(flow, start, end),
            stalls=tuple(sorted(_stalls(flow, mine, pending), key=lambda s: (-s.own_ms, -s.waited_ms))),
            queued=_queued(flow, pending),
            before=_pace(flow, start - WINDOW_S, start),
            during=_pace(flow, start, released),
            after=_pace(flow, released, released + WINDOW_S),
            log_bytes=flow.log_bytes(start, end),
            disk_bytes=flow.disk_bytes(start, end),
        )


def _measured(passage: Passage, number: int, **rest: object) -> Measured:
    effect = passage.effects[number]
    return Measured(
        passage.migration,
        passage.way,
        effect.statement,
        passage.entities,
        elapsed_s=effect.elapsed_s,
        rewrites=effect.rewrites,
        **rest,  # type: ignore[arg-type]
    )


def _timed(locks: Sequence[Lock]) -> bool:
    return any(lock.held_ms > 0 for lock in locks)


def _held(flow: Flow, start: float, end: float) -> tuple[Lock, ...]:
    """Locks as the look-out saw them, of a statement that gives them back before its own session could look."""
    found: dict[tuple[str, str], float] = {}
    for span in flow.holds:
        if span.first < end and span.last > start:
            key = (span.relation, span.mode)
            found[key] = found.get(key, 0.0) + (min(span.last, end) - max(span.first, start)) * 1000
    return tuple(Lock(relation, mode, held) for (relation, mode), held in sorted(found.items()))


def _taker(passage: Passage, flow: Flow, wait: Span) -> int | None:
    """The statement that took the lock which a request waited for; None when no statement ran at the time."""
    kind = _kind(flow, wait)
    stops = STOPS_READERS if kind == "read" else STOPS_WRITERS
    running = None
    for number, effect in enumerate(passage.effects):
        if effect.started_s > wait.last or passage.released(number) < wait.first:
            continue
        if any(lock.relation == wait.relation and lock.mode in stops for lock in effect.locks):
            return number
        if effect.started_s <= wait.last and passage.ended(number) >= wait.first:
            running = number if running is None else running
    return running


def _kind(flow: Flow, wait: Span) -> Literal["read", "write"]:
    known = (s.kind for s in flow.served if s.session == wait.session)
    return "write" if next(known, "write") == "write" else "read"


def _stalls(flow: Flow, waits: Iterable[Span], pending: Sequence[Span]) -> Iterator[Stall]:
    grouped: dict[tuple[Literal["read", "write"], str, str], list[tuple[float, float]]] = {}
    for wait in waits:
        length = wait.length_s - flow.hiccup_s(wait.first, wait.last)
        if length >= SHORTEST_S:
            own = _beyond(flow, wait, pending)
            grouped.setdefault((_kind(flow, wait), wait.relation, wait.mode), []).append((length * 1000, own * 1000))
    for (kind, relation, mode), lengths in grouped.items():
        longest, own_longest = (max(column) for column in zip(*lengths, strict=True))
        yield Stall(kind, relation, mode, longest, len(lengths), own_longest)


def _beyond(flow: Flow, wait: Span, pending: Sequence[Span]) -> float:
    """Seconds of a wait in which the statement did not wait for the table itself, and the machine did not stand."""
    total, reached = 0.0, wait.first
    same = [span for span in pending if span.relation == wait.relation or not (span.relation and wait.relation)]
    for span in sorted(same, key=lambda s: s.first):
        total += _served_s(flow, reached, min(span.first, wait.last))
        reached = max(reached, span.last)
    return total + _served_s(flow, reached, wait.last)


def _served_s(flow: Flow, start: float, end: float) -> float:
    """Seconds between two moments without those in which the machine stood still."""
    return max(0.0, end - start - flow.hiccup_s(start, end)) if end > start else 0.0


def _queued(flow: Flow, pending: Sequence[Span]) -> Queued | None:
    longest = max(pending, key=lambda span: span.length_s, default=None)
    if longest is None or longest.length_s < SHORTEST_S:
        return None
    ahead = [s for s in flow.served if s.session in longest.behind and s.sent < longest.last <= s.done]
    return Queued(longest.relation, longest.length_s * 1000, tuple(sorted({_named(each) for each in ahead})))


def _named(served: Served) -> str:
    return f"query {served.query}" if served.query else f"a {served.kind} of {', '.join(served.entities)}"


def _pace(flow: Flow, start: float, end: float) -> Pace:
    under_way = flow.requests(start, end)
    done = [s for s in under_way if s.done <= end]
    waited = [s.waited_s * 1000 for s in under_way]
    refused = [s for s in under_way if s.code]
    return Pace(
        per_second=len(done) / max(end - start, 1e-6),
        p50_ms=percentile(waited, 50),
        p99_ms=percentile(waited, 99),
        max_ms=max(waited, default=0.0),
        errors=sum(1 for s in refused if s.code not in TIME_OUTS),
        time_outs=sum(1 for s in refused if s.code in TIME_OUTS),
    )


def first_refusal(served: Iterable[Served]) -> str:
    """What the server said to the first request that it refused; empty when it refused none."""
    return next((s.message for s in served if s.code and s.kind != CONTROL), "")
