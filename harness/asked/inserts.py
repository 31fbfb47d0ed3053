"""Rows that statements put in with values of their own: ``INSERT INTO roles (id, name) VALUES (7, 'auditor')``.

A migration that brings rows needs their keys to be free. What is selected from elsewhere tells no values, and is not
looked at.
"""

import re
from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from sqlglot import exp

from harness.asked.sql import parsed
from harness.design.model import Schema, Statement

REPLACED = re.compile(r"^\s*REPLACE\s+(LOW_PRIORITY\s+|DELAYED\s+)?INTO\b", re.IGNORECASE)
"""MySQL's REPLACE, which puts rows in as INSERT does."""

Inserted = tuple[str, str, str]
"""An entity, one of its fields, and the text of a value that a statement puts there."""


@runtime_checkable
class Inserting(Protocol):
    """An engine that can tell what rows a script puts in."""

    def inserted(self, script: Statement, schema: Schema) -> tuple[Inserted, ...]:
        """The values that stand in the script; nothing for what cannot be read."""
        ...


def inserted(texts: Iterator[str], dialect: str, schema: Schema) -> tuple[Inserted, ...]:
    """The values of every INSERT … VALUES among statements of SQL."""
    plain = (REPLACED.sub("INSERT INTO", text) for text in texts)
    likely = (text for text in plain if "insert" in text.lower())
    return tuple(found for text in likely for found in _inserted(parsed(text, dialect), schema))


def _inserted(tree: exp.Expr | None, schema: Schema) -> Iterator[Inserted]:
    for insert in () if tree is None else tree.find_all(exp.Insert):
        target, values = insert.this, insert.expression
        table = target.this if isinstance(target, exp.Schema) else target
        entity = next((e for e in schema.entities if e.name.lower() == table.name.lower()), None)
        if entity is None or not isinstance(values, exp.Values):
            continue
        own = [f.name for f in entity.fields]
        named = [each.name for each in target.expressions] if isinstance(target, exp.Schema) else own
        known = {name.lower(): name for name in own}
        for row in values.expressions:
            for name, value in zip(named, row.expressions, strict=False):
                text = _text(value)
                if text is not None and name.lower() in known:
                    yield entity.name, known[name.lower()], text


def _text(value: exp.Expr) -> str | None:
    """The text of a constant; None for anything else."""
    if isinstance(value, exp.Cast | exp.Paren):
        return _text(value.this)
    if isinstance(value, exp.Neg):
        inner = _text(value.this)
        return None if inner is None else f"-{inner}"
    return str(value.this) if isinstance(value, exp.Literal) else None
