"""Documents from columns, against what the driver's own encoder makes of each value; no server is asked."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import bson
import numpy as np
import pytest
from bson import ObjectId
from bson.errors import BSONError

from harness.adapters.mongodb.encoded import encoded
from harness.adapters.mongodb.values import column
from harness.design.model import Entity, Field, Shape
from harness.facts import Batch

IDS = ["0123456789abcdef01234567", "fedcba9876543210fedcba98", "00000000000000000000abcd"]
MANY = [f"word {number} é" for number in range(30_000)]

COLUMNS: dict[str, tuple[Shape | None, Any]] = {
    "texts": (Shape("text"), ["a", "", "çö\0d"]),
    "texts of one length": (Shape("text"), ["ab", "cd", "ef"]),
    "texts with the separator": (Shape("text"), ["a\x1fb", "c", "\x1f"]),
    "texts of numpy": (Shape("text"), np.array(["a", "bc", ""])),
    "objects of numpy": (Shape("text"), np.array(["a", None, "bc"], dtype=object)),
    "texts of which some are absent": (Shape("text"), ["a", None, "b"]),
    "nothing at all": (Shape("text"), [None, None, None]),
    "long texts": (Shape("text"), ["x" * 200_000, *"abcdefg", "z" * 5] * 25),
    "many texts": (Shape("text"), MANY),
    "ids": (Shape("objectid"), IDS),
    "ids of which one is none": (Shape("objectid"), [*IDS[:2], "nobody"]),
    "ids with blanks": (Shape("objectid"), [*IDS[:2], "01 34567890123456789012 "]),
    "ids of a field of which nothing is known": (None, [ObjectId(each) for each in IDS]),
    "ids of which some are absent": (Shape("objectid"), [None, *IDS[:2]]),
    "longs": (Shape("integer", width=8), np.array([1, -(1 << 60), 5])),
    "longs in a list": (Shape("integer", width=8), [1, 2, 3]),
    "ints": (Shape("integer", width=4), np.array([1, -5, (1 << 31) - 1])),
    "ints that do not fit": (Shape("integer", width=4), np.array([1, -5, 1 << 31])),
    "whole numbers of more than 63 bits": (Shape("text"), [1, (1 << 63) - 1, -1]),
    "masked numbers": (Shape("integer", width=4), np.ma.array([1, 2, 3], mask=[False, True, False])),
    "masked, without a mask": (Shape("integer", width=8), np.ma.array([1, 2, 3])),
    "doubles": (Shape("float"), np.array([1.5, -0.0, np.inf])),
    "doubles from whole numbers": (Shape("float"), np.array([1, 2, 3])),
    "decimals": (Shape("decimal"), np.array([1.5, 2.25, 1.5])),
    "decimals from whole numbers": (Shape("decimal"), np.array([1, 2, 3])),
    "decimals in a list": (Shape("decimal"), [Decimal("1.50"), Decimal(2), Decimal("-0.01")]),
    "decimals of which one is none": (Shape("decimal"), [Decimal("1.5"), "many", 3]),
    "flags": (Shape("boolean"), np.array([True, False, True])),
    "flags in a list": (None, [True, False, None]),
    "flags where longs should be": (Shape("integer", width=8), [True, False, True]),
    "moments": (Shape("timestamp"), np.array(["2026-01-02T03:04:05.678901", "NaT", "1969-12-31"], dtype="M8[us]")),
    "days": (Shape("date"), np.array(["2026-01-02", "0001-01-01", "9999-12-31"], dtype="M8[D]")),
    "moments of Python": (Shape("timestamp"), [None, datetime(2026, 1, 2, tzinfo=UTC)]),
    "uuids": (Shape("uuid"), [UUID(int=1), UUID(int=2), UUID(int=3)]),
    "json": (Shape("json"), ['{"a": [1]}', "[]", None]),
    "arrays": (Shape("array", element=Shape("objectid")), [IDS, [], None]),
    "arrays of numpy": (Shape("array", element=Shape("integer", width=4)), [np.array([1, 2]), np.array([3]), [4]]),
    "values of all types": (None, ["a", 1, 2.5]),
}  # fmt: skip


def entity(*fields: Field) -> Entity:
    return Entity("things", "collection", fields)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_is_what_the_driver_makes_of_its_values(name: str) -> None:
    shape, values = COLUMNS[name]
    rows = len(values)
    batch = Batch(("_id", "value", "last"), (range(rows), values, ["end"] * rows), rows)
    expected = [
        bson.encode({"_id": number, **({} if value is None else {"value": value}), "last": "end"})
        for number, value in enumerate(column(values, shape))
    ]
    assert list(encoded(entity(Field("value", "", shape=shape)), batch)) == expected


ID: Any = np.array([1, 2, 3])
REQUIRED = (("required", "yes"),)


def documents(batch: Batch, *fields: Field) -> list[dict[str, Any]]:
    return [bson.decode(each) for each in encoded(entity(*fields), batch)]


def test_fields_lie_in_their_documents_and_null_stands_where_a_field_is_required() -> None:
    batch = Batch(
        ("_id", "address.city", "address.at.lat", "note", "mark"),
        (ID, ["a", None, "c"], [1.5, 2.5, 3.5], ["x", None, None], [None, None, None]),
        3,
    )
    fields = (Field("note", "", options=REQUIRED), Field("mark", "", options=REQUIRED))
    assert documents(batch, *fields) == [
        {"_id": 1, "address": {"city": "a", "at": {"lat": 1.5}}, "note": "x", "mark": None},
        {"_id": 2, "address": {"at": {"lat": 2.5}}, "note": None, "mark": None},
        {"_id": 3, "address": {"city": "c", "at": {"lat": 3.5}}, "note": None, "mark": None},
    ]


def test_a_document_may_be_absent_as_a_whole() -> None:
    batch = Batch(("_id", "address", "address.city"), (ID, [True, None, True], ["a", "b", None]), 3)
    assert documents(batch) == [{"_id": 1, "address": {"city": "a"}}, {"_id": 2}, {"_id": 3, "address": {}}]


def test_arrays_of_documents_have_the_elements_of_their_columns() -> None:
    batch = Batch(
        ("_id", "items[].sku", "items[].of.price", "items[].tags[].name"),
        (
            ID,
            [["a", "b"], [], ["c"]],
            [np.array([1.5, 2.5]), None, np.array([3.5])],
            [[["x", "y"], []], [], None],
        ),
        3,
    )
    assert documents(batch) == [
        {
            "_id": 1,
            "items": [
                {"sku": "a", "of": {"price": 1.5}, "tags": [{"name": "x"}, {"name": "y"}]},
                {"sku": "b", "of": {"price": 2.5}, "tags": []},
            ],
        },
        {"_id": 2, "items": []},
        {"_id": 3, "items": [{"sku": "c", "of": {"price": 3.5}, "tags": []}]},
    ]


def test_an_array_may_be_long_or_absent_and_one_value_is_an_array_of_one() -> None:
    skus = [[f"{number}" for number in range(120)], None, "one"]
    counts: Any = np.array([5, 6, 7])
    batch = Batch(("_id", "items", "items[].sku", "more[].n"), (ID, [True, None, True], skus, counts), 3)
    first, second, third = documents(batch)
    assert [each.pop("more") for each in (first, second, third)] == [[{"n": 5}], [{"n": 6}], [{"n": 7}]]
    assert [each["sku"] for each in first["items"]] == skus[0]
    assert second == {"_id": 2}
    assert third["items"] == [{"sku": "one"}]


def test_arrays_of_arrays_in_an_array_stay_what_they_are() -> None:
    pairs = Shape("array", element=Shape("array", element=Shape("float")))
    rows = [[[[1.0, 2.0], [3.0, 4.0]], []], [], [[[5.0, 6.0]]]]
    batch = Batch(("_id", "zones[].ring", "zones[].name"), (ID, rows, [["a", "b"], [], ["c"]]), 3)
    assert [d["zones"] for d in documents(batch, Field("zones[].ring", "array", shape=pairs))] == [
        [{"ring": [[1.0, 2.0], [3.0, 4.0]], "name": "a"}, {"ring": [], "name": "b"}], [],
        [{"ring": [[5.0, 6.0]], "name": "c"}],
    ]  # fmt: skip


def test_columns_of_one_array_with_different_lengths_are_a_mistake() -> None:
    batch = Batch(("_id", "items[].sku", "items[].n"), (ID, [["a"], [], []], [[1, 2], [], []]), 3)
    with pytest.raises(ValueError, match="different lengths"):
        documents(batch)


def test_documents_without_an_id_get_one_in_the_first_place() -> None:
    batch = Batch(("a",), ([1, 2, 3],), 3)
    found = documents(batch)
    assert [list(each) for each in found] == [["_id", "a"]] * 3
    assert len({each["_id"] for each in found}) == 3


def test_no_rows_are_no_documents() -> None:
    assert documents(Batch(("_id", "items[].sku"), ([], []), 0)) == []


def test_what_has_no_form_is_said() -> None:
    with pytest.raises((BSONError, OverflowError)):
        documents(Batch(("_id", "n"), ([1], [1 << 70]), 1))
