"""The same seed gives the same rows today and after a reinstall: a checksum that stands here.

The pools of words are Faker's, whose version ``pyproject.toml`` pins for that: whoever raises it writes down new rows.
"""

import hashlib

from tests.seeding.building import made, rows_of, table

ROWS = "e4aaaec678ca7246f5a12d7b2948026f57a666c3d8ea41dd805be43a2cd3c1fc"


def test_rows_are_those_that_were_written_down() -> None:
    found = made(
        table("users", "id bigint", "email varchar(255)", "name text", "active boolean", "created_at timestamp",
              unique=("email",)),
        table("orders", "id bigint", "user_id bigint", "status varchar(20)", "total numeric(10,2)",
              "paid_at timestamp null",
              references={"user_id": "users"}, checks=("status IN ('new', 'paid')", "total > 0")),
        rows={"users": 500, "orders": 3000},
    )  # fmt: skip
    digest = hashlib.sha256()
    for name in ("users", "orders"):
        digest.update(repr(rows_of(found, name)).encode())
    assert digest.hexdigest() == ROWS
