"""Doubles among the rows that a partial unique index covers."""

import pytest

from harness.design.model import Entity, Index, IndexKey
from harness.facts import Batch
from harness.seeding.conditions import parsed
from harness.seeding.partial import holds, partial_doubles


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("status = 'open'", True),
        ("(status = 'open'::text)", True),
        ("status = 'shut'", False),
        ("status IN ('shut', 'open')", True),
        ("NOT active", False),
        ("active AND n >= 5", True),
        ("active AND n > 5", False),
        ("gone IS NULL", True),
        ("gone IS NOT NULL", False),
        ("n > 5 OR lower(status) = 'open'", None),
        ("lower(status) = 'open'", None),
    ],
)
def test_whether_a_row_keeps_a_condition(condition: str, *, expected: bool | None) -> None:
    tree = parsed(condition)
    assert tree is not None
    assert holds(tree, {"status": "open", "active": True, "n": 5, "gone": None}) is expected


def test_a_double_takes_the_keys_and_the_state_of_a_row_that_is_covered() -> None:
    index = Index("one_open", "alerts", (IndexKey("device"),), unique=True, predicate="status = 'open'")
    taken = Batch(("device", "status", "n"), ([1, 2], ["shut", "open"], [7, 8]), 2)
    row = Batch(("device", "status", "n"), ([3], ["shut"], [9]), 1)

    (found,) = partial_doubles(Entity("alerts", indexes=(index,)), row, taken)

    assert (found.kind, found.constraint, found.fields) == ("unique", "one_open", ("device", "status"))
    assert [list(column) for column in found.rows.columns] == [[2], ["open"], [9]]


def test_where_no_row_is_covered_there_is_no_double() -> None:
    index = Index("one_open", "alerts", (IndexKey("device"),), unique=True, predicate="status = 'open'")
    taken = Batch(("device", "status"), ([1], ["shut"]), 1)

    assert not list(partial_doubles(Entity("alerts", indexes=(index,)), taken, taken))
