"""The tables that a query or a DML statement reads, by sqlglot's tree; by its lexemes where sqlglot has none."""

import logging
import re
from collections.abc import Iterator, Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from harness.adapters.mysql.grammar import Cursor, Lexeme, code

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
"""It warns of each statement that it does not understand; ``tree`` says so with None."""

REPLACE = re.compile(r"\A(\s*)REPLACE\b", re.IGNORECASE)
"""A statement that sqlglot 30 does not know; INSERT reads the same, but for the offsets, which nobody asks of it."""

BEFORE_TABLES = frozenset({"FROM", "JOIN", "STRAIGHT_JOIN", "INTO", "UPDATE"})
CALLS = frozenset({"EXTRACT", "TRIM", "SUBSTRING", "SUBSTR"})
"""Functions that have a FROM of their own."""


def tree(text: str) -> exp.Expr | None:
    """Sqlglot's reading of one statement; None where it has none."""
    known = REPLACE.sub(r"\1INSERT", text)
    try:
        parsed = sqlglot.parse(known, read="mysql")
    except (SqlglotError, RecursionError):
        return None
    if len(parsed) != 1 or parsed[0] is None or isinstance(parsed[0], exp.Command):
        return None
    return parsed[0]


def queried(text: str) -> tuple[str, ...]:
    """The tables that a statement speaks of, each once, in order, without its WITH names."""
    root = tree(text)
    return tuple(dict.fromkeys(_named(code(text)) if root is None else _read(root)))


def _read(root: exp.Expr) -> Iterator[str]:
    local = {expression.alias.lower() for expression in root.find_all(exp.CTE)}
    for table in root.find_all(exp.Table, bfs=False):
        if table.name and not (table.name.lower() in local and not table.db):
            yield entity(table)


def entity(table: exp.Table) -> str:
    """A table in the form of ``Entity.name``."""
    return f"{table.db}.{table.name}" if table.db else table.name


def _named(found: Sequence[Lexeme]) -> Iterator[str]:
    """The names after FROM, JOIN and their like."""
    local = {found[n].name for n in range(len(found) - 2) if (found[n + 1].upper, found[n + 2].text) == ("AS", "(")}
    call = ""
    for index, lexeme in enumerate(found):
        call = found[index - 1].upper if lexeme.text == "(" and index else call
        if lexeme.upper in BEFORE_TABLES and not (lexeme.upper == "FROM" and call in CALLS):
            name = Cursor(found, index + 1).entity()
            if name and name not in local and name.upper() not in {"SELECT", "DUAL", "LATERAL", "JSON_TABLE"}:
                yield name
        call = "" if lexeme.text == ")" else call
