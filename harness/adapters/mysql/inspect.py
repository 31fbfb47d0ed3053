"""The whole schema, read back from the catalog.

Lists come from ``information_schema``, definitions are what the server prints (see ``printed``).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeVar

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, Row, rows
from harness.adapters.mysql.constrained import constrained
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.inspect_parts import (
    INDEXES,
    check,
    column_check,
    field,
    foreign_key,
    index,
    key,
    options,
)
from harness.adapters.mysql.names import quoted
from harness.adapters.mysql.printed import Printed, Run, pairs, printed, text_of
from harness.adapters.mysql.shape import shape
from harness.design.model import Check, Entity, Field, ForeignKey, Index, Key, Options, Schema, SchemaObject

Part = TypeVar("Part", Key, ForeignKey, Check, Index)

VIEW, SEQUENCE = "VIEW", "SEQUENCE"

VOLATILE = frozenset({"AUTO_INCREMENT"})
"""Table options that rows change."""

CREATED = re.compile(
    r"\ACREATE (?:ALGORITHM=(?P<algorithm>\w+) )?(?:DEFINER=`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)? )?", re.IGNORECASE
)
"""How the text of a view or routine begins. The algorithm is kept; a definer is told where it is another account."""


def inspect(connection: Connection, flavour: Flavour) -> Schema:
    """Everything in the database that the server did not bring itself."""
    found = rows(connection, query("entities"))
    columns = _by_entity(rows(connection, query("columns")), {row["name"]: row["collation"] for row in found})
    reading = _Reading(connection, flavour, columns)
    entities = [reading.entity(row) for row in found if row["kind"] != SEQUENCE]
    objects = [*reading.objects(), *reading.sequences(found), *reading.collation()]
    return Schema(
        tuple(sorted(entities, key=lambda entity: entity.name)),
        tuple(sorted(objects, key=lambda thing: (thing.kind, thing.name, thing.definition))),
    )


@cache
def query(part: str) -> str:
    """The text of ``inspect_<part>.sql``."""
    return files(__package__).joinpath(f"inspect_{part}.sql").read_text(encoding="utf-8")


def _by_entity(found: Iterable[Row], collations: Mapping[str, str | None]) -> Mapping[str, Sequence[Row]]:
    """The columns of each table; a collation only where it is another one than the table's."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        usual = collations.get(row["entity"])
        grouped[row["entity"]].append(row if usual not in {None, row["collation"]} else {**row, "collation": None})
    return grouped


def shown(connection: Connection, what: str, name: str, database: str | None = None) -> str:
    """What ``SHOW CREATE`` says of a table, view, routine, trigger or sequence.

    The name of the ``database``, asked for when it is not given, is left out: MariaDB gives it before a sequence's. It
    prints a binary default as it is; the bytes come back as they were when the text is sent again.
    """
    titles = {f"create {what}".lower(), "create table", "sql original statement"}  # of a sequence, of a trigger
    connection.use_unicode = False
    try:
        row = rows(connection, f"SHOW CREATE {what} {quoted(name)}")[0]
    finally:
        connection.use_unicode = True
    text = next((text for title, text in row.items() if title.lower() in titles), None) or b""
    return bytes(text).decode("utf-8", "surrogateescape").replace(f"`{database or _database(connection)}`.", "")


def _database(connection: Connection) -> str:
    return str(rows(connection, "SELECT DATABASE() AS name")[0]["name"])


class _Reading:
    """One look at one database."""

    def __init__(self, connection: Connection, flavour: Flavour, columns: Mapping[str, Sequence[Row]]) -> None:
        self._connection = connection
        self._flavour = flavour
        self._columns = columns
        self._user = str(rows(connection, "SELECT CURRENT_USER() AS user")[0]["user"])
        self._database = _database(connection)

    def _shown(self, what: str, name: str) -> str:
        return shown(self._connection, what, name, self._database)

    def entity(self, row: Row) -> Entity:
        """A table or view with all that belongs to it."""
        if row["kind"] == VIEW:
            return self._view(row["name"])
        columns = tuple(tuple(column.items()) for column in self._columns[row["name"]])
        return _table(self._shown("TABLE", row["name"]), row["name"], columns, self._flavour)

    def _view(self, name: str) -> Entity:
        try:
            text = self._shown("VIEW", name)
        except MySQLError as error:  # what it reads is gone: the server no longer prints it
            return Entity(name, "view", options=options(definition=f"invalid: {error.args[-1]}"))
        fields = (
            Field(row["name"], row["type"], bool(row["nullable"]), shape=shape(row["type"]))
            for row in self._columns.get(name, ())
        )
        return Entity(name, "view", tuple(fields), options=options(definition=self._undefined(text)))

    def _undefined(self, text: str) -> str:
        """The text of something without its definer."""
        return CREATED.sub(
            lambda m: f"CREATE ALGORITHM={m['algorithm']} " if m["algorithm"] else "CREATE ", text, count=1
        )

    def objects(self) -> Iterator[SchemaObject]:
        """Triggers, routines, events and privileges."""
        for row in rows(self._connection, query("triggers")):
            yield self._object("trigger", f"{row['entity']}.{row['name']}", row["definition"], row)
        for row in rows(self._connection, query("events")):
            yield self._object("event", row["name"], row["definition"], row)
        for row in rows(self._connection, query("routines")):
            text = self._undefined(self._shown(row["kind"], row["name"]))
            yield self._object(row["kind"].lower(), row["name"], text, row)
        yield from _privileges(rows(self._connection, query("privileges")))

    def _object(self, kind: str, name: str, definition: str, row: Row) -> SchemaObject:
        facts = options(
            definer=row["definer"] if row["definer"] != self._user else None,
            sql_mode=row["sql_mode"] if row["sql_mode"] != self._flavour.sql_mode else None,
        )
        return SchemaObject(kind, name, "\n".join((definition, *(f"{fact}: {value}" for fact, value in facts))))

    def sequences(self, found: Sequence[Row]) -> Iterator[SchemaObject]:
        """Sequences, which MariaDB has."""
        for row in found:
            if row["kind"] == SEQUENCE:
                yield SchemaObject("sequence", row["name"], self._shown("SEQUENCE", row["name"]))

    def collation(self) -> Iterator[SchemaObject]:
        """What new tables get, where it is not what new databases get."""
        # Not @@collation_database, which a session does not see change.
        (row,) = rows(
            self._connection,
            "SELECT s.default_collation_name AS own, COLLATION(_utf8mb4'') AS usual "
            "FROM information_schema.schemata s WHERE s.schema_name = DATABASE()",
        )
        if row["own"] != row["usual"]:
            yield SchemaObject("database", "default collation", row["own"])


def _privileges(found: Iterable[Row]) -> Iterator[SchemaObject]:
    granted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in found:
        subject = ".".join(part for part in (row["entity"], row["field"]) if part) or "the database"
        granted[row["grantee"], subject].append(
            row["privilege"] + (" WITH GRANT OPTION" if row["grantable"] == "YES" else "")
        )
    for (grantee, subject), privileges in granted.items():
        yield SchemaObject("privilege", f"{grantee} on {subject}", ", ".join(sorted(privileges)))


@lru_cache(maxsize=4096)
def _table(text: str, name: str, columns: tuple[tuple[tuple[str, object], ...], ...], flavour: Flavour) -> Entity:
    """The same table for the same words: a chain of migrations reads most of them again and again."""
    return table(text, name, [dict(column) for column in columns], flavour)


def table(text: str, name: str, columns: Sequence[Row], flavour: Flavour) -> Entity:
    """A table from its printed text and its columns in the catalog."""
    said = printed(text)
    names = [row["name"] for row in columns]
    runs = _sorted_out(said.definitions)
    checks = (
        *(found for run in runs["column"] if (found := column_check(said, run)) is not None),
        *(check(said, run, names) for run in runs["check"]),
    )
    by_name = {row["name"]: row for row in columns}
    foreign_keys = tuple(foreign_key(run, flavour) for run in runs["foreign key"])
    indexes = constrained([index(said, run, name) for run in runs["index"]], foreign_keys)
    keys = map(key, indexes)
    return Entity(
        name,
        "partitioned table" if said.partitions else "table",
        tuple(field(said, run, by_name[run[0].name], checks) for run in runs["column"]),
        _by_name(found for found in keys if found is not None),
        _by_name(foreign_keys),
        _by_name(checks),
        _by_name(indexes),
        _table_options(said, runs["other"]),
    )


def _by_name(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: part.name or ""))


def _sorted_out(definitions: Sequence[Run]) -> Mapping[str, list[Run]]:
    """The definitions by what they define."""
    result: dict[str, list[Run]] = {kind: [] for kind in ("column", "index", "foreign key", "check", "other")}
    for run in definitions:
        result[_kind(run)].append(run)
    return result


def _kind(run: Run) -> str:
    if run[0].kind == "quoted":
        return "column"
    if run[0].text == "CONSTRAINT":
        return "check" if run[2].text == "CHECK" else "foreign key"
    return "index" if run[0].text in INDEXES else "other"


def _table_options(said: Printed, others: Sequence[Run]) -> Options:
    facts = {name: value for name, value in pairs(said.text, said.options).items() if name not in VOLATILE}
    comment = facts.pop("COMMENT", None)
    return options(
        comment=text_of(comment) if comment else None,
        partitions=said.partitions,
        definitions=", ".join(said.of(run) for run in others),
        **{name.lower().replace(" ", "_"): value for name, value in facts.items()},
    )
