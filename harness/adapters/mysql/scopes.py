"""Which table a column of a query belongs to: scopes, aliases, sub-selects and WITH queries, in sqlglot's tree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from harness.adapters.mysql.reading import entity
from harness.design.model import Schema

Column = tuple[str, str]
"""Entity and field, as the schema spells them."""

Source = str | Mapping[str, Column]
"""A table, or what the columns of a sub-select are, by name in lower case."""

UNKNOWN: Column = ("", "")

STATEMENTS = (exp.Select, exp.SetOperation, exp.Update, exp.Delete, exp.Insert)


@dataclass(slots=True)
class _Scope:
    """One query.

    Attributes:
        sources: what it reads, by alias in lower case.
        queries: the columns of the WITH queries that it can see.
        select: the query whose list names its columns: of a UNION, the first.
    """

    number: int
    outer: "_Scope | None"
    sources: dict[str, Source] = field(default_factory=dict)
    queries: dict[str, Mapping[str, Column]] = field(default_factory=dict)
    select: "tuple[exp.Select, _Scope] | None" = None


class Scopes:
    """All scopes of a tree, numbered in the order in which they are met, with the nodes that stand in each."""

    def __init__(self, tree: exp.Expr, schema: Schema) -> None:
        self._schema = schema
        self._scopes: list[_Scope] = []
        self._nodes: list[tuple[int, exp.Expr]] = []
        self._assigned: list[tuple[int, Column, exp.Expr]] = []
        self._enter(tree, None)

    def conditions(self) -> Iterator[tuple[int, exp.Expr]]:
        """Every expression node with the number of its scope."""
        return iter(self._nodes)

    def assignments(self) -> Iterator[tuple[int, Column, exp.Expr]]:
        """Values that an INSERT or UPDATE gives to columns."""
        return iter(self._assigned)

    def column(self, number: int, reference: exp.Column) -> Column:
        """What a column reference means in that scope; unknown when it is ambiguous or in no table of the schema."""
        scope: _Scope | None = self._scopes[number]
        while scope is not None:
            found = self._in_scope(scope, reference)
            if found != UNKNOWN:
                return found
            scope = scope.outer
        return UNKNOWN

    def _in_scope(self, scope: _Scope, reference: exp.Column) -> Column:
        if reference.table:
            source = scope.sources.get(reference.table.lower())
            return UNKNOWN if source is None else self._in_source(source, reference.name)
        found = {self._in_source(source, reference.name) for source in scope.sources.values()} - {UNKNOWN}
        return found.pop() if len(found) == 1 else UNKNOWN

    def _in_source(self, source: Source, name: str) -> Column:
        if not isinstance(source, str):
            return source.get(name.lower(), UNKNOWN)
        found = self._schema.entity(source)
        known = found.field(name) if found else None
        return (found.name, known.name) if found and known else UNKNOWN

    def _enter(self, node: exp.Expr, outer: _Scope | None) -> _Scope:
        """Read one query and those inside it."""
        node = _unwrapped(node)
        scope = _Scope(len(self._scopes), outer, queries=dict(outer.queries) if outer else {})
        self._scopes.append(scope)
        self._with(node, scope)
        if isinstance(node, exp.SetOperation):
            first = self._enter(node.this, scope)
            self._enter(node.expression, scope)
            scope.select = first.select
        elif isinstance(node, exp.Select):
            scope.select = (node, scope)
        for source in _sources(node):
            self._add(source, scope)
        self._assignments(node, scope)
        for child in _clauses(node):
            self._visit(child, scope)
        return scope

    def _with(self, node: exp.Expr, scope: _Scope) -> None:
        clause = argument(node, "with")
        for query in clause.expressions if clause is not None else ():
            inner = self._enter(query.this, scope)
            scope.queries[query.alias.lower()] = _renamed(self._columns(inner), query.alias_column_names)

    def _add(self, node: exp.Expr, scope: _Scope) -> None:
        """A table or sub-select of a FROM clause, with what is joined to it."""
        if isinstance(node, exp.Table):
            local = scope.queries.get(node.name.lower()) if not node.db else None
            scope.sources[(node.alias or node.name).lower()] = entity(node) if local is None else local
        elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
            self._add(node.this, scope)
        elif isinstance(node, exp.Subquery | exp.Lateral):
            columns = self._columns(self._enter(node.this, scope))
            alias = node.alias or f"?{len(scope.sources)}"
            scope.sources[alias.lower()] = _renamed(columns, node.alias_column_names)
        for join in node.args.get("joins") or ():
            self._add(join.this, scope)
            self._conditions(join, scope)

    def _conditions(self, join: exp.Join, scope: _Scope) -> None:
        on = join.args.get("on")
        if on is not None:
            self._visit(on, scope)

    def _visit(self, node: exp.Expr, scope: _Scope) -> None:
        """An expression node; a query inside it opens a scope of its own."""
        if isinstance(node, (*STATEMENTS, exp.Subquery)):
            self._enter(node, scope)
            return
        self._nodes.append((scope.number, node))
        for child in node.iter_expressions():
            self._visit(child, scope)

    def _columns(self, inner: _Scope) -> dict[str, Column]:
        """What the list of a sub-select gives on, by name in lower case."""
        if inner.select is None:
            return {}
        select, scope = inner.select
        columns: dict[str, Column] = {}
        for given in select.expressions:
            bare = given.unalias()
            if bare.is_star:
                columns.update(self._star(bare, scope))
            elif given.alias_or_name:
                known = self.column(scope.number, bare) if isinstance(bare, exp.Column) else UNKNOWN
                columns[given.alias_or_name.lower()] = known
        return columns

    def _star(self, reference: Any, scope: _Scope) -> dict[str, Column]:
        """All columns of ``*`` or ``alias.*``."""
        table = reference.table if isinstance(reference, exp.Column) else ""
        columns: dict[str, Column] = {}
        for source in [scope.sources.get(table.lower())] if table else scope.sources.values():
            if isinstance(source, str):
                found = self._schema.entity(source)
                columns.update({f.name.lower(): (found.name, f.name) for f in found.fields} if found else {})
            elif source is not None:
                columns.update(source)
        return columns

    def _assignments(self, node: exp.Expr, scope: _Scope) -> None:
        if isinstance(node, exp.Update):
            for pair in node.expressions:
                if isinstance(pair, exp.EQ) and isinstance(pair.this, exp.Column):
                    self._assigned.append((scope.number, self._in_scope(scope, pair.this), pair.expression))
        elif isinstance(node, exp.Insert) and isinstance(node.this, exp.Schema):
            table = entity(node.this.this)
            rows = node.expression.expressions if isinstance(node.expression, exp.Values) else ()
            for row in rows:
                for name, given in zip(node.this.expressions, row.expressions, strict=False):
                    self._assigned.append((scope.number, self._in_source(table, name.name), given))


def argument(node: exp.Expr, name: str) -> Any:
    """An argument whose name is a keyword of Python: newer releases of sqlglot write it ``from_``."""
    return node.args.get(f"{name}_") or node.args.get(name)


def _unwrapped(node: exp.Expr) -> exp.Expr:
    """A query without its parentheses."""
    while isinstance(node, exp.Subquery) and not isinstance(node.this, exp.Table):
        node = node.this
    return node


def _sources(node: exp.Expr) -> list[exp.Expr]:
    """What a query reads or writes: its FROM clause with its joins, and the tables that it changes."""
    found: list[exp.Expr] = []
    if isinstance(node, exp.Update | exp.Delete) and isinstance(node.this, exp.Expr):
        found.append(node.this)
    clause = argument(node, "from")
    if clause is not None:
        found.append(clause.this)
    found += [join.this for join in node.args.get("joins") or ()]
    using = node.args.get("using")
    return found + (list(using) if isinstance(using, list) else [])


OWN_WAY = frozenset({"with", "with_", "from", "from_", "laterals", "using", "tables"})
"""Clauses that are read as what they are, not as expressions."""


def _clauses(node: exp.Expr) -> Iterator[exp.Expr]:
    """The expressions of a query, and the ON conditions of its joins."""
    if isinstance(node, exp.SetOperation):
        skipped: Iterable[str] = OWN_WAY | {"this", "expression"}
    elif isinstance(node, exp.Update | exp.Delete | exp.Insert):
        skipped = OWN_WAY | {"this", "expressions", "conflict"}
    else:
        skipped = OWN_WAY
    for name, value in node.args.items():
        for child in value if isinstance(value, list) else [value]:
            if name in skipped or not isinstance(child, exp.Expr):
                continue
            if not isinstance(child, exp.Join):
                yield child
            elif child.args.get("on") is not None:
                yield child.args["on"]


def _renamed(columns: Mapping[str, Column], names: Iterable[str]) -> Mapping[str, Column]:
    """``AS t (a, b)`` and ``WITH t (a, b)`` name the columns anew, in order."""
    given = [name.lower() for name in names]
    return dict(zip(given, columns.values(), strict=False)) if given else columns
