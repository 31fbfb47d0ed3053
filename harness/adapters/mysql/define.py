"""DDL from what a document says of its tables: column tables, bullets, index lists, relationships.

Foreign keys are made as constraints of the table, never as REFERENCES behind a column, which MySQL reads and ignores
before 9.0. Type words of other engines become what comes closest (see ``types``); defaults that are expressions get the
parentheses that the servers want. Everything else is written as the document has it: the server judges.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from harness.adapters.mysql import types
from harness.adapters.mysql.defaults import default, moment
from harness.adapters.mysql.grammar import code
from harness.adapters.mysql.names import qualified, quoted
from harness.design.model import Check, Entity, Field, ForeignKey, Index, IndexKey, Key, Schema, Statement
from harness.design.parents import parents_first
from harness.source import Source

UNKNOWN = Source("", 1, 1)

METHODS = frozenset({"fulltext", "spatial"})
"""What a document names as an index's method, and the servers as its kind."""


def define(schema: Schema, *, uuid: bool = False) -> tuple[Statement, ...]:
    """CREATE statements, parents first; foreign keys of a cycle, and indexes, after the tables.

    An entity without fields is one that is there already: only its indexes are made.

    Args:
        schema: as designed.
        uuid: the server has a type UUID of its own.
    """
    entities = [entity for entity in schema.entities if entity.fields]
    ordered, late = parents_first([_aimed(entity, schema) for entity in entities])
    made: list[Statement] = [_made(thing.definition, UNKNOWN) for thing in schema.objects if _creates(thing.definition)]
    for entity in ordered:
        inside = [key for key in entity.foreign_keys if (entity.name, key) not in late]
        made.append(_made(_table(entity, inside, uuid=uuid), entity.source))
    made += [_made(f"ALTER TABLE {qualified(name)} ADD {_foreign_key(key)}", key.source) for name, key in late]
    bare = [entity for entity in schema.entities if not entity.fields]
    made += [
        _made(text, index.source or entity.source) for entity in (*ordered, *bare) for index, text in _indexes(entity)
    ]
    return tuple(made)


def _made(text: str, source: Source | None) -> Statement:
    return Statement(text, source or UNKNOWN, "derived")


def _creates(definition: str) -> bool:
    return definition.lstrip().upper().startswith("CREATE ")


def _aimed(entity: Entity, schema: Schema) -> Entity:
    """The entity with foreign keys that say at which columns they point: the servers do not guess the primary key."""
    return replace(entity, foreign_keys=tuple(_with_target(key, schema) for key in entity.foreign_keys))


def _with_target(key: ForeignKey, schema: Schema) -> ForeignKey:
    target = schema.entity(key.target)
    primary = target.primary_key if target else None
    return replace(key, target_fields=key.target_fields or (primary.fields if primary else ("id",)))


def _list(fields: Iterable[str]) -> str:
    return ", ".join(quoted(field) for field in fields)


def _table(entity: Entity, foreign_keys: Iterable[ForeignKey], *, uuid: bool) -> str:
    numbered = _numbered(entity)
    parts = [
        *(_column(field, uuid=uuid) for field in entity.fields),
        *(_key(key) for key in entity.keys),
        *([f"KEY ({quoted(numbered)})"] if numbered else []),
        *(_foreign_key(key) for key in foreign_keys),
        *_checks(entity),
    ]
    body = ",\n".join(f"  {part}" for part in parts)
    return f"CREATE TABLE {qualified(entity.name)} (\n{body}\n)"


def _numbered(entity: Entity) -> str:
    """A column that numbers itself and leads no key: the servers want a key on it (1075), else take no such table."""
    led = {key.fields[0].lower() for key in entity.keys if key.fields}
    return next((f.name for f in entity.fields if _numbers(f) and f.name.lower() not in led and not _serial(f)), "")


def _numbers(field: Field) -> bool:
    return field.identity is not None or types.numbers_itself(field.type)


def _serial(field: Field) -> bool:
    """SERIAL brings a unique key of its own."""
    return field.type.strip().lower() == "serial"


def _column(field: Field, *, uuid: bool) -> str:
    native = types.native(field.type, uuid=uuid)
    words = [quoted(field.name), native]
    collation = field.collation or dict(field.options).get("collate")
    if collation:
        words.append(f"COLLATE {collation}")
    if field.generated is not None:
        words.append(f"GENERATED ALWAYS AS ({field.generated}) {_storage(field)}")
    if field.nullable is False:
        words.append("NOT NULL")
    if field.generated is None and field.identity is not None and not types.numbers_itself(field.type):
        words.append("AUTO_INCREMENT")
    elif field.generated is None and field.default is not None:
        words.append(f"DEFAULT {default(field.default, native)}")
    updated = dict(field.options).get("on update")
    if updated:
        words.append(f"ON UPDATE {moment(updated, native)}")
    return " ".join(words)


def _storage(field: Field) -> str:
    return "STORED" if "stored" in {word for pair in field.options for word in pair} else "VIRTUAL"


def _named(constraint: str | None) -> str:
    return f"CONSTRAINT {quoted(constraint)} " if constraint else ""


def _key(key: Key) -> str:
    if key.primary:
        return f"PRIMARY KEY ({_list(key.fields)})"
    return f"UNIQUE KEY {quoted(key.name)} ({_list(key.fields)})" if key.name else f"UNIQUE KEY ({_list(key.fields)})"


def _foreign_key(key: ForeignKey) -> str:
    target = f"{qualified(key.target)} ({_list(key.target_fields)})"
    actions = "".join(
        f" ON {event} {action}" for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update)) if action
    )
    return f"{_named(key.name)}FOREIGN KEY ({_list(key.fields)}) REFERENCES {target}{actions}"


def _checks(entity: Entity) -> Iterator[str]:
    """The conditions that are said in full."""
    for check in entity.checks:
        if check.expression:
            yield f"{_named(check.name)}CHECK ({_condition(check.expression, check)})"


BEGINS_MIDWAY = re.compile(
    r"\s*(?:[<>=!]|(?:not\s+)?(?:in|between|like|regexp|rlike)\b|is\s+(?:not\s+)?null\b)", re.IGNORECASE
)


def _condition(expression: str, check: Check) -> str:
    """``> 0`` in the row of one column is meant of that column."""
    midway = BEGINS_MIDWAY.match(expression) is not None and len(check.fields) == 1
    return f"{quoted(check.fields[0])} {expression}" if midway else expression


def _indexes(entity: Entity) -> Iterator[tuple[Index, str]]:
    """Indexes that have keys; those that a key constraint of the same name brings along are not made twice."""
    behind = {(key.name or key.fields[0]).lower() for key in entity.keys if not key.primary and key.fields}
    named = {key.name.lower() for key in entity.keys if key.name}
    for index in entity.indexes:
        name = (index.name or "").lower()
        if index.keys and name not in named | {"primary"} and not (name in behind and index.unique):
            yield index, statement(index)


def statement(index: Index) -> str:
    """The servers want a name. What they do not know (WHERE, INCLUDE) is written all the same: they say so."""
    method = (index.method or "").lower()
    kind = method.upper() if method in METHODS else "UNIQUE" if index.unique else ""
    words = [f"CREATE {kind} INDEX" if kind else "CREATE INDEX", quoted(index.name or _index_name(index))]
    if method and method not in METHODS:
        words.append(f"USING {method.upper()}")
    words.append(f"ON {qualified(index.entity)} ({', '.join(_index_key(key) for key in index.keys)})")
    if index.includes:
        words.append(f"INCLUDE ({_list(index.includes)})")
    if index.predicate:
        words.append(f"WHERE {index.predicate}")
    invisible = {name.lower() for name, _ in index.options} & {"invisible"}
    return " ".join((*words, "INVISIBLE") if invisible else words)


def _index_name(index: Index) -> str:
    """A name for an index that the document gives none."""
    words = [word.name for key in index.keys for word in code(key.text) if word.name]
    return "_".join(("idx", index.entity.rpartition(".")[2], *words))[:64]


def _index_key(key: IndexKey) -> str:
    words = [f"({key.text})" if key.expression else quoted(key.text) + (f"({key.length})" if key.length else "")]
    words += ["DESC"] if key.descending else []
    return " ".join(words)
