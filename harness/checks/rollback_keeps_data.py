"""rollback-keeps-data: what was there before or written after an up is there after its down, or is said to be lost."""

import re
from collections.abc import Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.checks.not_run import WRITE, not_run
from harness.checks.safer_way import rows_first
from harness.counting import counted, form
from harness.design.claim_types import Loses
from harness.design.model import Schema
from harness.plan.model import Change
from harness.run.seen.rows import Loss, Reckoned

WORDS = {"nulled": "NULL", "truncated": "cut off", "changed": "changed", "value gone": "gone"}


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per migration."""
    for number, change in enumerate(case.plan.changes):
        yield _one(check, case, number, change)


def _one(check: Check, case: Case, number: int, change: Change) -> Finding:
    subject = f"migration {change.id}"
    source = change.down[0].source if change.down else change.source
    reckoned = next((r for r in case.run.of(Reckoned) if r.migration == change.id), None)
    if reckoned is None or change.down_derived:
        return _not_reckoned(check, case, number, change)
    said = [claim for claim in case.plan.design.claims if isinstance(claim, Loses) and claim.migration == change.id]
    if reckoned.refused:
        other = said if not _only_added(case, number, said) else []
        return _refused(check, case, change, reckoned.refused, other)
    seen = {
        "rows_before": reckoned.rows,
        "rows_written": reckoned.written,
        "losses": [
            {"table": x.entity, "field": x.field, "kind": x.kind, "whose": x.whose, "count": x.count}
            | {"examples": list(x.examples)}
            for x in reckoned.losses
        ],
    }
    if not reckoned.losses:
        message = (
            f"{counted(reckoned.rows, 'row')} of before and {counted(reckoned.written, 'write')} after the up "
            f"{form(reckoned.rows + reckoned.written, 'is', 'are')} there after the down, "
            "value by value"
        )
        return check.found("holds", subject, message, source, evidence=seen)
    unsaid = [loss for loss in reckoned.losses if not any(_names(claim.text, loss) for claim in said)]
    if not unsaid:
        message = f"the document announces what going back loses: {_told(reckoned.losses)}"
        return check.found("holds", subject, message, said[0].source, claim=said[0].text, evidence=seen)
    message = f"going back loses, and the document does not say so: {_told(unsaid)}"
    return check.found("broken", subject, message, source, evidence=seen)


def _refused(check: Check, case: Case, change: Change, words: str, said: Sequence[Loses]) -> Finding:
    subject, source = f"migration {change.id}", change.down[0].source if change.down else change.source
    down = case.run.applied("down", change.id)
    if down is not None and not down.ok:
        return check.found("unverified", subject, "its down does not run, whatever was written", source)
    if not said:
        message = f"it cannot be taken back any more once rows were written after it: {words}"
        return check.found("broken", subject, message, source, remedy=REFUSED)
    message = f"the document announces it; the server refuses the down after writes: {words}"
    return check.found("holds", subject, message, said[0].source, claim=said[0].text)


def _not_reckoned(check: Check, case: Case, number: int, change: Change) -> Finding:
    subject = f"migration {change.id}"
    if change.down_derived:
        return check.found("unverified", subject, "the document gives no down", change.source, remedy=WRITE)
    why, before = not_run(case, change), _before(case, number)
    if why is not None:
        return check.found("unverified", subject, why[0], change.source, remedy=why[1])
    skipped = case.run.skipped("ledger", change.id)
    if skipped is not None:
        return check.found("unverified", subject, skipped.reason, change.source, remedy=rows_first(skipped.reason))
    if before is not None and not before.entities:
        return check.found("holds", subject, "there was no table before it: nothing to go back to", change.source)
    return check.found("holds", subject, "it is about indexes alone: no row is touched", change.source)


def _before(case: Case, number: int) -> Schema | None:
    return case.run.schema(f"after {case.plan.changes[number - 1].id}" if number else "start")


def _only_added(case: Case, number: int, said: Sequence[Loses]) -> bool:
    """Whether all that is announced are fields that the migration itself adds: for these no down is ever refused."""
    before, after = _before(case, number), case.run.schema(f"after {case.plan.changes[number].id}")
    if before is None or after is None:
        return False
    named = {
        (entity.name, field.name)
        for entity in after.entities
        for field in entity.fields
        for claim in said
        if _names(claim.text, Loss(entity.name, field.name, "value gone", "written after", 1))
    }
    there = {(e.name, f.name) for e in before.entities for f in e.fields}
    return bool(named) and not named & there


def _names(text: str, loss: Loss) -> bool:
    """Whether an announcement speaks of what is lost: by name (a field's, for rows the table's) or by values."""
    if loss.kind == "changed" and loss.examples and all(_says(text, example) for example in loss.examples):
        return True
    wanted = [loss.field] if loss.field else [loss.entity, loss.entity.removesuffix("s")]
    words = " ".join(re.findall(r"\w+", text.lower().replace("_", " ")))
    names = (name.rpartition(".")[2].lower().replace("_", " ") for name in wanted)
    return any(re.search(rf"\b{re.escape(name)}s?\b", words) for name in names)


def _says(text: str, example: str) -> bool:
    """Whether an announcement says which value becomes which: ``returned orders become cancelled``."""
    values = re.fullmatch(r".*?: (\w[\w -]*) became (\w[\w -]*)", example)
    return values is not None and all(re.search(rf"(?i)\b{re.escape(v)}\b", text) for v in values.groups())


def _told(losses: Sequence[Loss]) -> str:
    texts = [_loss(loss) for loss in losses]
    return "; ".join(texts[:3]) + (f"; and {len(texts) - 3} more" if len(texts) > 3 else "")


def _loss(loss: Loss) -> str:
    whose = "there before it" if loss.whose == "there before" else "written after it"
    shown = f" ({'; '.join(loss.examples[:2])})" if loss.examples else ""
    are = form(loss.count, "is", "are")
    if not loss.field:
        return f"{counted(loss.count, 'row')} of {loss.entity} {whose} {are} gone{shown}"
    return f"{counted(loss.count, 'value')} of {loss.entity}.{loss.field} {whose} {are} {WORDS[loss.kind]}{shown}"


REFUSED = "Let the down first bring what was written into the shape of before, or say that it loses what does not fit."

CHECK = Check(
    name="rollback-keeps-data",
    question="Is every row and value that was there before an up, or was written after it, there after its down?",
    why="Going back is for the day when the new release is wrong, and by then people have worked with it. So rows are "
    "there before the up, the tables are written to after it (rows inserted, changed, deleted by the new shape), and "
    "after the down every table and field is compared. A value that the down keeps in another field is kept.",
    remedy="Keep the values in the down (copy them back, rename instead of drop), or say in it what is lost, by name: "
    "`-- Down: loses the values of role`.",
    severity="warning",
    breaks="-- Up\nALTER TABLE users ADD COLUMN role TEXT;\n-- Down\nALTER TABLE users DROP COLUMN role;",
    holds="-- Up\nALTER TABLE users ADD COLUMN role TEXT;\n-- Down (loses the values of role)\n"
    "ALTER TABLE users DROP COLUMN role;",
    judge=judge,
)
