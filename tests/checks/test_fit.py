"""The order of growth that fits counts, and the rows at which a limit is reached."""

import math

import pytest

from harness.checks.fit import FARTHEST, fit, reached

ROWS = (10_000, 100_000, 1_000_000)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (lambda _: 3.0, "constant"),
        (lambda n: 4 * math.log(n), "no faster than log n"),
        (lambda n: n / 50, "n^1.00"),
        (lambda n: 10 * math.sqrt(n), "n^0.50"),
    ],
    ids=["constant", "logarithm", "linear", "root"],
)
def test_the_order_is_told_with_its_figure(count: object, said: str) -> None:
    points = [(rows, count(rows)) for rows in ROWS]  # type: ignore[operator]

    assert str(fit(points)).startswith(said)


def test_a_level_more_of_a_small_index_is_no_growth() -> None:
    assert fit([(1_000, 2), (10_000, 3), (100_000, 3)]).exponent == pytest.approx(0)


def test_a_linear_growth_reaches_ten_times_the_count_at_ten_times_the_rows() -> None:
    points = [(rows, rows / 50) for rows in ROWS]

    assert reached(fit(points), points, 10) == pytest.approx(10_000_000)


def test_beyond_what_a_curve_can_tell_nothing_is_told() -> None:
    linear = [(rows, rows / 50) for rows in ROWS]
    flat = [(rows, 4 * math.log(rows)) for rows in ROWS]

    assert reached(fit(linear), linear, 2 * FARTHEST) is None
    assert reached(fit(flat), flat, 10) is None
    assert reached(fit([(r, 3.0) for r in ROWS]), [(r, 3.0) for r in ROWS], 10) is None
