"""foreign-key-indexed: the referencing columns of each foreign key lead an index."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.index_likeness import leads
from harness.checks.states import head, line_of_field
from harness.design.model import Entity, ForeignKey


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per foreign key."""
    for entity in head(case).entities:
        if entity.kind != "partition":
            for key in entity.foreign_keys:
                yield _one(check, case, entity, key)


def _one(check: Check, case: Case, entity: Entity, key: ForeignKey) -> Finding:
    fields = ", ".join(key.fields)
    subject, source = f"{entity.name} ({fields})", line_of_field(case, entity.name, key.fields[0])
    index = next((i for i in entity.indexes if leads(i, key.fields)), None)
    if index is not None:
        return check.found("holds", subject, f"{index.name} begins with ({fields})", source)
    message = f"no index begins with ({fields}): deleting or re-keying a row of {key.target} reads all of {entity.name}"
    evidence = {"constraint": key.name, "target": key.target}
    return check.found("broken", subject, message, source, evidence=evidence)


CHECK = Check(
    name="foreign-key-indexed",
    question="Do the referencing columns of each foreign key lead an index?",
    why="Every delete of a parent must look for children; without an index it scans the whole child table, under "
    "locks.",
    remedy="Create an index that begins with the foreign key's columns.",
    severity="warning",
    breaks="user_id BIGINT REFERENCES users (id)",
    holds="user_id BIGINT REFERENCES users (id)   with   CREATE INDEX idx_orders_user_id ON orders (user_id);",
    judge=judge,
)
