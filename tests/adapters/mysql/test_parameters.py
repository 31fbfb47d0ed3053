"""Literals and placeholders are found with the columns they stand against. Marked «so» in the texts."""

import re

import pytest

from harness.adapters.mysql.parameters import parameters
from harness.design.model import Entity, Field, Schema
from harness.facts import bound


def table(name: str, *fields: str) -> Entity:
    return Entity(name, fields=tuple(Field(field, "text") for field in fields))


SCHEMA = Schema(
    (
        table("users", "id", "email", "name", "created_at", "is_active"),
        table("orders", "id", "user_id", "status", "total", "created_at", "data"),
        table("app.items", "id", "sku"),
    )
)

CASES = {
    "SELECT * FROM users WHERE email = «'a@b.c'»": ["users.email = a@b.c"],
    'SELECT * FROM users WHERE `email` = «"a@b.c"»': ["users.email = a@b.c"],
    "SELECT * FROM users u WHERE u.email = «?» LIMIT «?» OFFSET «?»": ["users.email = ?", ". ?", ". ?"],
    "SELECT * FROM users WHERE id = «:id» AND name = «%s» AND email = «%(mail)s» AND is_active = «@on»": [
        "users.id = ?", "users.name = ?", "users.email = ?", "users.is_active = ?",
    ],
    "SELECT * FROM users WHERE id = «{id}» AND name = «{{ name }}» AND email = «$1» LIMIT «%s»": [
        "users.id = ?", "users.name = ?", "users.email = ?", ". ?",
    ],
    "SELECT id % 5, @@sql_mode, '?' FROM users -- ?\n WHERE name = «':id'» /* ? */": ["users.name = :id"],
    "SELECT * FROM users WHERE «'x'» = name AND «5» < id": ["users.name = x", "users.id > 5"],
    "SELECT * FROM users WHERE lower(email) = «'x'» AND CAST(id AS CHAR) = «'7'»": ["users.email = x", "users.id = 7"],
    "SELECT * FROM users WHERE name = «'it''s'»": ["users.name = it's"],
    "SELECT * FROM orders WHERE total BETWEEN «1» AND «-5.50» AND total NOT BETWEEN «2» AND «3»": [
        "orders.total >= 1", "orders.total <= -5.50", "orders.total < 2", "orders.total > 3",
    ],
    "SELECT * FROM orders WHERE status IN («'a'», «'b'») AND id NOT IN («3») AND NOT (status = «'c'»)": [
        "orders.status in a", "orders.status in b", "orders.id not in 3", "orders.status <> c",
    ],
    "SELECT * FROM users WHERE name LIKE «'a%'» OR name NOT LIKE «'b'» OR name REGEXP «'^c'» OR id <=> «4»": [
        "users.name like a%", "users.name not like b", "users.name ~* ^c", "users.id = 4",
    ],
    "SELECT * FROM users WHERE created_at > DATE «'2024-01-01'» AND is_active = «TRUE» AND is_active IS NOT FALSE": [
        "users.created_at > 2024-01-01", "users.is_active = true",
    ],
    "SELECT * FROM users WHERE created_at > NOW() - INTERVAL 7 DAY AND created_at < «'2025-01-01'»": [
        "users.created_at < 2025-01-01",
    ],
    "SELECT * FROM users WHERE MATCH (name) AGAINST («'+x'» IN BOOLEAN MODE)": ["users.name match +x"],
    "SELECT * FROM orders WHERE (created_at, id) < («?», «?»)": ["orders.created_at < ?", "orders.id < ?"],
    "SELECT * FROM orders WHERE data->>'$.a' = 'x' AND data->'$.b' = 2 AND id = «1»": ["orders.id = 1"],
    "SELECT * FROM users u JOIN orders o ON o.user_id = u.id AND o.status = «'x'» WHERE u.name = «'y'»": [
        "orders.status = x", "users.name = y",
    ],
    "SELECT * FROM (SELECT user_id AS uid FROM orders WHERE total > «9») s WHERE s.uid = «7»": [
        "orders.total > 9", "orders.user_id = 7",
    ],
    "WITH r (a, b) AS (SELECT id, status FROM orders) SELECT * FROM r WHERE b = «'z'»": ["orders.status = z"],
    "SELECT * FROM users WHERE EXISTS (SELECT 1 FROM orders WHERE user_id = users.id AND email = «'e'»)": [
        "users.email = e",
    ],
    "SELECT * FROM users, orders WHERE created_at = «'t'» AND status = «'s'»": [". = t", "orders.status = s"],
    "SELECT * FROM app.items i WHERE i.sku = «'s'»": ["app.items.sku = s"],
    "SELECT * FROM (users u JOIN orders o ON o.user_id = u.id) LEFT JOIN app.items i ON i.id = o.id WHERE o.id = «3»": [
        "orders.id = 3",
    ],
    "(SELECT id FROM users WHERE name = «'a'») UNION ALL (SELECT id FROM orders WHERE status = «'b'») LIMIT 3": [
        "users.name = a", "orders.status = b",
    ],
    "UPDATE orders o JOIN users u ON u.id = o.user_id SET o.status = 'x', o.total = «?» WHERE u.email = «:mail»": [
        "orders.total := ?", "users.email = ?",
    ],
    "INSERT INTO users (email, name) VALUES («?», 'x'), («?», 'y') ON DUPLICATE KEY UPDATE name = 'z'": [
        "users.email := ?", "users.email := ?",
    ],
    "DELETE FROM orders WHERE id = «?» LIMIT 1": ["orders.id = ?"],
    "EXPLAIN ANALYZE SELECT * FROM users WHERE id = «5»": ["users.id = 5"],
    "SELECT * FROM users FORCE INDEX (i) WHERE id = «5» FOR UPDATE": ["users.id = 5"],
    "SELECT FROM WHERE": [],
}  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), CASES.items(), ids=[text[:60] for text in CASES])
def test_values_are_found_with_their_columns(marked: str, expected: list[str]) -> None:
    text = re.sub("[«»]", "", marked)
    found = parameters(text, SCHEMA)
    value = ["?" if p.value is None else p.value for p in found]
    assert [
        f"{p.entity}.{p.field} {p.operator} {v}".replace("  ", " ") for p, v in zip(found, value, strict=True)
    ] == expected
    assert bound(text, [(p, f"«{text[p.start : p.end]}»") for p in found]) == marked


def test_conditions_of_one_query_share_a_scope_and_others_do_not() -> None:
    text = "SELECT * FROM users WHERE id = 1 AND name = 'a' AND id IN (SELECT user_id FROM orders WHERE status = 's')"
    first, second, third = parameters(text, SCHEMA)
    assert first.scope == second.scope != third.scope
