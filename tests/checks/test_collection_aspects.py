"""When a type as a document says it agrees with the one that a validator has."""

import pytest

from harness.checks.collection_aspects import agrees, alternatives, differences
from harness.design.model import Entity, Field


@pytest.mark.parametrize(
    ("said", "live", "expected"),
    [
        ("string", "string", True),
        ("string", "date", False),
        ("string", "string | null", True),
        ("string", "string | int", False),
        ("string | int", "string", False),
        ("any", "date", True),
        ("string", "any", False),
        ("number", "int | double", True),
        ("int | long", "int", True),
        ("int | long", "double", False),
        ("double", "double | int", False),
        ("string", "enum('a', 'b')", True),
        ("enum('a', 'b')", "enum('b', 'a')", True),
        ("enum('a', 'b')", "enum('a')", False),
        ("enum('a, b', 'c')", "enum('c', 'a, b')", True),
        ("enum('a')", "string", False),
        ("array", "array of string", True),
        ("array of string", "array", False),
        ("array of object", "array of string", False),
        ("array of number", "array of (int | double)", True),
        ("array of string", "array of (string | null)", True),
    ],
)
def test_a_type_may_be_said_in_less_detail_but_not_otherwise(said: str, live: str, *, expected: bool) -> None:
    assert agrees(said, live) is expected


def test_alternatives_within_an_array_or_a_quoted_value_are_not_those_of_the_field() -> None:
    assert alternatives("array of (int | string) | enum('a | b') | null") == (
        "array of (int | string)",
        "enum('a | b')",
    )


def test_a_time_series_has_a_type_for_its_time_only() -> None:
    said = Entity("readings", "collection", (Field("at", "date"), Field("value", "double"), Field("device", "string")))
    for at, found in (("date", []), ("string", ["at"])):
        normal = Entity("readings", "collection", (Field("at", at), *said.fields[1:]))
        live = Entity("readings", "time series", (Field("at", "date"), Field("device", "any")))
        assert [each.field for each in differences(said, normal, live)] == found
    plain = Entity("readings", "collection", (Field("at", "date"), Field("device", "any")))
    assert [each.field for each in differences(said, said, plain)] == ["value", "device"]
