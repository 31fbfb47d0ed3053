"""cascade-as-declared: deleting a row that others refer to, or changing its key, does what the document says."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.states import line_of_entity
from harness.design.claim_types import Relates
from harness.run.seen.rows import Parted, Parting

WORDS = {
    "refused": "is refused",
    "gone": "deletes the rows that refer to it",
    "null": "sets NULL in the rows that refer to it",
    "default": "sets the default in the rows that refer to it",
    "followed": "changes the rows that refer to it as well",
    "kept": "leaves rows that refer to nothing",
}
ON_DELETE = {"CASCADE": {"gone"}, "SET NULL": {"null"}, "SET DEFAULT": {"default", "null"}}
ON_UPDATE = {"CASCADE": {"followed"}, "SET NULL": {"null"}, "SET DEFAULT": {"default", "null"}}
"""What an action leads to; a default may be NULL."""


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding for each foreign key."""
    for parted in case.run.of(Parted):
        yield _one(check, case, parted)


def _one(check: Check, case: Case, parted: Parted) -> Finding:
    claim = _claim(case, parted)
    said = claim.text if claim is not None else ""
    source = claim.source if claim is not None else line_of_entity(case, parted.entity)
    subject = f"{parted.entity}.{', '.join(parted.key.fields)} -> {parted.key.target}"
    delete = (claim.on_delete if claim is not None else None) or parted.key.on_delete or "NO ACTION"
    update = (claim.on_update if claim is not None else None) or parted.key.on_update or "NO ACTION"
    tried = (
        ("deleting a row", "DELETE", delete.upper(), parted.deleted, ON_DELETE),
        ("changing its key", "UPDATE", update.upper(), parted.updated, ON_UPDATE),
    )
    wrong = [
        f"{what} {WORDS[seen.outcome]}{_detail(seen)}, and ON {event} {action} is declared"
        for what, event, action, seen, outcomes in tried
        if seen.outcome not in {"untried", *outcomes.get(action, {"refused"})}
    ]
    evidence = {"deleted": parted.deleted.outcome, "updated": parted.updated.outcome}
    if wrong:
        return check.found("broken", subject, "; ".join(wrong), source, claim=said, evidence=evidence)
    if parted.deleted.outcome == "untried":
        return check.found("unverified", subject, parted.deleted.detail, source, claim=said, evidence=evidence)
    words = [
        f"{what} {WORDS[seen.outcome]} (ON {event} {action})"
        for what, event, action, seen, _ in tried
        if seen.outcome != "untried"
    ]
    return check.found("holds", subject, ", ".join(words), source, claim=said, evidence=evidence)


def _detail(seen: Parting) -> str:
    return f" ({seen.detail})" if seen.detail else ""


def _claim(case: Case, parted: Parted) -> Relates | None:
    """What the document says of it; the saying with an action in it before the others."""
    fields = tuple(name.lower() for name in parted.key.fields)
    found = [
        c
        for c in case.plan.design.claims
        if isinstance(c, Relates)
        and c.entity.lower() == parted.entity.lower()
        and tuple(name.lower() for name in c.fields) == fields
        and c.target.lower() == parted.key.target.lower()
    ]
    return next((c for c in found if c.on_delete or c.on_update), found[0] if found else None)


CHECK = Check(
    name="cascade-as-declared",
    question="Does deleting a row that others refer to, or changing its key, do what the document says?",
    why="It is done on real rows and taken back. Whether removing a customer is refused, removes the orders or leaves "
    "them without an owner is seen by nobody until somebody removes one.",
    remedy="Give the foreign key the action that the document declares, or let the document say what the key does.",
    severity="error",
    breaks="- `user_id` → `users.id`, ON DELETE CASCADE   with   user_id BIGINT REFERENCES users (id)",
    holds="- `user_id` → `users.id`, ON DELETE CASCADE   with   user_id BIGINT REFERENCES users (id) ON DELETE CASCADE",
    judge=judge,
)
