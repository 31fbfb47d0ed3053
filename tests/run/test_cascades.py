"""What becomes of rows that refer to a row which is deleted, or gets another key."""

from pathlib import Path

import pytest

from harness.pipeline import Options, verified
from harness.report.model import Report
from harness.run.model import Silent
from tests.conftest import mostly_thorough

TABLES = """\
# Shop

**Type:** {engine}

### Table: orders

**Purpose:** What was bought.

**Relationships:**
- `buyer` → `users.id` (Many-to-One), ON DELETE {said}

## Migrations

### Migration 001: Tables
```sql
-- Up
CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE orders (
  id INT PRIMARY KEY,
  buyer INT NOT NULL, FOREIGN KEY (buyer) REFERENCES users (id) ON DELETE CASCADE,
  seller INT NULL, FOREIGN KEY (seller) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE TABLE items (
  id INT PRIMARY KEY,
  order_id INT NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT,
  part_of INT NULL, FOREIGN KEY (part_of) REFERENCES items (id) ON DELETE CASCADE
);
CREATE TABLE categories (
  id INT PRIMARY KEY,
  parent INT NULL, FOREIGN KEY (parent) REFERENCES categories (id) ON DELETE SET NULL
);
{more}
-- Down
{less}
DROP TABLE categories;
DROP TABLE items;
DROP TABLE orders;
DROP TABLE users;
```
"""
ENGINES = mostly_thorough(["PostgreSQL", "MariaDB", "MySQL"], short="PostgreSQL")


def verify(path: Path, text: str) -> Report:
    path.write_text(text, encoding="utf-8")
    return verified(path, Options(server="local", rows=("30",), select=("cascade-as-declared",)), Silent())


def seen(report: Report) -> dict[str, str]:
    return {
        f.subject: f"{f.verdict}: {f.evidence.get('deleted')}, {f.evidence.get('updated')}" for f in report.findings
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_each_foreign_key_does_what_is_declared(tmp_path: Path, engine: str) -> None:
    report = verify(tmp_path / "shop.md", TABLES.format(engine=engine, said="CASCADE", more="", less=""))
    assert seen(report) == {
        "orders.buyer -> users": "holds: gone, refused",
        "orders.seller -> users": "holds: null, followed",
        "items.order_id -> orders": "holds: refused, refused",
        "items.part_of -> items": "holds: gone, refused",
        "categories.parent -> categories": "holds: null, refused",
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_said_and_not_done_is_broken(tmp_path: Path, engine: str) -> None:
    report = verify(tmp_path / "shop.md", TABLES.format(engine=engine, said="RESTRICT", more="", less=""))
    assert seen(report)["orders.buyer -> users"] == "broken: gone, refused"
    (broken,) = (f for f in report.findings if f.verdict == "broken")
    assert broken.source.line == 10
    assert "ON DELETE RESTRICT is declared" in broken.message


@pytest.mark.thorough
def test_postgresql_refuses_null_where_there_must_be_none_and_waits_for_no_commit(tmp_path: Path) -> None:
    more = (
        "CREATE TABLE notes (id INT PRIMARY KEY, order_id INT NOT NULL REFERENCES orders (id) ON DELETE SET NULL);\n"
        "CREATE TABLE later (id INT PRIMARY KEY, order_id INT REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED);\n"
        "CREATE TABLE other (id INT PRIMARY KEY, user_id INT DEFAULT NULL REFERENCES users (id) ON DELETE SET DEFAULT);"
    )
    less = "DROP TABLE notes, later, other;"
    report = verify(tmp_path / "shop.md", TABLES.format(engine="PostgreSQL", said="CASCADE", more=more, less=less))
    told = seen(report)
    assert told["notes.order_id -> orders"] == "broken: refused, refused"
    assert told["later.order_id -> orders"] == "holds: refused, refused"
    assert told["other.user_id -> users"].startswith("holds: null"), "its default is NULL"
