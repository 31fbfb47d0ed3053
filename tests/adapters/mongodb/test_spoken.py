"""Validators that use the operators of queries: what they ask for as conditions, and the fields that they speak of."""

import re
from typing import Any

import pytest

from harness.adapters.mongodb.condition import condition
from harness.adapters.mongodb.validator import rules

CONDITIONS: list[tuple[dict[str, Any], str]] = [
    ({"a": {"$gte": 3}}, '("a" IS NOT NULL AND "a" >= 3)'),
    ({"a": {"$ne": "x"}}, "\"a\" <> 'x'"),
    ({"a": {"$in": ["x", None]}}, "(\"a\" IN ('x') OR \"a\" IS NULL)"),
    ({"a": {"$nin": ["x", None]}}, "(\"a\" NOT IN ('x') AND \"a\" IS NOT NULL)"),
    ({"a": {"$exists": False}}, '"a" IS NULL'),
    ({"a": {"$type": "string"}}, '"a" IS NOT NULL'),
    ({"a": {"$regex": "^x", "$options": "i"}}, "(\"a\" IS NOT NULL AND \"a\" ~* '^x')"),
    ({"a": re.compile("^x")}, "(\"a\" IS NOT NULL AND \"a\" ~ '^x')"),
    ({"a": {"$size": 2}}, '("a" IS NOT NULL AND cardinality("a") = 2)'),
    ({"a": {"$mod": [5, 0]}}, '("a" IS NOT NULL AND "a" % 5 = 0)'),
    ({"a": {"$not": {"$gt": 3}}}, 'NOT (("a" IS NOT NULL AND "a" > 3))'),
    ({"$or": [{"a": 1}, {"b": 2}]}, '((("a" IS NOT NULL AND "a" = 1)) OR (("b" IS NOT NULL AND "b" = 2)))'),
    ({"$nor": [{"a": None}]}, 'NOT (("a" IS NULL))'),
    ({"$expr": {"$gt": ["$b", "$a"]}}, '(("b" IS NOT NULL) AND ("a" IS NOT NULL) AND ("b" > "a"))'),
    ({"$expr": {"$eq": ["$t", {"$multiply": ["$p", "$q"]}]}},
     '(("t" IS NOT NULL) AND ("p" IS NOT NULL) AND ("q" IS NOT NULL) AND ("t" = ("p" * "q")))'),
    ({"$expr": {"$lte": [{"$strLenCP": "$a"}, 5]}}, '(("a" IS NOT NULL) AND (char_length("a") <= 5))'),
]  # fmt: skip


@pytest.mark.parametrize(("validator", "expected"), CONDITIONS, ids=[str(given) for given, _ in CONDITIONS])
def test_operators_are_conditions_that_say_what_must_be_there(validator: dict[str, Any], expected: str) -> None:
    found = condition(validator, present=True)
    assert single(found) == single(expected)


def single(text: str) -> str:
    """Each parenthesis once."""
    return re.sub(r"\(+", "(", re.sub(r"\)+", ")", text))


@pytest.mark.parametrize("validator", [
    {"a": {"$elemMatch": {"b": 1}}}, {"a": {"$regex": "a b", "$options": "x"}}, {"$where": "this.a"},
    {"$expr": {"$eq": [{"$dayOfWeek": "$a"}, 2]}}, {"$expr": {"$gt": ["$$NOW", "$a"]}}, {"a": {"$all": [1]}},
    {"$or": [{"a": 1}, {"$where": "x"}]}, {"$jsonSchema": {}},
])  # fmt: skip
def test_what_has_no_such_form_stays_as_it_is(validator: dict[str, Any]) -> None:
    assert condition(validator, present=True).startswith("{ ")


def test_fields_are_those_that_are_spoken_of_with_types_as_far_as_they_are_told() -> None:
    found = rules({
        "$jsonSchema": {"required": ["a"], "properties": {"a": {"bsonType": "string"}, "b": {"bsonType": "int"}}},
        "$and": [{"b": {"$gte": 1}}, {"c": {"$type": "date"}}, {"d.e": {"$in": ["x"]}}, {"f": {"$ne": 3}}],
        "$or": [{"g": {"$type": 2}}, {"h": {"$exists": True}}],
        "$expr": {"$lt": ["$startsAt", "$endsAt"]},
    })  # fmt: skip
    fields = {f.name: (f.type, f.nullable, f.shape.family if f.shape else "") for f in found.fields}
    assert fields == {
        "_id": ("objectId", True, "objectid"), "a": ("string", False, "text"), "b": ("int", False, "integer"),
        "c": ("date", False, "timestamp"), "d.e": ("any", False, "text"), "f": ("any", True, "integer"),
        "g": ("string", True, "text"), "h": ("any", True, "text"), "startsAt": ("any", False, "timestamp"),
        "endsAt": ("any", False, "timestamp"),
    }  # fmt: skip
