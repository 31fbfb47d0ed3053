"""rewrites-no-table: no statement of a migration copies a table that holds rows."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.safer_way import safer
from harness.counting import counted
from harness.facts import Effect
from harness.plan.model import Change
from harness.run.model import Applied, Loaded
from harness.run.seen.statements import Measured

BESIDE = (
    "Others read and write meanwhile, but it takes the table's size on disk again, and replicas wait for it: run it "
    "at a quiet hour, with room for it, or with gh-ost or pt-online-schema-change, which can be slowed down."
)


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding for each statement that copies, else one for each migration that changes a table with rows."""
    for number, change in enumerate(case.plan.changes):
        yield from _one(check, case, change, _there(case, number))


def _there(case: Case, number: int) -> frozenset[str]:
    """The tables before a migration that hold rows: those that were seeded, and those that are not there any more."""
    changes = case.plan.changes
    before = case.run.schema(f"after {changes[number - 1].id}" if number else "start")
    head = case.run.schema("head")
    rows = {loaded.entity: loaded.rows for loaded in case.run.of(Loaded)}
    kept = {e.name for e in head.entities if "view" not in e.kind} if head is not None else set()
    names = (e.name for e in before.entities) if before is not None else ()
    return frozenset(name for name in names if rows.get(name, 0) or name not in kept)


def _one(check: Check, case: Case, change: Change, there: frozenset[str]) -> Iterator[Finding]:
    copies = 0
    for stage in ("up", "down"):
        for applied in (a for a in case.run.of(Applied) if a.stage == stage and a.subject == change.id):
            for effect in applied.effects:
                for table in there.intersection(effect.rewrites):
                    copies += 1
                    yield _copies(check, case, f"migration {change.id} {stage}", effect, table)
    measured = [m for m in case.run.of(Measured) if m.migration == change.id]
    if not copies and measured:
        tables = ", ".join(sorted({table for m in measured for table in m.entities}))
        yield check.found("holds", f"migration {change.id}", f"the storage of {tables} stays the same", change.source)


def _copies(check: Check, case: Case, subject: str, effect: Effect, table: str) -> Finding:
    rows = next((loaded.rows for loaded in case.run.of(Loaded) if loaded.entity == table), None)
    way, at_scale = subject.rpartition(" ")[2], None
    for each in case.run.of(Measured):
        if each.statement == effect.statement and each.way == way:
            at_scale = each
    held = f" of {counted(rows, 'row')}" if rows else ""
    how = f" ({effect.algorithm})" if effect.algorithm else ""
    message = f"it writes all of {table}{held} anew{how}"
    if at_scale is not None:
        message += f": {at_scale.elapsed_s * 1000:,.0f} ms"
        if at_scale.log_bytes:
            message += f", {at_scale.log_bytes / 1e6:,.1f} MB of log"
    seen = {"table": table, "rows": rows, "algorithm": effect.algorithm, "statement": effect.statement.text}
    instead = safer(case.run.traits, effect.statement.text) or None
    if effect.algorithm.endswith("LOCK=NONE"):
        instead = BESIDE
    return check.found("broken", subject, message, effect.statement.source, evidence=seen, remedy=instead)


CHECK = Check(
    name="rewrites-no-table",
    question="Does each statement leave the storage of a table that holds rows as it is?",
    why="A copy takes time, log and disk by the size of the table, on each replica too, and on most engines it keeps "
    "everyone out meanwhile. Read from the server: the file that a table is stored in is another one afterwards.",
    remedy="Add a column that the new rows use, fill it in batches, and drop the old one in a later release.",
    severity="warning",
    breaks="-- Up\nALTER TABLE orders ADD COLUMN token UUID DEFAULT gen_random_uuid();",
    holds="-- Up\nALTER TABLE orders ADD COLUMN token UUID;\n"
    "ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();",
    judge=judge,
)
