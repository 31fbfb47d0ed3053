"""Rows that a person finds believable: columns of a row agree, numbers spread as they do, words suit their column."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from faker.providers.geo import Provider as Geo

from harness.design.model import Check, Entity, Field, Key, Shape
from harness.seeding.model import Order, Plant
from harness.seeding.rows import seeded
from tests.seeding.building import NOW, Schema, made, rows_of, table


def test_a_planted_address_goes_with_the_name_of_its_row() -> None:
    users = table("users", "id bigint", "email varchar(255)", "full_name varchar(100)", unique=("email",))
    plants = (Plant("users", (("email", "=", "ada@example.com"),)),
              Plant("users", (("email", "=", "grace.hopper@example.com"),)),
              Plant("users", (("email", "=", "x42@example.com"),)))  # fmt: skip
    names = {r["email"]: r["full_name"] for r in rows_of(made(users, plants=plants), "users")}
    assert re.fullmatch("Ada [A-Z][a-z]+", names["ada@example.com"])
    assert names["grace.hopper@example.com"] == "Grace Hopper"
    assert re.fullmatch("[A-Z][a-z]+ [A-Z][a-z]+", names["x42@example.com"])


ADDRESSES = table("addresses", "id bigint", "city text", "postal_code varchar(12)", "country char(2)",
                  "latitude numeric(9,6)", "longitude numeric(9,6)", "timezone text")  # fmt: skip


def test_city_country_position_and_time_zone_are_those_of_one_place() -> None:
    real = {(land[2], land[3]): land for land in Geo.land_coords}
    rows = rows_of(made(ADDRESSES), "addresses")
    for r in rows:
        latitude, longitude, _, _, zone = real[r["city"], r["country"]]
        assert abs(r["latitude"] - float(latitude)) < 0.1
        assert abs(r["longitude"] - float(longitude)) < 0.1
        assert r["timezone"] == zone
    assert Counter(r["country"] for r in rows).most_common(1)[0][0] == "US"
    assert len({r["country"] for r in rows}) > 5


def test_states_and_postal_codes_go_together() -> None:
    homes = table("homes", "id bigint", "city text", "state_code char(2)", "state text", "zip_code varchar(10)")
    rows = rows_of(made(homes), "homes")
    by_city = {r["city"]: (r["state_code"], r["state"], r["zip_code"][:3]) for r in rows}
    assert all(by_city[r["city"]] == (r["state_code"], r["state"], r["zip_code"][:3]) for r in rows)
    assert {("CA", "California"), ("TX", "Texas")} <= {(r["state_code"], r["state"]) for r in rows}
    assert all(r["zip_code"][0] == "9" for r in rows if r["state_code"] == "CA")


@pytest.mark.parametrize(("locale", "country"), [("de_DE", "DE"), ("fr_FR", "FR"), ("ja_JP", None)])
def test_most_places_are_of_the_locale(locale: str, country: str | None) -> None:
    found = seeded(Order(Schema((ADDRESSES,)), 42, NOW, {"addresses": 400}, locale=locale))
    countries = Counter(r["country"] for r in rows_of(found, "addresses"))
    if country is not None:
        assert countries[country] > 100


def test_a_city_alone_is_as_it_was() -> None:
    assert all(r["city"] for r in rows_of(made(table("people", "id bigint", "city text")), "people"))


def test_bar_codes_and_accounts_have_their_check_digits() -> None:
    goods = table("goods", "id bigint", "ean varchar(13)", "iban varchar(34)", unique=("ean", "iban"))
    for r in rows_of(made(goods), "goods"):
        digits = [int(c) for c in r["ean"]]
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
        assert int("".join(str(int(c, 36)) for c in r["iban"][4:] + r["iban"][:4])) % 97 == 1


def test_prices_end_as_on_tags_and_totals_anyhow() -> None:
    items = table(
        "items", "id bigint", "unit_price numeric(10,2)", "total_amount numeric(10,2)", checks=("unit_price > 0",)
    )
    rows = rows_of(made(items, default_rows=4000), "items")
    ended = sum(round(r["unit_price"] * 100) % 100 in {0, 50, 95, 99} for r in rows) / len(rows)
    assert ended > 0.85
    assert len({round(r["total_amount"] * 100) % 100 for r in rows}) > 90
    assert min(r["unit_price"] for r in rows) > 0
    amounts = sorted(r["total_amount"] for r in rows)
    assert amounts[len(amounts) // 2] < sum(amounts) / len(amounts)  # a long tail of large ones


def test_most_orders_have_arrived_and_few_are_on_their_way() -> None:
    labels = "('pending', 'paid', 'shipped', 'delivered', 'cancelled')"
    orders = table(
        "orders", "id bigint", "status text", "currency char(3) default 'EUR'", checks=(f"status IN {labels}",)
    )
    rows = rows_of(made(orders, default_rows=5000), "orders")
    shares = {label: n / 5000 for label, n in Counter(r["status"] for r in rows).items()}
    assert shares["delivered"] > 0.45
    assert 0.02 < shares["cancelled"] < shares["pending"] < 0.1
    assert Counter(r["currency"] for r in rows)["EUR"] > 3000


@pytest.mark.parametrize(
    "labels",
    ["'pending', 'paid', 'shipped', 'delivered', 'cancelled'", "'open', 'acknowledged', 'closed'",
     "'queued', 'running', 'done', 'failed'"],
)  # fmt: skip
def test_what_is_old_has_arrived_and_what_is_on_its_way_is_new(labels: str) -> None:
    jobs = table("jobs", "id bigint", "status text", "created_at timestamptz", checks=(f"status IN ({labels})",))
    rows = sorted(rows_of(made(jobs, default_rows=6000), "jobs"), key=lambda r: r["created_at"])
    on = [r["status"] in {"pending", "paid", "shipped", "open", "acknowledged", "queued", "running"} for r in rows]
    share = sum(on) / len(on)
    assert 0.1 < share < 0.4
    assert sum(on[:3000]) < 0.05 * 3000
    assert sum(on[-300:]) > 0.75 * 300


@pytest.mark.parametrize("labels", ["'active', 'faulty', 'retired'", "'draft', 'secret'"])
def test_a_state_that_leads_nowhere_is_as_frequent_at_every_age(labels: str) -> None:
    things = table("things", "id bigint", "state text", "created_at timestamptz", checks=(f"state IN ({labels})",))
    rows = rows_of(made(things, default_rows=4000), "things")
    for label in {r["state"] for r in rows}:
        old, new = (sum(r["state"] == label for r in part) for part in (rows[:2000], rows[2000:]))
        assert abs(old - new) < 0.3 * max(old, new) + 30


def _basket(*checks: Check) -> Entity:
    fields = (
        Field("_id", "objectId", shape=Shape("objectid")), Field("items", "array", shape=Shape("array")),
        Field("items[].colour", "string", nullable=False, shape=Shape("text")),
        Field("items[].quantity", "int", nullable=False, shape=Shape("integer", width=4)),
        Field("items[].price", "double", nullable=False, shape=Shape("float", width=8)),
    )  # fmt: skip
    return Entity("baskets", "collection", fields, (Key("_id_", ("_id",), primary=True),), checks=checks)


def test_arrays_of_documents_differ_in_length_and_their_elements_from_each_other() -> None:
    rows = rows_of(made(_basket(), default_rows=2000), "baskets")
    lengths = Counter(len(r["items[].colour"]) for r in rows)
    assert set(lengths) == {1, 2, 3, 4}
    assert lengths[1] > lengths[4] > 100
    for r in rows:
        assert len(r["items[].colour"]) == len(r["items[].quantity"]) == len(r["items[].price"])
        assert len(set(r["items[].colour"])) == len(r["items[].colour"])


def test_arrays_of_documents_keep_to_what_the_validator_says_of_their_length() -> None:
    least = Check("items minItems", "cardinality(items) >= 2", ("items",))
    most = Check("items maxItems", "cardinality(items) <= 3", ("items",))
    rows = rows_of(made(_basket(least, most), default_rows=500), "baskets")
    assert {len(r["items[].price"]) for r in rows} == {2, 3}


def test_elements_are_the_same_in_whatever_range_their_rows_are_made() -> None:
    found = made(_basket(), default_rows=300)
    whole = [str(r) for r in rows_of(found, "baskets")]
    parts = [str(r) for first in range(0, 300, 70) for r in rows_of(found, "baskets", first=first, last=first + 70)]
    assert parts == whole


def test_times_in_an_array_are_from_all_of_their_range_and_in_order() -> None:
    times = Shape("array", element=Shape("timestamp", precision=3))
    fields = (Field("_id", "objectId", shape=Shape("objectid")), Field("visits", "date[]", nullable=False, shape=times))
    entity = Entity("devices", "collection", fields, (Key("_id_", ("_id",), primary=True),))
    visits = [r["visits"] for r in rows_of(made(entity, default_rows=500), "devices")]
    assert all(list(each) == sorted(each) for each in visits)
    years = {str(moment)[:4] for each in visits for moment in each}
    assert len(years) > 1


@pytest.mark.parametrize(
    ("labels", "most"),
    [("'open', 'acknowledged', 'closed'", "closed"), ("'active', 'suspended', 'closed'", "active"),
     ("'pending', 'settled', 'failed', 'returned'", "settled"),
     ("'held', 'confirmed', 'stayed', 'cancelled'", "stayed"),
     ("'user', 'editor', 'admin'", "user")],
)  # fmt: skip
def test_the_usual_end_is_the_most_frequent(labels: str, most: str) -> None:
    rows = rows_of(made(table("things", "id bigint", "state text", checks=(f"state IN ({labels})",))), "things")
    assert Counter(r["state"] for r in rows).most_common(1)[0][0] == most


def test_readings_are_those_of_what_was_measured() -> None:
    readings = table("readings", "id bigint", "metric enum(temperature|humidity|pressure)", "value real", "unit text")
    usual = {"temperature": (-8, 36, "°C"), "humidity": (20, 95, "%"), "pressure": (970, 1045, "hPa")}
    for r in rows_of(made(readings), "readings"):
        low, high, unit = usual[r["metric"]]
        assert low <= r["value"] <= high
        assert r["unit"] == unit


def test_what_comes_in_is_positive_and_what_goes_out_negative() -> None:
    moves = table("moves", "id bigint", "kind enum(receipt|shipment|correction)", "quantity integer",
                  checks=("quantity <> 0",))  # fmt: skip
    rows = rows_of(made(moves, default_rows=2000), "moves")
    signs = {(r["kind"], r["quantity"] > 0) for r in rows}
    assert signs == {("receipt", True), ("shipment", False), ("correction", True), ("correction", False)}


def test_stars_nights_and_hashes_are_as_people_know_them() -> None:
    stays = table("stays", "id bigint", "rating smallint", "nights integer", "password_hash text")
    rows = rows_of(made(stays, default_rows=3000), "stays")
    stars = Counter(r["rating"] for r in rows)
    assert set(stars) == {1, 2, 3, 4, 5}
    assert 0.4 < stars[5] / 3000 < 0.6
    assert max(r["nights"] for r in rows) <= 8
    assert len({r["password_hash"] for r in rows}) == 3000
    assert all(re.fullmatch(r"\$2b\$12\$[./A-Za-z0-9]{53}", r["password_hash"]) for r in rows)


def test_words_suit_their_column() -> None:
    found = made(
        table("reviews", "id bigint", "body text"), table("tickets", "id bigint", "title text", "error text null"),
        table("products", "id bigint", "name text", "description text"), table("categories", "id bigint", "name text",
        unique=("name",)), table("amenities", "id bigint", "name text"), table("logs", "id bigint", "actor text"),
    )  # fmt: skip
    assert all(r["body"].endswith(".") for r in rows_of(found, "reviews"))
    assert all(r["title"][0].isupper() and r["title"][-1] != "." for r in rows_of(found, "tickets"))
    assert not any(re.search(r"\d", r["name"]) for name in ("products", "categories") for r in rows_of(found, name))
    assert all(re.fullmatch("[A-Z][a-z]+ [a-z]+", r["name"]) for r in rows_of(found, "amenities"))
    assert all(re.fullmatch("[a-z]+_[a-z]+", r["actor"]) for r in rows_of(found, "logs"))


def test_no_pattern_leaves_a_brace_and_articles_go_with_their_word() -> None:
    names = ("title text", "body text", "comment text", "bio text", "description text", "search_term text", "rule text")
    for entity in ("articles", "products", "letters", "tasks", "hotels"):
        for r in rows_of(made(table(entity, "id bigint", *names)), entity):
            text = " ".join(str(value) for value in r.values())
            assert not re.search(r"[{}]|\b[Aa] [aeiou]", text), text


@pytest.mark.parametrize(
    ("told", "expected"),
    [("Letters on the pallets", "[A-Z]{4}"), ("Four letters or digits", "[A-Z0-9]{4}"), ("", "[A-Z0-9]{4}")],
)
def test_a_code_of_letters_has_letters_only(told: str, expected: str) -> None:
    sites = table("sites", "id bigint", "code char(4)", unique=("code",))
    said = replace(sites, fields=tuple(replace(field, description=told) for field in sites.fields))
    codes = [r["code"] for r in rows_of(made(said), "sites")]
    assert all(re.fullmatch(expected, code) for code in codes)
    assert any(re.search("[0-9]", code) for code in codes) == ("0-9" in expected)


def test_a_review_of_a_stay_speaks_of_the_stay() -> None:
    stays = table("reviews", "id bigint", "property_id bigint", "body text")
    goods = table("reviews", "id bigint", "product_id bigint", "body text")
    of_stays, of_goods = ({str(row["body"]) for row in rows_of(made(each), "reviews")} for each in (stays, goods))
    assert any("room" in text for text in of_stays)
    assert not of_stays & of_goods
