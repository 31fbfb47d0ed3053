"""What one row of a batch holds, however its columns are kept."""

from typing import Any

import numpy as np

from harness.facts import Batch

MOMENTS: Any = np.array(["2026-01-02T03:04:05", "NaT"], dtype="datetime64[us]")
NUMBERS: Any = np.array([1.5, np.nan])
ROWS = Batch(("at", "size", "name"), (MOMENTS, NUMBERS, ["a", None]), 2)


def test_a_moment_that_is_none_is_none_in_a_row_of_its_own_as_well() -> None:
    assert [ROWS.value("at", row) for row in (0, 1)] == [MOMENTS[0], None]
    assert ROWS.row(1).columns[0] == [None]
    assert Batch(("at",), ([MOMENTS[1]],), 1).value("at") is None


def test_what_is_no_number_is_a_value_all_the_same() -> None:
    assert np.isnan(ROWS.value("size", 1))  # type: ignore[call-overload]
    assert ROWS.value("name", 1) is None
