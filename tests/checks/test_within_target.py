"""The percentile and its interval."""

import random

import pytest

from harness.checks.within_target import percentile


def test_the_percentile_is_the_nearest_rank() -> None:
    assert percentile(range(1, 101), 95)[1] == 95
    assert percentile([7.0], 95) == (7.0, 7.0, 7.0)


def test_the_bounds_hold_the_true_percentile_about_as_often_as_they_promise() -> None:
    rng = random.Random(1)
    held = 0
    for _ in range(1000):
        low, _, high = percentile([rng.random() for _ in range(200)], 95)
        held += low <= 0.95 <= high

    assert 0.92 <= held / 1000 <= 0.99


@pytest.mark.parametrize("percent", [50, 90, 99])
def test_the_bounds_stand_around_the_value(percent: float) -> None:
    low, value, high = percentile([1.0, 5.0, 2.0, 9.0, 4.0], percent)

    assert low <= value <= high
