"""What an application of a schema sends: the queries of the document, and reads and writes derived from its tables.

For each table a row is read, changed, deleted, and written: as the seed makes it, without what has a default, and with
each field in turn at an edge of what the schema takes (the longest text, the largest number, NULL, each value of a
list). A view is read and written as the table that code takes it for. Whatever the server refuses on its own schema is
left out: so nothing has to be known of constraints, nor of which views can be written to.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from harness.abilities import Executing
from harness.counting import counted
from harness.design.model import Entity, Field, Schema
from harness.engine import Session
from harness.facts import Batch, Refusal
from harness.run.bench import Bench
from harness.run.queries import example
from harness.run.requests import Wanted, new_rows
from harness.run.views import as_table, rows_through
from harness.watching import Deriving

Kind = Literal["query", "select", "insert", "update", "delete"]

KEYS = 8
"""Rows of a table of which one must be free to be deleted."""

MOST_LABELS = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement. ``subject``: the query's id, or the entity and what is special in the row.

    Where an engine derives no texts, ``row`` is what is written to ``entity``.
    """

    kind: Kind
    subject: str
    text: str = ""
    entity: Entity | None = None
    row: Batch | None = None


def sent(bench: Bench, session: Session, wanted: Wanted) -> tuple[Sent, ...]:
    """Statements that the database of the session takes; those of tables only for ``wanted.changed``."""
    found = list(_queries(bench, session, wanted.schema))
    for entity in wanted.schema.entities:
        if entity.name in wanted.changed:
            found += _working(session, _derived(bench, session, entity, wanted))
    return tuple(found)


def refused(session: Session, statement: Sent) -> Refusal | None:
    """What a server says of a statement, which has no lasting effect; None when it takes it."""
    if statement.entity is not None and statement.row is not None:
        return session.attempt(statement.entity, statement.row)
    if statement.kind != "query" and isinstance(session, Executing):
        return session.tried(statement.text)
    answer = session.explain(statement.text, execute=False)
    return answer if isinstance(answer, Refusal) else None


def _queries(bench: Bench, session: Session, schema: Schema) -> Iterator[Sent]:
    for query in bench.plan.queries:
        text = example(bench, session, query, schema)
        if text is not None and not isinstance(session.explain(text, execute=False), Refusal):
            yield Sent("query", query.id, text)


def _working(session: Session, statements: Iterator[Sent]) -> Iterator[Sent]:
    """Those that are taken; of one subject only the first that is."""
    settled: set[tuple[str, str]] = set()
    for statement in statements:
        place = (statement.kind, statement.subject)
        if place not in settled and refused(session, statement) is None:
            settled.add(place)
            yield statement


def _derived(bench: Bench, session: Session, entity: Entity, wanted: Wanted) -> Iterator[Sent]:
    if "view" not in entity.kind:
        yield from _keyed(bench, session, entity)
        yield from _written(session, entity, new_rows(bench, session, entity, wanted))
        return
    table = as_table(bench, wanted.schema, entity)
    yield from _keyed(bench, session, table or entity)
    if table is not None:
        yield from _written(session, table, rows_through(bench, session, table, wanted))


def _keyed(bench: Bench, session: Session, entity: Entity) -> Iterator[Sent]:
    """What is done to rows that are there, by their key; without one, no more than all fields named in a read."""
    if not isinstance(session, Deriving):
        return
    if entity.primary_key is None:
        yield from (Sent("select", entity.name, text) for text in session.reads(entity, [()]))
        return
    keys = session.sample(entity.name, entity.primary_key.fields, KEYS, bench.plan.scenario.seed)
    yield from (Sent("select", entity.name, text) for text in session.reads(entity, keys[:1]))
    yield from (Sent("update", entity.name, text) for text in session.updates(entity, keys[:1]))
    yield from (Sent("delete", entity.name, text) for text in session.deletes(entity, keys))


def _written(session: Session, entity: Entity, rows: Sequence[Batch]) -> Iterator[Sent]:
    """New rows: as they are made, and those that differ in one field from one that is taken."""
    for row in rows:
        yield from _inserts(session, entity, row, entity.name)
    taken = next((row for row in rows if _is_taken(session, entity, row)), None)
    if taken is not None:
        for what, row in _edges(entity, taken):
            yield from _inserts(session, entity, row, f"{entity.name}, {what}")


def _is_taken(session: Session, entity: Entity, row: Batch) -> bool:
    return all(refused(session, each) is None for each in _inserts(session, entity, row, entity.name))


def _inserts(session: Session, entity: Entity, row: Batch, subject: str) -> Iterator[Sent]:
    if isinstance(session, Deriving) and isinstance(session, Executing):
        yield from (Sent("insert", subject, text) for text in session.inserts(entity, row))
    else:
        yield Sent("insert", subject, entity=entity, row=row)


def _edges(entity: Entity, row: Batch) -> Iterator[tuple[str, Batch]]:
    """Rows that differ from one that is taken in one field, or that leave to the server what it can fill in."""
    least = [f.name for f in entity.fields if f.nullable is False and f.default is None and f.name in row.fields]
    yield (
        "without what has a default or may be NULL",
        _of(row, {name: row.value(name) for name in least}),
    )
    for field in entity.fields:
        if field.name in row.fields and field.identity is None and field.generated is None:
            for said, value in edge_values(entity, field):
                values = {name: row.value(name) for name in row.fields}
                yield f"{field.name} = {said}", _of(row, {**values, field.name: value})


def _of(row: Batch, values: dict[str, object]) -> Batch:
    return Batch(tuple(values), tuple([value] for value in values.values()), row.rows)


def edge_values(entity: Entity, field: Field) -> Iterator[tuple[str, object]]:
    """What to try in a field, with a word for each."""
    shape = field.shape
    if field.nullable:
        yield "NULL", None
    if shape is None:
        return
    match shape.family:
        case "integer":
            bits = 8 * (shape.width or 4)
            yield "its largest number", (1 << bits) - 1 if shape.unsigned else (1 << (bits - 1)) - 1
        case "decimal" if shape.precision is not None:
            scale = shape.scale or 0
            yield "its largest number", (Decimal(10**shape.precision) - 1).scaleb(-scale)
        case "text" if shape.length is not None and shape.length <= 65535:
            yield f"a text of {counted(shape.length, 'character')}", "x" * shape.length
        case "enum":
            yield from ((repr(label), label) for label in shape.labels[:MOST_LABELS])
        case _:
            pass
    yield from _listed(entity, field)


def _listed(entity: Entity, field: Field) -> Iterator[tuple[str, object]]:
    """Values that a CHECK speaks of, and for numbers those beside them."""
    texts = [check.expression or "" for check in entity.checks if field.name in check.fields]
    family = field.shape.family if field.shape is not None else ""
    if family == "text":
        labels = (label for text in texts for label in re.findall(r"'((?:[^']|'')*)'", text))
        yield from ((repr(label), label) for label in list(dict.fromkeys(labels))[:MOST_LABELS])
    if family in {"integer", "decimal"}:
        numbers = [int(found) for text in texts for found in re.findall(r"(?<![\w.'])-?\d{1,9}(?![\w.])", text)]
        near: Sequence[int] = sorted({number + step for number in numbers for step in (-1, 0, 1)})
        yield from ((str(number), Decimal(number) if family == "decimal" else number) for number in near[:MOST_LABELS])


def changed(one: Schema, other: Schema) -> Collection[str]:
    """Tables of ``one`` that may behave otherwise in ``other``: all, when more than tables differs."""
    if one.objects != other.objects:
        return frozenset(entity.name for entity in one.entities)
    twins = {entity.name: entity for entity in other.entities}
    touched = {e.name for e in one.entities if twins.get(e.name) != e}
    differing = [e for e in (*one.entities, *other.entities) if e.name in touched or one.entity(e.name) is None]
    views = {e.name for e in one.entities if touched and "view" in e.kind}  # of what they show, something may differ
    return frozenset(touched | views | {key.target for entity in differing for key in entity.foreign_keys})
