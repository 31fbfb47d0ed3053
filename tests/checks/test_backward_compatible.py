"""What is said of a compatible migration is what was sent, and never that nothing holds."""

from dataclasses import replace

import pytest

from harness.checks.backward_compatible import CHECK
from harness.checks.base import Case, Finding
from harness.design.claim_types import BackwardCompatible, Rule
from harness.design.model import Entity, Field, ForeignKey, Schema
from harness.facts import Refusal
from harness.run.model import Inspected, Tried
from harness.source import Source

NOTES = Entity("notes", "table", (Field("id", "integer"), Field("body", "text")))
NARROW = replace(NOTES, fields=NOTES.fields[:1])
QUERY = Tried("002", "query", "1", None)
READ = Tried("002", "select", "notes", None)
EDGE = Tried("002", "insert", "notes, body = NULL", None)


UNSENT = "not tried: reads and writes of notes, for which none could be derived"


def judged(case: Case, tried: tuple[Tried, ...], after: Entity) -> Finding:
    first, second = (replace(case.plan.changes[0], id=name) for name in ("001", "002"))
    claim = BackwardCompatible("002", "backwards compatible", Source("d.md", 9, 9))
    seen = (Inspected("after 001", Schema((NOTES,))), Inspected("after 002", Schema((after,))), *tried)
    design = replace(case.plan.design, claims=(claim,))
    plan = replace(case.plan, changes=(first, second), design=design)
    (found,) = CHECK.judge(CHECK, Case(plan, replace(case.run, observations=seen)))
    return found


@pytest.mark.parametrize(
    ("tried", "after", "verdict", "message"),
    [
        ((QUERY,), NOTES, "holds", "1 query of the schema before works after it"),
        ((READ,), NARROW, "holds", "1 statement on 1 table of the schema before works after it"),
        (
            (QUERY, READ, EDGE),
            NARROW,
            "holds",
            "1 query and 2 statements on 1 table of the schema before work after it",
        ),
        (
            (QUERY,),
            NARROW,
            "unverified",
            f"1 query of the schema before works after it; {UNSENT}",
        ),
        (
            (READ, Tried("002", "delete", "notes", None, lost="no row is gone")),
            NOTES,
            "broken",
            "does not work after it, though it did before: DELETE from notes: no row is gone",
        ),
        ((), NARROW, "unverified", "nothing that worked before it could be tried after it"),
    ],
)
def test_what_was_sent_is_told(case: Case, tried: tuple[Tried, ...], after: Entity, verdict: str, message: str) -> None:
    found = judged(case, tried, after)
    assert (found.verdict, found.message) == (verdict, message)
    assert found.remedy != CHECK.remedy


REFERRING = ForeignKey("lines_order", ("order_id",), "orders")
USERS = Entity("users", "table", tuple(Field(name, "text") for name in ("id", "email", "name", "invite_token")))
LINES = Entity(
    "lines",
    "table",
    tuple(Field(name, "text") for name in ("id", "order_id", "sku", "line_no", "token_id")),
    foreign_keys=(REFERRING,),
)
ORDERS = Entity("orders", "table", (Field("id", "text"),))


def doubled(
    case: Case, subject: str, said: str, *, words: str = "compatible", merged: bool = False, asked: bool = False
) -> Finding:
    """The finding where only doubles are refused."""
    first, second = (replace(case.plan.changes[0], id=name) for name in ("001", "002"))
    name, _, fields = subject.partition(" ")
    claim = BackwardCompatible("002", words, Source("d.md", 9, 9), asked)
    rules = (Rule("", said, Source("d.md", 20, 20)),) if said else ()
    refusal = Refusal("there is one", "23505", Source("d.md", 9, 9))
    repeated = Tried("002", "insert", f"{name}, double", refusal, repeats=tuple(fields.split()), merged=merged)
    seen = (Inspected("after 001", Schema((USERS, LINES, ORDERS))), Tried("002", "select", name, None), repeated)
    plan = replace(case.plan, changes=(first, second), design=replace(case.plan.design, claims=(claim, *rules)))
    (found,) = CHECK.judge(CHECK, Case(plan, replace(case.run, observations=seen)))
    return found


@pytest.mark.parametrize(
    ("subject", "said", "verdict"),
    [
        ("users name", "", "broken"),
        ("users name", "Names of users are unique", "holds"),
        ("users name", "User names are not unique", "broken"),
        ("users name", "Names of orders are unique", "broken"),
        ("users email", "", "unverified"),
        ("users email", "No two users have the same e-mail", "holds"),
        ("users email", "Names are unique", "unverified"),
        ("users invite_token", "", "unverified"),
        ("lines order_id", "", "broken"),
        ("lines order_id sku", "", "broken"),
        ("lines order_id sku", "A SKU is unique", "broken"),
        ("lines order_id sku", "A SKU is in an order at most once", "holds"),
        ("lines order_id sku", "An order has at most one line of a SKU", "holds"),
        ("lines token_id", "", "broken"),
        ("lines line_no", "", "unverified"),
    ],
)
def test_doubles_are_a_break_where_code_may_have_written_them(
    case: Case, subject: str, said: str, verdict: str
) -> None:
    assert doubled(case, subject, said).verdict == verdict


def test_what_the_document_says_of_doubles_counts_as_far_as_the_migration_bears_it_out(case: Case) -> None:
    """A title names what becomes unique; where doubles are made one, there were some."""
    assert doubled(case, "users name", "", words="Unique names (compatible)").verdict == "broken"
    assert doubled(case, "users name", "", words="Names are unique already (compatible)").verdict == "holds"
    assert doubled(case, "users email", "E-mails are unique", merged=True).verdict == "broken"
    assert doubled(case, "users name", "", asked=True).verdict == "unverified"
    assert doubled(case, "users name", "", asked=True, merged=True).verdict == "broken"
    assert "data integrity rules" in doubled(case, "users email", "", merged=True).remedy
