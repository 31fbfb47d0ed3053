"""The literals and placeholders of a query that stand against a column, found in its parse tree.

Each SELECT (and UPDATE, DELETE, …) is a scope with the tables it reads; a column is looked for in the innermost scope
first, as the server does, and through the target lists of sub-selects and WITH queries.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from google.protobuf.message import Message
from postgast import pg_query_pb2 as pb
from postgast import walk
from postgast.walk import unwrap_node

from harness.adapters.postgresql import grammar, placeholders
from harness.adapters.postgresql.scopes import Column, Scopes
from harness.design.model import Schema
from harness.facts import Parameter

FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}

LIKES = {"~~": "like", "!~~": "not like", "~~*": "ilike", "!~~*": "not ilike"}

OPERATORS = {
    pb.AEXPR_OP: "",
    pb.AEXPR_LIKE: "",
    pb.AEXPR_ILIKE: "",
    pb.AEXPR_DISTINCT: "<>",
    pb.AEXPR_NOT_DISTINCT: "=",
}
"""Kinds of expressions with two sides; the operator where it is not the one that is written."""

COMPARING = frozenset({"=", "<>", "!=", *FLIPPED, *LIKES.values(), "~", "~*", "!~", "!~*", "@>", "<@", "&&", "@@", "?"})
"""Operators that test a column; others (``->>``, ``+``) make a new value of it."""

BETWEENS = {pb.AEXPR_BETWEEN, pb.AEXPR_BETWEEN_SYM, pb.AEXPR_NOT_BETWEEN, pb.AEXPR_NOT_BETWEEN_SYM}

FOLDING = frozenset({"lower", "upper"})
"""Functions that change only the case: what stands against them still stands against the column."""


def parameters(text: str, schema: Schema) -> tuple[Parameter, ...]:
    """All of them in the order of the text; none for a text that does not parse."""
    rewritten = placeholders.numbered(text)
    try:
        parsed = grammar.parse(rewritten.text)
    except grammar.Unparsable:
        return ()
    reader = _Reader(parsed, rewritten, schema)
    found = {p.start: p for p in reader.placeholders()}
    found.update({p.start: p for p in reader.compared()})
    return tuple(found[start] for start in sorted(found))


class _Reader:
    """One parsed query."""

    def __init__(self, parsed: grammar.Parsed, rewritten: placeholders.Numbered, schema: Schema) -> None:
        self._parsed = parsed
        self._rewritten = rewritten
        self._scopes = Scopes(parsed.tree, schema)
        self._ends = {lexeme.start: lexeme.end for lexeme in grammar.lexemes(parsed.text)}

    def placeholders(self) -> Iterator[Parameter]:
        """Every placeholder, known against nothing (``LIMIT $1``)."""
        for _, node in walk(self._parsed.tree):
            if isinstance(node, pb.ParamRef):
                yield self._parameter(node, None, "", 0)

    def compared(self) -> Iterator[Parameter]:
        """What is compared with, or assigned to, a column."""
        for number, node in self._scopes.conditions():
            if isinstance(node, pb.A_Expr):
                yield from self._comparison(node, number)
        for number, column, given in self._scopes.assignments():
            constant = _constant(given)
            if isinstance(constant, pb.ParamRef):
                yield self._parameter(constant, column, ":=", number)

    def _comparison(self, node: Any, scope: int) -> Iterator[Parameter]:
        left, right = unwrap_node(node.lexpr), unwrap_node(node.rexpr)
        operator = node.name[-1].string.sval if node.name else ""
        if node.kind in BETWEENS:
            yield from self._between(left, right, scope, negated="NOT" in pb.A_Expr_Kind.Name(node.kind))
        elif node.kind == pb.AEXPR_IN:
            yield from self._pairs(left, _items(right), "in" if operator == "=" else "not in", scope)
        elif node.kind in {pb.AEXPR_OP_ANY, pb.AEXPR_OP_ALL}:
            yield from self._any(left, right, operator, scope)
        elif node.kind in OPERATORS:
            yield from self._sides(left, right, OPERATORS[node.kind] or LIKES.get(operator, operator), scope)

    def _sides(self, left: Message, right: Message, operator: str, scope: int) -> Iterator[Parameter]:
        """Two sides of an operator that compares; of rows, pair by pair."""
        if operator not in COMPARING:
            return
        if isinstance(left, pb.RowExpr) and isinstance(right, pb.RowExpr):
            for one, other in zip(left.args, right.args, strict=False):
                yield from self._either(unwrap_node(one), unwrap_node(other), operator, scope)
        else:
            yield from self._either(left, right, operator, scope)

    def _between(self, left: Message, right: Message, scope: int, *, negated: bool) -> Iterator[Parameter]:
        operators = ("<", ">") if negated else (">=", "<=")
        for bound, operator in zip(_items(right), operators, strict=False):
            yield from self._pairs(left, [bound], operator, scope)

    def _any(self, left: Message, right: Message, operator: str, scope: int) -> Iterator[Parameter]:
        """``= ANY (ARRAY[…])`` is a list; ``= ANY ('{…}')`` and ``= ANY ($1)`` are one value that holds many."""
        array = grammar.uncast(right)
        if isinstance(array, pb.A_ArrayExpr):
            items = [unwrap_node(item) for item in array.elements]
            yield from self._pairs(left, items, "in" if operator == "=" else operator, scope)
        else:
            yield from self._pairs(left, [right], "any" if operator == "=" else f"{operator} any", scope)

    def _either(self, left: Message, right: Message, operator: str, scope: int) -> Iterator[Parameter]:
        """The constant may stand on either side."""
        if _constant(right) is not None:
            yield from self._pairs(left, [right], operator, scope)
        elif _constant(left) is not None:
            yield from self._pairs(right, [left], FLIPPED.get(operator, operator), scope)

    def _pairs(self, side: Message, others: Iterable[Message], operator: str, scope: int) -> Iterator[Parameter]:
        reference = _column(side)
        if reference is None:
            return
        column = self._scopes.column(scope, reference)
        for other in others:
            constant = _constant(other)
            if constant is not None and not (isinstance(constant, pb.A_Const) and constant.isnull):
                yield self._parameter(constant, column, operator, scope)

    def _parameter(self, node: Any, column: Column | None, operator: str, scope: int) -> Parameter:
        start = self._parsed.offset(node.location)
        end = self._ends.get(start, start)
        if self._parsed.text[start] == "-":  # the parser takes the sign and the number for one
            end = self._ends[min(other for other in self._ends if other >= end)]
        entity, field = column or ("", "")
        written = self._rewritten.written
        return Parameter(written(start), written(end), entity, field, operator, _value(node), scope)


def _items(node: Message) -> Sequence[Message]:
    return [unwrap_node(item) for item in node.items] if isinstance(node, pb.List) else [node]


def _constant(node: Message) -> Any:
    """The literal or placeholder that a side consists of; None for anything else. An interval counts for itself."""
    bare = grammar.uncast(node)
    return bare if isinstance(bare, (pb.A_Const, pb.ParamRef)) else None


def _column(node: Message) -> Any:
    """The column that a side consists of, through casts and changes of case."""
    bare = grammar.uncast(node)
    if isinstance(bare, pb.FuncCall) and len(bare.args) == 1 and bare.funcname[-1].string.sval in FOLDING:
        bare = grammar.uncast(unwrap_node(bare.args[0]))
    return bare if isinstance(bare, pb.ColumnRef) else None


def _value(node: Any) -> str | None:
    """A literal's value as text; None for a placeholder."""
    if isinstance(node, pb.ParamRef):
        return None
    match node.WhichOneof("val"):
        case "ival":
            return str(node.ival.ival)
        case "fval":
            return str(node.fval.fval)
        case "boolval":
            return "true" if node.boolval.boolval else "false"
        case "bsval":
            return str(node.bsval.bsval)
        case _:
            return str(node.sval.sval)
