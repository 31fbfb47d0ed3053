"""What timed runs say once the machine's own noise is taken out of them.

Noise only adds time, so it can make a query that meets its target look too slow, never the other way. Batches in which
the fixed work of the server took its normal time are judged alone where there are enough of them; and what is called
too slow must be so by the least times of its texts, divided by how much slower than at its best the fixed work was.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.checks.percentile import interval, percentile
from harness.run.seen.queries import Timed, Work, round_trip_ms, slowdown

QUIET = 1.25
"""How many times its best the fixed work may take in a batch that counts as quiet."""

LEAST_QUIET = 3
"""Quiet batches that are enough to be judged without the others."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A percentile of a query's runs.

    Attributes:
        ms: the percentile of the runs that count; ``low`` and ``high`` bound it with 95% probability.
        floor_ms: the percentile over texts of the least time of each: how quick they were when nobody disturbed.
        noise: how many times its best the server's fixed work took; None where there was none.
        trip_ms: an empty round trip; None where it was not measured.
        runs: how many count.
        quiet: how many batches count, ``of`` how many; all of them where too few are quiet.
    """

    ms: float
    low: float
    high: float
    floor_ms: float
    noise: float | None
    trip_ms: float | None
    runs: int
    quiet: int
    of: int


def heard(timed: Timed, percent: float) -> Heard:
    """The percentile of the runs, with what the machine added to them."""
    blocks: dict[int, list[float]] = defaultdict(list)
    least: dict[int, float] = {}
    for sample in timed.runs:
        blocks[sample.batch].append(sample.ms)
        least[sample.text] = min(least.get(sample.text, sample.ms), sample.ms)
    quiet = _quiet(blocks, timed.works)
    counted = [blocks[batch] for batch in quiet]
    low, high = interval(counted, percent)
    runs = [ms for block in counted for ms in block]
    return Heard(
        ms=percentile(runs, percent),
        low=low,
        high=high,
        floor_ms=percentile(list(least.values()), percent),
        noise=slowdown(timed.works),
        trip_ms=round_trip_ms(timed.works),
        runs=len(runs),
        quiet=len(quiet),
        of=len(blocks),
    )


def _quiet(blocks: Mapping[int, Sequence[float]], works: Sequence[Work]) -> list[int]:
    """The batches that count."""
    each: dict[int, list[float]] = defaultdict(list)
    for work in works:
        if work.units:
            each[work.batch].append(work.ms / work.units)
    measured = {batch: max(taken) for batch, taken in each.items() if batch in blocks}
    best = min((min(taken) for taken in each.values()), default=0.0)
    quiet = [batch for batch, taken in measured.items() if taken <= QUIET * best]
    return quiet if len(quiet) >= LEAST_QUIET else list(blocks)
