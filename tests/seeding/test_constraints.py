"""Every row keeps every constraint: small schemas as data, each with the facts that its rows must show."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from harness.design.model import Entity
from tests.seeding.building import NOW, made, rows_of, table

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    name: str
    tables: Sequence[Entity]
    of: str
    keeps: Callable[[Row], bool]
    rows: Mapping[str, int] = field(default_factory=dict)


def numbers(text: str, check: str) -> Entity:
    return table("t", "id integer", text, checks=(check,))


USERS = table("users", "id bigint", "name text", "created_at timestamptz")
TODAY = NOW.date()

CASES = (
    Case("a list", [numbers("s varchar(9)", "(s IN ('a', 'bb'))")], "t", lambda r: r["s"] in {"a", "bb"}),
    Case(
        "a list less one", [numbers("s text", "(s = ANY (ARRAY['a','b']) AND s <> 'b')")], "t", lambda r: r["s"] == "a"
    ),
    Case(
        "not in a list",
        [numbers("role text", "(role <> ALL (ARRAY['user', 'admin']))")],
        "t",
        lambda r: r["role"] not in {"user", "admin"},
    ),
    Case(
        "above zero", [numbers("price numeric(10,2)", "(price > (0)::numeric)")], "t", lambda r: 0 < r["price"] < 10**8
    ),
    Case("between", [numbers("x smallint", "(x BETWEEN 7 AND 9)")], "t", lambda r: 7 <= r["x"] <= 9),
    Case("far from the usual", [numbers("price integer", "(price > 5000000)")], "t", lambda r: r["price"] > 5_000_000),
    Case("below zero", [numbers("x integer", "(x < -10)")], "t", lambda r: r["x"] < -10),
    Case(
        "a narrow fraction",
        [numbers("share numeric(3,2)", "(share >= 0.97 AND share < 1)")],
        "t",
        lambda r: 0.97 <= r["share"] < 1,
    ),
    Case(
        "even numbers", [numbers("n integer", "(n % 2 = 0 AND n > 3)")], "t", lambda r: r["n"] % 2 == 0 and r["n"] > 3
    ),
    Case("a hole", [numbers("n integer", "(n <> 3 AND n >= 2 AND n <= 4)")], "t", lambda r: r["n"] in {2, 4}),
    Case(
        "a length",
        [numbers("s text", "(char_length(s) >= 20 AND char_length(s) <= 24)")],
        "t",
        lambda r: 20 <= len(r["s"]) <= 24,
    ),
    Case("a fixed length", [numbers("s char(4)", "(length(s) = 4)")], "t", lambda r: len(r["s"]) == 4),
    Case("one letter", [numbers("name varchar(1)", "(name <> '')")], "t", lambda r: len(r["name"]) == 1),
    Case(
        "a pattern",
        [numbers("code text", "(code ~ '^[A-Z]{2}-[0-9]{3}$')")],
        "t",
        lambda r: bool(re.fullmatch(r"[A-Z]{2}-\d{3}", r["code"])),
    ),
    Case("a prefix", [numbers("name text", "(name ~~ 'ab%')")], "t", lambda r: r["name"].startswith("ab")),
    Case(
        "lower case",
        [numbers("email varchar(60)", "(lower(email) = email)")],
        "t",
        lambda r: r["email"] == r["email"].lower() and "@" in r["email"],
    ),
    Case(
        "upper case",
        [numbers("country char(2)", "(upper(country) = country)")],
        "t",
        lambda r: bool(re.fullmatch("[A-Z]{2}", r["country"])),
    ),
    Case(
        "two patterns",
        [numbers("s text", "(s ~ '^[a-z]' AND s ~ '[0-9]$')")],
        "t",
        lambda r: bool(re.fullmatch(r"[a-z].*\d", r["s"])),
    ),
    Case("a flag", [numbers("ok boolean", "(ok IS TRUE)")], "t", lambda r: r["ok"]),
    Case(
        "not in the future",
        [numbers("seen timestamptz", "(seen <= CURRENT_TIMESTAMP)")],
        "t",
        lambda r: r["seen"] <= NOW.replace(tzinfo=None),
    ),
    Case(
        "grown up",
        [numbers("birth_date date", "(birth_date <= (CURRENT_DATE - '18 years'::interval))")],
        "t",
        lambda r: r["birth_date"] <= date(TODAY.year - 18, TODAY.month, TODAY.day),
    ),
    Case(
        "a year",
        [numbers("d date", "(EXTRACT(year FROM d) >= 2010 AND d < '2012-06-01')")],
        "t",
        lambda r: date(2010, 1, 1) <= r["d"] < date(2012, 6, 1),
    ),
    Case(
        "a weekday is tried",
        [numbers("d date", "(EXTRACT(isodow FROM d) < 6)")],
        "t",
        lambda r: r["d"].isoweekday() < 6,
    ),
    Case(
        "few elements",
        [numbers("tags text[]", "(array_length(tags, 1) <= 2)")],
        "t",
        lambda r: 1 <= len(r["tags"]) <= 2,
    ),
    Case(
        "a json array",
        [numbers("data jsonb", "(jsonb_typeof(data) = 'array')")],
        "t",
        lambda r: r["data"].startswith("["),
    ),
    Case(
        "an order of dates",
        [table("t", "id integer", "starts date", "ends date", checks=("(ends > starts)",))],
        "t",
        lambda r: r["ends"] > r["starts"],
    ),
    Case(
        "an hour apart",
        [
            table(
                "t",
                "id integer",
                "starts timestamp",
                "ends timestamp",
                checks=("(ends >= (starts + '01:00:00'::interval))",),
            )
        ],
        "t",
        lambda r: r["ends"] - r["starts"] >= timedelta(hours=1),
    ),
    Case(
        "three in order",
        [table("t", "id integer", "a integer", "b integer", "c integer", checks=("(a < b)", "(b <= c)", "(c < 500)"))],
        "t",
        lambda r: r["a"] < r["b"] <= r["c"] < 500,
    ),
    Case(
        "between two columns",
        [
            table(
                "t",
                "id integer",
                "low integer",
                "high integer",
                "mid integer",
                checks=("(low <= high)", "(mid BETWEEN low AND high)"),
            )
        ],
        "t",
        lambda r: r["low"] <= r["mid"] <= r["high"],
    ),
    Case(
        "a sum",
        [
            table(
                "t",
                "id integer",
                "subtotal numeric(10,2)",
                "tax numeric(10,2)",
                "total numeric(12,2)",
                checks=("(total = (subtotal + tax))",),
            )
        ],
        "t",
        lambda r: Decimal(str(r["total"])) == Decimal(str(r["subtotal"])) + Decimal(str(r["tax"])),
    ),
    Case(
        "a product, named first",
        [
            table(
                "t",
                "id integer",
                "total numeric(12,2)",
                "qty integer",
                "price numeric(8,2)",
                checks=("(total = ((qty)::numeric * price))", "(qty > 0)"),
            )
        ],
        "t",
        lambda r: Decimal(str(r["total"])) == r["qty"] * Decimal(str(r["price"])),
    ),
    Case(
        "one of two",
        [table("t", "id integer", "a integer null", "b integer null", checks=("(num_nonnulls(a, b) = 1)",))],
        "t",
        lambda r: (r["a"] is None) != (r["b"] is None),
    ),
    Case(
        "a state and its date",
        [
            table(
                "t",
                "id integer",
                "status text",
                "shipped_at timestamp null",
                checks=("(status IN ('new', 'shipped'))", "((status = 'shipped') = (shipped_at IS NOT NULL))"),
            )
        ],
        "t",
        lambda r: (r["status"] == "shipped") == (r["shipped_at"] is not None),
    ),
    Case(
        "either free or paid",
        [
            table(
                "t",
                "id integer",
                "kind text",
                "price integer",
                checks=("((kind = 'free' AND price = 0) OR (kind = 'paid' AND price > 0))",),
            )
        ],
        "t",
        lambda r: (r["kind"], r["price"] > 0) in {("free", False), ("paid", True)},
    ),
    Case(
        "moments in order by name alone",
        [table("t", "id integer", "deleted_at timestamp null", "updated_at timestamp", "created_at timestamp")],
        "t",
        lambda r: (
            r["created_at"] <= r["updated_at"] and (r["deleted_at"] is None or r["updated_at"] <= r["deleted_at"])
        ),
    ),
    Case(
        "two that differ",
        [table("t", "id integer", "a varchar(2)", "b varchar(2)", checks=("(a <> b)",))],
        "t",
        lambda r: r["a"] != r["b"],
    ),
    Case(
        "two parents that differ",
        [
            USERS,
            table(
                "t", "id integer", "a bigint", "b bigint", references={"a": "users", "b": "users"}, checks=("(a <> b)",)
            ),
        ],
        "t",
        lambda r: r["a"] != r["b"],
        {"users": 3},
    ),
    Case(
        "another id for a parent",
        [
            table(
                "t",
                "id integer",
                "parent_id integer null",
                references={"parent_id": "t"},
                checks=("(parent_id <> id)",),
            )
        ],
        "t",
        lambda r: r["parent_id"] is None or r["parent_id"] < r["id"],
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_row_keeps_it(case: Case) -> None:
    found = made(*case.tables, rows=case.rows)
    rows = rows_of(found, case.of)
    assert not found.unfillable
    assert len(rows) >= 12
    assert [row for row in rows if not case.keeps(row)] == []


def test_constraints_that_contradict_each_other_are_told() -> None:
    found = made(table("t", "id integer", "a integer", checks=("(a > 5)", "(a < 3)")))
    assert [(u.entity, u.subject, u.fatal) for u in found.unfillable] == [("t", "check 1", True)]
    assert found.volumes[0].rows == 0


def test_a_type_that_cannot_be_made_is_told_unless_it_may_be_left_out() -> None:
    found = made(
        table("t", "id integer", "x unknown"),
        table("u", "id integer", "x unknown null"),
        table("v", "id integer", "x unknown default now()"),
    )
    assert [(u.entity, u.subject) for u in found.unfillable] == [("t", "x")]
    assert rows_of(found, "u")[0] == {"id": 1, "x": None}
    assert rows_of(found, "v")[0] == {"id": 1}


def test_a_condition_that_only_the_server_understands_costs_no_rows() -> None:
    found = made(table("t", "id integer", "a integer", checks=("(my_check(a) > 3)",)))
    assert len(rows_of(found, "t")) == 400


def test_instants_have_no_zone_and_no_future() -> None:
    rows = rows_of(made(USERS), "users")
    assert all(isinstance(r["created_at"], datetime) and r["created_at"] < NOW.replace(tzinfo=None) for r in rows)
