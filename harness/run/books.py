"""Copies of tables on the server, by the state that they are of: what the ledger compares with."""

from collections.abc import Sequence

from harness.design.model import Entity, Field, Schema
from harness.engine import Session
from harness.keeping import Keeping
from harness.run.reckoning import Reckoning, Side, comparable
from harness.run.writes import TABLES, Keys

FAR = 10
"""Times the number of rows: keys beyond are no running numbers."""


class Books:
    """Copies of tables, by label and name."""

    def __init__(self, session: Session) -> None:
        assert isinstance(session, Keeping)
        self._session = session
        self._names: dict[tuple[str, str], str] = {}
        self.reckoning = Reckoning(session)
        for text in session.dialect.before:
            session.ask(text)

    def put_aside(self, label: str, schema: Schema) -> int:
        """Copy every table, and count its rows; how many there are of all."""
        dialect = self._session.dialect
        counts: dict[str, int] = {}
        for entity in tables(schema):
            name = dialect.aside(f"{label}_{len(self._names)}")
            self._names[label, entity.name] = name
            columns = ((dialect.name(f.name), f.type) for f in stored(entity))
            fields = ", ".join(f"{dialect.kept(column, type_)} AS {column}" for column, type_ in columns)
            self._session.ask(
                f"{dialect.copying(name, key_of(entity))} SELECT {fields} FROM {dialect.entity(entity.name)}"
            )
            counts[entity.name] = self.reckoning.count(self.side(label, entity))
        return sum(counts.values())

    def put_aside_brought(self, before: Schema, after: Schema) -> None:
        """Copy the keys of the rows that the up itself put in: its down may take them back."""
        dialect = self._session.dialect
        for entity in tables(after):
            old = before.entity(entity.name)
            if not (told_apart(entity, old) if old is not None else key_of(entity)):
                continue
            name = dialect.aside(f"brought_{len(self._names)}")
            self._names["brought", entity.name] = name
            fields = ", ".join(f"o.{dialect.name(f)}" for f in key_of(entity))
            self._session.ask(
                f"{dialect.copying(name, key_of(entity))} SELECT {fields} FROM {dialect.entity(entity.name)} o "
                f"WHERE {self._absent('before', entity) if old is not None else '1 = 1'}"
            )

    def numbered(self, before: Schema) -> dict[str, int]:
        """How far the whole numbers go that tables had as keys, where they go about as far as there are rows."""
        found: dict[str, int] = {}
        for entity in tables(before):
            key = [entity.field(name) for name in key_of(entity)]
            if len(key) == 1 and key[0] is not None and key[0].shape is not None and key[0].shape.family == "integer":
                ((rows, most),) = self._session.ask(
                    f"SELECT COUNT(*), MAX({self._session.dialect.name(key[0].name)}) "
                    f"FROM {self._names['before', entity.name]}"
                )
                found[entity.name] = int(str(most)) if rows and int(str(most)) <= FAR * int(str(rows)) else 0
        return found

    def side(self, label: str, entity: Entity, where: str = "") -> Side:
        """A copy, or with ``live`` for a label the table itself."""
        dialect = self._session.dialect
        name = dialect.entity(entity.name) if label == "live" else self._names[label, entity.name]
        return Side(entity.name, name, stored(entity), key_of(entity), where)

    def matching(self, fields: Sequence[str], keys: Keys) -> str:
        """The condition that a row ``o`` has one of the keys, of those fields; empty when there are none."""
        name = self._session.dialect.name
        one = (" AND ".join(f"o.{name(f)} = {v}" for f, v in zip(fields, key, strict=True)) for key in keys)
        return " OR ".join(f"({text})" for text in one)

    def new(self, entity: Entity) -> str:
        """The condition that a row of the alias ``o`` was not there before."""
        return self._absent("before", entity)

    def not_brought(self, entity: Entity) -> str:
        """The condition that a row of the alias ``o`` was not put in by the up itself."""
        return self._absent("brought", entity)

    def _absent(self, label: str, entity: Entity) -> str:
        dialect = self._session.dialect
        key = ((dialect.name(f.name), f.type) for f in entity.fields if f.name in key_of(entity))
        on = " AND ".join(f"{dialect.kept(f'b.{n}', type_)} = {dialect.kept(f'o.{n}', type_)}" for n, type_ in key)
        return f"NOT EXISTS (SELECT 1 FROM {self._names[label, entity.name]} b WHERE {on})"

    def clear(self) -> None:
        """Drop the copies."""
        names = ", ".join(self._names.values())
        for text in self._session.dialect.after if self._names else ():
            self._session.ask(text.replace("{}", names))


def tables(schema: Schema) -> tuple[Entity, ...]:
    """What holds rows."""
    return tuple(e for e in schema.entities if e.kind in TABLES and stored(e))


def stored(entity: Entity) -> tuple[Field, ...]:
    """Fields that hold values of their own."""
    return tuple(f for f in entity.fields if f.generated is None)


def key_of(entity: Entity) -> tuple[str, ...]:
    """The fields of the primary key; none where there is no such key."""
    return entity.primary_key.fields if entity.primary_key is not None else ()


def told_apart(entity: Entity, before: Entity) -> bool:
    """Whether its rows are told from those of before by its key, and the other way round."""
    keys = (key_of(entity), key_of(before))
    return all(keys) and all(comparable(entity.field(name), before.field(name)) for key in keys for name in key)
