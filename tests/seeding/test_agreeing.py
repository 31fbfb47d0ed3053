"""Columns of a row agree by what their names say: sums, slugs, periods, and German names as English ones."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from harness.seeding.german import english, is_german
from harness.seeding.model import Order, Plant
from harness.seeding.rows import seeded
from tests.seeding.building import NOW, Schema, made, rows_of, table


def exact(value: object) -> Decimal:
    return Decimal(str(value))


def test_a_line_is_its_quantity_times_its_price() -> None:
    lines = table(
        "order_items", "id integer", "quantity integer", "unit_price numeric(10,2)", "line_total numeric(12,2)"
    )
    for r in rows_of(made(lines), "order_items"):
        assert exact(r["line_total"]) == r["quantity"] * exact(r["unit_price"])


ORDERS = table("orders", "id integer", "subtotal numeric(12,2)", "tax_rate numeric(5,2)", "tax_amount numeric(12,2)",
               "shipping_cost numeric(8,2)", "discount_amount numeric(12,2)", "total_amount numeric(12,2)",
               "amount_paid numeric(12,2)", "balance numeric(12,2)")  # fmt: skip


def test_a_total_is_the_sum_of_its_parts() -> None:
    for row in rows_of(made(ORDERS), "orders"):
        r = {name: exact(value) for name, value in row.items()}
        assert abs(r["tax_amount"] - r["subtotal"] * r["tax_rate"] / 100) <= Decimal("0.005")
        assert r["discount_amount"] <= r["subtotal"] * Decimal("0.3")
        parts = r["subtotal"] + r["tax_amount"] + r["shipping_cost"] - r["discount_amount"]
        assert r["total_amount"] == parts
        assert 0 <= r["balance"] == r["total_amount"] - r["amount_paid"]


@pytest.mark.parametrize("check", ["(total_amount <= (500)::numeric)", "(total_amount > (subtotal * (2)::numeric))"])
def test_a_check_on_a_total_counts_more_than_its_name(check: str) -> None:
    orders = table("orders", "id integer", "subtotal numeric(12,2)", "tax numeric(12,2)", "total_amount numeric(12,2)",
                   checks=(check,))  # fmt: skip
    found = made(orders)
    assert not found.unfillable
    for r in rows_of(found, "orders"):
        assert r["total_amount"] <= 500 if "500" in check else r["total_amount"] > r["subtotal"] * 2


def test_a_row_with_a_planted_total_is_there() -> None:
    found = made(ORDERS, plants=(Plant("orders", (("total_amount", "=", "1234.56"),)),))
    assert not found.unfillable
    assert 1234.56 in [r["total_amount"] for r in rows_of(found, "orders")]


def test_slugs_are_the_words_of_their_title() -> None:
    posts = table("posts", "id integer", "title varchar(200)", "slug varchar(220)", unique=("slug",))
    pages = table("pages", "id integer", "title varchar(200)", "slug varchar(60)")
    for r in rows_of(made(posts, pages), "posts"):
        assert r["slug"] == re.sub("[^a-z0-9]+", "-", r["title"].lower().replace("'", "")) + f"-{r['id']}"
    for r in rows_of(made(posts, pages), "pages"):
        assert r["slug"] == re.sub("[^a-z0-9]+", "-", r["title"].lower())[:60].strip("-")


def test_a_planted_slug_is_there_once() -> None:
    posts = table("posts", "id integer", "title varchar(200)", "slug varchar(220)", unique=("slug",))
    rows = rows_of(made(posts, plants=(Plant("posts", (("slug", "=", "hello-world"),)),)), "posts")
    slugs = [r["slug"] for r in rows]
    assert slugs.count("hello-world") == 1
    assert len(set(slugs)) == len(slugs)


def test_what_is_paid_by_the_month_ends_after_one() -> None:
    plans = table("subscriptions", "id integer", "current_period_start timestamptz", "current_period_end timestamptz")
    rows = rows_of(made(plans), "subscriptions")
    assert {r["current_period_end"] - r["current_period_start"] for r in rows} == {timedelta(days=30)}


@pytest.mark.parametrize(("begin", "end"), [("departure", "arrival"), ("starts_at", "ends_at"), ("von", "bis")])
def test_what_ends_does_so_after_it_began(begin: str, end: str) -> None:
    trips = table("trips", "id integer", f"{begin} timestamp", f"{end} timestamp")
    assert all(r[begin] <= r[end] for r in rows_of(made(trips), "trips"))


@pytest.mark.parametrize(
    ("name", "plain"),
    [("geburtsdatum", "birth_date"), ("rechnungsnummer", "invoice_number"), ("erstellt_am", "created_at"),
     ("straße", "street"), ("kundennummer", "customer_number"), ("mwst_satz", "tax_rate"), ("lieferadresse",
     "delivery_address"), ("land", "land"), ("created_at", "created_at"), ("position", "position")],
)  # fmt: skip
def test_german_names_are_read(name: str, plain: str) -> None:
    assert english(name, german=False) == plain


def test_most_names_tell_the_language_of_a_schema() -> None:
    assert is_german({"kunden", "vorname", "nachname", "plz", "ort", "erstellt_am", "bestellungen", "status", "id"})
    assert not is_german(
        {"customers", "first_name", "last_name", "zip", "city", "created_at", "orders", "status", "id"}
    )


def test_rows_of_a_german_schema_are_those_of_people_there() -> None:
    kunden = table("kunden", "id integer", "vorname text", "nachname text", "email text", "plz char(5)", "ort text",
                   "telefon text", "geburtsdatum date", "erstellt_am timestamp")  # fmt: skip
    order = Order(Schema((kunden,)), 42, NOW, {"kunden": 200}, locale="de_DE")
    for r in rows_of(seeded(order), "kunden"):
        assert r["email"].partition("@")[0].isascii()
        assert re.fullmatch(r"\d{5}", r["plz"])
        assert r["telefon"].startswith("+49")
        assert r["geburtsdatum"].year < NOW.year - 17
        assert r["ort"][0].isupper()


def test_somebody_else_is_called_in_an_emergency() -> None:
    patients = table("patients", "id integer", "full_name text", "emergency_contact_name text")
    rows = rows_of(made(patients), "patients")
    assert sum(r["full_name"] == r["emergency_contact_name"] for r in rows) <= 1


def test_tags_of_a_row_differ() -> None:
    rows = rows_of(made(table("posts", "id integer", "tags text[]")), "posts")
    assert all(len(set(r["tags"])) == len(r["tags"]) for r in rows)
