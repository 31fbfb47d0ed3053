"""The schema as the server tells it: lists come from ``information_schema``, definitions are what it prints.

What asks for it all, again and again, is in ``looks``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from harness.adapters.mysql.answers import Said, answered
from harness.adapters.mysql.connection import Connection, rows
from harness.adapters.mysql.constrained import constrained
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.inspect_parts import (
    INDEXES,
    CharacterSets,
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
from harness.design.model import Check, Entity, Field, ForeignKey, Index, Key, Options, SchemaObject

Part = TypeVar("Part", Key, ForeignKey, Check, Index)
Row = Mapping[str, str | None]

VIEW, SEQUENCE = "VIEW", "SEQUENCE"

TRIGGERS = "SHOW TRIGGERS"
ENTITIES = "SHOW FULL TABLES"
"""Give what ``information_schema`` has of them; MariaDB answers in a fraction of the time (10.11)."""

MEMO = "harness_memo"

ONLY_ROW = "one TINYINT NOT NULL DEFAULT 1 PRIMARY KEY"
"""The key of a table of ours that has one row: some servers take no table without a key."""
"""A table of ours, in databases that stay (see ``lasting``): no part of the schema."""

VOLATILE = frozenset({"AUTO_INCREMENT"})
"""Table options that rows change."""

CREATED = re.compile(
    r"\ACREATE (?:ALGORITHM=(?P<algorithm>\w+) )?(?:DEFINER=`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)? )?", re.IGNORECASE
)
"""How the text of a view or routine begins. The algorithm is kept; a definer is told where it is another account."""


@cache
def query(part: str) -> str:
    """The text of ``inspect_<part>.sql``."""
    return files(__package__).joinpath(f"inspect_{part}.sql").read_text(encoding="utf-8")


def showing(what: str, name: str) -> str:
    """What asks for the text of a table, view, routine, trigger or sequence."""
    return f"SHOW CREATE {what} {quoted(name)}"


def shown(connection: Connection, what: str, name: str) -> str:
    """What ``SHOW CREATE`` says; see ``definition``. The bytes come back as they were when the text is sent again."""
    connection.use_unicode = False
    try:
        row = rows(connection, showing(what, name))[0]
    finally:
        connection.use_unicode = True
    texts = {
        title: value.decode("utf-8", "surrogateescape") for title, value in row.items() if isinstance(value, bytes)
    }
    return definition(texts, what, str(rows(connection, "SELECT DATABASE() AS name")[0]["name"]))


def definition(row: Row, what: str, database: str) -> str:
    """The text in an answer of ``SHOW CREATE``. MariaDB gives the name of the database before a sequence's."""
    titles = {f"create {what}".lower(), "create table", "sql original statement"}  # of a sequence, of a trigger
    text = next((text for title, text in row.items() if title.lower() in titles), None) or ""
    return text.replace(f"`{database}`.", "")


def entities(found: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """The names and kinds of tables, views and sequences in a list of them, which names a column after the database."""
    pairs = (tuple(map(str, row.values())) for row in found)
    return tuple((name, kind) for name, kind in pairs if name != MEMO)


def text_in(said: Said, what: str, database: str) -> str:
    """The text in what was said to ``showing``; a refusal is raised."""
    (row,) = answered(said).rows("surrogateescape")
    return definition(row, what, database)


def view(name: str, text: str, columns: Iterable[Row]) -> Entity:
    """A view from its printed text and its columns."""
    fields = (
        Field(str(row["name"]), str(row["type"]), row["nullable"] == "YES", shape=shape(str(row["type"])))
        for row in columns
    )
    return Entity(name, "view", tuple(fields), options=options(definition=undefined(text)))


def undefined(text: str) -> str:
    """The text of a view or routine without its definer."""
    return CREATED.sub(lambda m: f"CREATE ALGORITHM={m['algorithm']} " if m["algorithm"] else "CREATE ", text, count=1)


def triggers(found: Iterable[Row], user: str, flavour: Flavour) -> Iterator[SchemaObject]:
    """Triggers, as ``SHOW TRIGGERS`` lists them: those of one moment in the order in which they are fired."""
    before: Counter[tuple[str | None, ...]] = Counter()
    for row in found:
        moment = (row["Table"], row["Timing"], row["Event"])
        before[moment] += 1
        text = f"{row['Timing']} {row['Event']} {before[moment]}\n{row['Statement']}"
        about = {"definer": row["Definer"], "sql_mode": row["sql_mode"]}
        yield moded(SchemaObject("trigger", f"{row['Table']}.{row['Trigger']}", text), about, user, flavour)


def moded(thing: SchemaObject, row: Row, user: str, flavour: Flavour) -> SchemaObject:
    """What has a definer and remembers the mode in which it was made; told where they are not the usual ones."""
    facts = options(
        definer=row["definer"] if row["definer"] != user else None,
        sql_mode=row["sql_mode"] if row["sql_mode"] != flavour.sql_mode else None,
    )
    return replace(thing, definition="\n".join((thing.definition, *(f"{fact}: {value}" for fact, value in facts))))


def privileges(found: Iterable[Row]) -> Iterator[SchemaObject]:
    """What accounts may do here."""
    granted: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for row in found:
        subject = ".".join(part for part in (row["entity"], row["field"]) if part) or "the database"
        granted[row["grantee"], subject].append(
            f"{row['privilege']}{' WITH GRANT OPTION' if row['grantable'] == 'YES' else ''}"
        )
    for (grantee, subject), rights in granted.items():
        yield SchemaObject("privilege", f"{grantee} on {subject}", ", ".join(sorted(rights)))


@lru_cache(maxsize=4096)
def table(text: str, name: str, sets: CharacterSets, flavour: Flavour) -> Entity:
    """A table from its printed text: the same for the same words, most of which are read again and again."""
    said = printed(text)
    runs = _sorted_out(said.definitions)
    names = [run[0].name for run in runs["column"]]
    checks = (
        *(found for run in runs["column"] if (found := column_check(said, run)) is not None),
        *(check(said, run, names) for run in runs["check"]),
    )
    facts = pairs(said.text, said.options)
    usual = sets.collated(facts.get("DEFAULT CHARSET"), facts.get("COLLATE"))
    foreign_keys = tuple(foreign_key(run, flavour) for run in runs["foreign key"])
    indexes = constrained([index(said, run, name) for run in runs["index"]], foreign_keys)
    keys = map(key, indexes)
    return Entity(
        name,
        "partitioned table" if said.partitions else "table",
        tuple(field(said, run, checks, sets, usual) for run in runs["column"]),
        _by_name(found for found in keys if found is not None),
        _by_name(foreign_keys),
        _by_name(checks),
        _by_name(indexes),
        _table_options(said, runs["other"], facts),
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


def _table_options(said: Printed, others: Sequence[Run], found: Mapping[str, str]) -> Options:
    facts = {name: value for name, value in found.items() if name not in VOLATILE}
    comment = facts.pop("COMMENT", None)
    return options(
        comment=text_of(comment) if comment else None,
        partitions=said.partitions,
        definitions=", ".join(said.of(run) for run in others),
        **{name.lower().replace(" ", "_"): value for name, value in facts.items()},
    )
