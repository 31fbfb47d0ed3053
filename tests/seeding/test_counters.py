"""Numbers from counters are even, bijective where they must be, and depend on nothing but key and row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.seeding.counters import below, chosen, key, permuted, skewed, spread, stride, unit

ROWS = np.arange(50_000, dtype=np.int64)


@given(st.integers(1, 5000), st.integers(0, 2**63))
def test_a_permutation_gives_every_number_once(size: int, of: int) -> None:
    assert sorted(permuted(of, np.arange(size, dtype=np.int64), size).tolist()) == list(range(size))


@given(st.integers(2**33, 2**62), st.integers(0, 2**63))
def test_a_large_permutation_stays_inside_and_distinct(size: int, of: int) -> None:
    found = permuted(of, np.arange(500, dtype=np.int64), size)
    assert len(set(found.tolist())) == 500
    assert found.min() >= 0
    assert found.max() < size


@given(st.integers(1, 2**40), st.integers(0, 2**63))
def test_a_stride_visits_everything(size: int, of: int) -> None:
    assert np.gcd(stride(of, size), size) == 1


@given(st.integers(1, 2**62), st.sampled_from(("even", "low", "high")))
def test_spread_stays_inside(count: int, shape: str) -> None:
    found = spread(7, ROWS[:500], count, shape)
    assert found.min() >= 0
    assert found.max() < count


def test_a_number_depends_on_its_row_alone() -> None:
    whole = unit(key("a"), ROWS)
    assert (unit(key("a"), ROWS[1234:1240]) == whole[1234:1240]).all()


def test_keys_differ_by_every_part() -> None:
    assert len({key(1, "a"), key(2, "a"), key(1, "b"), key("1a"), key(1, "a", "")}) == 5


@pytest.mark.parametrize("limit", [1, 7, 1000, 2**40])
def test_below_is_even(limit: int) -> None:
    found = below(3, ROWS, limit)
    assert abs(found.mean() / limit - (0.5 if limit > 1 else 0)) < 0.08
    assert found.max() < limit


def test_low_parents_are_popular_within_bounds() -> None:
    counts = np.bincount(skewed(11, np.arange(1_000_000, dtype=np.int64), 10_000), minlength=10_000)
    assert 30 * 100 < counts[:3].mean() < 70 * 100
    assert counts[:2000].sum() > 0.45 * counts.sum()
    assert (counts > 0).mean() > 0.98


def test_choices_follow_their_weights() -> None:
    shares = np.bincount(chosen(5, ROWS, [0.7, 0.2, 0.1])) / len(ROWS)
    assert np.allclose(shares, [0.7, 0.2, 0.1], atol=0.01)
