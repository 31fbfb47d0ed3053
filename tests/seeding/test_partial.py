"""Doubles of rows that something keeps apart which is no plain key: partial indexes, expressions, exclusions."""

import numpy as np
import pytest

from harness.design.model import Entity, Index, IndexKey, Key, Schema, SchemaObject
from harness.facts import Batch
from harness.seeding.conditions import parsed
from harness.seeding.exclusions import exclusion_doubles
from harness.seeding.partial import holds, index_doubles


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
        ("(n between 1 and 5)", True),
        ("n BETWEEN 6 AND 9", False),
        ("gone BETWEEN 1 AND 2", None),
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

    found, _ = index_doubles(Entity("alerts", indexes=(index,)), row, taken)

    assert (found.kind, found.constraint, found.fields) == ("unique", "one_open", ("device", "status"))
    assert [list(column) for column in found.rows.columns] == [[2], ["open"], [9]]


def test_where_no_row_is_covered_there_is_no_double() -> None:
    index = Index("one_open", "alerts", (IndexKey("device"),), unique=True, predicate="status = 'open'")
    taken = Batch(("device", "status"), ([1], ["shut"]), 1)

    assert not list(index_doubles(Entity("alerts", indexes=(index,)), taken, taken))


def test_a_unique_index_of_an_expression_is_doubled_by_the_fields_that_it_speaks_of() -> None:
    index = Index("once", "people", (IndexKey("lower(email)", expression=True),), unique=True)
    taken = Batch(("email",), (["a@b.c"],), 1)

    found, _ = index_doubles(Entity("people", indexes=(index,)), Batch(("email",), (["x@y.z"],), 1), taken)

    assert (found.constraint, [list(column) for column in found.rows.columns]) == ("once", [["a@b.c"]])


def test_a_date_that_is_not_there_is_none_in_an_array_too() -> None:
    """As in ``WHERE deleted_at IS NULL``."""
    index = Index("live", "people", (IndexKey("email"),), unique=True, predicate="(deleted_at IS NULL)")
    gone = np.array(["2024-01-01", "NaT"], dtype="datetime64[us]")
    taken = Batch(("email", "deleted_at"), (["gone", "there"], gone), 2)

    found, _ = index_doubles(Entity("people", indexes=(index,)), taken, taken)

    assert found.value == "email = 'there', deleted_at = NULL"


def test_a_double_that_breaks_a_check_is_followed_by_the_whole_row_with_a_key_of_its_own() -> None:
    key = Key("pk", ("id",), primary=True)
    index = Index("once", "t", (IndexKey("code"),), unique=True, predicate="low > 2")
    taken = Batch(("id", "code", "low", "high"), ([1, 2], ["a", "b"], [1, 5], [1, 6]), 2)
    row = Batch(("id", "code", "low", "high"), ([3], ["c"], [2], [2]), 1)

    first, second = index_doubles(Entity("t", keys=(key,), indexes=(index,)), row, taken)

    assert [list(column) for column in first.rows.columns] == [[3], ["b"], [5], [2]]
    assert [list(column) for column in second.rows.columns] == [[3], ["b"], [5], [6]]
    assert first.value == second.value == "code = 'b', low = 5"


@pytest.mark.parametrize(
    ("definition", "fields"),
    [
        (
            "EXCLUDE USING gist (room WITH =, tstzrange(starts, ends) WITH &&) WHERE ((NOT gone))",
            "room starts ends gone",
        ),
        ("EXCLUDE USING gist (room WITH =, tenant WITH <>)", "room"),
    ],
)
def test_what_stands_where_another_one_stands_has_what_the_exclusion_speaks_of(definition: str, fields: str) -> None:
    there = Batch(
        ("id", "room", "tenant", "starts", "ends", "gone"),
        ([1, 2], [7, 8], [70, 80], ["a", "b"], ["c", "d"], np.array([True, False])),
        2,
    )
    schema = Schema(objects=(SchemaObject("exclusion constraint", "stays.apart", definition),))
    entity = Entity("stays", keys=(Key("pk", ("id",), primary=True),))

    first, _ = exclusion_doubles(schema, entity, there.row(0), there)

    assert (first.kind, first.constraint) == ("exclusion", "apart")
    assert set(first.fields) == set(fields.split())
    assert first.rows.value("room") == (8 if "gone" in fields else 7)
