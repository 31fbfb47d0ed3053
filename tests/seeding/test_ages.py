"""Rows come to be one after the other, as in a table that grew: dates rise with numbers, parents are there first."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from harness.design.model import Entity, Field, ForeignKey, Key, Shape
from harness.seeding.model import Plant
from tests.seeding.building import NOW, made, rows_of, table

USERS = table("users", "id bigint", "email varchar(255)", "created_at timestamp", "updated_at timestamp")
ORDERS = table("orders", "id bigint", "user_id bigint", "created_at timestamp", references={"user_id": "users"})
ITEMS = table("items", "id bigint", "order_id bigint", "added_on date", references={"order_id": "orders"})


def rising(rows: list[dict[str, Any]], name: str) -> bool:
    return all(before[name] <= after[name] for before, after in pairwise(rows))


@pytest.mark.parametrize("order", [(USERS, ORDERS, ITEMS), (ITEMS, ORDERS, USERS)])
def test_events_rise_with_the_numbers_of_rows_in_parents_and_children(order: tuple[Entity, ...]) -> None:
    found = made(*order, rows={"users": 500, "orders": 4000, "items": 9000})
    assert rising(rows_of(found, "users"), "created_at")
    assert rising(rows_of(found, "orders"), "created_at")
    assert rising(rows_of(found, "items"), "added_on")


def test_no_child_is_older_than_its_parent_though_none_was_moved() -> None:
    found = made(USERS, ORDERS, ITEMS, rows={"users": 500, "orders": 4000, "items": 9000})
    users, orders = ({r["id"]: r["created_at"] for r in rows_of(found, name)} for name in ("users", "orders"))
    assert all(users[r["user_id"]] <= r["created_at"] for r in rows_of(found, "orders"))
    assert all(orders[r["order_id"]].date() <= r["added_on"] for r in rows_of(found, "items"))


def test_parents_of_two_tables_are_both_there_first() -> None:
    reviews = table("reviews", "id bigint", "user_id bigint", "product_id bigint", "created_at timestamp",
                    references={"user_id": "users", "product_id": "products"})  # fmt: skip
    products = table("products", "id bigint", "name text", "created_at timestamp")
    found = made(USERS, products, reviews, rows={"users": 900, "products": 50, "reviews": 3000})
    ages = {n: {r["id"]: r["created_at"] for r in rows_of(found, n)} for n in ("users", "products")}
    for r in rows_of(found, "reviews"):
        assert max(ages["users"][r["user_id"]], ages["products"][r["product_id"]]) <= r["created_at"]


def test_the_row_s_own_date_is_that_of_its_creation() -> None:
    stays = table("bookings", "id bigint", "arrives_on date", "created_at timestamp")
    rows = rows_of(made(stays), "bookings")
    assert rising(rows, "created_at")
    assert all(r["created_at"].date() < r["arrives_on"] for r in rows)


def test_what_a_query_asks_for_has_happened_already() -> None:
    plant = Plant("orders", (("created_at", ">=", "2026-10-01"),))
    found = made(USERS, ORDERS, plants=(plant,))
    assert all(r["created_at"] <= NOW.replace(tzinfo=None) for r in rows_of(found, "orders"))


def test_object_ids_tell_when_their_document_came_to_be() -> None:
    fields = (
        Field("_id", "objectId", nullable=False, shape=Shape("objectid")),
        Field("takenAt", "date", nullable=False, shape=Shape("timestamp", precision=3)),
    )
    found = made(Entity("readings", "collection", fields, (Key("_id_", ("_id",), primary=True),)), default_rows=3000)
    rows = rows_of(found, "readings")
    assert rising(rows, "_id")
    assert len({r["_id"] for r in rows}) == 3000
    epoch = datetime(1970, 1, 1)
    assert all(abs((r["takenAt"] - epoch).total_seconds() - int(r["_id"][:8], 16)) <= 1 for r in rows)
    assert len({r["_id"][8:18] for r in rows}) == 1


def test_object_ids_tell_it_also_where_a_parent_came_later() -> None:
    fields = (
        Field("_id", "objectId", nullable=False, shape=Shape("objectid")),
        Field("userId", "bigint", nullable=False, shape=Shape("integer", width=8)),
        Field("createdAt", "date", nullable=False, shape=Shape("timestamp", precision=3)),
    )
    keys = (Key("_id_", ("_id",), primary=True), Key("one_each", ("userId",)))
    link = ForeignKey("of_user", ("userId",), "users", ("id",))
    profiles = Entity("profiles", "collection", fields, keys, (link,))
    found = made(USERS, profiles, rows={"users": 3000, "profiles": 3000})
    rows, epoch = rows_of(found, "profiles"), datetime(1970, 1, 1)
    assert not rising(rows, "createdAt")  # each has its own user, of whatever age
    assert all(abs((r["createdAt"] - epoch).total_seconds() - int(r["_id"][:8], 16)) <= 1 for r in rows)
    assert len({r["_id"] for r in rows}) == 3000
