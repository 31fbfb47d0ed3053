"""Rows keep away from keys that others put there: migrations that bring rows of their own find them free."""

from dataclasses import replace

import pytest

from harness.adapters import find
from harness.asked.inserts import Inserting
from harness.design.model import Schema, Statement
from harness.seeding.memo import read, written
from harness.seeding.model import Order, Plant
from harness.seeding.rows import seeded
from harness.source import Source
from tests.seeding.building import NOW, rows_of, table

ROLES = table("roles", "id integer", "name varchar(40)", "code char(2)", unique=("name", "code"))
MEMBERS = table("members", "id bigint", "role_id integer", references={"role_id": "roles"})
SCHEMA = Schema((ROLES, MEMBERS))
TAKEN = (
    ("roles", "id", "1"),
    ("roles", "id", "7"),
    ("roles", "id", "8"),
    ("roles", "id", "300"),
    ("roles", "id", "-3"),
)


def test_numbers_are_left_out_and_references_know_it() -> None:
    order = Order(SCHEMA, 42, NOW, {"roles": 20, "members": 200}, taken=TAKEN)
    found = seeded(read(written(order)))
    ids = [r["id"] for r in rows_of(found, "roles")]
    assert ids == [2, 3, 4, 5, 6, *range(9, 24)]
    assert [r["id"] for r in rows_of(found, "roles", first=4, last=7)] == [6, 9, 10]
    assert {r["role_id"] for r in rows_of(found, "members")} <= set(ids)


def test_whole_numbers_begin_after_many_that_are_taken() -> None:
    order = Order(SCHEMA, 42, NOW, {"roles": 20, "members": 200}, taken=(("roles", "id", "(,9000]"), *TAKEN))
    found = seeded(read(written(order)))
    ids = [r["id"] for r in rows_of(found, "roles")]
    assert ids == list(range(9001, 9021))
    assert {r["role_id"] for r in rows_of(found, "members")} <= set(ids)
    plant = Plant("roles", (("id", "=", "12"),))  # it is there, or nowhere
    assert [r["id"] for r in rows_of(seeded(replace(order, plants=(plant,))), "roles")] == ids


def test_a_query_finds_its_row_past_the_holes_and_none_in_them() -> None:
    plants = (Plant("roles", (("id", "=", "12"),)), Plant("members", (("role_id", "=", "9"),)))
    found = seeded(Order(SCHEMA, 42, NOW, {"roles": 20, "members": 200}, plants=plants, taken=TAKEN))
    assert not found.unfillable
    assert [r["id"] for r in rows_of(found, "roles")] == [2, 3, 4, 5, 6, *range(9, 24)]
    assert any(r["role_id"] == 9 for r in rows_of(found, "members"))


def test_texts_that_are_unique_are_left_out_while_there_are_enough() -> None:
    plain = Order(SCHEMA, 42, NOW, {"roles": 300})
    usual = rows_of(seeded(plain), "roles")
    kept = tuple(("roles", name, r[name]) for r in usual[:50] for name in ("name", "code"))
    rows = rows_of(seeded(replace(plain, taken=kept)), "roles")
    assert len(rows) == 300
    for name in ("name", "code"):
        made = {r[name] for r in rows}
        assert len(made) == 300
        assert made.isdisjoint(value for _, of, value in kept if of == name)


SCRIPTS = {
    "postgresql": """CREATE TABLE x (id int); INSERT INTO roles (id, name) VALUES (7, 'Audit''or'),
        (DEFAULT, upper('x'));
        INSERT INTO "roles" VALUES (8, 'Owner', 'OW') ON CONFLICT DO NOTHING; INSERT INTO gone (id) VALUES (3);
        INSERT INTO roles (id, name) SELECT id + 100, name FROM roles; UPDATE roles SET name = 'y'""",
    "mysql": """INSERT IGNORE INTO `roles` (`id`, `name`) VALUES (7, 'Audit\\'or');
        REPLACE INTO roles VALUES (8, 'Owner', 'OW');""",
    "mongodb": """db.roles.insertMany([{ id: NumberInt(7), name: "Audit'or" }]); const n = 8;
        db.roles.insertOne({ id: n, name: "Owner", code: "OW", when: new Date() }); db.gone.insertOne({ id: 3 });""",
}
SCRIPTS["mariadb"] = SCRIPTS["mysql"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_puts_in_is_read(name: str) -> None:
    engine = find(name)
    assert isinstance(engine, Inserting)
    found = tuple(engine.inserted(Statement(SCRIPTS[name], Source("up.sql", 1, 9)), SCHEMA))
    told = {each for each in found if each[1] != "when"}
    assert told == {
        ("roles", "id", "7"), ("roles", "name", "Audit'or"), ("roles", "id", "8"), ("roles", "name", "Owner"),
        ("roles", "code", "OW"),
    }  # fmt: skip
