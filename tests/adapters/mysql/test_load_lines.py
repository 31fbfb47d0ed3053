"""Lines for LOAD DATA from columns; no server is asked."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from harness.adapters.mysql.load_lines import SLICE, lines
from harness.design.model import Shape
from harness.facts import Batch

TEXT, AMOUNT = Shape("text"), Shape("decimal", scale=2)

COLUMNS: dict[str, tuple[Shape | None, Any, list[str]]] = {
    "texts": (TEXT, ["a", "", "çö"], ["a", "", "çö"]),
    "texts with what is read otherwise": (TEXT, ["a\tb", "c\\N", "\n\0"], ["a\\tb", "c\\\\N", "\\n\\0"]),
    "texts with the separator": (TEXT, ["a\x1fb", "\t", "c"], ["a\x1fb", "\\t", "c"]),
    "texts of which some are absent": (TEXT, ["a", None, "N"], ["a", "\\N", "N"]),
    "nothing at all": (TEXT, [None, None], ["\\N", "\\N"]),
    "objects of numpy": (TEXT, np.array(["a", None], dtype=object), ["a", "\\N"]),
    "numbers for a text": (TEXT, [1, "b"], ["1", "b"]),
    "whole numbers": (None, np.array([0, -5, 1000, 7]), ["0", "-5", "1000", "7"]),
    "the largest": (None, np.array([(1 << 63) - 1, 1 - (1 << 63)]), [str((1 << 63) - 1), str(1 - (1 << 63))]),
    "the very least": (None, np.array([-(1 << 63), 1]), [str(-(1 << 63)), "1"]),
    "without a sign": (None, np.array([(1 << 64) - 1, 1], dtype=np.uint64), [str((1 << 64) - 1), "1"]),
    "masked": (None, np.ma.array([1, 2, 3], mask=[False, True, False]), ["1", "\\N", "3"]),
    "amounts": (AMOUNT, np.array([1.5, -0.01, 1234.56, -0.0]), ["1.50", "-0.01", "1234.56", "0.00"]),
    "amounts with more decimals": (AMOUNT, np.array([1.5, 0.001]), ["1.5", "0.001"]),
    "amounts that are too large": (AMOUNT, np.array([1e20, 1.5]), ["1e+20", "1.5"]),
    "decimals": (AMOUNT, [Decimal("1.50"), 2], ["1.50", "2"]),
    "doubles": (Shape("float"), np.array([1.5, 1e-7]), ["1.5", "1e-07"]),
    "flags": (Shape("boolean"), np.array([True, False]), ["1", "0"]),
    "days": (None, np.array(["2026-02-28", "0001-12-31"], "M8[D]"), ["2026-02-28", "0001-12-31"]),
    "seconds": (None, np.array(["2026-02-28T23:59:58", "NaT"], "M8[us]"), ["2026-02-28 23:59:58", "\\N"]),
    "microseconds": (None, np.array(["1969-12-31T23:59:58.000009"], "M8[us]"), ["1969-12-31 23:59:58.000009"]),
    "far away": (None, np.array(["10000-01-01", "2026-01-01"], "M8[D]"), ["10000-01-01", "2026-01-01"]),
    "days of Python": (None, [date(2026, 1, 2), None], ["2026-01-02", "\\N"]),
    "moments of Python": (None, [datetime(2026, 1, 2, 3, 4, 5)], ["2026-01-02 03:04:05"]),
    "spans": (None, [timedelta(hours=-1)], ["-1:00:00.000000"]),
    "bytes": (Shape("bytes"), [b"\x00\xff", b""], ["00ff", ""]),
    "bits": (Shape("bits"), np.array([5, 6]), ["5", "6"]),
    "json": (Shape("json"), ['{"a": "b\\n"}', None], ['{"a": "b\\\\n"}', "\\N"]),
    "documents": (Shape("json"), [{"a": 1}, None], ['{"a": 1}', "\\N"]),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_a_field_of_each_line(name: str) -> None:
    shape, values, expected = COLUMNS[name]
    batch = Batch(("before", "value", "after"), (range(len(values)), values, ["z"] * len(values)), len(values))
    found = b"".join(lines(batch, (None, shape, TEXT))).decode()
    assert found == "".join(f"{number}\t{text}\tz\n" for number, text in enumerate(expected))


def test_many_rows_are_whole_lines_in_their_order() -> None:
    rows = SLICE + 5
    first, second = lines(Batch(("n",), (np.arange(rows),), rows), (None,))  # type: ignore[arg-type]
    assert (first + second).split() == [str(n).encode() for n in range(rows)]
    assert first.endswith(b"\n")


def test_rows_without_columns_are_empty_lines() -> None:
    assert b"".join(lines(Batch((), (), 3), ())) == b"\n\n\n"
