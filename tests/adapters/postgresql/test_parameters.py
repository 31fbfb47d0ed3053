"""Literals and placeholders are found with the columns they stand against. Marked «so» in the texts."""

import re

import pytest

from harness.adapters.postgresql.parameters import parameters
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
    "SELECT * FROM users u WHERE u.email = «$1» LIMIT «$2»": ["users.email = ?", ". ?"],
    "SELECT * FROM users WHERE «'x'» = name AND «5» < id": ["users.name = x", "users.id > 5"],
    "SELECT * FROM users WHERE lower(email) = «'x'» AND id = «'7'»::bigint": ["users.email = x", "users.id = 7"],
    "SELECT * FROM orders WHERE total BETWEEN «1» AND «-5.50»": ["orders.total >= 1", "orders.total <= -5.50"],
    "SELECT * FROM orders WHERE status IN («'a'», «'b'») AND id NOT IN («3»)": [
        "orders.status in a", "orders.status in b", "orders.id not in 3",
    ],
    "SELECT * FROM orders WHERE id = ANY(«$1») OR id = ANY(ARRAY[«1»]) OR id = ANY(«'{2}'»)": [
        "orders.id any ?", "orders.id in 1", "orders.id any {2}",
    ],
    "SELECT * FROM users WHERE name LIKE «'a%'» OR name NOT ILIKE «'b'» OR name ~ «'^c'»": [
        "users.name like a%", "users.name not ilike b", "users.name ~ ^c",
    ],
    "SELECT * FROM users WHERE created_at > DATE «'2024-01-01'» AND is_active = «true»": [
        "users.created_at > 2024-01-01", "users.is_active = true",
    ],
    "SELECT * FROM orders WHERE (created_at, id) < («$1», «$2»)": ["orders.created_at < ?", "orders.id < ?"],
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
    "SELECT * FROM app.items WHERE sku = «'s'» UNION SELECT * FROM app.items i WHERE i.sku = «'t'»": [
        "app.items.sku = s", "app.items.sku = t",
    ],
    "SELECT * FROM (SELECT id AS k FROM users UNION ALL SELECT id FROM orders) s WHERE k = «4»": ["users.id = 4"],
    "UPDATE orders SET status = «$1», total = 5 WHERE id = «3»": ["orders.status := ?", "orders.id = 3"],
    "INSERT INTO orders (user_id, status) VALUES («$1», 'x')": ["orders.user_id := ?"],
    "DELETE FROM orders USING users u WHERE u.email = «'q'»": ["users.email = q"],
    "EXPLAIN ANALYZE SELECT * FROM users WHERE id = «3»": ["users.id = 3"],
    "SELECT 'größer', * FROM users WHERE name = «'ö'» -- 'x'": ["users.name = ö"],
    "SELECT * FROM users WHERE id = «:id» AND name = «?» AND email = «%s» AND is_active = «@on» LIMIT «{n}»": [
        "users.id = ?", "users.name = ?", "users.email = ?", "users.is_active = ?", ". ?",
    ],
    "SELECT created_at::date, ':no', \"?\" FROM users WHERE email = «:mail»": ["users.email = ?"],
    "SELECT * FROM orders WHERE data ? «'k'» AND data->>'a' = 'b' AND data @> «'{}'» AND id = «?»": [
        "orders.data ? k", "orders.data @> {}", "orders.id = ?",
    ],
    "SELECT * FROM users, orders WHERE id = «1» AND created_at >= now() - interval '30 days'": [". = 1"],
    "SELECT * FROM elsewhere WHERE a = «1»": [". = 1"],
    "SELECT * FROM users WHERE name = NULL LIMIT 10 OFFSET 5": [],
    "SELECT * FORM users WHERE name = 'x'": [],
}  # fmt: skip


def written(text: str) -> tuple[str, list[str]]:
    """The text without its marks, and what stands in them."""
    return re.sub("[«»]", "", text), re.findall("«(.*?)»", text)


@pytest.mark.parametrize(("marked", "expected"), CASES.items(), ids=list(CASES))
def test_values_stand_against_columns(marked: str, expected: list[str]) -> None:
    text, marks = written(marked)
    found = parameters(text, SCHEMA)
    said = [
        f"{p.entity}.{p.field} {p.operator} {'?' if p.value is None else p.value}".replace("  ", " ") for p in found
    ]
    assert said == expected
    assert [text[p.start : p.end] for p in found] == marks


def test_conditions_of_one_query_have_one_scope() -> None:
    text = (
        "SELECT * FROM users WHERE name = 'a' AND id IN (SELECT user_id FROM orders WHERE status = 'b' AND total > 1)"
    )
    name, status, total = parameters(text, SCHEMA)
    assert status.scope == total.scope != name.scope


def test_values_are_exchanged_where_they_stand() -> None:
    text = "SELECT * FROM users WHERE id = :id AND name = 'größe' LIMIT :n"
    values = ("5", "'x'", "10")
    exchanged = bound(text, zip(parameters(text, SCHEMA), values, strict=True))
    assert exchanged == "SELECT * FROM users WHERE id = 5 AND name = 'x' LIMIT 10"
