"""Percentiles of timed runs, their intervals, and what noise can and cannot do to a verdict."""

import random
from collections.abc import Callable

import pytest

from harness.checks.noise import heard
from harness.checks.percentile import interval, percentile
from harness.checks.within_target import SAFE
from harness.run.seen.queries import LONG, SHORT, Sample, Timed, Work, slowdown

BATCHES, RUNS, TEXTS = 10, 20, 40


def test_the_percentile_is_the_nearest_rank() -> None:
    assert percentile(range(1, 101), 95) == 95
    assert percentile([7.0], 95) == 7.0


@pytest.mark.parametrize("percent", [50, 90, 99])
def test_the_bounds_stand_around_the_value(percent: float) -> None:
    samples = [1.0, 5.0, 2.0, 9.0, 4.0]
    low, high = interval([samples], percent)

    assert low <= percentile(samples, percent) <= high
    assert interval([samples], percent) == (low, high)


def test_runs_that_are_alike_within_a_batch_give_a_wider_interval_than_their_number_feigns() -> None:
    rng = random.Random(1)
    blocks = [[10 * shift + rng.random() for _ in range(20)] for shift in (rng.random() for _ in range(10))]
    singles = [[ms] for block in blocks for ms in block]
    low, high = interval(blocks, 50)
    narrow_low, narrow_high = interval(singles, 50)

    assert high - low > 2 * (narrow_high - narrow_low)


def timed(at: Callable[[int, int], float], slow: Callable[[int], float]) -> Timed:
    """Runs that take ``at(text, batch)`` on a machine that is ``slow(batch)`` times slower for what takes long."""
    runs = [Sample(n % TEXTS, n // RUNS, at(n % TEXTS, n // RUNS)) for n in range(BATCHES * RUNS)]
    works = [
        work
        for batch in range(BATCHES)
        for work in (
            Work(batch, 0, 0.1),
            Work(batch, SHORT, 0.1 + SHORT * 0.05),
            Work(batch, LONG, 0.1 + LONG * 0.05 * slow(batch)),
        )
    ]
    return Timed("1", tuple(runs), TEXTS, tuple(works))


def test_a_quiet_machine_is_at_its_best() -> None:
    assert slowdown(timed(lambda *_: 1.0, lambda _: 1.0).works) == pytest.approx(1.0)
    assert slowdown(()) is None


def test_only_quiet_batches_count_where_there_are_enough() -> None:
    found = heard(timed(lambda _, batch: 50.0 if batch < 6 else 1.0, lambda batch: 3.0 if batch < 6 else 1.0), 95)

    assert (found.ms, found.high, found.quiet, found.of) == (1.0, 1.0, 4, BATCHES)


@pytest.mark.parametrize("factor", [1.5, 2, 3, 8])
def test_what_slows_all_batches_alike_cannot_break_what_holds(factor: float) -> None:
    found = heard(timed(lambda text, _: factor * (8 + text / TEXTS), lambda _: factor), 95)

    assert found.noise == pytest.approx(factor)
    assert found.low >= 10  # over a target of 10 ms that the query meets when nobody disturbs
    assert found.floor_ms < 10 * SAFE * factor


def test_what_is_too_slow_by_far_is_broken_under_noise_too() -> None:
    found = heard(timed(lambda *_: 100.0, lambda _: 2.0), 95)

    assert found.noise is not None
    assert found.floor_ms >= 10 * SAFE * found.noise
