"""What many trials say of an index together: taken, a coin's toss, passed over by a clear margin, or of no use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from harness.run.seen.indexes import Trial, Weighed

CLEAR = 1.25
"""How many times the cost of the way taken makes a choice clear. Between samples of statistics, estimates of one plan
differ by some percent; the orders of magnitude that an index is about do not."""

Standing = Literal["taken", "varies", "toss", "passed over", "no use", "unknown"]
"""``taken`` in every trial; ``varies``: in some; ``toss``: in none, at about the same cost; ``passed over``: in none,
by a clear margin; ``no use``: it cannot serve; ``unknown``: the server did not tell the way through it."""

BEST = ("taken", "varies", "toss", "passed over", "unknown", "no use")


@dataclass(frozen=True, slots=True)
class Choice:
    """The trials of one index of one query, summed up.

    Attributes:
        margin: for an index that is taken, the cost of the runner-up as a multiple of its own, at the least; for one
            that is not, its cost as a multiple of that of the way taken, at the least; None when costs were not told.
        reason: for ``unknown``: why.
        absent: whether it is taken for a value that no row has; None when that was not tried.
    """

    weighed: Weighed
    standing: Standing
    margin: float | None
    trials: int
    chosen: int
    reason: str = ""
    absent: bool | None = None

    def evidence(self) -> dict[str, Any]:
        """The figures, for the report."""
        return {
            "index": self.weighed.index.name,
            "standing": self.standing,
            "margin": None if self.margin is None else round(self.margin, 2),
            "trials": [_told(trial) for trial in self.weighed.trials],
        }


def choice(weighed: Weighed) -> Choice | None:
    """The trials summed up; those of a value that does not exist decide nothing. None when there are none."""
    present = [trial for trial in weighed.trials if trial.values != "absent"]
    if not present:
        return None
    chosen = sum(trial.ways.chosen for trial in present)
    margin = min((m for trial in present if (m := trial.ways.margin) is not None), default=None)
    reason = next((trial.ways.unknown for trial in present if trial.ways.unknown), "")
    missing = [trial.ways.chosen for trial in weighed.trials if trial.values == "absent"]
    standing = _standing(present, chosen, margin, reason)
    if standing == "varies":
        margin = None
    return Choice(weighed, standing, margin, len(present), chosen, reason, all(missing) if missing else None)


def best(choices: Sequence[Choice]) -> Choice | None:
    """Of the indexes that a claim may mean, the one that fares best."""
    return min(choices, key=lambda c: BEST.index(c.standing), default=None)


def _standing(trials: Sequence[Trial], chosen: int, margin: float | None, reason: str) -> Standing:
    if chosen:
        return "taken" if chosen == len(trials) else "varies"
    if reason:
        return "unknown"
    if all(trial.ways.through is None for trial in trials):
        return "no use"
    # At less cost and never taken: a rule of the server that is not about costs, and no statistics change it.
    return "toss" if margin is not None and 1 / CLEAR < margin < CLEAR else "passed over"


def _told(trial: Trial) -> dict[str, Any]:
    ways = trial.ways
    return {
        "statistics": trial.sample,
        "values": trial.values,
        "chosen": ways.chosen,
        "cost": ways.taken.cost,
        "cost_through": ways.through.cost if ways.through else None,
        "cost_beside": ways.beside.cost if ways.beside else None,
        "pages_through": ways.through.pages_read if ways.through else None,
    }


def trials_words(choice: Choice) -> Iterator[str]:
    """What the trials were, for people: ``3 samples of statistics``, ``3 classes of values``."""
    trials = choice.weighed.trials
    samples = len({trial.sample for trial in trials})
    if samples > 1:
        yield f"{samples} samples of statistics"
    classes = list(dict.fromkeys(trial.values for trial in trials if trial.values not in {"document", "absent"}))
    if classes:
        yield f"values as written, {' and '.join(classes)}"
