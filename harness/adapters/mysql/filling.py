"""What slows loading, set aside while tables are filled, and put back exactly.

Foreign keys, secondary indexes and triggers are dropped, and made again from the server's own definitions: indexes by
sorting; foreign keys without a check of each row, which would copy the table, but with one query for all of them after.
A change of the schema cannot be rolled back here. So after a failure the tables that were empty are emptied, and all is
put back. What the table is stored by, or an index that cannot be built by sorting, stays in place.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pymysql.err import IntegrityError, MySQLError

from harness.adapters.mysql.connection import Connection, rows, run
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.implied import implied, self_named
from harness.adapters.mysql.inspect import TRIGGERS, shown
from harness.adapters.mysql.load import unsatisfied
from harness.adapters.mysql.names import literal, qualified, quoted
from harness.design.model import Entity, ForeignKey, Index, Schema

FILLED = frozenset({"table", "partitioned table"})
NO_PARENT = 1452


@dataclass(frozen=True, slots=True)
class Aside:
    """Something set aside: the statements that remove it and put it back, and the entity it belongs to."""

    entity: str
    remove: str
    restore: tuple[str, ...]
    reference: bool = False


@contextmanager
def filling(connection: Connection, flavour: Flavour, schema: Schema) -> Iterator[None]:
    """Set aside, let fill, put back, check, then statistics."""
    tables = [entity for entity in schema.entities if entity.kind in FILLED]
    empty = [entity for entity in tables if not _has_rows(connection, entity)]
    filled = _Filling(connection, flavour, tables)
    try:
        filled.set_aside()
        yield
        filled.put_back()
        for entity in tables:
            checked(connection, entity)
    except BaseException:
        if connection.open:
            filled.give_up(empty)
        raise
    analyse(connection, tables)


def analyse(connection: Connection, tables: Sequence[Entity]) -> None:
    """Bring the planner's statistics up to date."""
    if tables:
        run(connection, f"ANALYZE TABLE {', '.join(qualified(entity.name) for entity in tables)}")


def parts(connection: Connection, flavour: Flavour, tables: Sequence[Entity]) -> list[Aside]:
    """What can be set aside, in the order of removing: foreign keys hold the indexes."""
    return [*_foreign_keys(tables, flavour), *_indexes(tables), *_triggers(connection, tables)]


class _Filling:
    """Parts of tables, there or set aside."""

    def __init__(self, connection: Connection, flavour: Flavour, tables: Sequence[Entity]) -> None:
        self._connection = connection
        self._flavour = flavour
        self._waiting = parts(connection, flavour, tables)
        self._aside: list[Aside] = []

    def set_aside(self) -> None:
        """Foreign keys first: they hold the indexes."""
        for part in self._waiting:
            run(self._connection, part.remove)
            self._aside.append(part)

    def put_back(self) -> None:
        """In reverse: triggers, indexes, then foreign keys."""
        settings = ", ".join(("foreign_key_checks = 0", *self._flavour.building))
        run(self._connection, f"SET {settings}")
        try:
            while self._aside:
                self._restore(self._aside[-1])
                self._aside.pop()
        finally:
            if self._connection.open:
                run(self._connection, "SET foreign_key_checks = 1")

    def give_up(self, empty: Iterable[Entity]) -> None:
        """No rows that were not there before, and everything in its place."""
        run(self._connection, "SET foreign_key_checks = 0")
        for entity in empty:
            run(self._connection, f"TRUNCATE TABLE {qualified(entity.name)}")
        self.put_back()

    def _restore(self, part: Aside) -> None:
        try:
            for statement in part.restore:
                run(self._connection, statement)
        except MySQLError as error:
            raise unsatisfied(part.entity, error) from error


def _has_rows(connection: Connection, entity: Entity) -> bool:
    return bool(rows(connection, f"SELECT 1 AS found FROM {qualified(entity.name)} LIMIT 1"))


def _foreign_keys(tables: Iterable[Entity], flavour: Flavour) -> Iterator[Aside]:
    for entity in tables:
        keys = entity.foreign_keys
        if keys and not _versioned(entity):
            drops = ", ".join(f"DROP FOREIGN KEY {quoted(key.name or '')}" for key in keys)
            numbered = self_named(keys, entity.name)
            names = ("" if key.name in numbered else f"CONSTRAINT {quoted(key.name or '')} " for key in keys)
            adds = ", ".join(f"ADD {name}{_definition(key, flavour)}" for name, key in zip(names, keys, strict=True))
            table = f"ALTER TABLE {qualified(entity.name)} "
            yield Aside(entity.name, table + drops, (table + adds,), reference=True)


def _definition(key: ForeignKey, flavour: Flavour) -> str:
    fields, targets = (", ".join(map(quoted, names)) for names in (key.fields, key.target_fields))
    rules = (("DELETE", key.on_delete), ("UPDATE", key.on_update))
    said = "".join(f" ON {event} {action}" for event, action in rules if action != flavour.unsaid_action)
    return f"FOREIGN KEY ({fields}) REFERENCES {qualified(key.target)} ({targets}){said}"


def _indexes(tables: Iterable[Entity]) -> Iterator[Aside]:
    for entity in tables:
        indexes = [] if _versioned(entity) else [index for index in entity.indexes if _can_wait(index, entity)]
        if indexes:
            table = f"ALTER TABLE {qualified(entity.name)} "
            drops = ", ".join(f"DROP INDEX {quoted(index.name or '')}" for index in indexes)
            left = implied(entity.indexes, entity.foreign_keys, entity.name)
            adds = ", ".join(f"ADD {index.definition}" for index in indexes if index.name not in left)
            yield Aside(entity.name, table + drops, (table + adds,) if adds else ())


def _can_wait(index: Index, entity: Entity) -> bool:
    """Whether the table can do without it: it is no primary key, nor stands in for one, nor serves AUTO_INCREMENT."""
    numbered = {field.name for field in entity.fields if field.identity is not None}
    if index.method != "btree" or index.constraint == "PRIMARY" or index.keys[0].text in numbered:
        return False
    return not index.unique or entity.primary_key is not None


def _versioned(entity: Entity) -> bool:
    """Whether the server refuses changes of it (MariaDB, ``system_versioning_alter_history``)."""
    return "SYSTEM VERSIONING" in dict(entity.options).get("other", "")


def _triggers(connection: Connection, tables: Iterable[Entity]) -> Iterator[Aside]:
    """Each in the mode that it was made in; in their order, so that they fire in it again."""
    names = {entity.name for entity in tables}
    found = [row for row in rows(connection, TRIGGERS) if row["Table"] in names]
    for row in reversed(found):
        text = shown(connection, "TRIGGER", row["Trigger"])
        mode = f"SET @harness_mode = @@sql_mode, sql_mode = {literal(row['sql_mode'])}"
        restore = (mode, text, "SET sql_mode = @harness_mode")
        yield Aside(row["Table"], f"DROP TRIGGER {quoted(row['Trigger'])}", restore)


def checked(connection: Connection, entity: Entity) -> None:
    """Every reference has its parent; ``Unsatisfied`` when one has not."""
    for key in entity.foreign_keys:
        if rows(connection, _orphans(entity.name, key)):
            message = f"a child row has no parent: CONSTRAINT `{key.name}` FOREIGN KEY ({', '.join(key.fields)})"
            raise unsatisfied(entity.name, IntegrityError(NO_PARENT, message))


def _orphans(entity: str, key: ForeignKey) -> str:
    """A query for one reference without a parent. Each value is looked for once, in the order of the child's index."""
    fields = ", ".join(map(quoted, key.fields))
    present = " AND ".join(f"{quoted(field)} IS NOT NULL" for field in key.fields)
    pairs = zip(key.fields, key.target_fields, strict=True)
    same = " AND ".join(f"parent.{quoted(target)} = child.{quoted(field)}" for field, target in pairs)
    return (
        f"SELECT 1 AS found FROM (SELECT DISTINCT {fields} FROM {qualified(entity)} WHERE {present}) AS child "
        f"WHERE NOT EXISTS (SELECT 1 FROM {qualified(key.target)} AS parent WHERE {same}) LIMIT 1"
    )
