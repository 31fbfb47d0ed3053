"""The literals and placeholders of a query that stand against a column, found in sqlglot's tree.

The tree keeps the offsets of literals; placeholders are read as literals too (see ``placeholders``).
"""

from collections.abc import Iterable, Iterator

from sqlglot import exp

from harness.adapters.mysql import placeholders
from harness.adapters.mysql.grammar import lexemes
from harness.adapters.mysql.reading import tree
from harness.adapters.mysql.scopes import Column, Scopes
from harness.design.model import Schema
from harness.facts import Parameter

COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NullSafeEQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Like: "like",
    exp.RegexpLike: "~*",  # case does not count in the default collations
}

FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}

OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "~*": "!~*", "like": "not like"}


def parameters(text: str, schema: Schema) -> tuple[Parameter, ...]:
    """All of them in the order of the text; of one that does not parse, the placeholders alone."""
    written = placeholders.numbered(text)
    root = tree(unexplained(written.text))
    if root is None:
        return tuple(Parameter(start, end, "", "", "", None) for start, end in sorted(written.ends.items()))
    reader = _Reader(text, written, Scopes(root, schema))
    found = {p.start: p for p in reader.placeholders()}
    found.update({p.start: p for p in reader.compared()})
    return tuple(found[start] for start in sorted(found))


def unexplained(text: str) -> str:
    """The query without EXPLAIN and its options in front, which are blanked, so that offsets stay."""
    found = lexemes(text)
    if not found or found[0].upper not in {"EXPLAIN", "DESCRIBE", "DESC", "ANALYZE"}:
        return text
    first = next((e for e in found[1:] if e.upper in {"SELECT", "WITH", "UPDATE", "DELETE", "INSERT", "("}), found[0])
    return " " * first.start + text[first.start :]


class _Reader:
    """One parsed query."""

    def __init__(self, text: str, written: placeholders.Numbered, scopes: Scopes) -> None:
        self._text = text
        self._written = written
        self._scopes = scopes

    def placeholders(self) -> Iterator[Parameter]:
        """Every placeholder, known against nothing (``LIMIT ?``)."""
        for start, end in self._written.ends.items():
            yield Parameter(start, end, "", "", "", None)

    def compared(self) -> Iterator[Parameter]:
        """What is compared with, or assigned to, a column."""
        for number, node in self._scopes.conditions():
            yield from self._comparison(node, number)
        for number, column, given in self._scopes.assignments():
            literal = _literal(given)
            if literal is not None and self._placed(literal) in self._written.ends:
                yield self._parameter(literal, column, ":=", number)

    def _comparison(self, node: exp.Expr, scope: int) -> Iterator[Parameter]:
        negated = _negated(node)
        if isinstance(node, exp.Between):
            yield from self._between(node, scope, negated=negated)
        elif isinstance(node, exp.In):
            yield from self._pairs(node.this, node.expressions, "not in" if negated else "in", scope)
        elif isinstance(node, exp.MatchAgainst):
            for column in node.expressions:
                yield from self._pairs(column, [node.this], "match", scope)
        elif type(node) in COMPARISONS and isinstance(node, exp.Binary):
            operator = COMPARISONS[type(node)]
            yield from self._sides(node.left, node.right, OPPOSITE[operator] if negated else operator, scope)

    def _sides(self, left: exp.Expr, right: exp.Expr, operator: str, scope: int) -> Iterator[Parameter]:
        """Two sides of an operator; of rows, pair by pair. The literal may stand on either side."""
        if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
            for one, other in zip(left.expressions, right.expressions, strict=False):
                yield from self._sides(one, other, operator, scope)
        elif _literal(right) is not None:
            yield from self._pairs(left, [right], operator, scope)
        elif _literal(left) is not None:
            yield from self._pairs(right, [left], FLIPPED.get(operator, operator), scope)

    def _between(self, node: exp.Between, scope: int, *, negated: bool) -> Iterator[Parameter]:
        low, high = ("<", ">") if negated else (">=", "<=")
        yield from self._pairs(node.this, [node.args["low"]], low, scope)
        yield from self._pairs(node.this, [node.args["high"]], high, scope)

    def _pairs(self, side: exp.Expr, others: Iterable[exp.Expr], operator: str, scope: int) -> Iterator[Parameter]:
        reference = _column(side)
        if reference is None:
            return
        column = self._scopes.column(scope, reference)
        for other in others:
            literal = _literal(other)
            if literal is not None and self._placed(literal) >= 0:
                yield self._parameter(literal, column, operator, scope)

    def _placed(self, literal: exp.Expr) -> int:
        """Where a literal begins; -1 for one whose place the parser did not keep (``x'1F'``)."""
        start = _number(literal).meta.get("start", -1)
        return start if isinstance(start, int) else -1

    def _parameter(self, literal: exp.Expr, column: Column, operator: str, scope: int) -> Parameter:
        bare = _number(literal)
        start, end = self._placed(literal), int(bare.meta["end"]) + 1
        value: str | None = bare.name
        if start in self._written.ends:
            value, end = None, self._written.ends[start]
        elif start in self._written.booleans:
            value = self._written.booleans[start]
        elif isinstance(literal, exp.Neg):
            start, value = self._text.rindex("-", 0, start), f"-{bare.name}"
        return Parameter(start, end, *column, operator, value, scope)


def _negated(node: exp.Expr) -> bool:
    """Whether NOT stands before a condition or in it."""
    above = node.parent
    while isinstance(above, exp.Paren):
        above = above.parent
    return isinstance(above, exp.Not) or bool(node.args.get("negate"))


def _uncast(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Cast | exp.Paren | exp.Collate):
        node = node.this
    return node


def _literal(node: exp.Expr) -> exp.Expr | None:
    """The literal or placeholder that a side consists of, with its sign; None for anything else."""
    bare = _uncast(node)
    return bare if isinstance(_number(bare), exp.Literal) else None


def _number(node: exp.Expr) -> exp.Expr:
    return _uncast(node.this) if isinstance(node, exp.Neg) else node


def _column(node: exp.Expr) -> exp.Column | None:
    """The column that a side consists of, through casts and changes of case."""
    bare = _uncast(node)
    if isinstance(bare, exp.Lower | exp.Upper):
        bare = _uncast(bare.this)
    return bare if isinstance(bare, exp.Column) else None
