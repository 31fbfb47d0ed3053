"""What a query asks of the inside of documents and arrays is told as JSON that these are to contain."""

import json

import pytest

from harness.adapters import find
from harness.design.model import Entity, Field, Schema, Statement
from harness.source import Source

FIELDS = (Field("id", "bigint"), Field("data", "jsonb"), Field("tags", "text[]"), Field("status", "text"))
SCHEMA = Schema((Entity("tickets", "table", FIELDS),))

CASES = {
    "data ->> 'channel' = 'fax'": ("data", {"channel": "fax"}),
    "t.data -> 'customer' ->> 'plan' = 'gold'": ("data", {"customer": {"plan": "gold"}}),
    "data #>> '{customer,plan}' = 'gold'": ("data", {"customer": {"plan": "gold"}}),
    "(data ->> 'score')::int = '7'": ("data", {"score": 7}),
    "data ? 'escalated'": ("data", {"escalated": "standard"}),
    "tags @> ARRAY['legal', 'gdpr']": ("tags", ["legal", "gdpr"]),
    "'invoice' = ANY (t.tags)": ("tags", ["invoice"]),
}


@pytest.mark.parametrize("condition", CASES)
def test_a_condition_on_the_inside_is_told(condition: str) -> None:
    text = f"SELECT id FROM tickets t WHERE {condition}"
    found = find("postgresql").sought(Statement(text, Source("x", 1, 1)), SCHEMA)
    ((entity, field, held),) = found.inside
    assert (entity, (field, json.loads(held))) == ("tickets", CASES[condition])
    assert found.beyond == ()


@pytest.mark.parametrize(
    "condition", ["status = 'open'", "data ->> 'a' > 'b'", "tags && ARRAY['x']", "data ->> $1 = 'x'"]
)
def test_other_conditions_are_not(condition: str) -> None:
    text = f"SELECT id FROM tickets t WHERE {condition}"
    assert find("postgresql").sought(Statement(text, Source("x", 1, 1)), SCHEMA).inside == ()
