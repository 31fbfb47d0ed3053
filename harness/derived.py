"""Statements of SQL that an application of a table would send, written from the table: what two adapters share.

An engine gives its spelling; ``SqlDeriving`` makes of it what ``harness.watching.Deriving`` asks of a session.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from harness.design.model import Entity
from harness.facts import Batch
from harness.watching import settable


@dataclass(frozen=True, slots=True)
class Spelling:
    """How an engine writes things.

    Attributes:
        quoted: a column's name.
        qualified: a table's name.
        literals: a literal for each value of each row.
        empty: what stands in place of columns and values when a row gives none.
    """

    quoted: Callable[[str], str]
    qualified: Callable[[str], str]
    literals: Callable[[Entity, Batch], Iterable[Sequence[str]]]
    empty: str

    def where(self, entity: Entity, key: Sequence[str]) -> str:
        """A condition on the primary key, whose values are literals already."""
        fields = entity.primary_key.fields if entity.primary_key is not None else ()
        return " AND ".join(f"{self.quoted(name)} = {value}" for name, value in zip(fields, key, strict=True))


class SqlDeriving:
    """A session of an engine that speaks SQL and has transactions."""

    spelling: ClassVar[Spelling]

    def inserts(self, entity: Entity, rows: Batch) -> tuple[str, ...]:
        """See ``Deriving.inserts``."""
        spelling = self.spelling
        numbered = {field.name for field in entity.fields if field.identity is not None}
        places = [n for n, name in enumerate(rows.fields) if name not in numbered]
        head = f"INSERT INTO {spelling.qualified(entity.name)}"
        if not places:
            return (f"{head} {spelling.empty}",) * rows.rows
        names = ", ".join(spelling.quoted(rows.fields[n]) for n in places)
        made = spelling.literals(entity, rows)
        return tuple(f"{head} ({names}) VALUES ({', '.join(row[n] for n in places)})" for row in made)

    def passing(self, entity: Entity, rows: Batch) -> tuple[tuple[str, ...], ...]:
        """See ``Deriving.passing``: in a transaction that is taken back."""
        return tuple((text, "ROLLBACK") for text in self.inserts(entity, rows))

    def reads(self, entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """See ``Deriving.reads``."""
        spelling = self.spelling
        head = f"SELECT {', '.join(spelling.quoted(field.name) for field in entity.fields)} FROM "
        if entity.primary_key is None:
            return (f"{head}{spelling.qualified(entity.name)} WHERE 1 = 0",) if keys else ()
        return tuple(f"{head}{spelling.qualified(entity.name)} WHERE {spelling.where(entity, key)}" for key in keys)

    def updates(self, entity: Entity, keys: Sequence[Sequence[str]], rows: Batch | None = None) -> tuple[str, ...]:
        """See ``Deriving.updates``."""
        spelling = self.spelling
        names = [name for name in settable(entity) if rows is None or name in rows.fields]
        if not names:
            return ()
        head = f"UPDATE {spelling.qualified(entity.name)} SET "
        if rows is None:
            same = head + ", ".join(f"{spelling.quoted(name)} = {spelling.quoted(name)}" for name in names)
            return tuple(f"{same} WHERE {spelling.where(entity, key)}" for key in keys)
        places = [(spelling.quoted(name), rows.fields.index(name)) for name in names]
        return tuple(
            f"{head}{', '.join(f'{name} = {row[n]}' for name, n in places)} WHERE {spelling.where(entity, key)}"
            for key, row in zip(keys, spelling.literals(entity, rows), strict=False)
        )

    def deletes(self, entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """See ``Deriving.deletes``."""
        head = f"DELETE FROM {self.spelling.qualified(entity.name)} WHERE "
        return tuple(f"{head}{self.spelling.where(entity, key)}" for key in keys)

    def inserted(self, entity: Entity, row: Batch, values: Mapping[str, str]) -> str:
        """See ``Repeating.inserted``."""
        spelling = self.spelling
        numbered = {field.name for field in entity.fields if field.identity is not None}
        (own,) = spelling.literals(entity, row)
        given = {**dict(zip(row.fields, own, strict=True)), **values}
        placed = {spelling.quoted(name): value for name, value in given.items() if name not in numbered}
        return (
            f"INSERT INTO {spelling.qualified(entity.name)} ({', '.join(placed)}) VALUES ({', '.join(placed.values())})"
        )

    def assigned(self, entity: Entity, key: Sequence[str], values: Mapping[str, str]) -> str:
        """See ``Repeating.assigned``."""
        spelling = self.spelling
        changes = ", ".join(f"{spelling.quoted(name)} = {value}" for name, value in values.items())
        return f"UPDATE {spelling.qualified(entity.name)} SET {changes} WHERE {spelling.where(entity, key)}"

    def tally(self, entity: Entity) -> str:
        """See ``Tallying.tally``."""
        spelling = self.spelling
        counts = ", ".join(f"COUNT({spelling.quoted(f.name)}) AS n{place}" for place, f in enumerate(entity.fields))
        return f"SELECT COUNT(*) AS n{', ' if counts else ''}{counts} FROM {spelling.qualified(entity.name)}"
