"""Which arrays a write makes longer, and what in it keeps them short."""

import pytest

from harness.adapters.mongodb.pushes import pushes
from harness.design.model import Statement
from harness.source import Source


def found(text: str) -> list[tuple[str, str, str, str]]:
    statement = Statement(text, Source("d.md", 10, 10 + text.count("\n")))
    return [(push.entity, push.field, push.how, push.bound) for push in pushes(statement)]


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ("{ $push: { tags: 'x' } }", ("a", "tags", "$push", "")),
        ("{ $addToSet: { tags: { $each: ['x'] } } }", ("a", "tags", "$addToSet", "")),
        ("{ $push: { 'items.$[each].notes': 'x' } }", ("a", "items[].notes", "$push", "")),
        ("{ $push: { 'items.0.notes': 'x' } }", ("a", "items[].notes", "$push", "")),
        ("{ $push: { tags: { $each: ['x'], $slice: -50 } } }", ("a", "tags", "$push", "$slice: -50")),
        ("[{ $set: { tags: { $concatArrays: ['$tags', ['x']] } } }]", ("a", "tags", "$concatArrays", "")),
        ("[{ $set: { t: { $concatArrays: [{ $ifNull: ['$t', []] }, ['x']] } } }]", ("a", "t", "$concatArrays", "")),
        ("[{ $set: { tags: { $slice: [{ $concatArrays: ['$tags', ['x']] }, -5] } } }]",
         ("a", "tags", "$concatArrays", "$slice: [-5]")),
    ],
)  # fmt: skip
def test_an_update_that_makes_an_array_longer(update: str, expected: tuple[str, str, str, str]) -> None:
    assert found(f"db.a.updateOne({{ _id: 1 }}, {update})") == [expected]


@pytest.mark.parametrize(
    ("filter_", "update", "bound"),
    [
        ("{ 'values.199': { $exists: false } }", "{ $push: { values: 1 } }", "values.199: { $exists: false }"),
        ("{ count: { $lt: 200 } }", "{ $push: { values: 1 }, $inc: { count: 1 } }", "count: { $lt: 200 }"),
        ("{ count: { $lt: 200 } }", "{ $push: { values: 1 } }", ""),
    ],
)
def test_a_bucket_that_is_filled_up_to_a_limit(filter_: str, update: str, bound: str) -> None:
    assert found(f"db.a.updateOne({filter_}, {update}, {{ upsert: true }})") == [("a", "values", "$push", bound)]


@pytest.mark.parametrize(
    "text",
    [
        "db.a.find({ tags: 'x' })",
        "db.a.updateOne({}, { $set: { tags: [] } })",
        "db.a.updateOne({}, [{ $set: { tags: { $concatArrays: ['$a', '$b'] } } }])",
        "db.a.updateOne({}, { $pull: { tags: 'x' } })",
        "nothing(",
        "db.hello()",
        "db.a.updateOne({}, { $push: 5 })",
    ],
)
def test_what_makes_no_array_longer(text: str) -> None:
    assert found(text) == []


def test_writes_in_bulk_and_of_one_found_document_count_too() -> None:
    bulk = "db.a.bulkWrite([{ updateOne: { filter: {}, update: { $push: { t: 1 } } } }])"

    assert found(bulk) == found("db.a.findOneAndUpdate({}, { $push: { t: 1 } })") == [("a", "t", "$push", "")]
