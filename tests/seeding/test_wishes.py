"""What a scenario asks of columns: ratios, skew, NULLs and values, and what is said where they cannot be."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.design.model import Schema
from harness.errors import InputError
from harness.plan.scenario import read
from harness.run.data import order_of
from harness.seeding.rows import Seeded, seeded
from tests.seeding.building import rows_of, table

NOW = datetime(2026, 1, 1, tzinfo=UTC)
USERS = table("users", "id bigint", "plan varchar(20)", "level integer", "active boolean", "note text null")
ORDERS = table(
    "orders", "id bigint", "user_id bigint", "coach_id bigint null", "total numeric(10,2)", "status varchar(20)",
    "paid_at timestamp null", references={"user_id": "users", "coach_id": "users"},
    checks=("status IN ('pending', 'paid', 'cancelled')", "(status = 'paid') = (paid_at IS NOT NULL)"),
)  # fmt: skip


def scenario(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "some.toml"
    path.write_text(text)
    return path


def made(tmp_path: Path, text: str) -> Seeded:
    return seeded(order_of(read(scenario(tmp_path, text)), Schema((USERS, ORDERS)), NOW))


def shares(found: Seeded, name: str, field: str) -> dict[object, float]:
    rows = rows_of(found, name)
    return {value: count / len(rows) for value, count in Counter(row[field] for row in rows).items()}


def test_ratios_of_single_children(tmp_path: Path) -> None:
    found = made(tmp_path, "rows.users = 400\n[ratio]\norders = 2.5")
    assert {v.entity: (v.rows, v.why) for v in found.volumes}["orders"] == (1000, "given: 2.5 per row of users")
    assert made(tmp_path, "ratio = 3\nrows.users = 100").volumes[1].rows == 300
    assert made(tmp_path, "rows.users = 40\nratio.orders = { users = 2 }").volumes[1].rows == 80


def test_values_by_weight_also_where_conditions_speak_of_them(tmp_path: Path) -> None:
    text = "rows.users = 20000\nrows.orders = 20000\n[values]\nusers.plan = { free = 90, pro = 9, enterprise = 1 }\n"
    text += "users.level = { 1 = 3, 7 = 1 }\nusers.active = { true = 1, false = 3 }\n"
    text += "orders.status = { pending = 10, paid = 85, cancelled = 5 }\norders.total = { min = 5, max = 9.99 }"
    found = made(tmp_path, text)
    assert not found.unfillable
    assert shares(found, "users", "plan") == pytest.approx({"free": 0.9, "pro": 0.09, "enterprise": 0.01}, abs=0.01)
    assert shares(found, "users", "level") == pytest.approx({1: 0.75, 7: 0.25}, abs=0.01)
    assert shares(found, "users", "active") == pytest.approx({False: 0.75, True: 0.25}, abs=0.01)
    assert shares(found, "orders", "status") == pytest.approx(
        {"pending": 0.1, "paid": 0.85, "cancelled": 0.05}, abs=0.01
    )
    assert all(5 <= row["total"] <= 9.99 for row in rows_of(found, "orders"))


def test_a_list_gives_each_value_as_often(tmp_path: Path) -> None:
    found = made(tmp_path, 'rows.users = 9000\nvalues.users.plan = ["a", "b", "c"]')
    assert shares(found, "users", "plan") == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, abs=0.02)


def test_shares_of_null(tmp_path: Path) -> None:
    found = made(tmp_path, "rows.users = 9000\nrows.orders = 9000\n[null]\nusers.note = 0.6\norders.coach_id = 0.25")
    assert shares(found, "users", "note")[None] == pytest.approx(0.6, abs=0.02)
    assert shares(found, "orders", "coach_id")[None] == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize(("skew", "most"), [(0, 0.002), (0.8, 0.05), (1, 0.1), (1.5, 0.37)])
def test_skew_follows_zipf(tmp_path: Path, skew: float, most: float) -> None:
    found = made(tmp_path, f"rows.users = 1000\nrows.orders = 20000\nskew.orders.user_id = {skew}")
    counts = Counter(row["user_id"] for row in rows_of(found, "orders"))
    assert counts.most_common(1)[0][1] / 20_000 == pytest.approx(most, rel=0.6)
    assert len(counts) > 80


IMPOSSIBLE = {
    "null.users.plan = 0.5": "it takes no NULL",
    "skew.orders.total = 1": "it is no reference",
    "values.users.nope = [1]": "no such column",
    'values.orders.status = ["lost"]': "no value is left by its constraints and the scenario",
}


@pytest.mark.parametrize(("text", "said"), IMPOSSIBLE.items(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_said_and_the_rest_made(tmp_path: Path, text: str, said: str) -> None:
    found = made(tmp_path, f"rows.users = 100\n{text}")
    assert [each for each in found.unfillable if said in each.reason], found.unfillable
    assert len(rows_of(found, "orders")) == 1000


WRONG = ["skew = 3", "skew.orders = 1", "skew.a.b = 4", "null.a.b = 2", "values.a.b = 3", "values.a.b = []",
         "ratio = 0", "ratio.a = -1", "values.a.b = { x = 'y' }", "values.a.b = { min = [1] }"]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_wrong_keys_are_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"some\.toml: (skew|null|values|ratio)"):
        read(scenario(tmp_path, text))
