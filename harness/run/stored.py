"""Whether a write that is taken is stored: what code wrote to a table it finds there afterwards.

A view may take a row and hide it, and a trigger or a rule in a table's place may take it and do nothing. So the same
write is made on both sides, each in a transaction that is taken back: what it changes on the one, it must on the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.abilities import Executing, Transacting
from harness.design.model import Schema
from harness.engine import Session
from harness.facts import Refusal
from harness.run.bench import Bench
from harness.run.requested import Sent
from harness.run.requests import Wanted, new_rows
from harness.run.views import as_table, rows_through
from harness.watching import Deriving, Tallying

KEYS = 8
"""Rows of a table of which one must take other values."""

CHANGED = "with other values"
NOT_FOUND = {
    "insert": "it is taken, but the row is not found afterwards",
    "update": "it is taken, but the row is as it was, or not found, afterwards",
    "delete": "it is taken, but no row is gone afterwards",
}

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Sides:
    """A session of the side whose code writes, one of the other side, and the schemas of both."""

    session: Session
    theirs: Session
    schema: Schema
    target: Schema


@dataclass(frozen=True, slots=True)
class Written:
    """A write, and what is read before and after it."""

    sent: Sent
    reading: str
    columns: tuple[str, ...]


def lost(sides: Sides, statement: Sent) -> str:
    """What an insert or a delete, which both sides take, does not do on the other side; empty where it does all."""
    entity = sides.schema.entity(statement.subject.partition(",")[0])
    if entity is None or statement.kind not in {"insert", "delete"} or not statement.text:
        return ""
    if not _may_discard(sides, entity.name) or not isinstance(sides.session, Tallying):
        return ""
    names = tuple(field.name for field in entity.fields)
    found = _missing(sides, Written(statement, sides.session.tally(entity), ("", *names)))
    return found if isinstance(found, str) else ""  # what was taken alone is not refused in a transaction


def changes(bench: Bench, sides: Sides, wanted: Wanted) -> Iterator[tuple[Sent, Refusal | str]]:
    """One update with other values for each table where it may be lost: what is refused, or what is not stored."""
    session = sides.session
    for entity in wanted.schema.entities if isinstance(session, Deriving) else ():
        if entity.name not in wanted.changed or not _may_discard(sides, entity.name):
            continue
        table = entity if "view" not in entity.kind else as_table(bench, wanted.schema, entity)
        if table is None or table.primary_key is None or not isinstance(session, Deriving):
            continue
        new = (
            new_rows(bench, session, table, wanted) if table is entity else rows_through(bench, session, table, wanted)
        )
        keys = session.sample(table.name, table.primary_key.fields, KEYS, bench.plan.scenario.seed)
        columns = tuple(field.name for field in table.fields)
        for key, row in zip(keys, new, strict=False):
            (reading,), texts = session.reads(table, [key]), session.updates(table, [key], row)
            sent = [Sent("update", f"{table.name}, {CHANGED}", text) for text in texts]
            if not sent:
                break
            found = _missing(sides, Written(sent[0], reading, columns))
            if found is not None:
                yield sent[0], found
                break


def _may_discard(sides: Sides, name: str) -> bool:
    """Whether there is a view in place of a table, or another one, or code of the server's that is new."""
    twin = sides.target.entity(name)
    if twin is None:
        return False
    return "view" in twin.kind or bool(_code(sides.target, name) - _code(sides.schema, name))


def _code(schema: Schema, name: str) -> frozenset[tuple[str, str]]:
    """Triggers and rules of a table."""
    found = (each for each in schema.objects if each.kind in {"trigger", "rule"})
    return frozenset((o.name, o.definition) for o in found if o.name.rpartition(".")[0].strip('"') == name)


def _missing(sides: Sides, written: Written) -> Refusal | str | None:
    """What the other side refuses, or does not store (empty: it stores all); None where nothing can be said of it."""
    mine = _around(sides.session, written)
    if mine is None or isinstance(mine, Refusal) or mine[0] == mine[1]:
        return None
    its = _around(sides.theirs, written)
    if its is None or isinstance(its, Refusal):
        return its
    return _compared(written, mine, its)


def _compared(written: Written, mine: tuple[Rows, Rows], its: tuple[Rows, Rows]) -> str | None:
    """In words what changes on the one side and not on the other; of a row that is gone, no more than that."""
    if len({len(rows) for rows in (*mine, its[0])}) != 1 or len(mine[0]) != 1:
        return None
    if its[0] == its[1] or not its[1]:
        return NOT_FOUND[written.sent.kind]
    moved = [a != b for a, b in zip(mine[0][0], mine[1][0], strict=True)]
    kept = [a == b for a, b in zip(its[0][0], its[1][0], strict=True)]
    unstored = [name for name, a, b in zip(written.columns, moved, kept, strict=True) if a and b]
    if "" in unstored:
        return NOT_FOUND[written.sent.kind]
    return f"it is taken, but not stored: {', '.join(unstored)}" if unstored else ""


def _around(session: Session, written: Written) -> tuple[Rows, Rows] | Refusal | None:
    """What is read before and after the write, as texts; None where it cannot be read."""
    if not isinstance(session, Transacting) or not isinstance(session, Executing):
        return None
    if session.tried(written.reading) is not None:
        return None
    reading, text = (each.replace("%", "%%") for each in (written.reading, written.sent.text))
    with session.undone() as asking:
        before = asking.ask(reading)
        refusal = asking.change(text)
        return refusal if refusal is not None else (_texts(before), _texts(asking.ask(reading)))


def _texts(rows: Rows) -> Rows:
    return [[None if value is None else str(value) for value in row] for row in rows]
