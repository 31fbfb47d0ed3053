"""Statements that an application of a table would send, written from the table."""

from collections.abc import Iterator, Sequence

from harness.adapters.postgresql.copy_text import NULL, texts
from harness.adapters.postgresql.names import literal, qualified, quoted
from harness.design.model import Entity
from harness.facts import Batch
from harness.watching import settable

ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\t": "\t"}


def inserts(entity: Entity, rows: Batch) -> tuple[str, ...]:
    """See ``Deriving.inserts``."""
    numbered = {field.name for field in entity.fields if field.identity is not None}
    places = [n for n, name in enumerate(rows.fields) if name not in numbered]
    names = ", ".join(quoted(rows.fields[n]) for n in places)
    head = f"INSERT INTO {qualified(entity.name)}"
    if not places:
        return (f"{head} DEFAULT VALUES",) * rows.rows
    return tuple(f"{head} ({names}) VALUES ({', '.join(row[n] for n in places)})" for row in literals(entity, rows))


def reads(entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """See ``Deriving.reads``."""
    names = ", ".join(quoted(field.name) for field in entity.fields)
    return tuple(f"SELECT {names} FROM {qualified(entity.name)} WHERE {_where(entity, key)}" for key in keys)


def updates(entity: Entity, keys: Sequence[Sequence[str]], rows: Batch | None) -> tuple[str, ...]:
    """See ``Deriving.updates``."""
    names = [name for name in settable(entity) if rows is None or name in rows.fields]
    if not names:
        return ()
    head = f"UPDATE {qualified(entity.name)} SET "
    if rows is None:
        same = head + ", ".join(f"{quoted(name)} = {quoted(name)}" for name in names)
        return tuple(f"{same} WHERE {_where(entity, key)}" for key in keys)
    places = [rows.fields.index(name) for name in names]
    return tuple(
        f"{head}{', '.join(f'{quoted(rows.fields[n])} = {row[n]}' for n in places)} WHERE {_where(entity, key)}"
        for key, row in zip(keys, literals(entity, rows), strict=False)
    )


def deletes(entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """See ``Deriving.deletes``."""
    return tuple(f"DELETE FROM {qualified(entity.name)} WHERE {_where(entity, key)}" for key in keys)


def _where(entity: Entity, key: Sequence[str]) -> str:
    primary = entity.primary_key
    fields = primary.fields if primary is not None else ()
    return " AND ".join(f"{quoted(name)} = {value}" for name, value in zip(fields, key, strict=True))


def literals(entity: Entity, rows: Batch) -> Iterator[list[str]]:
    """Rows as literals: what is escaped for COPY, with its escapes taken back."""
    shapes = [found.shape if (found := entity.field(name)) else None for name in rows.fields]
    for piece in texts(rows, shapes):
        for line in piece.removesuffix("\n").split("\n"):
            yield [_literal(value) for value in line.split("\t")]


def _literal(value: str) -> str:
    if value == NULL:
        return "NULL"
    parts = value.split("\\\\")
    for escaped, plain in ESCAPES.items():
        if escaped != "\\\\":
            parts = [part.replace(escaped, plain) for part in parts]
    return literal("\\".join(parts))
