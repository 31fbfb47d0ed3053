"""Rules in the words that people use, against a schema that keeps them or does not; no server is asked."""

from dataclasses import replace

import pytest

from harness.checks.base import Case
from harness.checks.registry import judge
from harness.design.claim_types import Rule, Told
from harness.design.model import Check, Entity, Field, ForeignKey, Index, IndexKey, Key, Schema
from harness.facts import Traits
from harness.run.model import Applied, Inspected
from harness.source import Source

AT = Source("d.md", 5, 5)


def table(name: str, *fields: str, keys: tuple[Key, ...] = (), refers: tuple[ForeignKey, ...] = (),
          indexes: tuple[Index, ...] = ()) -> Entity:  # fmt: skip
    found = tuple(Field(f, "text", nullable=f == "returned_at") for f in fields)
    return Entity(name, "table", found, keys=keys, foreign_keys=refers, indexes=indexes)


def reference(*fields: str, target: str, on_delete: str | None = None) -> ForeignKey:
    return ForeignKey("fk", fields, target, ("id",), on_delete)


OPEN = Index("one_open", "loans", (IndexKey("copy_id"),), unique=True, predicate="returned_at IS NULL")
SCHEMA = Schema(
    (
        table("members", "id", "email", "name", keys=(Key("members_email_key", ("email",)),)),
        table("copies", "id", "barcode"),
        table("loans", "id", "copy_id", "member_id", "returned_at", indexes=(OPEN,),
              refers=(reference("member_id", target="members"),)),
        table("categories", "id", "parent_id",
              refers=(reference("parent_id", target="categories", on_delete="SET NULL"),)),
        replace(
            table("visits", "member_id", "copy_id", "came_at", "begun_at", "left_at", "paid_at", "weight",
                  keys=(Key("visits_key", ("member_id", "copy_id", "came_at")),)),
            checks=(Check("visits_order", "left_at > begun_at", ("left_at", "begun_at")),
                    Check("weighty", "weight <> 0", ("weight",))),
        ),
        replace(
            table("invitations", "one_id", "other_id", refers=(reference("one_id", target="members"),)),
            checks=(Check("not_itself", "one_id <> other_id", ("one_id", "other_id")),),
        ),
        table("badges", "member_id", "id", "serial", keys=(Key("badges_pkey", ("member_id", "id"), primary=True),)),
        table("shelves", "hall", "number", keys=(Key("shelf_key", ("hall", "number")),)),
        table("sales", "id", "ticket", "mark",
              keys=(Key("sales_pkey", ("id",), primary=True), Key("sales_key", ("ticket", "id")))),
        table("fahrzeuge", "id", "kennzeichen", keys=(Key("k", ("kennzeichen",)),)),
        table("fahrten", "id", "fahrzeug_id", refers=(reference("fahrzeug_id", target="fahrzeuge"),)),
    )
)  # fmt: skip

CASES = {
    "A copy can only have one open loan.": ("holds", "by one_open on loans.copy_id"),
    "E-mail addresses are unique.": ("holds", "by members_email_key on members.email"),
    "Every member has a unique name.": ("broken", "no UNIQUE on members.name enforces it"),
    "A barcode exists at most once.": ("broken", "no UNIQUE on copies.barcode enforces it"),
    "Every loan belongs to a member.": ("holds", "by the foreign key fk of loans"),
    "Every loan belongs to a copy.": ("broken", "no foreign key of loans refers to copies"),
    "Deleting a category deletes its sub-categories.": ("broken", "fk of categories says ON DELETE SET NULL"),
    "Loans without a return (returned_at) are allowed.": ("holds", "loans.returned_at may be NULL"),
    "Copies without a barcode are allowed.": ("broken", "copies.barcode is NOT NULL"),
    "A serial is unique within its member.": ("broken", "no UNIQUE on badges.serial enforces it"),
    "Only one open sale per hall and mark.": ("broken", "no UNIQUE on sales.mark enforces it"),
    "A shelf number is unique within its hall.": ("holds", "by shelf_key on shelves.number"),
    "A ticket is sold at most once.": ("broken", "no UNIQUE on sales.ticket enforces it"),
    "A category's deletion removes its sub-categories.": ("broken", "fk of categories says ON DELETE SET NULL"),
    "Deleting a category keeps its children, without a parent.": (
        "holds", "by the foreign key: fk of categories says ON DELETE SET NULL",
    ),
    "Deleting a member leaves the loans without one.": ("broken", "fk of loans says ON DELETE NO ACTION"),
    "When a member is deleted its loans go with it.": ("broken", "fk of loans says ON DELETE NO ACTION"),
    "Members with loans are never deleted.": ("holds", "by the foreign key: fk of loans says ON DELETE NO ACTION"),
    "A loan cannot exist without a member.": ("holds", "by the foreign key fk of loans"),
    "A loan cannot exist without a copy.": ("broken", "no foreign key of loans refers to copies"),
    "One visit per member, copy and moment.": ("holds", "by visits_key on visits (member_id, copy_id, came_at)"),
    "One visit per member and copy.": ("unverified", "no column that the rule could be about was recognised in it"),
    "A member never invites itself.": ("holds", "by not_itself on invitations"),
    "A visit is left after it was begun.": ("holds", "by visits_order on visits.begun_at and visits.left_at"),
    "A visit is paid after it was begun.": (
        "broken", "no CHECK that speaks of visits.begun_at and visits.paid_at enforces it",
    ),
    "Weights are never zero.": ("holds", "by weighty on visits.weight"),
    "Das Kennzeichen ist eindeutig.": ("holds", "by k on fahrzeuge.kennzeichen"),
    "Ein Fahrzeug mit Fahrten kann nicht gelöscht werden.": (
        "holds", "by the foreign key: fk of fahrten says ON DELETE NO ACTION",
    ),
}  # fmt: skip


def asked(case: Case, claim: Rule | Told, *checks: str) -> list[tuple[str, str, str]]:
    ups = [Applied("up", change.id, (), 0.0) for change in case.plan.changes]
    run = replace(case.run, observations=(*ups, Inspected("head", SCHEMA)))
    plan = replace(case.plan, design=replace(case.plan.design, claims=(claim,)))
    return [(f.check, f.verdict, f.message) for f in judge(Case(plan, run), select=checks)]


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_a_rule_is_held_against_what_enforces_it(case: Case, text: str, expected: tuple[str, str]) -> None:
    assert asked(case, Rule("", text, AT), "rule-covered") == [("rule-covered", *expected)]


def test_where_there_are_no_foreign_keys_none_is_missed(case: Case) -> None:
    without = replace(case, run=replace(case.run, traits=Traits(foreign_keys="it has no foreign keys")))
    for text, told in (("Every loan belongs to a copy.", ("unverified", "it has no foreign keys")),
                       ("Every loan belongs to a member.", CASES["Every loan belongs to a member."])):  # fmt: skip
        assert asked(without, Rule("", text, AT), "rule-covered") == [("rule-covered", *told)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deleting a category deletes its sub-categories.", [("rule-covered", "broken")]),
        ("E-mail addresses are unique.", [("rule-covered", "holds")]),
        ("Names are unique within a shard.", [("claims-tried", "unverified")]),
        ("Members are cached for an hour.", [("claims-tried", "unverified")]),
    ],
)
def test_a_sentence_elsewhere_is_a_rule_only_beyond_doubt(
    case: Case, text: str, expected: list[tuple[str, str]]
) -> None:
    found = asked(case, Told("note", text, AT), "rule-covered", "claims-tried")

    assert [(check, verdict) for check, verdict, _ in found] == expected
