"""Outer joins of a SQL query, and the conditions of its WHERE that reject the rows which those add."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

KEEPS_NULL = (exp.Is, exp.Coalesce, exp.Or, exp.Case, exp.If, exp.Not, exp.Subquery, exp.Exists, exp.NullSafeEQ)
"""Expressions under which a condition may be true for the row of NULLs that an outer join adds."""


@dataclass(frozen=True, slots=True)
class Outer:
    """An outer join.

    Attributes:
        alias: the table on its right.
        side: ``LEFT``, ``RIGHT`` or ``FULL``.
        undoing: the conditions that are never true for a row of NULLs on the optional side, each with the number of
            lines below the query's first on which it stands.
    """

    alias: str
    side: str
    undoing: tuple[tuple[str, int], ...]


def outer(text: str, dialect: str) -> tuple[Outer, ...]:
    """The outer joins of a query; none for a text that sqlglot does not read."""
    try:
        tree = sqlglot.parse_one(text, dialect=dialect)
    except SqlglotError:
        return ()
    joins = [join for join in tree.find_all(exp.Join) if join.side in {"LEFT", "RIGHT", "FULL"}]
    return tuple(Outer(join.alias_or_name, join.side, tuple(_undoing(join, text, dialect))) for join in joins)


def _undoing(join: exp.Join, text: str, dialect: str) -> Iterator[tuple[str, int]]:
    select = join.find_ancestor(exp.Select)
    where = select.args.get("where") if select is not None else None
    if where is None or join.side != "LEFT":
        return
    conditions = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
    for condition in conditions:
        bare = condition.unnest()
        keeps = any(bare.find(kind) for kind in KEEPS_NULL)
        if not keeps and any(column.table == join.alias_or_name for column in bare.find_all(exp.Column)):
            yield bare.sql(dialect=dialect, comments=False), _line_of(text, bare)


def _line_of(text: str, condition: exp.Expr) -> int:
    """The line that holds the condition's first column."""
    column = next(condition.find_all(exp.Column)).sql().lower()
    lines = text.lower().splitlines()
    where = next((n for n, line in enumerate(lines) if "where" in line), 0)
    return next((n for n in range(where, len(lines)) if column in lines[n]), where)
