"""blocks-at-most: no statement of a migration keeps readers or writers waiting for long."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.checks.base import Case, Check, Finding
from harness.checks.safer_way import rows_first, safer
from harness.plan.model import Change
from harness.run.seen.statements import Measured, Pace, Stall

ROWS = frozenset({"row lock"})
"""What is waited for where it is no lock on the whole table."""

WHO = {"read": "readers", "write": "writers"}


SENDABLE = "Give the table a primary key, or the document a query of it."


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """For each migration and way: one finding for each statement that blocks, else one for all of them."""
    for change in case.plan.changes:
        measured = [m for m in case.run.of(Measured) if m.migration == change.id]
        for way in ("up", "down"):
            yield from _one(check, case, change, f"migration {change.id} {way}", [m for m in measured if m.way == way])
        skipped = case.run.skipped("blocking", change.id)
        if skipped is not None and not any(m.way == "up" for m in measured):
            remedy = rows_first(skipped.reason)
            yield check.found("unverified", f"migration {change.id} up", skipped.reason, change.source, remedy=remedy)


def _one(check: Check, case: Case, change: Change, subject: str, measured: Sequence[Measured]) -> Iterator[Finding]:
    if not measured:
        return
    limit = case.plan.scenario.blocks_ms
    blocking = [m for m in measured if m.stalls and m.stalls[0].own_ms > limit]
    for each in blocking:
        yield _blocks(check, each, subject, limit, safer(case.run.traits, each.statement.told))
    slow = [m for m in measured if not m.paced and m.held_s * 1000 > limit]
    if slow:
        message = f"it took {slow[0].held_s * 1000:,.0f} ms with nobody beside it: give the scenario more rows"
        yield check.found("unverified", subject, message, slow[0].statement.source)
    elif not blocking:
        yield _holds(check, case, change, measured, subject)


def _blocks(check: Check, measured: Measured, subject: str, limit: int, instead: str) -> Finding:
    waits = " and ".join(_waited(stall) for stall in _worst(measured.stalls))
    modes = ", ".join(sorted({x.mode for x in measured.locks if x.relation == measured.stalls[0].relation}))
    modes = "locks on its rows" if measured.stalls[0].wanted in ROWS else modes
    behind = f" behind its {modes}" if modes else ""
    message = f"{waits} waited for {measured.stalls[0].relation}{behind}, over the limit of {limit:,} ms"
    longer = measured.held_s - measured.elapsed_s
    if longer > measured.elapsed_s:
        message += (
            f"; the statement took {measured.elapsed_s * 1000:,.0f} ms, "
            f"and its transaction held the lock {longer * 1000:,.0f} ms longer"
        )
    source, seen = measured.statement.source, {**evidence(measured), "limit_ms": limit}
    return check.found("broken", subject, message, source, evidence=seen, remedy=instead or None)


def _worst(stalls: Sequence[Stall]) -> list[Stall]:
    """The longest of each kind."""
    return [found for kind in WHO for found in [next((s for s in stalls if s.kind == kind), None)] if found is not None]


def _waited(stall: Stall) -> str:
    return f"{WHO[stall.kind]} {stall.own_ms:,.0f} ms"


def _holds(check: Check, case: Case, change: Change, measured: Sequence[Measured], subject: str) -> Finding:
    source = measured[0].statement.source if measured else change.source
    figures = {"statements": [evidence(m) for m in measured]}
    served = any(pace.per_second for m in measured for pace in (m.before, m.during, m.after) if pace)
    longest = max(m.held_s for m in measured) * 1000
    if not served and longest > case.plan.scenario.blocks_ms:
        message = (
            f"it took {longest:,.0f} ms, and nothing could be sent beside it: no query that needs its tables can be "
            "run, and none of their rows can be read or written by its key"
        )
        return check.found("unverified", subject, message, source, evidence=figures, remedy=SENDABLE)
    if not served or not all(m.paced for m in measured):
        message = f"no lock was held longer than {longest:,.1f} ms, so nobody can have waited longer"
        return check.found("holds", subject, message, source, evidence=figures)
    stalls = sorted((s for m in measured for s in m.stalls), key=lambda s: -s.own_ms)
    waits = ", ".join(_waited(stall) for stall in _worst(stalls))
    rate = sum(m.before.per_second for m in measured if m.before) / len(measured)
    message = f"beside it, {rate:,.0f} requests/s were served: " + (
        f"the longest wait for a lock: {waits}" if waits else "none of them had to wait for a lock"
    )
    queue = next((told for m in measured for told in [_queue(m, case.plan.scenario.blocks_ms)] if told), "")
    return check.found("holds", subject, message + queue, source, evidence=figures)


def _queue(measured: Measured, limit: int) -> str:
    """What is to be said of those who waited longer than the limit, for the statement waited itself."""
    longest = max(measured.stalls, key=lambda s: s.waited_ms, default=None)
    if longest is None or longest.waited_ms <= limit or measured.queued is None:
        return ""
    behind = " and ".join(measured.queued.behind) or "a request that came before it"
    return (
        f"; {WHO[longest.kind]} waited {longest.waited_ms:,.0f} ms while it had to wait itself, for {behind}: "
        "what takes long on its tables holds all up, unless it has a short lock timeout"
    )


def evidence(measured: Measured) -> Mapping[str, Any]:
    """All figures of one statement."""
    return {
        "statement": measured.statement.told,
        "elapsed_ms": _ms(measured.elapsed_s * 1000),
        "held_ms": _ms(measured.held_s * 1000),
        "locks": [{"relation": x.relation, "mode": x.mode, "held_ms": _ms(x.held_ms)} for x in measured.locks],
        "stalls": [
            {
                "kind": s.kind,
                "relation": s.relation,
                "wanted": s.wanted,
                "waited_ms": _ms(s.waited_ms),
                "waits": s.waits,
                "own_ms": _ms(s.own_ms),
            }
            for s in measured.stalls
        ],
        "queued": {
            "relation": measured.queued.relation,
            "waited_ms": _ms(measured.queued.waited_ms),
            "behind": list(measured.queued.behind),
        }
        if measured.queued
        else None,
        "rewrites": list(measured.rewrites),
        "log_bytes": measured.log_bytes,
        "disk_bytes": dict(zip(("before", "most", "after"), measured.disk_bytes, strict=True))
        if measured.disk_bytes
        else None,
        "before": _pace(measured.before),
        "during": _pace(measured.during),
        "after": _pace(measured.after),
    }


def _pace(pace: Pace | None) -> Mapping[str, Any] | None:
    if pace is None:
        return None
    return {
        "requests_per_second": round(pace.per_second, 1),
        "p50_ms": _ms(pace.p50_ms),
        "p99_ms": _ms(pace.p99_ms),
        "max_ms": _ms(pace.max_ms),
        "errors": pace.errors,
        "time_outs": pace.time_outs,
    }


def _ms(value: float) -> float:
    return round(value, 3)


CHECK = Check(
    name="blocks-at-most",
    question="Does each statement of a migration keep readers and writers waiting for less than the limit?",
    why="A statement that holds a strong lock while it reads or copies a table stops everyone who needs the table. "
    "Nobody feels that on an empty one. So each runs at the scenario's size, up and down, with the design's queries "
    "and writes of single rows beside it, while another session watches who waits for which lock. A request that was "
    "merely slow counts for nothing.",
    remedy="Do the slow part under a weaker lock, in a transaction of its own, and set a lock_timeout with retries.",
    severity="error",
    breaks="-- Up, at 5 million rows\nALTER TABLE orders ALTER COLUMN note SET NOT NULL;",
    holds="-- Up\nALTER TABLE orders ADD CONSTRAINT note_there CHECK (note IS NOT NULL) NOT VALID;\n"
    "-- Up, in the next migration\nALTER TABLE orders VALIDATE CONSTRAINT note_there;\n"
    "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\nALTER TABLE orders DROP CONSTRAINT note_there;",
    judge=judge,
)
