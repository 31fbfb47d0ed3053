"""What the drills saw, for all renderings: each with its outcome, and what to do in production."""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.report.model import Report
from harness.run.drills.catalogue import DRILLS
from harness.run.seen.drills import Drilled, Trial


@dataclass(frozen=True, slots=True)
class DrillFigures:
    """One drill.

    Attributes:
        ok: whether nothing failed; None when nothing could be tried.
        summary: one line for people.
        advice: what to do in production.
    """

    name: str
    question: str
    ok: bool | None
    summary: str
    advice: str
    seconds: float
    trials: tuple[Trial, ...]

    @property
    def telling(self) -> tuple[Trial, ...]:
        """The trials that somebody should read."""
        return tuple(t for t in self.trials if t.result != "passed")


def drills(report: Report) -> tuple[DrillFigures, ...]:
    """The drills that were run, in order."""
    trials = tuple(report.run.of(Trial))
    return tuple(_figures(each, [t for t in trials if t.drill == each.name]) for each in report.run.of(Drilled))


def _figures(drilled: Drilled, trials: Sequence[Trial]) -> DrillFigures:
    results = [t.result for t in trials]
    tried = [r for r in results if r != "untried"]
    ok = "failed" not in tried if tried else None
    drill = DRILLS[drilled.name]
    return DrillFigures(
        drilled.name, drill.question, ok, _summary(results), drill.advice(trials), drilled.elapsed_s, tuple(trials)
    )


def _summary(results: Sequence[str]) -> str:
    words = {"failed": "failed", "passed": "passed", "told": "to know", "untried": "not tried"}
    counts = {word: results.count(name) for name, word in words.items()}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing to try"
