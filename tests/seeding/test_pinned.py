"""The same seed gives the same rows today and after a reinstall: a checksum that stands here.

The pools of words are Faker's, whose version ``pyproject.toml`` pins for that: whoever raises it writes down new rows.
"""

import hashlib

from tests.seeding.building import made, rows_of, table

ROWS = "eaee9cbe095ae09bf9ea3c6573f7b4707ab846c35202e5a60230d78f34df8e59"


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
