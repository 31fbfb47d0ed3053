"""Rows for the example queries' literals are there, and every key still holds."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from harness.design.model import Check, Field, Shape
from harness.seeding.model import Plant
from harness.seeding.rows import Seeded
from tests.seeding.building import NOW, made, rows_of, table

USERS = table(
    "users",
    "id bigint",
    "email varchar(60)",
    "name text",
    "role text null",
    "age integer",
    "created_at timestamptz",
    "updated_at timestamptz",
    unique=("email",),
)
ORDERS = table(
    "orders",
    "id bigint",
    "user_id bigint",
    "status text",
    "total numeric(8,2)",
    "created_at timestamptz",
    "shipped_at timestamptz null",
    references={"user_id": "users"},
    checks=(
        "(status IN ('new', 'paid', 'shipped'))",
        "((status = 'shipped') = (shipped_at IS NOT NULL))",
        "(total > 0)",
    ),
)
TAGGED = table(
    "tagged",
    "order_id bigint",
    "tag_id uuid",
    primary="order_id,tag_id",
    references={"order_id": "orders", "tag_id": "tags"},
)
TAGS = table("tags", "id uuid", "name varchar(20)", unique=("name",))
UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def planted(*plants: Plant) -> Seeded:
    return made(USERS, ORDERS, TAGS, TAGGED, plants=plants)


def having(found: Seeded, name: str, /, **wanted: Any) -> list[dict[str, Any]]:
    return [r for r in rows_of(found, name) if all(r[k] == v for k, v in wanted.items())]


def test_a_literal_of_a_unique_column_is_there_once() -> None:
    found = planted(Plant("users", (("email", "=", "user@example.com"),)))
    assert [r["id"] for r in having(found, "users", email="user@example.com")] == [1]
    assert found.planted("users") == 1


def test_the_same_literal_in_two_queries_is_one_row() -> None:
    email = ("email", "=", "user@example.com")
    found = planted(Plant("users", (email,), "1"), Plant("users", (email, ("role", "=", "boss")), "2"))
    assert [r["role"] for r in having(found, "users", email="user@example.com")] == ["boss"]


def test_a_planted_value_that_another_row_has_by_nature_is_there_once() -> None:
    taken = rows_of(planted(), "users")[123]["email"]
    found = planted(Plant("users", (("email", "=", taken),)))
    emails = [r["email"] for r in rows_of(found, "users")]
    assert emails.count(taken) == 1
    assert len(set(emails)) == len(emails)


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ([("total", ">", "5000")], lambda r: r["total"] > 5000),
        ([("total", ">=", "12.34"), ("total", "<", "12.36")], lambda r: 12.34 <= r["total"] < 12.36),
        ([("status", "in", "new"), ("status", "in", "shipped")], lambda r: r["status"] in {"new", "shipped"}),
        ([("status", "=", "shipped")], lambda r: r["status"] == "shipped" and r["shipped_at"] is not None),
        ([("shipped_at", "is null", "")], lambda r: r["shipped_at"] is None and r["status"] != "shipped"),
        ([("created_at", ">=", "2024-01-01")], lambda r: r["created_at"] >= datetime(2024, 1, 1)),
        ([("created_at", "<", "2020-06-01")], lambda r: r["created_at"] < datetime(2020, 6, 1)),
        ([("created_at", ">=", "30 days")], lambda r: r["created_at"] >= NOW.replace(tzinfo=None) - timedelta(30)),
        ([("id", "=", "7")], lambda r: r["id"] == 7),
        ([("id", "=", "123456789")], lambda r: r["id"] == 123456789),
        ([("user_id", "=", "42"), ("status", "=", "paid")], lambda r: r["user_id"] == 42 and r["status"] == "paid"),
        ([("user_id", "=", "99999999")], lambda r: r["user_id"] == 99999999),
        ([("id", "<", "400")], lambda r: r["id"] < 400),
        ([("id", ">", "123456789")], lambda r: r["id"] > 123456789),
    ],
)
def test_conditions_together_find_a_row(conditions: list[tuple[str, str, str]], holds: Any) -> None:
    found = planted(Plant("orders", tuple(conditions)))
    assert not found.unfillable
    rows = rows_of(found, "orders")
    assert any(holds(r) for r in rows)
    assert {r["user_id"] for r in rows} <= {r["id"] for r in rows_of(found, "users")}
    assert all((r["status"] == "shipped") == (r["shipped_at"] is not None) for r in rows)
    assert len({r["id"] for r in rows}) == len(rows)


@pytest.mark.parametrize("ends", [("<", "400"), (">", "2"), (">=", "4"), ("in", "3"), ("<", "2"), (">", "123456789")])
def test_numbers_that_several_queries_ask_for_stay_unique(ends: tuple[str, str]) -> None:
    wanted = [
        Plant("orders", (("id", *ends), ("status", "=", status)), status) for status in ("new", "paid", "shipped")
    ]
    found = planted(Plant("orders", (("total", ">", "5000"),), "dear"), *wanted)
    rows = rows_of(found, "orders")
    assert len({r["id"] for r in rows}) == len(rows)
    assert len(found.unfillable) == (2 if ends in {("in", "3"), ("<", "2")} else 0)


@pytest.mark.parametrize(
    ("operator", "pattern"), [("like", "abc%"), ("like", "%@example.com"), ("ilike", "%Ab_%"), ("~", "^x[0-9]+$")]
)
def test_patterns_find_a_row(operator: str, pattern: str) -> None:
    found = planted(Plant("users", (("email", operator, pattern),)))
    assert not found.unfillable
    emails = [r["email"] for r in rows_of(found, "users")]
    needle = {"abc%": "abc", "%@example.com": "@example.com", "%Ab_%": "ab", "^x[0-9]+$": "x"}[pattern]
    assert needle in emails[0].lower()
    assert len(set(emails)) == len(emails)


def test_a_query_over_a_join_finds_a_row() -> None:
    found = planted(
        Plant("users", (("email", "=", "user@example.com"),), "q"),
        Plant("orders", (("created_at", ">=", "30 days"), ("status", "=", "paid")), "q"),
    )
    (user,) = having(found, "users", email="user@example.com")
    since = NOW.replace(tzinfo=None) - timedelta(days=30)
    orders = having(found, "orders", user_id=user["id"])
    assert any(o["created_at"] >= since and o["status"] == "paid" for o in orders)
    assert len(orders) > 10


def test_a_query_over_a_join_table_finds_a_row() -> None:
    found = planted(
        Plant("users", (("email", "=", "user@example.com"),), "q"),
        Plant("orders", (), "q"),
        Plant("tagged", (), "q"),
        Plant("tags", (("name", "=", "urgent"),), "q"),
    )
    (user,) = having(found, "users", email="user@example.com")
    (tag,) = having(found, "tags", name="urgent")
    tagged = {r["order_id"] for r in having(found, "tagged", tag_id=tag["id"])}
    assert any(o["id"] in tagged for o in having(found, "orders", user_id=user["id"]))
    pairs = [(r["order_id"], r["tag_id"]) for r in rows_of(found, "tagged")]
    assert len(set(pairs)) == len(pairs)


def test_a_key_asked_for_in_the_child_is_made_in_the_parent() -> None:
    found = planted(Plant("tagged", (("tag_id", "=", UUID),)))
    assert not found.unfillable
    assert len(having(found, "tags", id=UUID)) == 1
    assert having(found, "tagged", tag_id=UUID)


def test_later_moments_take_the_event_along() -> None:
    found = planted(Plant("users", (("updated_at", "<", "2019-01-01"),)))
    assert all(r["created_at"] <= r["updated_at"] for r in rows_of(found, "users"))
    assert any(r["updated_at"].year < 2019 for r in rows_of(found, "users"))


def test_what_is_asked_of_an_array_is_one_of_its_elements() -> None:
    posts = table("posts", "id bigint")
    tags = Field("tags", "array", False, shape=Shape("array", element=Shape("text")))
    least = Check("least", "(cardinality(tags) >= 2)")
    posts = replace(posts, fields=(*posts.fields, tags), checks=(least,))
    found = made(posts, plants=(Plant("posts", (("tags", "=", "no word of any list"),), "1"),))
    (row,) = [r for r in rows_of(found, "posts") if "no word of any list" in r["tags"]]
    assert not found.unfillable
    assert len(row["tags"]) >= 2


@pytest.mark.parametrize(
    ("condition", "group"),
    [
        (("age", "=", "twelve"), "7"),
        (("nothing", "=", "1"), "7"),
        (("status", "=", "lost"), ""),  # what a CHECK forbids is the query's mistake
    ],
)
def test_a_gap_names_its_query_unless_the_query_asks_for_what_cannot_be(
    condition: tuple[str, str, str], group: str
) -> None:
    (told,) = planted(Plant("orders" if condition[0] == "status" else "users", (condition,), "7")).unfillable
    assert told.group == group


@pytest.mark.parametrize(
    ("entity", "condition"),
    [
        ("tags", ("id", "=", "tag-uuid-123")),
        ("orders", ("status", "=", "lost")),
        ("users", ("email", "=", "x" * 61)),
        ("users", ("age", "=", "twelve")),
        ("users", ("name", "@@", "a")),
        ("users", ("nothing", "=", "1")),
        ("elsewhere", ("id", "=", "1")),
    ],
)
def test_what_cannot_be_planted_is_told(entity: str, condition: tuple[str, str, str]) -> None:
    found = planted(Plant(entity, (condition,)))
    (told,) = found.unfillable
    assert (told.entity, told.fatal) == (entity, False)
    assert len(rows_of(found, "users")) == 400
