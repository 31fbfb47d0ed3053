"""Columns as bytes: what is put together is what was taken apart."""

import numpy as np
import pytest

from harness.cells import Cells, absent, blobs, fixed, joined, present, texts


def taken_apart(found: Cells, rows: int) -> list[bytes]:
    ends = np.cumsum(found.each(rows)).tolist()
    return [found.data.tobytes()[start:end] for start, end in zip([0, *ends], ends, strict=False)]


WORDS = ["a", "", "longer", "é", "with \x1f", "x" * 50]


def test_rows_are_their_parts_one_after_the_other() -> None:
    numbers = np.arange(6, dtype=">i4")
    found = joined([b"<", texts(WORDS), fixed(numbers), blobs([b"ab"] * 6), b">"], 6)
    assert taken_apart(found, 6) == [
        b"<" + word.encode() + number.to_bytes(4) + b"ab>" for number, word in enumerate(WORDS)
    ]


def test_values_are_spread_over_the_places_that_are_not_absent() -> None:
    values = ["a", None, "bc", None]
    gone = absent(values)
    assert gone is not None
    assert taken_apart(texts(present(values, gone)).spread(gone), 4) == [b"a", b"", b"bc", b""]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "b"], None),
        ([np.array([1, 2]), None], [False, True]),
        (np.array(["2026-01-01", "NaT"], dtype="M8[D]"), [False, True]),
        (np.ma.array([1, 2], mask=[True, False]), [True, False]),
        (np.ma.array([1, 2]), None),
        (np.array([1.5, np.nan]), None),
        ([], None),
    ],
)
def test_what_is_absent(values: object, expected: list[bool] | None) -> None:
    found = absent(values)
    assert (None if found is None else found.tolist()) == expected


def test_no_rows_have_no_bytes() -> None:
    assert joined([b"<", texts([]), fixed(np.zeros(0, ">i4"))], 0).data.tobytes() == b""


def test_half_of_a_pair_has_no_utf8() -> None:
    with pytest.raises(UnicodeEncodeError):
        texts(["\ud800"])


@pytest.mark.parametrize("other", [b"bytes", None, 1, float("nan")])
def test_what_is_no_text_is_refused(other: object) -> None:
    with pytest.raises(TypeError):
        texts(["a text", other])


def test_values_of_one_width_stay_one_matrix() -> None:
    assert joined([b"<", fixed(np.arange(3, dtype=">i2")), texts(["ab", "cd", "ef"])], 3).lengths == 5
    assert joined([texts(["a", "bcd"])], 2).lengths.tolist() == [1, 3]
