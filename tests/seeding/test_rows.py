"""Rows are the same whoever makes them, keep their keys at size, and hang together."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from harness.design.model import Entity
from harness.seeding.rows import Seeded
from tests.seeding.building import NOW, made, rows_of, table

SHOP: tuple[Entity, ...] = (
    table(
        "users",
        "id bigint",
        "email varchar(255)",
        "name varchar(100)",
        "password_hash varchar(60)",
        "is_active boolean",
        "created_at timestamptz",
        "updated_at timestamptz",
        unique=("email",),
    ),
    table("tags", "id integer", "name varchar(30)", unique=("name",)),
    table(
        "orders",
        "id bigint",
        "user_id bigint",
        "status varchar(20)",
        "total numeric(10,2)",
        "created_at timestamptz",
        references={"user_id": "users"},
        checks=("(status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled'))", "(total > 0)"),
    ),
    table(
        "order_tags",
        "order_id bigint",
        "tag_id integer",
        primary="order_id,tag_id",
        references={"order_id": "orders", "tag_id": "tags"},
    ),
    table(
        "lines",
        "order_id bigint",
        "line_no integer",
        "qty integer",
        primary="order_id,line_no",
        references={"order_id": "orders"},
        checks=("(qty > 0)", "((EXTRACT(isodow FROM now()) > 0) OR (my(qty) > 1))"),
    ),
    table("trials", "id integer", "d date", "n integer", checks=("(EXTRACT(day FROM d) < 9)", "(abs(n - 70) < 40)")),
)


@pytest.fixture(scope="module")
def shop() -> Seeded:
    return made(*SHOP, rows={"users": 3000})


@pytest.mark.parametrize("name", [t.name for t in SHOP])
def test_any_range_made_alone_is_the_same(shop: Seeded, name: str) -> None:
    whole = rows_of(shop, name)
    assert rows_of(shop, name, size=37, last=300) == whole[:300]
    assert rows_of(made(*SHOP, rows={"users": 3000}), name, first=211, last=260) == whole[211:260]


def test_another_seed_gives_other_rows(shop: Seeded) -> None:
    other = rows_of(made(*SHOP, rows={"users": 3000}, seed=43), "users", last=100)
    same = rows_of(shop, "users", last=100)
    assert sum(a["email"] == b["email"] for a, b in zip(other, same, strict=True)) < 5
    assert [r["id"] for r in other] == [r["id"] for r in same]


def test_the_order_of_tables_does_not_matter(shop: Seeded) -> None:
    turned = made(*reversed(SHOP), rows={"users": 3000})
    assert rows_of(turned, "orders", last=50) == rows_of(shop, "orders", last=50)


def test_foreign_keys_find_their_targets(shop: Seeded) -> None:
    users = {r["id"] for r in rows_of(shop, "users")}
    orders = {r["id"] for r in rows_of(shop, "orders")}
    tags = {r["id"] for r in rows_of(shop, "tags")}
    assert {r["user_id"] for r in rows_of(shop, "orders")} <= users
    assert {r["order_id"] for r in rows_of(shop, "order_tags")} <= orders
    assert {r["tag_id"] for r in rows_of(shop, "order_tags")} <= tags


def test_composite_keys_are_distinct(shop: Seeded) -> None:
    for name, fields in (("order_tags", ("order_id", "tag_id")), ("lines", ("order_id", "line_no"))):
        rows = rows_of(shop, name)
        assert len({tuple(r[f] for f in fields) for r in rows}) == len(rows)


def test_lines_are_numbered_from_one(shop: Seeded) -> None:
    rows = rows_of(shop, "lines")
    counts = Counter(r["order_id"] for r in rows)
    assert all(1 <= r["line_no"] <= counts[r["order_id"]] for r in rows)


def test_children_are_not_older_than_their_parents(shop: Seeded) -> None:
    born = {r["id"]: r["created_at"] for r in rows_of(shop, "users")}
    assert all(r["created_at"] >= born[r["user_id"]] for r in rows_of(shop, "orders"))


def test_rows_look_real(shop: Seeded) -> None:
    users = rows_of(shop, "users")
    assert all(u["email"].split("@")[0] == u["name"].lower().replace(" ", ".") for u in users)
    assert all(len(u["password_hash"]) == 60 and u["password_hash"].startswith("$2b$12$") for u in users)
    assert 0.85 < sum(u["is_active"] for u in users) / len(users) < 0.95
    orders = rows_of(shop, "orders")
    shares = Counter(o["status"] for o in orders)
    assert 0 < shares["cancelled"] < 0.05 * len(orders)
    assert shares.most_common(1)[0][0] == "delivered"
    recent = sum(o["created_at"] >= NOW.replace(tzinfo=None) - timedelta(days=30) for o in orders)
    assert 0.1 < recent / len(orders) < 0.5


def test_some_parents_are_popular_and_few_have_none(shop: Seeded) -> None:
    counts = Counter(r["user_id"] for r in rows_of(shop, "orders"))
    assert counts[1] > 10 * 4
    assert len(counts) > 0.6 * 3000  # the young ones have not ordered yet


@pytest.mark.thorough
def test_keys_stay_distinct_at_size() -> None:
    large = made(
        table(
            "t",
            "id uuid",
            "email varchar(80)",
            "code char(8)",
            "slug varchar(40)",
            "phone varchar(20) null",
            "n integer",
            "seen_at timestamptz",
            "token varchar(64)",
            unique=("email", "code", "slug", "phone", "n", "seen_at", "token"),
        ),
        rows={"t": 200_000},
    )
    assert not large.unfillable
    rows = rows_of(large, "t")
    for name in rows[0]:
        values = [r[name] for r in rows if r[name] is not None]
        assert len({v.lower() if isinstance(v, str) else v for v in values}) == len(values), name
    assert all(len(r["email"]) <= 80 and len(r["slug"]) <= 40 for r in rows)


def test_a_tree_is_shallow() -> None:
    rows = rows_of(made(table("t", "id integer", "parent_id integer null", references={"parent_id": "t"})), "t")
    parent = {r["id"]: r["parent_id"] for r in rows}

    def depth(node: int | None) -> int:
        return 0 if node is None else 1 + depth(parent[node])

    assert 2 <= max(map(depth, parent)) <= 6


def test_one_head_of_a_partial_key_a_parent() -> None:
    found = made(
        table("users", "id integer"),
        table(
            "addresses",
            "id integer",
            "user_id integer",
            "is_default boolean",
            references={"user_id": "users"},
            partial={"user_id": "is_default"},
        ),
    )
    rows = rows_of(found, "addresses")
    heads = [r["user_id"] for r in rows if r["is_default"]]
    assert not found.unfillable
    assert len(heads) == len(set(heads)) > 100
    assert len(rows) == 1600


def test_tenants_are_the_same_on_both_sides() -> None:
    found = made(
        table("tenants", "id integer"),
        table("users", "tenant_id integer", "id integer", primary="tenant_id,id", references={"tenant_id": "tenants"}),
        table(
            "items", "id integer", "tenant_id integer", unique=("tenant_id,id",), references={"tenant_id": "tenants"}
        ),
        table(
            "sales",
            "id integer",
            "tenant_id integer",
            "user_id integer",
            "item_id integer",
            references={"tenant_id,user_id": "users(tenant_id,id)", "tenant_id,item_id": "items(tenant_id,id)"},
        ),
        default_rows=50,
    )
    users = {(r["tenant_id"], r["id"]) for r in rows_of(found, "users")}
    items = {(r["tenant_id"], r["id"]) for r in rows_of(found, "items")}
    sales = rows_of(found, "sales")
    assert {(r["tenant_id"], r["user_id"]) for r in sales} <= users
    assert {(r["tenant_id"], r["item_id"]) for r in sales} <= items
    assert len(users) == 200


def test_an_order_has_the_moments_that_its_status_has_come_to() -> None:
    found = made(
        table(
            "orders",
            "id integer",
            "status text",
            "placed_at timestamptz",
            "shipped_at timestamptz null",
            "delivered_at timestamptz null",
            "cancelled_at timestamptz null",
            checks=("(status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled'))",),
        )
    )
    rows = rows_of(found, "orders")
    assert {r["status"] for r in rows} == {"pending", "paid", "shipped", "delivered", "cancelled"}
    assert all((r["shipped_at"] is not None) == (r["status"] in {"shipped", "delivered"}) for r in rows)
    assert all((r["delivered_at"] is not None) == (r["status"] == "delivered") for r in rows)
    assert all((r["cancelled_at"] is not None) == (r["status"] == "cancelled") for r in rows)
    assert all(r["placed_at"] <= r["shipped_at"] <= r["delivered_at"] for r in rows if r["delivered_at"])


def test_small_tables_get_their_words_without_numbers() -> None:
    rows = rows_of(made(table("roles", "id integer", "name varchar(20)", unique=("name",))), "roles")
    assert len(rows) == 5
    assert all(r["name"].isalpha() for r in rows)


def digest() -> str:
    """A digest of all rows of the shop."""
    found = made(*SHOP, rows={"users": 500})
    return hashlib.sha256(repr([rows_of(found, t.name) for t in SHOP]).encode()).hexdigest()


@pytest.mark.thorough
def test_another_process_makes_the_same_rows() -> None:
    code = "from tests.seeding.test_rows import digest; print(digest())"
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        assert done.stdout.strip() == digest()
