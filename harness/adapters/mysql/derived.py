"""Statements that an application of a table would send, written from the table."""

from collections.abc import Iterator, Sequence

from harness.adapters.mysql.load import Target, row_literals
from harness.adapters.mysql.names import qualified, quoted
from harness.design.model import Entity
from harness.facts import Batch
from harness.watching import settable


def inserts(entity: Entity, rows: Batch) -> tuple[str, ...]:
    """See ``Deriving.inserts``."""
    numbered = {field.name for field in entity.fields if field.identity is not None}
    places = [n for n, name in enumerate(rows.fields) if name not in numbered]
    names = ", ".join(quoted(rows.fields[n]) for n in places)
    head = f"INSERT INTO {qualified(entity.name)} ({names}) VALUES "
    return tuple(f"{head}({', '.join(row[n] for n in places)})" for row in _rows(entity, rows))


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
        for key, row in zip(keys, _rows(entity, rows), strict=False)
    )


def deletes(entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """See ``Deriving.deletes``."""
    return tuple(f"DELETE FROM {qualified(entity.name)} WHERE {_where(entity, key)}" for key in keys)


def _where(entity: Entity, key: Sequence[str]) -> str:
    primary = entity.primary_key
    fields = primary.fields if primary is not None else ()
    return " AND ".join(f"{quoted(name)} = {value}" for name, value in zip(fields, key, strict=True))


def _rows(entity: Entity, rows: Batch) -> Iterator[Sequence[str]]:
    return (row for part in row_literals(Target(entity, rows.fields), [rows]) for row in part)
