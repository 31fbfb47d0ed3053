"""Percentiles of timed runs, and how sure they are."""

import math
from collections.abc import Sequence
from random import Random

RESAMPLES = 500
SEED = 20_260_101
"""Of the resampling alone: the same runs give the same interval."""


def percentile(samples: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(samples)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def interval(blocks: Sequence[Sequence[float]], percent: float) -> tuple[float, float]:
    """The bounds between which the percentile lies with 95% probability, by bootstrap over blocks.

    Runs that follow each other are alike (they share the state of caches and who else was at work), so whole blocks are
    drawn, with replacement, and not single runs: those would feign more evidence than there is (Künsch, "The jackknife
    and the bootstrap for general stationary observations", 1989; Efron and Tibshirani, "An Introduction to the
    Bootstrap", section 8.6). A single block is taken apart into its runs.
    """
    filled = [block for block in blocks if block]
    parts = filled if len(filled) > 1 else [[ms] for block in filled for ms in block]
    chance = Random(SEED)
    drawn = (chance.choices(parts, k=len(parts)) for _ in range(RESAMPLES))
    found = sorted(percentile([ms for part in row for ms in part], percent) for row in drawn)
    return percentile(found, 2.5), percentile(found, 97.5)
