"""The whole schema, read back from the catalog in a handful of queries, all from one snapshot.

The search path is fixed while the server prints definitions, so that they do not depend on who asks. ``looks`` reads a
part again, by the same queries.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from psycopg.pq import TransactionStatus

from harness.adapters.postgresql.connection import Connection, rows, run, together
from harness.adapters.postgresql.inspect_parts import Row, check, field, foreign_key, index, key, on_column, options
from harness.adapters.postgresql.marks import marks
from harness.adapters.postgresql.names import entity_name
from harness.adapters.postgresql.shape import TypeFacts
from harness.design.model import Check, Entity, Field, Schema, SchemaObject

KINDS = {"r": "table", "p": "partitioned table", "v": "view", "m": "materialized view", "f": "foreign table"}

ENTITIES = ("entities", "columns", "constraints", "indexes")
"""Queries about relations; with ``sequences`` those that can be asked about some of them only."""

OBJECTS = ("defined_types", "routines", "objects", "rarities")

SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
PATH = "SET LOCAL search_path = public"

SINCE = re.compile(r"\$since\((\d+), ([^,]+), ([^)]+)\)")
"""A column that the catalog has from a version on, and what stands for it before."""

AMONG = re.compile(r"\$(among|chosen)\(([^)]+)\)")
"""An oid that must be one of tables, views and their kin (``among``), of all or of those that are to be read again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found. Relations, and what belongs to one, are under the oid that the catalog knows them by."""

    user: str
    types: Mapping[int, TypeFacts]
    entities: Mapping[int, Entity]
    sequences: Mapping[int, SchemaObject]
    exclusions: Mapping[int, Sequence[SchemaObject]]
    others: Sequence[SchemaObject]

    @property
    def schema(self) -> Schema:
        """All of it, in order."""
        exclusions = (each for found in self.exclusions.values() for each in found)
        return Schema(
            tuple(sorted(self.entities.values(), key=lambda entity: entity.name)),
            tuple(
                sorted(
                    (*self.others, *self.sequences.values(), *exclusions),
                    key=lambda thing: (thing.kind, thing.name, thing.definition),
                )
            ),
        )


def inspect(connection: Connection) -> Schema:
    """Everything in the database that the server, and its extensions, did not bring themselves."""
    with snapshot(connection):
        return whole(connection).schema


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """While inside, all queries see one moment, and definitions are printed for the search path ``public``."""
    own = connection.info.transaction_status is TransactionStatus.IDLE
    if own:
        run(connection, SNAPSHOT)
    path = rows(connection, "SELECT pg_catalog.current_setting('search_path') AS path")[0]["path"]
    try:
        run(connection, PATH)
        yield
    finally:
        if own and not connection.broken:
            run(connection, "ROLLBACK")
        elif not connection.broken:
            rows(connection, "SELECT pg_catalog.set_config('search_path', %s, true)", [path])


@cache
def query(part: str, version: int, *, some: bool = False) -> str:
    """The text of ``inspect_<part>.sql`` for a server's version, about all relations or ``some``, the affected ones."""
    text = SINCE.sub(lambda found: found[2] if version >= int(found[1]) else found[3], _file(part))
    text = text.replace("$tables", _file("tables")).replace("$marks", marks())
    return AMONG.sub(lambda found: _among(found[2], tables=found[1] == "among", some=some), text)


def _file(part: str) -> str:
    return files(__package__).joinpath(f"inspect_{part}.sql").read_text(encoding="utf-8")


def _among(oid: str, *, tables: bool, some: bool) -> str:
    if some:
        return f"{oid} = ANY (current_setting('harness.{'tables' if tables else 'affected'}')::oid[])"
    return f"({oid} = 0 OR {oid} IN ({_file('tables')}))" if tables else "true"


def whole(connection: Connection) -> Seen:
    """Everything, inside a ``snapshot``."""
    user = rows(connection, "SELECT CURRENT_USER AS name")[0]["name"]
    parts = ("types", *ENTITIES, "sequences", *OBJECTS)
    version = connection.info.server_version // 10_000
    answers = dict(zip(parts, together(connection, [query(part, version) for part in parts]), strict=True))
    types = _types(answers["types"], answers["constraints"])
    others = tuple(object_(row, user) for part in OBJECTS for row in answers[part])
    return seen(user, types, answers, others)


def seen(
    user: str, types: Mapping[int, TypeFacts], answers: Mapping[str, Sequence[Row]], others: Sequence[SchemaObject]
) -> Seen:
    """What the answers about relations tell."""
    parts = _Parts(user, types, *(_by_entity(answers[part]) for part in ("columns", "constraints", "indexes")))
    names = {row["oid"]: entity_name(row["namespace"], row["name"]) for row in answers["entities"]}
    exclusions: dict[int, list[SchemaObject]] = defaultdict(list)
    for row in answers["constraints"]:
        if row["kind"] == "x":
            exclusions[row["entity"]].append(_exclusion(row, names[row["entity"]]))
    return Seen(
        user,
        types,
        {row["oid"]: parts.entity(row) for row in answers["entities"]},
        {row["oid"]: object_(row, user) for row in answers["sequences"]},
        exclusions,
        others,
    )


def _by_entity(found: Iterable[Row]) -> Mapping[int, Sequence[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row["entity"]].append(row)
    return grouped


def _types(found: Iterable[Row], constraints: Iterable[Row]) -> dict[int, TypeFacts]:
    checks: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in constraints:
        if row["domain"] and row["kind"] == "c":
            checks[row["domain"]].append((row["name"], row["expression"]))
    return {
        row["oid"]: TypeFacts(
            row["name"],
            row["kind"],
            row["base"],
            row["modifier"],
            row["not_null"],
            tuple(checks[row["oid"]]),
            row["element"],
            tuple(row["labels"] or ()),
        )
        for row in found
    }


class _Parts:
    """The rows of the catalog that entities are put together from, by the entity's oid."""

    def __init__(
        self,
        user: str,
        types: Mapping[int, TypeFacts],
        columns: Mapping[int, Sequence[Row]],
        constraints: Mapping[int, Sequence[Row]],
        indexes: Mapping[int, Sequence[Row]],
    ) -> None:
        self._user = user
        self._types = types
        self._columns = columns
        self._constraints = constraints
        self._indexes = indexes

    def entity(self, row: Row) -> Entity:
        """One table or view with all that belongs to it."""
        name = entity_name(row["namespace"], row["name"])
        constraints = self._constraints.get(row["oid"], ())
        columns = self._columns.get(row["oid"], ())
        stored = row["kind"] in {"r", "p"}
        return Entity(
            name,
            "partition" if row["is_partition"] else KINDS[row["kind"]],
            tuple(self._field(column, constraints) for column in columns),
            tuple(key(c) for c in constraints if c["kind"] in {"p", "u"}),
            tuple(foreign_key(c) for c in constraints if c["kind"] == "f"),
            (*(check(c) for c in constraints if c["kind"] == "c"), *(self._domain_checks(columns) if stored else ())),
            tuple(index(i, name) for i in self._indexes.get(row["oid"], ())),
            _entity_options(row, self._user),
        )

    def _field(self, column: Row, constraints: Sequence[Row]) -> Field:
        not_null = [c for c in constraints if c["kind"] == "n" and c["fields"] == [column["name"]]]
        return field(column, not_null, self._types)

    def _domain_checks(self, columns: Sequence[Row]) -> Iterable[Check]:
        """What the domains of the columns ask for, said of the columns."""
        for column in columns:
            oid = column["type_oid"]
            while (facts := self._types.get(oid)) is not None and facts.kind == "d":
                yield from _of_domain(facts, column["name"])
                oid = facts.base


def _of_domain(facts: TypeFacts, column: str) -> Iterable[Check]:
    for name, expression in facts.checks:
        yield Check(f"{name} of {facts.name} on {column}", on_column(expression, column), (column,))
    if facts.not_null:
        yield Check(f"not null of {facts.name} on {column}", on_column("VALUE IS NOT NULL", column), (column,))


def _entity_options(row: Row, user: str) -> Any:
    return options(
        partition_key=row["partition_key"],
        partition_bound=row["partition_bound"],
        parents=", ".join(row["parents"]),
        definition=row["definition"],
        persistence=row["persistence"],
        populated="no" if not row["populated"] and row["kind"] == "m" else None,
        storage_parameters=row["storage_parameters"],
        toast_parameters=row["toast_parameters"],
        tablespace=row["tablespace"],
        access_method=row["access_method"],
        of_type=row["of_type"],
        row_security="enabled" if row["row_security"] else None,
        row_security_forced="yes" if row["row_security_forced"] else None,
        replica_identity=row["replica_identity"],
        server=row["server"],
        owner=row["owner"] if row["owner"] != user else None,
        privileges=privileges(row["acl"], row["default_acl"]),
        comment=row["comment"],
    )


def privileges(acl: Sequence[str] | None, default: Sequence[str] | None) -> str | None:
    """Access rights in the server's notation, without order; None where they are what an owner has by default."""
    if acl is None or (default is not None and sorted(acl) == sorted(default)):
        return None
    return ", ".join(sorted(acl)) or "none"


def object_(row: Row, user: str) -> SchemaObject:
    """What belongs to no entity, with the facts that are not usual."""
    facts = options(
        owner=row["owner"] if row["owner"] != user else None,
        privileges=privileges(row["acl"], row["default_acl"]),
        comment=row["comment"],
    )
    lines = [row["definition"] or "", *(f"{name}: {value}" for name, value in facts)]
    return SchemaObject(row["kind"], row["name"], "\n".join(line for line in lines if line))


def _exclusion(row: Row, table: str) -> SchemaObject:
    text = row["definition"] + (f"\ncomment: {row['comment']}" if row["comment"] else "")
    return SchemaObject("exclusion constraint", f"{table}.{row['name']}", text)
