"""What a query looks for that no value of a field answers, and which entities it reads; no server is asked."""

import pytest

from harness.adapters import find
from harness.design.model import Entity, Field, Schema, Statement
from harness.source import Source


def table(name: str, *fields: str) -> Entity:
    return Entity(name, fields=tuple(Field(field, "text") for field in fields))


SCHEMA = Schema(
    (
        table("users", "id", "email", "tags", "created_at"),
        table("orders", "id", "user_id", "status", "total", "created_at", "data"),
    )
)

SQL = {
    "SELECT * FROM users WHERE email = 'a' AND id IN (1, -2) AND created_at BETWEEN '2026-01-01' AND '2026-02-01'": [],
    "SELECT * FROM users u JOIN orders o ON o.user_id = u.id AND o.status = 'paid' WHERE u.email LIKE 'a%'": [],
    "SELECT * FROM users WHERE email = 'a' -- not 'this'": [],
    "SELECT * FROM orders WHERE total * 2 > 100 AND NOT (status = 'paid' OR total + 1 = 3)": [
        "total * 2 > 100", "total + 1 = 3",
    ],
    "SELECT status, count(*) FROM orders WHERE id > 5 GROUP BY status HAVING count(*) > 7": ["count(*) > 7"],
    "SELECT * FROM orders WHERE id > 5 LIMIT 10 OFFSET 200": ["OFFSET 200"],
    "SELECT * FROM orders WHERE user_id IN (SELECT id FROM users WHERE length(email) > 9)": ["length(email) > 9"],
    "SELECT 'x', total + 5 FROM orders WHERE total > ? ORDER BY total + 1 LIMIT 5": [],
}  # fmt: skip
"""Conditions beyond fields, in every dialect."""

POSTGRESQL = {
    "SELECT * FROM orders WHERE data->>'colour' = 'red'": [],
    "SELECT * FROM orders WHERE data->>'colour' > 'red'": ["data->>'colour' > 'red'"],
    "SELECT * FROM orders\nWHERE to_tsvector('simple', status) @@\n  plainto_tsquery('simple', 'tea') LIMIT 3": [
        "to_tsvector('simple', status) @@ plainto_tsquery('simple', 'tea')"
    ],
    "SELECT * FROM users WHERE created_at > now() - interval '30 days' AND created_at < current_date - 3": [],
    "SELECT * FROM users WHERE date_trunc('month', created_at) = date_trunc('month', now())": [],
    "SELECT * FROM users WHERE date_trunc('month', created_at) = date '2026-01-01'": [
        "date_trunc('month', created_at) = date '2026-01-01'"
    ],
    "SELECT * FROM orders WHERE id = 5 AND lower(data) > now() - interval '1 day' AND lower(data) > status": [
        "lower(data) > now() - interval '1 day'"
    ],
    "SELECT * FROM users u WHERE id = 5 AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id)": [
        "NOT EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id)"
    ],
    "SELECT * FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id) AND NOT (id = 5)": [],
    "SELECT * FROM users WHERE email = current_setting('app.user')": [],
    "SELECT * FROM users WHERE 'x' = ANY (tags) AND id = ANY (ARRAY[1, 2])": [],
    "SELECT * FROM users WHERE id = %(größe)s AND length(email) = 9": ["length(email) = 9"],
}

MYSQL = {
    "SELECT * FROM orders WHERE created_at > NOW() - INTERVAL 30 DAY AND created_at < CURDATE() - 1": [],
    "SELECT * FROM orders WHERE YEAR(created_at) = 2026": ["YEAR(created_at) = 2026"],
    "SELECT * FROM orders WHERE total > ? AND YEAR(created_at) = 2026 AND total + ? > 1": [
        "YEAR(created_at) = 2026", "total + ? > 1",
    ],
    "SELECT * FROM orders LIMIT 200, 10": ["OFFSET 200"],
}  # fmt: skip

MONGODB = {
    'db.users.find({ email: "a", id: { $gt: 5, $in: [6, 7] }, $or: [{ tags: "x" }, { id: { $exists: true } }] })': [],
    "db.users.find({ email: /^a/ }).sort({ id: 1 })": [],
    'db.users.find({ email: { $regex: "^a", $options: "i" } })': [],
    'db.users.find({ $text: { $search: "tea" }, id: 5 })': ['$text: { $search: "tea" }'],
    "db.users.find({ tags: { $size: 3, $ne: null } })": ["tags: { $size: 3 }"],
    'db.users.find({ $expr: { $gt: ["$id", "$created_at"] } })': [],
    'db.users.find({ $expr: { $gt: [{ $strLenCP: "$email" }, 9] } })': ['$expr: { $gt: [{ $strLenCP: "$email" }, 9] }'],
    "db.users.find({ id: { $gt: 1 } }).skip(200).limit(10)": ["skip(200)"],
    'db.orders.aggregate([{ $match: { status: "paid" } }, { $group: { _id: "$user_id", n: { $sum: 1 } } }, '
    "{ $match: { n: { $gt: 3 } } }])": ["$match: { n: { $gt: 3 } }"],
    "db.users.find({ id: userId, tags: { $size: 2 } })": ["tags: { $size: 2 }"],
}

CASES = [
    *(pytest.param(name, text, beyond) for name in ("postgresql", "mysql") for text, beyond in SQL.items()),
    *(pytest.param("postgresql", text, beyond) for text, beyond in POSTGRESQL.items()),
    *(pytest.param("mysql", text, beyond) for text, beyond in MYSQL.items()),
    *(pytest.param("mongodb", text, beyond) for text, beyond in MONGODB.items()),
]


def statement(text: str) -> Statement:
    return Statement(text, Source("d.md", 1, 1 + text.count("\n")))


@pytest.mark.parametrize(("engine", "text", "beyond"), CASES)
def test_what_no_single_field_answers_is_told_as_it_is_written(engine: str, text: str, beyond: list[str]) -> None:
    found = find(engine).sought(statement(text), SCHEMA).beyond

    assert [said.lower() for said in found] == [said.lower() for said in beyond]


@pytest.mark.parametrize(
    ("engine", "text", "entities"),
    [
        ("postgresql", "WITH orders AS (SELECT 1) SELECT * FROM orders, public.users", ("users",)),
        ("postgresql", "UPDATE orders SET status = 'users' WHERE id = 1", ("orders",)),
        ("postgresql", "SELECT FROM WHERE", ()),
        ("mysql", "SELECT * FROM `Orders` o WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = o.user_id)",
         ("orders", "users")),
        ("mysql", "WITH orders AS (SELECT 1) SELECT * FROM orders, users", ("users",)),
        ("mongodb", ("db.orders.aggregate([{ $lookup: { from: 'users', localField: 'user_id', foreignField: 'id', "
         "as: 'u' } }])"), ("orders", "users")),
        ("mongodb", "db.getCollection('users').find({ id: someId })", ("users",)),
        ("mongodb", "db.users.find({", ()),
    ],
)  # fmt: skip
def test_the_entities_that_are_read_are_those_of_the_schema(engine: str, text: str, entities: tuple[str, ...]) -> None:
    assert find(engine).sought(statement(text), SCHEMA).entities == entities


def test_a_pattern_of_mongosh_is_a_parameter() -> None:
    text = 'db.users.find({ email: /^A[/]b/i, tags: { $regex: "^x" }, id: { $regex: /y/ } })'

    found = find("mongodb").parameters(statement(text), SCHEMA)

    assert [(p.field, p.operator, p.value) for p in found] == [
        ("email", "~*", "^A[/]b"), ("tags", "~", "^x"), ("id", "~", "y"),
    ]  # fmt: skip
