"""Which table a column of a query block belongs to, by sqlglot's scopes and the schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from harness.design.model import Schema

Column = tuple[str, str]
"""Entity and field, as the schema spells them."""

UNKNOWN: Column = ("", "")


class Names:
    """The tables and sub-selects of one block, by alias, with those of the blocks around it."""

    def __init__(self, sources: Mapping[str, Any], schema: Schema, outer: "Names | None" = None) -> None:
        self._sources = dict(sources)
        self._schema = schema
        self._outer = outer

    @classmethod
    def of(cls, scope: Scope, schema: Schema) -> "Names":
        """The names of a scope: what its own FROM and joins select, not every WITH query in sight."""
        outer = cls.of(scope.parent, schema) if scope.parent is not None and scope.is_subquery else None
        return cls(_own(scope), schema, outer)

    def entities(self) -> Iterator[tuple[str, str]]:
        """Alias and entity of everything that the block reads; the entity is empty for a sub-select."""
        for alias, source in self._sources.items():
            yield alias, self._entity(source)

    def _entity(self, source: Any) -> str:
        if not isinstance(source, exp.Table):
            return ""
        name = f"{source.db}.{source.name}" if source.db else source.name
        found = self._schema.entity(name) or self._schema.entity(source.name)
        return found.name if found is not None else ""

    def node(self, alias: str) -> exp.Expr | None:
        """The table or sub-select of that alias."""
        source = self._sources.get(alias)
        return source.expression if isinstance(source, Scope) else source

    def alias(self, column: exp.Column | None) -> str:
        """The alias of the source that a column belongs to; empty when it is not of this block."""
        if column is None:
            return ""
        if column.table:
            return column.table if column.table in self._sources else ""
        having = [alias for alias, source in self._sources.items() if self._within(source, column.name)[1]]
        return having[0] if len(having) == 1 else ""

    def column(self, column: exp.Column) -> Column:
        """What a column means, here or in the blocks around; unknown when it is ambiguous."""
        alias = self.alias(column)
        if alias:
            return self._within(self._sources[alias], column.name)
        return self._outer.column(column) if self._outer is not None else UNKNOWN

    def named(self, alias: str, field: str) -> Column:
        """A field of the source of that alias."""
        source = self._sources.get(alias)
        return UNKNOWN if source is None else self._within(source, field)

    def _within(self, source: Any, field: str) -> Column:
        if isinstance(source, Scope):
            return self._given_on(source, field)
        entity = self._schema.entity(self._entity(source))
        found = entity.field(field) if entity is not None else None
        return (entity.name, found.name) if entity is not None and found is not None else UNKNOWN

    def _given_on(self, scope: Scope, field: str) -> Column:
        """A field that a sub-select or WITH query gives on unchanged."""
        select = scope.expression
        if not isinstance(select, exp.Select):
            return UNKNOWN
        inner = Names(_own(scope), self._schema)
        for given in select.expressions:
            bare = given.unalias()
            if given.alias_or_name.lower() == field.lower():
                return inner.column(bare) if isinstance(bare, exp.Column) else UNKNOWN
            if bare.is_star:
                found = inner.column(exp.column(field, table=bare.table if isinstance(bare, exp.Column) else None))
                if found != UNKNOWN:
                    return found
        return UNKNOWN

    def given(self, query: exp.Expr) -> tuple[Column, bool]:
        """The field that a sub-select of one column gives, and whether NULL may be among its values."""
        select = query.find(exp.Select)
        if select is None or len(select.expressions) != 1:
            return UNKNOWN, False
        bare = select.expressions[0].unalias()
        if not isinstance(bare, exp.Column):
            return UNKNOWN, False
        tables = {table.alias_or_name: table for table in select.find_all(exp.Table)}
        inner = Names(tables, self._schema, self)
        entity, name = inner.column(bare)
        known = self._schema.entity(entity)
        field = known.field(name) if known is not None else None
        return (entity, name), field is not None and field.nullable is True and not _filtered(select, bare)


def is_null(condition: exp.Expr) -> bool:
    """Whether a condition is IS NULL. Releases of sqlglot tell IS NOT NULL apart by a flag, or by NOT around it."""
    return isinstance(condition, exp.Is) and isinstance(condition.expression, exp.Null) and not negated(condition)


def negated(condition: exp.Expr) -> bool:
    """Whether a condition has its NOT within, as newer releases of sqlglot keep it."""
    return bool(condition.args.get("negate"))


def _own(scope: Scope) -> dict[str, Any]:
    return {name: source for name, (_, source) in scope.selected_sources.items()}


def _filtered(select: exp.Select, column: exp.Column) -> bool:
    """Whether WHERE lets no NULL of the column through: any comparison of it but IS NULL does."""
    where = select.args.get("where")
    if where is None:
        return False
    conditions = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
    for condition in conditions:
        bare = condition.unnest()
        if any(bare.find(kind) for kind in (exp.Or, exp.Coalesce, exp.Case, exp.NullSafeEQ)):
            continue
        about = any(c.name.lower() == column.name.lower() for c in bare.find_all(exp.Column))
        if about and not is_null(bare):
            return True
    return False
