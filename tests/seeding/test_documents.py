"""Documents contain what conditions on their inside ask for, in every row or in the one that is planted."""

import json

import pytest

from harness.seeding.model import Plant
from tests.seeding.building import made, rows_of, table

CHECKS = {
    "(cfg ? 'version'::text)": lambda d: "version" in d,
    "(jsonb_typeof(cfg -> 'lat'::text) = 'number'::text)": lambda d: isinstance(d["lat"], int | float),
    "((cfg ->> 'type'::text) = ANY (ARRAY['a'::text, 'b'::text]))": lambda d: d["type"] in {"a", "b"},
    "(((cfg ->> 'amount'::text))::numeric > (0)::numeric)": lambda d: d["amount"] > 0,
    '(cfg @> \'{"kind": {"of": 1}}\'::jsonb)': lambda d: d["kind"]["of"] == 1,
    "((cfg -> 'a'::text) IS NOT NULL)": lambda d: d["a"] is not None,
    "(json_unquote(json_extract(`cfg`,_utf8mb4'$.a.b')) = _utf8mb4'x')": lambda d: d["a"]["b"] == "x",
    "(json_extract(`cfg`,_utf8mb4'$.version') is not null)": lambda d: "version" in d,
}


@pytest.mark.parametrize("check", CHECKS)
def test_every_row_has_it(check: str) -> None:
    found = made(table("t", "id integer", "cfg jsonb", checks=(check,)))
    assert not found.unfillable
    assert all(CHECKS[check](json.loads(r["cfg"])) for r in rows_of(found, "t"))


def test_elements_of_arrays_keep_to_what_is_asked_of_them() -> None:
    roles = table("t", "id integer", "roles text[]", "numbers integer[]",
                  checks=("(roles <@ ARRAY['read'::text, 'write'::text])", "('read'::text = ANY (roles))",
                          "(0 < ALL (numbers))"))  # fmt: skip
    for r in rows_of(made(roles), "t"):
        assert "read" in r["roles"]
        assert set(r["roles"]) <= {"read", "write"}
        assert min(r["numbers"]) > 0


def test_a_planted_document_contains_what_is_asked() -> None:
    tickets = table("tickets", "id integer", "data jsonb", "tags text[]")
    asked = (("data", "@>", '{"priority": "urgent", "flags": {"vip": true}}'), ("tags", "@>", '["legal", "gdpr"]'))
    found = made(tickets, plants=(Plant("tickets", asked, "1"),))
    assert not found.unfillable
    hits = [r for r in rows_of(found, "tickets") if {"legal", "gdpr"} <= set(r["tags"])]
    assert [json.loads(r["data"])["flags"] for r in hits] == [{"vip": True}]


def test_what_is_no_document_is_not_planted() -> None:
    found = made(table("t", "id integer", "data jsonb"), plants=(Plant("t", (("data", "@>", "nonsense"),), "1"),))
    assert [u.subject for u in found.unfillable] == ["data @> 'nonsense'"]
