"""Checks in a document's words as keywords of a validator."""

import pytest

from harness.adapters.mongodb.checked import asked
from harness.design.model import Check


@pytest.mark.parametrize(
    ("condition", "path", "keywords"),
    [
        ("qty > 0", "qty", {"minimum": 0, "exclusiveMinimum": True}),
        ("0 <= qty", "qty", {"minimum": 0}),
        ("rating BETWEEN 1 AND 5", "rating", {"minimum": 1, "maximum": 5}),
        ("lat >= -90 AND lat <= 90", "lat", {"minimum": -90, "maximum": 90}),
        ("price < 9.5", "price", {"maximum": 9.5, "exclusiveMaximum": True}),
        ("status IN ('a', 'b')", "status", {"enum": ["a", "b"]}),
        ("char_length(name) < 80", "name", {"maxLength": 79}),
        ("cardinality(tags) <= 5", "tags", {"maxItems": 5}),
        ("items[].qty >= 1", "items[].qty", {"minimum": 1}),
        ("code ~ '^[A-Z]+$'", "code", {"pattern": "^[A-Z]+$"}),
    ],
)
def test_a_condition_becomes_keywords(condition: str, path: str, keywords: dict[str, object]) -> None:
    assert asked((Check(None, condition, (path,)),)).keywords == {path: keywords}


def test_a_comparison_of_two_fields_lets_pass_what_lacks_one() -> None:
    found = asked((Check(None, "ends > begins", ("ends", "begins")),))

    assert found.conditions == [{"$or": [{"ends": None}, {"begins": None}, {"$expr": {"$gt": ["$ends", "$begins"]}}]}]


@pytest.mark.parametrize("condition", ["is weird", "f(a) = 1", "a LIKE 'x%'", "(((", "", "a = b.c[1]"])
def test_what_is_not_understood_is_left_out(condition: str) -> None:
    found = asked((Check(None, condition, ("a",)),))

    assert (found.keywords, found.conditions) == ({}, [])
