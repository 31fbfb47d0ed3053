"""DDL from what a document says of its tables: column tables, bullets, index lists, relationships.

Names keep no quotes unless they need them, so that ``Users`` and ``users`` are the same table here as they are on the
server. Type words of other engines become what comes closest (see ``types``); an enum written inside a type becomes a
text with a CHECK. Everything else is written as the document has it: the server judges.
"""

from collections.abc import Iterable, Iterator

from harness.adapters.postgresql import grammar, types
from harness.adapters.postgresql.equal import value
from harness.adapters.postgresql.names import folded
from harness.design.model import Check, Entity, Field, ForeignKey, Index, IndexKey, Key, Options, Schema, Statement
from harness.design.parents import parents_first
from harness.source import Source

UNKNOWN = Source("", 1, 1)


def define(schema: Schema) -> tuple[Statement, ...]:
    """CREATE statements, parents first; foreign keys of a cycle, and indexes, after the tables.

    An entity without fields is one that is there already: only its indexes are made.
    """
    entities = [entity for entity in schema.entities if entity.fields]
    ordered, late = parents_first(entities)
    made: list[Statement] = [_made(thing.definition, UNKNOWN) for thing in schema.objects if _creates(thing.definition)]
    for entity in ordered:
        inline = [key for key in entity.foreign_keys if (entity.name, key) not in late]
        made.append(_made(_table(entity, inline), entity.source))
    made += [_made(_added(name, key), key.source) for name, key in late]
    bare = [entity for entity in schema.entities if not entity.fields]
    made += [
        _made(text, index.source or entity.source) for entity in (*ordered, *bare) for index, text in _indexes(entity)
    ]
    return tuple(made)


def _made(text: str, source: Source | None) -> Statement:
    return Statement(text, source or UNKNOWN, "derived")


def _creates(definition: str) -> bool:
    return definition.lstrip().upper().startswith("CREATE ")


def name(entity: str) -> str:
    """A table's name as SQL, with its namespace when the document gives one."""
    return ".".join(folded(part) for part in entity.split("."))


def _list(fields: Iterable[str]) -> str:
    return ", ".join(folded(field) for field in fields)


def _table(entity: Entity, foreign_keys: Iterable[ForeignKey]) -> str:
    parts = [
        *(_column(field) for field in entity.fields),
        *(_key(key) for key in entity.keys),
        *(_foreign_key(key) for key in foreign_keys),
        *_checks(entity),
    ]
    body = ",\n".join(f"  {part}" for part in parts)
    return f"CREATE TABLE {name(entity.name)} (\n{body}\n)"


def _column(field: Field) -> str:
    words = [folded(field.name), types.native(field.type).text]
    if field.collation:
        words.append(f"COLLATE {field.collation}")
    if field.nullable is False:
        words.append("NOT NULL")
    if field.generated is not None:
        kind = "VIRTUAL" if ("generated", "virtual") in field.options else "STORED"
        words.append(f"GENERATED ALWAYS AS ({field.generated}) {kind}")
    elif field.identity is not None:
        words += _identity(field)
    elif field.default is not None:
        words.append(f"DEFAULT {value(field.default)}")
    return " ".join(words)


def _identity(field: Field) -> list[str]:
    """An AUTO_INCREMENT of other engines is an identity here; a serial type numbers its column already."""
    if types.numbers_itself(field.type):
        return []
    return [f"GENERATED {'ALWAYS' if field.identity == 'always' else 'BY DEFAULT'} AS IDENTITY"]


def _named(constraint: str | None) -> str:
    return f"CONSTRAINT {folded(constraint)} " if constraint else ""


def _key(key: Key) -> str:
    word = "PRIMARY KEY" if key.primary else "UNIQUE"
    distinct = "" if key.primary else _nulls(key.options)
    return f"{_named(key.name)}{word}{distinct} ({_list(key.fields)}){_deferral(key.options)}"


def _nulls(options: Options) -> str:
    return " NULLS NOT DISTINCT" if dict(options).get("nulls_not_distinct") == "yes" else ""


def _deferral(options: Options) -> str:
    said = dict(options).get("deferrable")
    return f" DEFERRABLE {said.upper()}" if said else ""


def _foreign_key(key: ForeignKey) -> str:
    target = f"{name(key.target)} ({_list(key.target_fields)})" if key.target_fields else name(key.target)
    actions = "".join(
        f" ON {event} {action}" for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update)) if action
    )
    clause = f"FOREIGN KEY ({_list(key.fields)}) REFERENCES {target}{actions}"
    return f"{_named(key.name)}{clause}{_deferral(key.options)}"


def _added(entity: str, key: ForeignKey) -> str:
    return f"ALTER TABLE {name(entity)} ADD {_foreign_key(key)}"


def _checks(entity: Entity) -> Iterator[str]:
    """The conditions that are said in full, and those of enums inside types."""
    for check in entity.checks:
        if check.expression:
            yield f"{_named(check.name)}CHECK ({_condition(check.expression, check)})"
    for field in entity.fields:
        labels = types.native(field.type).labels
        if labels:
            yield f"CHECK ({folded(field.name)} IN ({labels}))"


def _condition(expression: str, check: Check) -> str:
    """``> 0`` in the row of one column is meant of that column."""
    if grammar.normalised(f"SELECT {expression}") is None and len(check.fields) == 1:
        whole = f"{folded(check.fields[0])} {expression}"
        if grammar.normalised(f"SELECT {whole}") is not None:
            return whole
    return expression


def _indexes(entity: Entity) -> Iterator[tuple[Index, str]]:
    """Indexes that have keys; those that a key constraint of the same name brings along are not made twice."""
    behind = {name.lower() for key in entity.keys for name in _constraint_names(entity.name, key)}
    for index in entity.indexes:
        if index.keys and (index.name or "").lower() not in behind:
            yield index, statement(index)


def _constraint_names(entity: str, key: Key) -> Iterator[str]:
    bare = entity.rpartition(".")[2]
    yield key.name or ("_".join((bare, "pkey")) if key.primary else "_".join((bare, *key.fields, "key")))


def statement(index: Index) -> str:
    """The statement that makes an index of a table that is there."""
    words = ["CREATE UNIQUE INDEX" if index.unique else "CREATE INDEX"]
    if index.name:
        words.append(folded(index.name))
    words.append(f"ON {name(index.entity)}")
    if index.method:
        words.append(f"USING {index.method.lower()}")
    words.append(f"({', '.join(_index_key(key) for key in index.keys)})")
    if index.includes:
        words.append(f"INCLUDE ({_list(index.includes)})")
    if index.predicate:
        words.append(f"WHERE {index.predicate}")
    return " ".join(words)


def _index_key(key: IndexKey) -> str:
    options = dict(key.options)
    words = [f"({key.text})" if key.expression else folded(key.text)]
    words += [f"COLLATE {options['collation']}"] if "collation" in options else []
    words += [options["opclass"]] if "opclass" in options else []
    words += ["DESC"] if key.descending else []
    words += [f"NULLS {key.nulls.upper()}"] if key.nulls else []
    return " ".join(words)
