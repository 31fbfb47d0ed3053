"""relationships-agree: foreign keys, and what they do on delete and update, are as said."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.columns_agree import VALIDATED
from harness.checks.states import cut_short, described
from harness.design.claim_types import Relates
from harness.design.model import Entity, ForeignKey, Schema
from harness.facts import Traits


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per relationship that the document states."""
    live = described(case)
    for claim in case.plan.design.claims:
        if isinstance(claim, Relates):
            yield _one(check, case, claim, live.schema)


def _one(check: Check, case: Case, claim: Relates, live: Schema) -> Finding:
    subject = f"{claim.entity}.{', '.join(claim.fields)} -> {claim.target}"
    entity = live.entity(claim.entity)
    gone = [f for f in claim.fields if entity is not None and entity.field(f) is None]
    if entity is None or gone:
        reason = cut_short(case) or "the table or the column is not there (see columns-agree)"
        return check.found("unverified", subject, reason, claim.source, claim=claim.text)
    if entity.kind == "collection":
        return _reference(check, claim, subject, entity, live)
    words = list(_differences(claim, entity, live, case.run.traits))
    if not words:
        return check.found("holds", subject, "the foreign key is as said", claim.source, claim=claim.text)
    return check.found("broken", subject, "; ".join(words), claim.source, claim=claim.text)


def _reference(check: Check, claim: Relates, subject: str, entity: Entity, live: Schema) -> Finding:
    """A reference between collections, which no server keeps: both ends are there, and of one type."""
    target = live.entity(claim.target)
    if target is None:
        return check.found("broken", subject, f"there is no {claim.target}", claim.source, claim=claim.text)
    for name, other in zip(claim.fields, claim.target_fields or ("_id",), strict=False):
        one, two = entity.field(name), target.field(other)
        if one is None or two is None:
            reason = f"no validator speaks of {target.name}.{other}"
            return check.found("unverified", subject, reason, claim.source, claim=claim.text, remedy=VALIDATED)
        if one.shape is not None and two.shape is not None and one.shape.family != two.shape.family:
            message = f"it is a {one.type}, and {target.name}.{other} is a {two.type}: nothing is ever found by it"
            return check.found("broken", subject, message, claim.source, claim=claim.text)
    message = "both ends are there, and of one type; that they stay so is up to whoever writes"
    return check.found("holds", subject, message, claim.source, claim=claim.text)


def _differences(claim: Relates, entity: Entity, live: Schema, traits: Traits) -> Iterator[str]:
    keys = [k for k in entity.foreign_keys if _lower(k.fields) == _lower(claim.fields)]
    if not keys:
        yield f"there is no foreign key on {entity.name} ({', '.join(claim.fields)})"
        return
    key = next((k for k in keys if k.target.lower() == claim.target.lower()), None)
    if key is None:
        yield f"the foreign key refers to {keys[0].target}, not to {claim.target}"
        return
    yield from _details(claim, key, live, traits)


def _details(claim: Relates, key: ForeignKey, live: Schema, traits: Traits) -> Iterator[str]:
    target = live.entity(key.target)
    implied = target.primary_key.fields if target is not None and target.primary_key is not None else ()
    wanted = claim.target_fields or implied
    if wanted and _lower(key.target_fields) != _lower(wanted):
        yield f"it refers to {key.target} ({', '.join(key.target_fields)}), not to ({', '.join(wanted)})"
    for what, said, is_ in (("DELETE", claim.on_delete, key.on_delete), ("UPDATE", claim.on_update, key.on_update)):
        if said is not None and _meant(said, traits) != _meant(is_ or "NO ACTION", traits):
            yield f"ON {what} is {is_ or 'NO ACTION'}, not {said}"


def _meant(action: str, traits: Traits) -> str:
    """An action in capitals, as the engine takes it."""
    word = action.upper()
    return traits.no_action if word == "NO ACTION" else word


def _lower(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)


CHECK = Check(
    name="relationships-agree",
    question="Are the foreign keys, and what they do on delete and update, as the document says?",
    why="ON DELETE decides whether removing a customer removes the orders, is refused, or leaves them ownerless.",
    remedy="Make the REFERENCES clause and the sentence say the same.",
    severity="error",
    breaks="- `user_id` → `users.id`, ON DELETE CASCADE   with   user_id BIGINT REFERENCES users (id)",
    holds="- `user_id` → `users.id`, ON DELETE CASCADE   with   user_id BIGINT REFERENCES users (id) ON DELETE CASCADE",
    judge=judge,
)
