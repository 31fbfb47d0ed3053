"""What an index costs those who write, in words: the ratio of times with and without it, with its interval."""

from collections.abc import Mapping
from random import Random
from statistics import median
from typing import Any

from harness.checks.base import Case
from harness.checks.percentile import percentile
from harness.design.model import Index
from harness.run.seen.indexes import Written

RESAMPLES = 2_000
CERTAIN = (2.5, 97.5)


def cost_of(case: Case, index: Index, *, tried: bool = False) -> tuple[str, Mapping[str, Any]]:
    """A clause for a message (empty where nothing was measured), and the figures."""
    found = (o for o in case.run.of(Written) if (o.entity, o.index, o.tried) == (index.entity, index.name, tried))
    written = next(found, None)
    return ("", {}) if written is None else told(written)


def told(written: Written) -> tuple[str, Mapping[str, Any]]:
    """The figures in words. The parts were interleaved, so that each ratio is of two moments beside each other.

    The interval is by percentile bootstrap of the median (Efron and Tibshirani, 1993).
    """
    if len(written.with_s) < 4 or not all(written.without_s):
        return "", {}
    ratios = [with_s / without_s for with_s, without_s in zip(written.with_s, written.without_s, strict=True)]
    chance = Random(0)
    medians = [median(chance.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES)]
    low, high = (percentile(medians, percent) for percent in CERTAIN)
    ratio = median(ratios)
    rates = [written.rows / median(times) for times in (written.with_s, written.without_s)]
    figures = {
        "rows_per_second_with": round(rates[0]),
        "rows_per_second_without": round(rates[1]),
        "write_ratio": round(ratio, 3),
        "write_ratio_interval": [round(low, 3), round(high, 3)],
    }
    if low <= 1:
        return "what it costs a writer is lost in the noise of this machine", figures
    return (
        f"with it an insert takes {ratio:.2f} times as long ({low:.2f} to {high:.2f}: {rates[0]:,.0f} rows/s against "
        f"{rates[1]:,.0f})"
    ), figures
