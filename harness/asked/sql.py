"""What a SQL query asks, by sqlglot's tree and scopes; the engines differ in their dialect only."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from harness.asked.links import linked
from harness.asked.model import Asked, Condition, Read, Sort
from harness.asked.names import Column, Names, is_null, negated
from harness.design.model import Schema

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

COMPARISONS: Mapping[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NullSafeEQ: "=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.NEQ: "<>",
    exp.Like: "like",
    exp.ILike: "ilike",
    exp.RegexpLike: "regex",
    exp.RegexpILike: "regex",
    exp.SimilarTo: "regex",
}

FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def asked(text: str, dialect: str, schema: Schema) -> tuple[Asked, ...]:
    """The blocks of a query, the outermost first; nothing for a text that sqlglot does not read."""
    tree = parsed(text, dialect)
    if tree is None:
        return ()
    if isinstance(tree, exp.Update | exp.Delete):
        return (_changing(tree, text, dialect, schema),)
    try:
        scopes = traverse_scope(tree)
    except SqlglotError:
        return ()
    blocks = [s for s in reversed(scopes) if isinstance(s.expression, exp.Select)]
    return tuple(_Block(scope, text, dialect, schema).asked() for scope in blocks)


def parsed(text: str, dialect: str) -> exp.Expr | None:
    """One statement; None for what sqlglot does not read as one."""
    try:
        found = sqlglot.parse(text, dialect=dialect)
    except (SqlglotError, RecursionError):
        return None
    known = [tree for tree in found if tree is not None]
    return known[0] if len(known) == 1 and not isinstance(known[0], exp.Command) else None


def unpaged(text: str, dialect: str) -> str | None:
    """The query without its outermost LIMIT and OFFSET; None where it has none."""
    tree = parsed(text, dialect)
    if not isinstance(tree, exp.Query) or not (tree.args.get("limit") or tree.args.get("offset")):
        return None
    bare = tree.copy()
    bare.set("limit", None)
    bare.set("offset", None)
    return bare.sql(dialect=dialect)


def _changing(tree: exp.Update | exp.Delete, text: str, dialect: str, schema: Schema) -> Asked:
    """An UPDATE or DELETE: the rows that it looks for."""
    table = tree.this if isinstance(tree.this, exp.Table) else tree.find(exp.Table)
    names = Names({table.alias_or_name: table} if table is not None else {}, schema)
    where = tree.args.get("where")
    reader = _Conditions(names, text, dialect)
    conditions = tuple(c for part in conjuncts(where.this if where else None) for c in reader.of(part))
    reads = tuple(Read(alias, entity, 0) for alias, entity in names.entities())
    return Asked(0, outermost=True, reads=reads, conditions=conditions, folded=True)


def conjuncts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """The parts of a condition that must all be true."""
    if condition is None:
        return
    bare = condition.unnest()
    if isinstance(bare, exp.And):
        yield from conjuncts(bare.this)
        yield from conjuncts(bare.expression)
    else:
        yield bare


class _Block:
    """One SELECT."""

    def __init__(self, scope: Scope, text: str, dialect: str, schema: Schema) -> None:
        self._scope = scope
        assert isinstance(scope.expression, exp.Select)
        self._select = scope.expression
        self._text = text
        self._names = Names.of(scope, schema)
        self._conditions = _Conditions(self._names, text, dialect)

    def asked(self) -> Asked:
        select = self._select
        order, (limit, limit_line), (skip, skip_line) = select.args.get("order"), self._limit(), self._number("offset")
        sorts = tuple(self._sorts(order))
        return Asked(
            line=line_of(select, self._text),
            outermost=self._outermost(),
            reads=tuple(self._reads()),
            conditions=tuple(c for part in self._parts() for c in self._conditions.of(part)) + tuple(self._using()),
            sorts=sorts if order is not None and len(sorts) == len(order.expressions) else (),
            ordered=order is not None,
            limit=limit,
            limit_line=limit_line,
            skip=skip,
            skip_line=skip_line,
            whole=tuple(self._whole()),
            folded=self._folded(),
            found=tuple(dict.fromkeys(found for c in self._scope.columns if (found := self._names.column(c))[1])),
        )

    def _outermost(self) -> bool:
        """Whether the rows are the answer: not those of a sub-select, a WITH query or one side of a UNION."""
        return self._scope.is_root

    def _parts(self) -> Iterator[exp.Expr]:
        where = self._select.args.get("where")
        yield from conjuncts(where.this if where is not None else None)
        for join in self._select.args.get("joins") or ():
            yield from conjuncts(join.args.get("on"))

    def _using(self) -> Iterator[Condition]:
        """``USING (a)`` joins each table to those before it by the field of that name."""
        before: list[str] = [self._scope.expression.args["from_"].alias_or_name] if self._from() is not None else []
        for join in self._select.args.get("joins") or ():
            for identifier in join.args.get("using") or ():
                this = self._names.named(join.alias_or_name, identifier.name)
                others = [o for alias in before if (o := self._names.named(alias, identifier.name))[1]]
                if this[1] and others:
                    line = line_of(identifier, self._text)
                    yield Condition(*this, "=", line, other=others[0], text=f"USING ({identifier.name})")
                    yield Condition(*others[0], "=", line, other=this, text=f"USING ({identifier.name})")
            before.append(join.alias_or_name)

    def _from(self) -> Any:
        return self._select.args.get("from_")

    def _reads(self) -> Iterator[Read]:
        apart = linked(self._select, self._names)
        for alias, entity in self._names.entities():
            node = self._names.node(alias)
            yield Read(alias, entity, line_of(node, self._text) if node is not None else 0, alias not in apart)

    def _sorts(self, order: exp.Order | None) -> Iterator[Sort]:
        aliases = {e.alias: e.unalias() for e in self._select.expressions if e.alias}
        for key in order.expressions if order is not None else ():
            given = key.this
            if isinstance(given, exp.Column) and not given.table and given.name in aliases:
                given = aliases[given.name]
            column, through = self._conditions.within(given)
            if column is not None and self._names.column(column)[1]:
                yield Sort(*self._names.column(column), bool(key.args.get("desc")), through)

    def _number(self, clause: str) -> tuple[int | None, int]:
        found = self._select.args.get(clause)
        if found is None:
            return None, 0
        given = found.expression or found.args.get("count")
        number = int(given.name) if isinstance(given, exp.Literal) and given.name.isdigit() else -1
        return number, line_of(found, self._text, self._text.lower().rfind(clause))

    def _limit(self) -> tuple[int | None, int]:
        """LIMIT, and FETCH FIRST, which sqlglot keeps in the same place."""
        return self._number("limit")

    def _whole(self) -> Iterator[str]:
        for given in self._select.expressions:
            if isinstance(given, exp.Star):
                yield from (entity for _, entity in self._names.entities() if entity)
            elif isinstance(given, exp.Column) and isinstance(given.this, exp.Star):
                entity = dict(self._names.entities()).get(given.table, "")
                if entity:
                    yield entity

    def _folded(self) -> bool:
        select = self._select
        if select.args.get("group") or select.args.get("distinct"):
            return True
        return any(e.unalias().find(exp.AggFunc) and not e.find(exp.Window) for e in select.expressions)


class _Conditions:
    """Reads single conditions."""

    def __init__(self, names: Names, text: str, dialect: str) -> None:
        self._names = names
        self._text = text
        self._dialect = dialect

    def of(self, part: exp.Expr) -> Iterator[Condition]:
        """What a condition says of the fields in it; nothing for one that is about no field or about several."""
        bare = part.unnest()
        if isinstance(bare, exp.Not):
            yield from self._negated(bare.this.unnest(), bare)
        elif negated(bare) and not isinstance(bare, exp.Is):
            yield from self._negated(bare, bare)
        elif isinstance(bare, exp.Between | exp.In | exp.Is):
            yield from self._listed(bare)
        elif type(bare) in COMPARISONS and isinstance(bare, exp.Binary):
            operator = COMPARISONS[type(bare)]
            yield from self._side(bare.left, operator, bare.right, bare)
            if operator in {"=", "<>", *FLIPPED}:
                yield from self._side(bare.right, FLIPPED.get(operator, operator), bare.left, bare)
        elif isinstance(bare, exp.Column):
            yield from self._side(bare, "=", exp.Boolean(this=True), bare)

    def _listed(self, bare: exp.Expr) -> Iterator[Condition]:
        """BETWEEN, IN with values, and IS NULL."""
        if isinstance(bare, exp.Between):
            yield from self._side(bare.this, ">=", bare.args["low"], bare)
            yield from self._side(bare.this, "<=", bare.args["high"], bare)
        elif isinstance(bare, exp.In) and bare.args.get("query") is None:
            given = bare.expressions
            yield from self._side(bare.this, "in", given[0] if len(given) == 1 else None, bare)
        elif is_null(bare):
            yield from self._side(bare.this, "is null", None, bare)

    def _negated(self, inner: exp.Expr, whole: exp.Expr) -> Iterator[Condition]:
        if isinstance(inner, exp.In) and inner.args.get("query") is not None:
            column, _ = self.within(inner.this)
            entity, field = self._names.column(column) if column is not None else ("", "")
            given, nullable = self._names.given(inner.args["query"])
            line, text = line_of(inner, self._text), self._said(whole)
            yield Condition(entity, field, "not in query", line, other=given, nullable=nullable, text=text)
        elif isinstance(inner, exp.Column):
            yield from self._side(inner, "=", exp.Boolean(this=False), inner)

    def _side(self, side: exp.Expr, operator: str, other: exp.Expr | None, whole: exp.Expr) -> Iterator[Condition]:
        column, through = self.within(side)
        if column is None:
            return
        entity, field = self._names.column(column)
        if not field:
            return
        across = list(other.find_all(exp.Column)) if other is not None else []
        joined: Column | None = None
        if across:
            found, around = self.within(other) if other is not None else (None, "")
            there = self._names.column(found) if found is not None and not around else ("", "")
            if not there[1] or there == (entity, field) or self._names.alias(column) == self._names.alias(found):
                return
            joined = there
        value = literal(other)
        yield Condition(
            entity, field, operator, line_of(column, self._text), through, value, joined, text=self._said(whole)
        )

    def within(self, side: exp.Expr | None) -> tuple[exp.Column | None, str]:
        """The one column of a side, and the text of the expression around it; none where there are several."""
        if side is None:
            return None, ""
        bare = side.unnest()
        if isinstance(bare, exp.Collate):
            bare = bare.this.unnest()
        if isinstance(bare, exp.Column):
            return bare, ""
        columns = list(bare.find_all(exp.Column))
        if len(columns) != 1 or bare.find(exp.Query) is not None or bare.find(exp.AggFunc, exp.Window) is not None:
            return None, ""
        unqualified = bare.copy()
        for column in unqualified.find_all(exp.Column):
            column.set("table", None)
        return columns[0], unqualified.sql(dialect=self._dialect, comments=False)

    def _said(self, whole: exp.Expr) -> str:
        return whole.sql(dialect=self._dialect, comments=False)


def literal(node: exp.Expr | None) -> str | None:
    """A literal's value as text; None for anything else."""
    bare = node.unnest() if node is not None else None
    while isinstance(bare, exp.Cast):
        bare = bare.this
    if isinstance(bare, exp.Neg) and isinstance(bare.this, exp.Literal):
        return f"-{bare.this.name}"
    if isinstance(bare, exp.Boolean):
        return "true" if bare.this else "false"
    return str(bare.this) if isinstance(bare, exp.Literal) else None


def line_of(node: exp.Expr, text: str, otherwise: int = 0) -> int:
    """How many lines below the first a node stands: where the first of its names or literals does."""
    starts = [child.meta["start"] for child in node.walk() if "start" in child.meta]
    return text.count("\n", 0, min(starts) if starts else max(otherwise, 0))
