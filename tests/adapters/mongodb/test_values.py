"""Columns as BSON has them, and filters and documents as mongosh writes them; no server is asked."""

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from bson import Binary, Code, DatetimeMS, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp

from harness.adapters.mongodb.condition import condition
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.values import column
from harness.design.model import Shape

HEX = "0123456789abcdef01234567"

TURNED: dict[str, tuple[Shape | None, Any, Any]] = {
    "an id": (Shape("objectid"), HEX, ObjectId(HEX)),
    "no id": (Shape("objectid"), "nobody", "nobody"),
    "a decimal": (Shape("decimal"), Decimal("1.50"), Decimal128("1.50")),
    "a decimal of a number": (Shape("decimal"), 2, Decimal128("2")),
    "no decimal": (Shape("decimal"), "many", "many"),
    "a decimal with too many digits": (Shape("decimal"), Decimal("1." + "1" * 40), "1." + "1" * 40),
    "a long": (Shape("integer", width=8), 5, Int64(5)),
    "an int": (Shape("integer", width=4), 5, 5),
    "what fits no long": (Shape("integer", width=8), 1 << 70, 1 << 70),
    "a double": (Shape("float", width=8), 3, 3.0),
    "a moment": (Shape("timestamp"), "2026-01-02T03:04:05+00:00", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    "a day": (Shape("timestamp"), date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
    "a document": (Shape("json"), '{"a": [1]}', {"a": [1]}),
    "an array of ids": (Shape("array", element=Shape("objectid")), [HEX, None], [ObjectId(HEX), None]),
    "no array": (Shape("array", element=Shape("text")), 5, 5),
    "a uuid": (Shape("uuid"), UUID(int=5), Binary.from_uuid(UUID(int=5))),
    "a flag of numpy": (None, np.bool_(True), True),
    "nothing": (Shape("objectid"), None, None),
}


@pytest.mark.parametrize("name", TURNED)
def test_a_value_becomes_what_its_field_wants(name: str) -> None:
    shape, value, expected = TURNED[name]
    (found,) = column([value], shape)
    assert (found, type(found)) == (expected, type(expected))


def test_moments_of_numpy_have_milliseconds() -> None:
    moments = np.array(["2026-01-02T03:04:05.678901", "NaT", "0001-01-01"], dtype="M8[us]")
    assert column(moments, Shape("timestamp")) == [DatetimeMS(1767323045678), None, DatetimeMS(-62135596800000)]


def test_values_within_arrays_are_turned_one_by_one() -> None:
    assert column([[HEX], [], "x", None], Shape("objectid"), 1) == [[ObjectId(HEX)], [], "x", None]


LITERALS: dict[str, Any] = {
    "null": None,
    "true": True,
    "5": 5,
    'NumberLong("5")': Int64(5),
    'NumberLong("5000000000")': 5_000_000_000,
    "1.5": 1.5,
    "Double(2)": 2.0,
    "NaN": math.nan,
    "-Infinity": -math.inf,
    'NumberDecimal("1.50")': Decimal128("1.50"),
    '"a \\"word\\""': 'a "word"',
    f'ObjectId("{HEX}")': ObjectId(HEX),
    'ISODate("2026-01-02T03:04:05.678Z")': datetime(2026, 1, 2, 3, 4, 5, 678999, UTC),
    "new Date(-99999999999999)": DatetimeMS(-99999999999999),
    '{ a: 1, "b.c": [{}] }': {"a": 1, "b.c": [{}]},
    "/^a\\/b$/i": Regex("^a/b$", re.IGNORECASE),
    'UUID("00000000-0000-0000-0000-000000000005")': Binary.from_uuid(UUID(int=5)),
    'HexData(0, "00ff")': b"\x00\xff",
    "Timestamp({ t: 5, i: 1 })": Timestamp(5, 1),
    "MinKey()": MinKey(),
    "MaxKey()": MaxKey(),
    'Code("f()")': Code("f()"),
}


@pytest.mark.parametrize("text", LITERALS)
def test_a_value_is_written_as_mongosh_reads_it(text: str) -> None:
    assert literal(LITERALS[text]) == text


CONDITIONS: dict[str, dict[str, Any]] = {
    '"status" = \'paid\' AND "total" > 5': {"status": "paid", "total": {"$gt": 5}},
    '"at" IS NOT NULL AND "gone" IS NULL': {"at": {"$exists": True}, "gone": None},
    '"a" IN (1, \'x\') AND "b" NOT IN (true)': {"a": {"$in": [1, "x"]}, "b": {"$nin": [True]}},
    '(("a" = 1) OR ("b" >= 2 AND "b" < 3))': {"$or": [{"a": 1}, {"b": {"$gte": 2, "$lt": 3}}]},
    "\"name\" = 'O''Neill'": {"name": "O'Neill"},
    '"items[].sku" <> 5': {"items.sku": {"$ne": 5}},
    '{ $expr: { $gt: ["$a", "$$NOW"] } }': {"$expr": {"$gt": ["$a", "$$NOW"]}},
    '"a" % 2 = 0': {"a": {"$mod": [2, 0]}},
    "{}": {},
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_filter_is_a_condition_where_it_has_such_a_form(text: str) -> None:
    assert condition(CONDITIONS[text], lambda path: path.replace("items.", "items[].")) == text
