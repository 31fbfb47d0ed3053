"""Comments that say where the way up or down of a script begins, and those that only speak of it."""

import pytest

from harness.design.headings import direction

MARKS = {
    "-- Up": "up",
    "-- Down: loses the values of role": "down",
    "-- Down: a book keeps its first author alone, the others are lost": "down",
    "-- Up: both columns side by side": "up",
    "// Rollback: names are put together again": "down",
    "-- Rollback: DROP TABLE users": None,
    "-- Down: none": None,
    "-- down the road: rename it": None,
    "-- upper case names: none": None,
}


@pytest.mark.parametrize(("comment", "way"), MARKS.items())
def test_a_direction_may_be_explained(comment: str, way: str | None) -> None:
    found = direction(comment)

    assert (found and next(name for name in ("up", "down") if found[name])) == way
