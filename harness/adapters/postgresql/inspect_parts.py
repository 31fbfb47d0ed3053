"""Rows of the catalog as columns, keys, checks and indexes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from harness.adapters.postgresql.grammar import lexemes
from harness.adapters.postgresql.names import entity_name, quoted
from harness.adapters.postgresql.shape import TypeFacts, shape
from harness.design.model import Check, Field, ForeignKey, Index, IndexKey, Key, Options

Row = Mapping[str, Any]

ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
STORAGE = {"p": "plain", "e": "external", "m": "main", "x": "extended"}
COMPRESSION = {"p": "pglz", "l": "lz4"}
IDENTITY = {"a": "always", "d": "by default"}
GENERATED = {"s": "stored", "v": "virtual"}

OWN_NOT_NULL_NAME = re.compile(r".*_not_null\d*\Z", re.DOTALL)
"""Names that PostgreSQL 18 gives to NOT NULL constraints itself. They say nothing, and do not follow a renaming."""

VALUE = r"'(?:[^']|'')*'::character varying(?:\(\d+\))?"
CAST_AT_ONCE = re.compile(rf"ARRAY\[({VALUE}(?:, {VALUE})*)\]::text\[\]")


def options(**facts: str | None) -> Options:
    """The facts that there are, sorted by name."""
    return tuple(sorted((name, value) for name, value in facts.items() if value))


def field(row: Row, not_null: Sequence[Row], types: Mapping[int, TypeFacts]) -> Field:
    """A column; ``not_null`` are its named NOT NULL constraints (PostgreSQL 18)."""
    generated = GENERATED.get(row["generated"])
    named = [c["name"] for c in not_null if not OWN_NOT_NULL_NAME.match(c["name"])]
    return Field(
        name=row["name"],
        type=row["type"],
        nullable=row["nullable"],
        default=None if generated else row["expression"],
        generated=row["expression"] if generated else None,
        identity=IDENTITY.get(row["identity"]),
        collation=row["collation"],
        description=row["comment"] or "",
        options=options(
            generated=generated,
            storage=STORAGE.get(row["storage"]),
            compression=COMPRESSION.get(row["compression"]),
            statistics=row["statistics"],
            parameters=row["parameters"],
            server_options=row["server_options"],
            inherited=row["inherited"],
            privileges=", ".join(sorted(row["acl"])) if row["acl"] else None,
            not_null=", ".join(named),
            not_null_unvalidated="yes" if any(not c["validated"] for c in not_null) else None,
            not_null_not_inherited="yes" if any(c["no_inherit"] for c in not_null) else None,
            not_null_comment=", ".join(c["comment"] for c in not_null if c["comment"]),
        ),
        shape=shape(types, row["type_oid"], row["modifier"]),
    )


def key(row: Row) -> Key:
    """A primary key or unique constraint."""
    return Key(
        row["name"],
        tuple(row["fields"]),
        primary=row["kind"] == "p",
        options=options(
            deferrable=row["deferrable"],
            nulls_not_distinct=row["nulls_not_distinct"],
            period=row["period"],
            inherited=row["inherited"],
            comment=row["comment"],
        ),
    )


def foreign_key(row: Row) -> ForeignKey:
    """A foreign key."""
    return ForeignKey(
        row["name"],
        tuple(row["fields"]),
        entity_name(row["target_namespace"], row["target"]),
        tuple(row["target_fields"]),
        ACTIONS[row["on_delete"]],
        ACTIONS[row["on_update"]],
        row["validated"],
        options(
            deferrable=row["deferrable"],
            match=row["match"],
            set_fields=", ".join(row["set_fields"]),
            not_enforced=row["not_enforced"],
            period=row["period"],
            comment=row["comment"],
        ),
    )


def condition(text: str) -> str:
    """A condition as the server prints it, lists of texts as it prints them once their column was given another type.

    A CHECK or predicate with ``status IN ('open', 'paid')`` on a VARCHAR is printed with a cast of the whole list; when
    ALTER COLUMN … TYPE makes it anew, and when a dump is restored, with one of each value. They are the same.
    """
    return CAST_AT_ONCE.sub(_cast_each, text)


def _cast_each(found: re.Match[str]) -> str:
    return f"ARRAY[{re.sub(VALUE, lambda value: f'{value[0]}::text', found[1])}]"


def check(row: Row) -> Check:
    """A CHECK constraint."""
    return Check(
        row["name"],
        condition(row["expression"]),
        tuple(row["fields"]),
        row["validated"],
        options(
            no_inherit=row["no_inherit"],
            not_enforced=row["not_enforced"],
            inherited=row["inherited"],
            comment=row["comment"],
        ),
    )


def index(row: Row, entity: str) -> Index:
    """An index; its INCLUDE columns are no keys."""
    keys = [k for k in row["keys"] if not k["included"]]
    return Index(
        name=row["name"],
        entity=entity,
        keys=tuple(_index_key(k) for k in keys),
        unique=row["is_unique"],
        predicate=condition(row["predicate"]) if row["predicate"] else None,
        method=row["method"],
        includes=tuple(k["text"] for k in row["keys"] if k["included"]),
        constraint=row["constraint_name"],
        valid=row["valid"],
        options=options(
            nulls_not_distinct=row["nulls_not_distinct"],
            clustered=row["clustered"],
            replica_identity=row["replica_identity"],
            parent=row["parent"],
            storage_parameters=row["storage_parameters"],
            tablespace=row["tablespace"],
            comment=row["comment"],
        ),
        definition=condition(row["definition"]),
    )


def _index_key(row: Row) -> IndexKey:
    descending, first = bool(row["descending"]), bool(row["nulls_first"])
    statistics = row["statistics"]
    return IndexKey(
        row["text"],
        row["expression"],
        descending,
        None if descending == first else "first" if first else "last",
        options=options(
            opclass=row["opclass"],
            collation=row["collation"],
            statistics=None if statistics is None else str(statistics),
        ),
    )


def on_column(expression: str, column: str) -> str:
    """A domain's condition on VALUE as a condition on a column."""
    result, last = [], 0
    for lexeme in lexemes(expression):
        if lexeme.kind == "VALUE_P":
            result += [expression[last : lexeme.start], quoted(column)]
            last = lexeme.end
    return "".join((*result, expression[last:]))
