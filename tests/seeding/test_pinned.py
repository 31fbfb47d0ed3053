"""The same seed gives the same rows today and after a reinstall: a checksum that stands here."""

import hashlib

import faker
import pytest

from tests.seeding.building import made, rows_of, table

POOLS_OF = "40.63.0"
"""The version of Faker that filled the pools of words when the checksum was written."""
ROWS = "eaee9cbe095ae09bf9ea3c6573f7b4707ab846c35202e5a60230d78f34df8e59"


@pytest.mark.skipif(faker.VERSION != POOLS_OF, reason=f"Faker {faker.VERSION} has other words than {POOLS_OF}")
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
