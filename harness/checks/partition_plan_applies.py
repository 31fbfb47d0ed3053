"""partition-plan-applies: the partitioning plan runs on the schema of the document."""

import re
from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.states import cut_short, head
from harness.counting import counted, form
from harness.design.model import Entity, Statement
from harness.run.model import Applied

MISPLACED = re.compile(r"increasing|would overlap", re.IGNORECASE)
"""What servers say of ranges that misfit each other."""

RANGES = "Give the partitions ranges that follow each other, from the lowest to the highest, without overlap."


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding for the plan: the first statement that is refused, or that all were taken."""
    if not case.plan.partitions:
        return
    subject, source = "partitioning plan", case.plan.partitions[0].source
    applied = [a for a in case.run.of(Applied) if a.stage == "partition"]
    made = tuple(case.run.skips("partition"))
    refused = next((a for a in applied if not a.ok), None)
    if refused is not None and cut_short(case) is not None:
        yield check.found("unverified", subject, str(cut_short(case)), source)
    elif refused is not None:
        yield _refused(check, case, refused)
    elif not applied and made:
        said = "; ".join(sorted({each.reason for each in made}))
        yield check.found("holds", subject, f"it is carried out already: {said}", source)
    elif applied:
        taken = f"{counted(len(applied), 'statement')} {form(len(applied), 'was', 'were')} accepted"
        yield check.found("holds", subject, f"{taken} on a copy of the schema", source)
    else:
        yield check.found("unverified", subject, "it was not run", source)


def _refused(check: Check, case: Case, applied: Applied) -> Finding:
    assert applied.refusal is not None
    assert applied.refused is not None
    statement = applied.refused.statement
    message = f"the server refuses it on this schema: {applied.refusal.message}"
    entity = next((e for e in head(case).entities if _parent(statement) == e.name.lower()), None)
    if entity is not None and entity.kind == "table":
        message += "; " + "; ".join(_obstacles(case, entity, beside="PARTITION OF" in statement.text.upper()))
    evidence = {"statement": statement.text, "code": applied.refusal.code}
    remedy = RANGES if MISPLACED.search(applied.refusal.message) else None
    return check.refused(case, "partitioning plan", message, applied.refusal, evidence=evidence, remedy=remedy)


def _parent(statement: Statement) -> str:
    words = statement.text.replace("(", " ").split()
    upper = [word.upper() for word in words]
    after = next((n + 2 for n in range(len(upper) - 1) if upper[n : n + 2] == ["PARTITION", "OF"]), None)
    if after is None:
        after = next((n + 2 for n in range(len(upper) - 1) if upper[n : n + 2] == ["ALTER", "TABLE"]), None)
    return words[after].strip('";').lower() if after is not None and after < len(words) else ""


def _obstacles(case: Case, entity: Entity, *, beside: bool) -> Iterator[str]:
    """What would have to change before the table could be partitioned at all.

    ``beside``: partitions are tables of their own (PostgreSQL); else the table itself is divided (MySQL), which may
    have no foreign keys then (MySQL 9.7 manual, "Partitioning Limitations Relating to Storage Engines").
    """
    if beside:
        yield f"{entity.name} is made without PARTITION BY, and a table cannot be partitioned afterwards"
    for key in entity.keys:
        noun = "its primary key" if key.primary else "its unique key"
        yield f"{noun} ({', '.join(key.fields)}) would have to include the partition key"
    for other in head(case).entities:
        if any(reference.target == entity.name for reference in other.foreign_keys):
            what = "could then no longer refer to its key alone" if beside else "would have to go"
            yield f"the foreign key from {other.name} {what}"
    if entity.foreign_keys and not beside:
        yield "its own foreign keys would have to go"


CHECK = Check(
    name="partition-plan-applies",
    question="Does the partitioning plan run on the schema that the document defines?",
    why="Partitioning is planned for the day when a table has become large; a plan that misfits the table's keys is "
    "found out on that day, when changing the keys takes longest.",
    remedy="Make the table with PARTITION BY from the start, the partition key in each of its keys, or plan the copy "
    "into a new table.",
    severity="error",
    breaks="CREATE TABLE users (id BIGINT PRIMARY KEY, created_at DATE);\n"
    "CREATE TABLE users_2026 PARTITION OF users FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
    holds="CREATE TABLE users (id BIGINT, created_at DATE, PRIMARY KEY (id, created_at))\n"
    "PARTITION BY RANGE (created_at);",
    judge=judge,
)
