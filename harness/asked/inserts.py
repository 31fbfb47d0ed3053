"""Rows that statements put in with values of their own: ``INSERT INTO roles (id, name) VALUES (7, 'auditor')``.

A migration that brings rows needs their keys to be free. What is selected from elsewhere tells no values, and is not
looked at.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol, runtime_checkable

from sqlglot import exp

from harness.asked.sql import parsed
from harness.design.longlists import UP_TO, Scanner
from harness.design.model import Schema, Statement

REPLACED = re.compile(r"^\s*REPLACE\s+(LOW_PRIORITY\s+|DELAYED\s+)?INTO\b", re.IGNORECASE)
"""MySQL's REPLACE, which puts rows in as INSERT does."""

Inserted = tuple[str, str, str]
"""An entity, one of its fields, and the text of a value that a statement puts there."""


@runtime_checkable
class Inserting(Protocol):
    """An engine that can tell what rows a script puts in."""

    def inserted(self, script: Statement, schema: Schema) -> Iterator[Inserted]:
        """The values that stand in the script; nothing for what cannot be read.

        Of a long list the ranges that its whole numbers lie in come first, ``(,9000]``, instead of the numbers.
        """
        ...


CONSTANT = re.compile(
    r"""[NnBbXx]?(?P<quote>')(?P<text>(?:[^']|'')*)'\s*(?:::\s*[\w\s".]+(?:\(\d+\))?)?|(?P<number>[-+]?\d+(?:\.\d+)?)"""
)
"""A value of a long list, where it is plain."""

FIRST_ROWS = 2000
"""Rows of a piece of a long list that are read value by value."""


def inserted(statements: Sequence[Statement], dialect: str, schema: Schema, scanner: Scanner) -> Iterator[Inserted]:
    """The values of every INSERT … VALUES among statements of SQL."""
    for statement in statements:
        text = REPLACED.sub("INSERT INTO", statement.told)
        if "insert" not in text.lower():
            continue
        for target, rows in _inserts(parsed(text, dialect), schema):
            if statement.first:
                highest, constants = _read(statement, scanner)
                yield from _named(target, [[None if n is None else f"{UP_TO}{n}]" for n in highest], *constants])
            else:
                yield from _named(target, map(_texts, rows))


Target = tuple[str, Sequence[str | None]]
"""An entity, and its fields in the order of the values; None for what it has not."""


def _inserts(tree: exp.Expr | None, schema: Schema) -> Iterator[tuple[Target, Sequence[exp.Expr]]]:
    for insert in () if tree is None else tree.find_all(exp.Insert):
        into, values = insert.this, insert.expression
        table = into.this if isinstance(into, exp.Schema) else into
        entity = next((e for e in schema.entities if e.name.lower() == table.name.lower()), None)
        if entity is None or not isinstance(values, exp.Values):
            continue
        known = {f.name.lower(): f.name for f in entity.fields}
        named = [each.name for each in into.expressions] if isinstance(into, exp.Schema) else list(known)
        yield (entity.name, [known.get(name.lower()) for name in named]), values.expressions


@lru_cache(maxsize=1024)
def _read(statement: Statement, scanner: Scanner) -> tuple[list[int | None], list[list[str | None]]]:
    """Of a long list the highest whole number in each column, and the other constants of its first rows."""
    found: dict[int, int] = {}
    constants: list[list[str | None]] = []
    for number, row in enumerate(scanner.rows(statement.text)):
        for place, value in enumerate(row):
            if value.isdecimal() and int(value) > found.get(place, -1):
                found[place] = int(value)
        if number < FIRST_ROWS:
            constants.append([None if value.isdecimal() else _constant(value) for value in row])
    return [found.get(place) for place in range(max(found, default=-1) + 1)], constants


def _named(target: Target, rows: Iterable[Sequence[str | None]]) -> Iterator[Inserted]:
    entity, names = target
    for row in rows:
        for name, text in zip(names, row, strict=False):
            if name is not None and text is not None:
                yield entity, name, text


def _constant(value: str) -> str | None:
    """The text of a long list's value; None for what is computed."""
    found = CONSTANT.fullmatch(value)
    return None if found is None else found["number"] or (found["text"] or "").replace("''", "'")


def _texts(row: exp.Expr) -> list[str | None]:
    return [_text(value) for value in row.expressions]


def _text(value: exp.Expr) -> str | None:
    """The text of a constant; None for anything else."""
    if isinstance(value, exp.Cast | exp.Paren):
        return _text(value.this)
    if isinstance(value, exp.Neg):
        inner = _text(value.this)
        return None if inner is None else f"-{inner}"
    return str(value.this) if isinstance(value, exp.Literal) else None
