"""What a drill is, what it is given, and what it tells."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from harness.facts import Effect
from harness.plan.model import Change
from harness.run.drills.standing import Standing
from harness.run.model import Observation
from harness.servers.model import Address
from harness.source import Source

if TYPE_CHECKING:
    from harness.run.drills.rig import Rig

Way = Literal["up", "down"]

Result = Literal["passed", "failed", "told", "untried"]
"""``told``: something that whoever deploys must know, and that breaks nothing by itself."""


@dataclass(frozen=True, slots=True)
class Trial(Observation):
    """One thing that was tried in a drill.

    Attributes:
        drill: the drill's name.
        migration: the migration's id.
        way: up or down; None where it is about neither.
        subject: what was done: ``killed after statement 1 of 2``.
        message: what was seen; for ``untried``, why it was not tried.
        source: the lines of the statement or the migration.
        evidence: values that JSON can hold.
    """

    drill: str
    migration: str
    way: Way | None
    subject: str
    result: Result
    message: str
    source: Source
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drilled(Observation):
    """A drill was run over all migrations."""

    name: str
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Step:
    """One migration, with the databases on both sides of it. Both hold rows; neither is changed by a drill.

    Attributes:
        before: the database before it.
        after: the database after it: a copy of ``before`` with the up applied, and rows in the tables that it made.
        start: what ``before`` is like.
        made: what ``after`` was like before rows were put in new tables: what an up from ``before`` leads to.
        end: what ``after`` is like.
        up: what each statement of the up did, on these rows.
        down: what each statement of the down did; None where there is none, or where it is refused.
        repeatable: whether the same up on the same rows gives the same rows again.
    """

    change: Change
    before: Address
    after: Address
    start: Standing
    made: Standing
    end: Standing
    up: tuple[Effect, ...]
    down: tuple[Effect, ...] | None
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill of the catalogue.

    Attributes:
        name: as ``--only`` takes it; the module has the same name with underscores.
        question: what it asks.
        checks: the checks that judge what it sees.
        run: tries one migration.
        advice: what to do in production, from everything that was tried.
    """

    name: str
    question: str
    checks: tuple[str, ...]
    run: "Callable[[Rig, Step], Iterable[Trial]]"
    advice: Callable[[Sequence[Trial]], str]


def any_failed(trials: Sequence[Trial]) -> bool:
    """Whether something went wrong."""
    return any(t.result == "failed" for t in trials)


NOT_CONCERNED: Mapping[str, Any] = {"applies": False}
"""Evidence of what was not tried since the drill asks nothing of it: nothing can go wrong in that way."""


def unknown(trials: Iterable[Trial]) -> list[Trial]:
    """What was not tried, and ought to be."""
    return [t for t in trials if t.result == "untried" and t.evidence.get("applies", True)]


def places(trials: Iterable[Trial]) -> str:
    """Which migrations they are about, for people: ``002 up, 003 down``."""
    return ", ".join(dict.fromkeys(f"{t.migration} {t.way}" if t.way else t.migration for t in trials))
