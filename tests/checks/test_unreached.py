"""What changes for old code beyond what can be tried: named where it is so, and nowhere else."""

from dataclasses import replace

import pytest

from harness.checks.base import Case
from harness.checks.unreached import kept_by_code, unreached
from harness.design.model import Entity, Field, Schema, SchemaObject
from harness.run.model import Inspected

PLAIN = Entity("notes", "table", (Field("tenant_id", "integer"), Field("size", "integer")))
PART = replace(PLAIN, kind="partition")
BOUND = replace(PLAIN, options=(("row_security", "enabled"),))
POLICY = SchemaObject("policy", "notes.own", "PERMISSIVE FOR ALL TO public USING (tenant_id = app_tenant())")
PAY = SchemaObject("procedure", "pay", "CREATE PROCEDURE `pay`(IN amount DECIMAL(12,2))\nBEGIN END")
PAY_MORE = replace(PAY, definition="CREATE PROCEDURE `pay`(IN amount DECIMAL(12,2), IN why TEXT)\nBEGIN END")
PAY_ELSE = replace(PAY, definition="CREATE PROCEDURE `pay`(IN amount DECIMAL(12,2))\nBEGIN SELECT 1; END")
FILLS = SchemaObject("function", "fills()", "CREATE FUNCTION fills()\n RETURNS trigger\nBEGIN NEW.size := 1; END")
BEFORE = SchemaObject("trigger", "notes.t", "BEFORE INSERT EXECUTE FUNCTION refuses()")
OTHER = SchemaObject("trigger", "notes.t", "BEFORE INSERT EXECUTE FUNCTION fills()")
SIGNALS = SchemaObject("trigger", "notes.t", "IF NEW.size > 5 THEN SIGNAL SQLSTATE '45000'")
REFUSES = SchemaObject("function", "refuses()", "CREATE FUNCTION refuses()\n RETURNS trigger\nRAISE 'size'; END")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Schema((PLAIN,)), Schema((BOUND,), (POLICY,)), "what the row policies of notes let"),
        (Schema((BOUND,), (POLICY,)), Schema((BOUND,), (POLICY,)), ""),
        (Schema((PLAIN,), (POLICY,)), Schema((PLAIN,)), ""),
        (Schema((PLAIN,), (PAY,)), Schema((PLAIN,)), "calls of the procedure pay, which is gone"),
        (Schema((PLAIN,), (PAY,)), Schema((PLAIN,), (PAY_MORE,)), "calls of the procedure pay, which takes other"),
        (Schema((PLAIN,), (PAY,)), Schema((PLAIN,), (PAY_ELSE,)), ""),
        (Schema((PLAIN,), (FILLS,)), Schema((PLAIN,)), ""),
    ],
)
def test_what_no_request_reaches_is_named(case: Case, before: Schema, after: Schema, told: str) -> None:
    first, second = (replace(case.plan.changes[0], id=name) for name in ("001", "002"))
    seen = (Inspected("after 001", before), Inspected("after 002", after))
    known = Case(replace(case.plan, changes=(first, second)), replace(case.run, observations=seen))
    words = unreached(known, "002", {"notes"})

    assert words.startswith(told) if told else words == ""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Schema((PLAIN,)), Schema(), "reads and writes of notes"),
        (Schema((PLAIN,)), Schema((PLAIN,), (SIGNALS,)), "reads and writes of notes"),
        (Schema((PLAIN,)), Schema((PLAIN,), (PAY,)), ""),
        (Schema((PART,)), Schema(), ""),
    ],
)
def test_a_table_that_changes_and_that_nothing_was_sent_to_is_named(
    case: Case, before: Schema, after: Schema, told: str
) -> None:
    first, second = (replace(case.plan.changes[0], id=name) for name in ("001", "002"))
    seen = (Inspected("after 001", before), Inspected("after 002", after))
    known = Case(replace(case.plan, changes=(first, second)), replace(case.run, observations=seen))

    assert unreached(known, "002", set()).startswith(told) if told else unreached(known, "002", set()) == ""


@pytest.mark.parametrize(
    ("objects", "field", "kept"),
    [
        ((POLICY,), "tenant_id", "the row policy own"),
        ((POLICY,), "size", ""),
        ((REFUSES, BEFORE), "size", "the trigger t"),
        ((FILLS, OTHER), "size", ""),
        ((SIGNALS,), "size", "the trigger t"),
    ],
)
def test_code_that_may_keep_a_rule_is_named(objects: tuple[SchemaObject, ...], field: str, kept: str) -> None:
    found = PLAIN.field(field)

    assert found is not None
    assert kept_by_code(Schema((PLAIN,), objects), PLAIN, found) == kept
