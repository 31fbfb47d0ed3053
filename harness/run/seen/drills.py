"""What was seen in drills."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.run.model import Observation, Way
from harness.source import Source

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
