"""What is said of a compatible migration is what was sent, and never that nothing holds."""

from dataclasses import replace

import pytest

from harness.checks.backward_compatible import CHECK
from harness.checks.base import Case, Finding
from harness.design.claim_types import BackwardCompatible
from harness.design.model import Entity, Field, Schema
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
        ((), NARROW, "unverified", "nothing that worked before it could be tried after it"),
    ],
)
def test_what_was_sent_is_told(case: Case, tried: tuple[Tried, ...], after: Entity, verdict: str, message: str) -> None:
    found = judged(case, tried, after)
    assert (found.verdict, found.message) == (verdict, message)
    assert found.remedy != CHECK.remedy
