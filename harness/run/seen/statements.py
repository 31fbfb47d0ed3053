"""What was seen of a migration's statements at the scenario's size, with traffic beside them."""

from dataclasses import dataclass
from typing import Literal

from harness.design.model import Statement
from harness.facts import Lock, Refusal
from harness.run.model import Observation, Way


@dataclass(frozen=True, slots=True)
class Pace:
    """How requests were served for a while."""

    per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    errors: int
    time_outs: int


@dataclass(frozen=True, slots=True)
class Stall:
    """The longest that one kind of request waited for a table: which mode it wanted, and how many waited at all.

    ``own_ms``: the longest without the time in which the statement still waited for its lock itself.
    """

    kind: Literal["read", "write"]
    relation: str
    wanted: str
    waited_ms: float
    waits: int
    own_ms: float


@dataclass(frozen=True, slots=True)
class Queued:
    """A statement that waited itself: the longest, for which table's lock, and behind which requests, for people."""

    relation: str
    waited_ms: float
    behind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured(Observation):
    """One statement of a migration, run at the scenario's size.

    Attributes:
        paced: whether traffic ran beside it; else ``elapsed_s`` is all that nobody can have waited longer than.
        held_s: from its first lock to the end of its transaction (of itself, where it stands in none).
        stalls: who waited for locks that it took, those first that it kept longest by itself.
        queued: its own wait for a lock; None when it had none.
        log_bytes: written to the log meanwhile, the traffic's included; None where it is not told.
        disk_bytes: size of the database's files before, at most, and after.
    """

    migration: str
    way: Way
    statement: Statement
    entities: tuple[str, ...]
    paced: bool
    elapsed_s: float
    held_s: float
    locks: tuple[Lock, ...] = ()
    rewrites: tuple[str, ...] = ()
    stalls: tuple[Stall, ...] = ()
    queued: Queued | None = None
    before: Pace | None = None
    during: Pace | None = None
    after: Pace | None = None
    log_bytes: int | None = None
    disk_bytes: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Unreached(Observation):
    """A migration before those that are judged was refused, so that none of them could be tried."""

    migration: str
    refusal: Refusal
