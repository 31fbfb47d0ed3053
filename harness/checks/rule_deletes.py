"""What a rule says of deleting a row: that those which refer to it go, stay without it, or keep it where it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness.checks.base import Case, Check, Finding
from harness.checks.naming import tables
from harness.checks.states import head
from harness.design.claim_types import Rule
from harness.design.model import Entity, ForeignKey

SELF = re.compile(r"\b(?:sub-?|child|children|parent|its own|itself|descendants?)", re.IGNORECASE)
"""That a sentence which names one table speaks of rows that refer to others of it."""

CASCADES = re.compile(
    r"\b(?:when|if|once)\b[^.]*\b(?:is|are)\s+(?:deleted|removed)\b[^.]*"
    r"\b(?:go(?:es)?\s+(?:with|too|as well|along)|(?:is|are)\s+(?:also\s+)?(?:deleted|removed))\b|"
    r"\b(?:delet|remov)(?:ing|ion|al)\b.*\b(?:deletes|removes|cascades)\b|"
    r"\b(?P<child>is|are|get)\s+(?:also\s+|automatically\s+)?(?:deleted|removed)\s+(?:together\s+)?(?:with|along)\b",
    re.IGNORECASE,
)
KEEPS = re.compile(
    r"\b(?:cannot|can't|can not|may not|must not)\s+be\s+(?:deleted|removed)\b|"
    r"\b(?:is|are)\s+never\s+(?:deleted|removed)\b|"
    r"\b(?:delet|remov)ing\b.*\b(?:is|are)\s+(?:refused|forbidden|prevented|blocked|not allowed)\b|"
    r"\b(?:kann|können|darf|dürfen)\s+nicht\s+gelöscht\s+werden\b",
    re.IGNORECASE,
)
LEAVES = re.compile(
    r"\b(?:delet|remov)(?:ing|ion|al)\b.*\b(?:keeps|leaves)\b[^.]*\b(?:null|without|nobody|no \w+|anonymous|empty)\b",
    re.IGNORECASE,
)
"""What becomes of the rows that refer to one that is deleted; ``child``: the sentence begins with those."""

ACTION = "Give the foreign key the action that the rule speaks of, or say in the rule what happens."


@dataclass(frozen=True, slots=True)
class _Said:
    """What a sentence says: the actions that do it, and whether the rows that refer are named first."""

    wanted: frozenset[str]
    child_first: bool = False


def deleting(check: Check, case: Case, rule: Rule) -> Finding | None:
    """What deleting a row does to those that refer to it, of a sentence that names both tables."""
    said = _said(rule.text)
    if said is None:
        return None
    ranked = tables(head(case), rule.text)
    if len(ranked) < 2 and ranked and SELF.search(rule.text):
        ranked *= 2
    if len(ranked) < 2:
        return None
    held = _held(case, ranked, ranked[-1] if said.child_first else ranked[0])
    if not held:
        return None
    wrong = {n: found for n, found in held.items() if not any(_on_delete(key) in said.wanted for key in found)}
    told = (
        f"{k.name or 'the key'} of {n} says ON DELETE {_on_delete(k)}" for n, f in (wrong or held).items() for k in f
    )
    subject, message = rule.title or "rule", "; ".join(told)
    if wrong:
        return check.found("broken", subject, message, rule.source, claim=rule.text, remedy=ACTION)
    return check.found("holds", subject, f"by the foreign key: {message}", rule.source, claim=rule.text)


def _said(text: str) -> _Said | None:
    if LEAVES.search(text):
        return _Said(frozenset({"SET NULL", "SET DEFAULT"}))
    if cascades := CASCADES.search(text):
        return _Said(frozenset({"CASCADE"}), child_first=bool(cascades["child"]))
    return _Said(frozenset({"NO ACTION", "RESTRICT"})) if KEEPS.search(text) else None


def _held(case: Case, ranked: Sequence[str], parent: str) -> dict[str, list[ForeignKey]]:
    """The keys to the parent, by the other tables that the sentence names."""
    others = set(ranked) - {parent} or {parent}
    keys = {e.name: to(parent, e) for e in head(case).entities if e.name in others}
    return {name: found for name, found in keys.items() if found}


def to(parent: str, entity: Entity) -> list[ForeignKey]:
    """The references of a table to another one."""
    return [key for key in entity.foreign_keys if key.target == parent]


def _on_delete(key: ForeignKey) -> str:
    return key.on_delete or "NO ACTION"
