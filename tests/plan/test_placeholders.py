"""Holes in migrations, and what is none."""

import pytest

from harness.design.model import Statement
from harness.plan.placeholders import Hole, parts
from harness.source import Source


def holes(text: str) -> list[tuple[str, int]]:
    script = Statement(text, Source("d.md", 10, 10 + text.count("\n")))
    return [(part.table, part.statement.source.line) for part in parts(script) if isinstance(part, Hole)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "CREATE TABLE users (...);\nCREATE TABLE orders (...);\n-- Add indexes",
            [("users", 10), ("orders", 11), ("", 12)],
        ),
        ("CREATE TABLE IF NOT EXISTS users ( ... );", [("users", 10)]),
        ("CREATE TABLE users (…);", [("users", 10)]),
        ('CREATE TABLE "user" (...);', [("user", 10)]),
        ("CREATE TABLE users (\n  -- as above\n);", [("users", 10)]),
        ("create table auth.users (...)", [("auth.users", 10)]),
        ("CREATE TABLE users (id INT);\n-- create all indexes", [("", 11)]),
        ("CREATE TABLE users (id INT);\n-- Indexes\nCREATE INDEX i ON users (id);", []),
        ("CREATE TABLE users (id INT, note TEXT DEFAULT '(...)');", []),
        ("CREATE TABLE users (...);\n-- Create views", [("users", 10), ("", 11)]),
        ("-- Views\nCREATE OR REPLACE VIEW v AS SELECT 1;", []),
        (
            "db.createCollection(\"users\", {...});\ndb.createCollection('orders', { validator: { ... } })\n// indexes",
            [("users", 10), ("orders", 11), ("", 12)],
        ),
        ('db.createCollection("users", {...defaults});', []),
        ("// indexes\ndb.users.createIndex({ a: 1 });", []),
        ("-- Users first\nCREATE TABLE users (id INT);", []),
    ],
)
def test_holes_are_found_on_their_lines(text: str, expected: list[tuple[str, int]]) -> None:
    assert holes(text) == expected


def test_what_stands_between_holes_keeps_its_lines() -> None:
    text = "CREATE TYPE s AS ENUM ('a');\nCREATE TABLE users (...);\n\nCREATE VIEW v AS SELECT 1;"
    found = [
        (type(p).__name__, p.source.line) for p in parts(Statement(text, Source("d", 1, 4))) if isinstance(p, Statement)
    ]

    assert found == [("Statement", 1), ("Statement", 4)]
