"""Which table a column of a query belongs to: scopes, aliases, sub-selects and WITH queries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message
from postgast import pg_query_pb2 as pb
from postgast.walk import unwrap_node

from harness.adapters.postgresql.names import entity_name
from harness.design.model import Schema

Column = tuple[str, str]
"""Entity and field, as the schema spells them."""

UNKNOWN: Column = ("", "")

QUERIES = (pb.SelectStmt, pb.UpdateStmt, pb.DeleteStmt, pb.InsertStmt, pb.MergeStmt)


@dataclass(slots=True)
class _Scope:
    """One query.

    Attributes:
        sources: what it reads, by alias in lower case: a table, or the columns of a sub-select.
        queries: the columns of the WITH queries that it can see.
        branch: of a UNION, the first of the two queries, which gives the columns their names.
    """

    number: int
    outer: "_Scope | None"
    sources: dict[str, "str | Mapping[str, Column]"] = field(default_factory=dict)
    queries: dict[str, Mapping[str, Column]] = field(default_factory=dict)
    branch: "_Scope | None" = None


class Scopes:
    """All scopes of a parse tree, numbered in the order of the text, with the nodes that stand in each."""

    def __init__(self, tree: Message, schema: Schema) -> None:
        self._schema = schema
        self._scopes: list[_Scope] = []
        self._nodes: list[tuple[int, Message]] = []
        self._assigned: list[tuple[int, Column, Message]] = []
        for statement in tree.stmts:
            self._enter(unwrap_node(statement.stmt), None)

    def conditions(self) -> Iterator[tuple[int, Message]]:
        """Every expression node with the number of its scope."""
        return iter(self._nodes)

    def assignments(self) -> Iterator[tuple[int, Column, Message]]:
        """Values that an INSERT or UPDATE gives to columns."""
        return iter(self._assigned)

    def column(self, number: int, reference: Any) -> Column:
        """What a column reference means in that scope; unknown when it is ambiguous or in no table of the schema."""
        parts = [part.string.sval for part in reference.fields if part.HasField("string")]
        if not parts or len(parts) != len(reference.fields):
            return UNKNOWN
        scope: _Scope | None = self._scopes[number]
        while scope is not None:
            found = self._in_scope(scope, parts)
            if found != UNKNOWN:
                return found
            scope = scope.outer
        return UNKNOWN

    def _in_scope(self, scope: _Scope, parts: list[str]) -> Column:
        name = parts[-1]
        if len(parts) > 1:
            source = scope.sources.get(parts[-2].lower())
            return UNKNOWN if source is None else self._in_source(source, name)
        found = {self._in_source(source, name) for source in scope.sources.values()} - {UNKNOWN}
        return found.pop() if len(found) == 1 else UNKNOWN

    def _in_source(self, source: "str | Mapping[str, Column]", name: str) -> Column:
        if not isinstance(source, str):
            return source.get(name.lower(), UNKNOWN)
        entity = self._schema.entity(source)
        found = entity.field(name) if entity else None
        return (entity.name, found.name) if entity and found else UNKNOWN

    def _enter(self, node: Any, outer: _Scope | None) -> _Scope:
        """Read one query and those inside it."""
        scope = _Scope(len(self._scopes), outer, queries=dict(outer.queries) if outer else {})
        self._scopes.append(scope)
        if isinstance(node, pb.ExplainStmt):
            return self._enter(unwrap_node(node.query), outer)
        if isinstance(node, QUERIES) and node.HasField("with_clause"):
            for query in node.with_clause.ctes:
                expression = query.common_table_expr
                inner = self._enter(unwrap_node(expression.ctequery), scope)
                columns = self._columns(unwrap_node(expression.ctequery), inner)
                scope.queries[expression.ctename] = _renamed(columns, expression.aliascolnames)
        for source in _sources(node):
            self._add(source, scope)
        self._read(node, scope, skip=("with_clause", "from_clause", "using_clause", "relation"))
        for source in _sources(node):
            self._read_joins(source, scope)
        self._assignments(node, scope)
        return scope

    def _add(self, node: Any, scope: _Scope) -> None:
        """A table, join or sub-select of a FROM clause."""
        match node:
            case pb.RangeVar():
                alias = node.alias.aliasname or node.relname
                local = scope.queries.get(node.relname) if not node.schemaname else None
                scope.sources[alias.lower()] = (
                    local if local is not None else entity_name(node.schemaname, node.relname)
                )
            case pb.JoinExpr():
                self._add(unwrap_node(node.larg), scope)
                self._add(unwrap_node(node.rarg), scope)
            case pb.RangeSubselect():
                query = unwrap_node(node.subquery)
                inner = self._enter(query, scope)
                columns = _renamed(self._columns(query, inner), node.alias.colnames)
                scope.sources[(node.alias.aliasname or f"?{len(scope.sources)}").lower()] = columns
            case _:
                return

    def _read_joins(self, node: Any, scope: _Scope) -> None:
        """ON conditions."""
        if isinstance(node, pb.JoinExpr):
            if node.HasField("quals"):
                self._visit(unwrap_node(node.quals), scope)
            self._read_joins(unwrap_node(node.larg), scope)
            self._read_joins(unwrap_node(node.rarg), scope)

    def _read(self, node: Message, scope: _Scope, skip: tuple[str, ...] = ()) -> None:
        for descriptor, value in node.ListFields():
            if descriptor.name in skip or descriptor.message_type is None:
                continue
            if descriptor.name == "larg":
                scope.branch = self._enter(value, scope)
                continue
            for child in [value] if isinstance(value, Message) else value:
                self._visit(unwrap_node(child), scope)

    def _visit(self, node: Message, scope: _Scope) -> None:
        """An expression node; a query inside it opens a scope of its own."""
        if isinstance(node, QUERIES):
            self._enter(node, scope)
            return
        self._nodes.append((scope.number, node))
        self._read(node, scope)

    def _columns(self, node: Any, inner: _Scope) -> dict[str, Column]:
        """What the target list of a sub-select gives on, by name in lower case."""
        if not isinstance(node, pb.SelectStmt):
            return {}
        if inner.branch is not None:
            return self._columns(node.larg, inner.branch)
        columns: dict[str, Column] = {}
        for target in node.target_list:
            value = unwrap_node(target.res_target.val)
            if not isinstance(value, pb.ColumnRef):
                continue
            if value.fields[-1].HasField("a_star"):
                columns.update(self._star(value, inner))
                continue
            name = target.res_target.name or value.fields[-1].string.sval
            columns[name.lower()] = self.column(inner.number, value)
        return columns

    def _star(self, reference: Any, inner: _Scope) -> dict[str, Column]:
        """All columns of ``*`` or ``alias.*``."""
        parts = [part.string.sval for part in reference.fields if part.HasField("string")]
        chosen = [inner.sources.get(parts[-1].lower())] if parts else list(inner.sources.values())
        columns: dict[str, Column] = {}
        for source in chosen:
            if isinstance(source, str):
                entity = self._schema.entity(source)
                columns.update({f.name.lower(): (entity.name, f.name) for f in entity.fields} if entity else {})
            elif source is not None:
                columns.update(source)
        return columns

    def _assignments(self, node: Any, scope: _Scope) -> None:
        if isinstance(node, pb.UpdateStmt):
            entity = entity_name(node.relation.schemaname, node.relation.relname)
            for target in node.target_list:
                column = self._in_source(entity, target.res_target.name)
                self._assigned.append((scope.number, column, unwrap_node(target.res_target.val)))
        elif isinstance(node, pb.InsertStmt):
            entity = entity_name(node.relation.schemaname, node.relation.relname)
            names = [column.res_target.name for column in node.cols]
            for row in node.select_stmt.select_stmt.values_lists:
                for name, given in zip(names, row.list.items, strict=False):
                    self._assigned.append((scope.number, self._in_source(entity, name), unwrap_node(given)))


def _sources(node: Any) -> list[Message]:
    """What a query reads or writes: its FROM (or USING) clause and the table it changes."""
    found: list[Message] = []
    if isinstance(node, (pb.UpdateStmt, pb.DeleteStmt, pb.InsertStmt, pb.MergeStmt)):
        found.append(node.relation)
    for clause in ("from_clause", "using_clause"):
        if clause in node.DESCRIPTOR.fields_by_name:
            found += [unwrap_node(item) for item in getattr(node, clause)]
    return found


def _renamed(columns: Mapping[str, Column], names: Any) -> Mapping[str, Column]:
    """``AS t (a, b)`` and ``WITH t (a, b)`` name the columns anew, in order."""
    given = [name.string.sval.lower() for name in names]
    return dict(zip(given, columns.values(), strict=False)) if given else columns
