"""What a SQL query asks, read from its text alone."""

import pytest

from harness.asked.candidates import candidates, reordered
from harness.asked.sql import asked, unpaged
from harness.design.model import Index, IndexKey
from tests.asked.telling import schema, told

SCHEMA = schema(users="id email name boss_id?", orders="id user_id status total created_at", items="order_id sku qty")

ASKED = [
    ("SELECT id FROM users WHERE email = 'a@b.example'", ["equal: users.email = a@b.example"]),
    (
        "SELECT id FROM users WHERE email IN ('a', 'b') AND name IS NULL",
        ["equal: users.email in ?; equal: users.name is null ?"],
    ),
    ("SELECT id FROM users WHERE 'a' = email", ["equal: users.email = a"]),
    ("SELECT id FROM users WHERE lower(email) = $1", ["equal: users.email in LOWER(email) = ?"]),
    ("SELECT id FROM orders WHERE total BETWEEN 1 AND 9", ["range: orders.total >= 1; range: orders.total <= 9"]),
    ("SELECT id FROM orders WHERE 5 < total", ["range: orders.total > 5"]),
    ("SELECT id FROM orders WHERE status = 'new' OR total > 5", [""]),
    ("SELECT id FROM orders WHERE status <> 'new'", ["other: orders.status <> new"]),
    ("SELECT id FROM orders WHERE NOT (status = 'new')", [""]),
    ("SELECT id FROM users WHERE name LIKE '%son'", ["pattern: users.name like %son"]),
    (
        "SELECT id, total FROM orders WHERE user_id = 7 ORDER BY created_at DESC, id LIMIT 10 OFFSET 20",
        ["equal: orders.user_id = 7; sort: -orders.created_at; sort: orders.id; limit 10; skip 20"],
    ),
    ("SELECT id FROM orders ORDER BY total * 2", ["sort: orders.total in total * 2"]),
    ("SELECT id, created_at AS moment FROM orders ORDER BY moment LIMIT $1", ["sort: orders.created_at; limit -1"]),
    ("SELECT * FROM orders", ["all of orders"]),
    (
        "SELECT o.*, u.name FROM orders o JOIN users u ON u.id = o.user_id WHERE u.email = 'a'",
        ["equal: users.email = a; equal: users.id = orders.user_id; equal: orders.user_id = users.id; all of orders"],
    ),
    ("SELECT u.name, o.id FROM users u, orders o WHERE u.email = 'a'", ["equal: users.email = a; apart: o"]),
    ("SELECT u.name, o.id FROM users u CROSS JOIN orders o", [""]),
    ("SELECT status, count(*) FROM orders GROUP BY status", ["folded"]),
    (
        "SELECT name FROM users WHERE id NOT IN (SELECT boss_id FROM users)",
        ["other: users.id not in query users.boss_id (null)", ""],
    ),
    (
        "SELECT name FROM users WHERE id NOT IN (SELECT user_id FROM orders)",
        ["other: users.id not in query orders.user_id", ""],
    ),
    (
        "SELECT name FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id)",
        ["", "equal: orders.user_id = users.id; equal: users.id = orders.user_id"],
    ),
    (
        "WITH late AS (SELECT user_id FROM orders WHERE created_at > '2026-01-01') SELECT user_id FROM late",
        ["", "range: orders.created_at > 2026-01-01"],
    ),
    ("UPDATE orders SET status = 'done' WHERE id = 7", ["equal: orders.id = 7; folded"]),
    ("DELETE FROM orders WHERE created_at < '2020-01-01'", ["range: orders.created_at < 2020-01-01; folded"]),
    (
        "SELECT id FROM orders JOIN items ON items.order_id = orders.id WHERE items.sku = 'x'",
        ["equal: items.sku = x; equal: items.order_id = orders.id; equal: orders.id = items.order_id"],
    ),
    (
        "SELECT id FROM users a JOIN users b ON a.boss_id = b.id",
        ["equal: users.boss_id = users.id; equal: users.id = users.boss_id"],
    ),
    ("SELECT 1", [""]),
    ("this is no SQL at all (", []),
    (
        "SELECT id FROM orders WHERE created_at::date = '2026-05-01'",
        ["equal: orders.created_at in CAST(created_at AS DATE) = 2026-05-01"],
    ),
    ("SELECT id FROM orders FETCH FIRST 3 ROWS ONLY", ["limit 3"]),
]
"""A query, and what each of its blocks asks, the outermost first."""


@pytest.mark.parametrize(("text", "blocks"), ASKED)
def test_each_block_is_told_by_what_it_asks(text: str, blocks: list[str]) -> None:
    assert [told(block) for block in asked(text, "postgres", SCHEMA)] == blocks


def test_the_dialect_is_the_engines() -> None:
    (block,) = asked("SELECT `id` FROM `orders` WHERE YEAR(created_at) = 2026 LIMIT 5, 10", "mysql", SCHEMA)

    assert told(block) == "equal: orders.created_at in YEAR(created_at) = 2026; limit 10; skip 5"


def test_each_part_stands_on_its_line() -> None:
    text = "SELECT id\nFROM orders\nWHERE user_id = 7\n  AND total > 5\nORDER BY id\nLIMIT 5\nOFFSET 10"
    (block,) = asked(text, "postgres", SCHEMA)

    assert [c.line for c in block.conditions] == [2, 3]
    assert (block.reads[0].line, block.limit_line, block.skip_line) == (1, 5, 6)


def test_a_query_without_its_page() -> None:
    assert (
        unpaged("SELECT id FROM orders ORDER BY id LIMIT 5 OFFSET 10", "postgres")
        == "SELECT id FROM orders ORDER BY id"
    )
    assert unpaged("SELECT id FROM orders", "postgres") is None


SUGGESTED = [
    ("SELECT id FROM orders WHERE user_id = 7", ["user_id"]),
    (
        "SELECT id FROM orders WHERE user_id = 7 ORDER BY created_at DESC LIMIT 5",
        ["user_id created_at-", "user_id", "created_at-"],
    ),
    ("SELECT id FROM orders WHERE user_id = 7 AND total > 5", ["user_id total", "total", "user_id"]),
    ("SELECT id FROM orders ORDER BY created_at LIMIT 5", ["created_at"]),
    ("SELECT id FROM orders ORDER BY created_at", []),
    ("SELECT id FROM orders WHERE status <> 'new'", []),
    ("SELECT id FROM orders WHERE date(created_at) = '2026-05-01'", ["DATE(created_at)"]),
]
"""A query, and the keys of the indexes that would fit it: equality, then order, then range."""


@pytest.mark.parametrize(("text", "keys"), SUGGESTED)
def test_the_indexes_that_would_fit(text: str, keys: list[str]) -> None:
    entity = SCHEMA.entity("orders")
    assert entity is not None
    (block,) = asked(text, "mysql", SCHEMA)

    found = [" ".join(k.text + "-" * bool(k.descending) for k in i.keys) for i in candidates(block, entity)]
    assert found == keys


REORDERED = [
    ("user_id = 7 AND total > 5", "total user_id", "user_id total"),
    ("user_id = 7 AND total > 5", "user_id total", None),
    ("user_id = 7 AND status = 'new'", "status user_id", None),
    ("total > 5", "total user_id", None),
]
"""A condition, the keys of an index, and the order that they had better stand in; None where they stand well."""


@pytest.mark.parametrize(("condition", "keys", "better"), REORDERED)
def test_the_order_that_the_keys_had_better_stand_in(condition: str, keys: str, better: str | None) -> None:
    (block,) = asked(f"SELECT id FROM orders WHERE {condition}", "postgres", SCHEMA)
    found = reordered(Index("i", "orders", tuple(IndexKey(key) for key in keys.split()), unique=False), block)

    assert (None if found is None else " ".join(key.text for key in found.keys)) == better
