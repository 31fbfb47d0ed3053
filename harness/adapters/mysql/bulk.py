"""Filling in steps that last: see ``harness.bulk``. The journal is three tables of the database.

Rows and their note are one transaction. A change of the schema is a transaction of its own here: what a kill left
between it and its note is found done when it is tried again, and taken for done.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from pymysql.err import MySQLError, OperationalError

from harness.adapters.mysql.connection import Connection, code, rows, run
from harness.adapters.mysql.filling import FILLED, analyse, checked, parts
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.inspect import ONLY_ROW
from harness.adapters.mysql.load import loading, unsatisfied, written
from harness.adapters.mysql.names import literal, qualified
from harness.bulk import Journal, Part, Range
from harness.design.model import Entity, ForeignKey, Schema
from harness.facts import Batch
from harness.servers.model import Address

PREFIX = "harness_filling"
COLUMNS = {
    "memo": f"{ONLY_ROW}, memo LONGTEXT NOT NULL",
    "part": "number INT, step INT, entity VARCHAR(64), kind VARCHAR(9), restore LONGTEXT, PRIMARY KEY (number, step)",
    "done": "entity VARCHAR(64), first BIGINT, last BIGINT, PRIMARY KEY (entity, first)",
}
CREATE = "CREATE TABLE {name} ({columns}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
GONE = frozenset({1091, 1360, 1146})
"""There is no such key, trigger or table (any more)."""
THERE = frozenset({1061, 1826, 1359, 1050, 1005, 121})
"""There is such a key, reference, trigger or table already."""


def journal(connection: Connection) -> Journal | None:
    """See ``Bulk.journal``; one whose memo was not written yet is none."""
    there = "SELECT 1 AS found FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %s"
    if not rows(connection, there, [f"{PREFIX}_done"]):
        return None
    memo = rows(connection, f"SELECT memo FROM {PREFIX}_memo")
    if not memo:
        return None
    done = rows(connection, f"SELECT entity, first, last FROM {PREFIX}_done ORDER BY entity, first")
    steps = rows(connection, f"SELECT number, entity, kind, restore FROM {PREFIX}_part ORDER BY number, step")
    texts: dict[tuple[int, str, str], list[str]] = {}
    for row in steps:
        texts.setdefault((row["number"], row["entity"], row["kind"]), []).append(row["restore"])
    aside = tuple(Part(*key, tuple(restore)) for key, restore in texts.items())
    return Journal(memo[0]["memo"], tuple(Range(r["entity"], r["first"], r["last"]) for r in done), aside)


def begin(connection: Connection, flavour: Flavour, schema: Schema, memo: str) -> None:
    """See ``Bulk.begin``. What is set aside is written down before it is removed."""
    tables = [entity for entity in schema.entities if entity.kind in FILLED]
    found = parts(connection, flavour, tables)
    for name, columns in COLUMNS.items():
        run(connection, f"DROP TABLE IF EXISTS {PREFIX}_{name}")
        run(connection, CREATE.format(name=f"{PREFIX}_{name}", columns=columns))
    for number, part in enumerate(reversed(found)):
        kind = "reference" if part.reference else "index"
        for step, text in enumerate(part.restore):
            values = f"{number}, {step}, {literal(part.entity)}, {literal(kind)}, {literal(text)}"
            run(connection, f"INSERT INTO {PREFIX}_part VALUES ({values})")
    run(connection, f"INSERT INTO {PREFIX}_memo (memo) VALUES ({literal(memo)})")
    for part in found:
        _tolerant(connection, [part.remove], GONE)


def load_range(database: Address, flavour: Flavour, entity: Entity, batches: Iterable[Batch], part: Range) -> int:
    """See ``Bulk.load_range``."""
    unchecked = "SET foreign_key_checks = 0, unique_checks = 0"
    with loading(database, flavour, entity, unchecked) as connection:
        note = f"INSERT IGNORE INTO {PREFIX}_done VALUES ({literal(part.entity)}, {part.first}, {part.last})"
        return written(connection, entity, batches) if run(connection, note) else 0


def put_back(connection: Connection, flavour: Flavour, part: Part) -> None:
    """See ``Bulk.put_back``. A reference is checked by one query for all rows, as ``filling`` does."""
    run(connection, f"SET {', '.join(('foreign_key_checks = 0', *flavour.building))}")
    try:
        _tolerant(connection, part.restore, THERE)
        if part.kind == "reference":
            checked(connection, Entity(part.entity, foreign_keys=_references(connection, part.entity)))
    except MySQLError as error:
        raise unsatisfied(part.entity, error) from error
    finally:
        if connection.open:
            run(connection, "SET foreign_key_checks = 1")
    run(connection, f"DELETE FROM {PREFIX}_part WHERE number = {part.number}")


def empty(connection: Connection, entities: Iterable[Entity]) -> None:
    """See ``Bulk.empty``."""
    run(connection, "SET foreign_key_checks = 0")
    for entity in entities:
        _emptied(connection, qualified(entity.name))
        run(connection, f"DELETE FROM {PREFIX}_done WHERE entity = {literal(entity.name)}")
    run(connection, "SET foreign_key_checks = 1")


VERSIONED = 4137
"""MariaDB: a table with system versioning, which TRUNCATE does not take."""


def _emptied(connection: Connection, table: str) -> None:
    try:
        run(connection, f"TRUNCATE TABLE {table}")
    except OperationalError as error:
        if code(error) != VERSIONED:
            raise
        run(connection, f"DELETE FROM {table}")
        run(connection, f"DELETE HISTORY FROM {table}")


def finish(connection: Connection, schema: Schema) -> None:
    """See ``Bulk.finish``."""
    analyse(connection, [entity for entity in schema.entities if entity.kind in FILLED])
    for name in COLUMNS:
        run(connection, f"DROP TABLE {PREFIX}_{name}")


def _references(connection: Connection, entity: str) -> tuple[ForeignKey, ...]:
    """The foreign keys of a table, as they are now."""
    text = (
        "SELECT constraint_name AS name, column_name AS field, referenced_table_name AS target, "
        "referenced_column_name AS target_field FROM information_schema.key_column_usage "
        "WHERE table_schema = DATABASE() AND table_name = %s AND referenced_table_name IS NOT NULL "
        "ORDER BY constraint_name, ordinal_position"
    )
    found = groupby(rows(connection, text, [entity]), key=itemgetter("name", "target"))
    keys = ((name, target, list(parts)) for (name, target), parts in found)
    return tuple(
        ForeignKey(name, tuple(p["field"] for p in each), target, tuple(p["target_field"] for p in each))
        for name, target, each in keys
    )


def _tolerant(connection: Connection, statements: Sequence[str], codes: frozenset[int]) -> None:
    """Run statements, of which the first may have been run before."""
    for statement in statements:
        try:
            run(connection, statement)
        except MySQLError as error:
            if code(error) not in codes:
                raise
