"""index-not-redundant: no index does what another does already."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding
from harness.checks.index_likeness import covers, inherited, keys_text, named, same_keys
from harness.checks.states import head, line_of_index
from harness.checks.write_cost import cost_of
from harness.counting import counted
from harness.design.model import Entity, Index


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per redundant index; one per table in which there is none."""
    for entity in head(case).entities:
        found = list(_entity(check, case, entity))
        yield from found
        own = [i for i in entity.indexes if i.constraint is None and inherited(i, head(case)) is None]
        if own and not found:
            many = f"none of its {counted(len(own), 'index')} does what another does"
            message = many if len(own) > 1 else "its only index does what no other index does"
            yield check.found("holds", f"table {entity.name}", message, line_of_index(case, own[0]))


def _entity(check: Check, case: Case, entity: Entity) -> Iterator[Finding]:
    for number, index in enumerate(entity.indexes):
        if index.constraint is not None or inherited(index, head(case)) is not None:
            continue
        for position, other in enumerate(entity.indexes):
            if other is not index and _replaces(other, index, later=position < number):
                yield _finding(check, case, index, other)
                break


def _replaces(other: Index, index: Index, *, later: bool) -> bool:
    """Whether ``index`` can go because of ``other``; of two equal ones only one goes: not the constraint's."""
    if not covers(other, index):
        return False
    equal = same_keys(other, index) and set(other.includes) == set(index.includes)
    if index.unique:
        # Uniqueness of fewer columns is a rule of its own: only an equally unique twin replaces it.
        return equal and bool(other.unique) and (other.constraint is not None or later)
    return not equal or bool(other.unique) or later


def _finding(check: Check, case: Case, index: Index, other: Index) -> Finding:
    how = "has the same keys" if same_keys(other, index) else f"begins with the same keys: ({keys_text(other)})"
    message = f"{named(other)} {how}; every write keeps both, no read needs this one"
    subject = f"index {index.name} on {index.entity}"
    cost, figures = cost_of(case, index)
    message += f"; {cost}" if cost else ""
    evidence = {**figures, "index": keys_text(index), "other": other.name, "constraint": other.constraint}
    return check.found("broken", subject, message, line_of_index(case, index), evidence=evidence)


CHECK = Check(
    name="index-not-redundant",
    question="Is there an index that is the double of another, or the beginning of it?",
    why="Each index is written on every insert and on most updates, and takes its share of memory; a double gives "
    "nothing for it. UNIQUE and PRIMARY KEY bring an index of their own.",
    remedy="Drop it.",
    severity="warning",
    breaks="email TEXT UNIQUE, … CREATE INDEX idx_users_email ON users (email);",
    holds="email TEXT UNIQUE   -- its index serves the login query",
    judge=judge,
)
