"""Values that a rule lists, against those that a column takes."""

import pytest

from harness.checks.rule_values import listed_otherwise
from harness.design.model import Check, Entity, Field, Shape

ENUM = Field("status", "state", shape=Shape("enum", labels=("new", "paid", "shipped")))
TEXT = Field("status", "text", shape=Shape("text"))
LISTING = Check("c", "(status = ANY (ARRAY['new'::text, 'paid'::text, 'shipped'::text]))", ("status",))


@pytest.mark.parametrize("field", [ENUM, TEXT])
@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("status must be one of new, paid or shipped", None),
        ("Status is one of: `new`, `paid`, or `shipped`.", None),
        ("only defined statuses (shipped, paid, new)", None),
        ("status is one of the defined values", None),
        ("only orders whose status is new or paid can be cancelled", None),
        ("status must be one of new, paid, shipped or lost", "orders.status does not take lost"),
        ("only defined statuses (new, paid)", "orders.status also takes shipped"),
    ],
)
def test_a_list_of_all_values_is_that_of_the_column(field: Field, rule: str, told: str | None) -> None:
    entity = Entity("orders", fields=(field,), checks=(LISTING,) if field is TEXT else ())

    assert listed_otherwise(rule, entity, field) == told
