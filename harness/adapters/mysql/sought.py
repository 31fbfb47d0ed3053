"""What a query looks for that no single field answers, and the entities that it reads, found in sqlglot's tree."""

from collections.abc import Iterator

from sqlglot import exp

from harness.adapters.mysql import placeholders
from harness.adapters.mysql.parameters import parameters, unexplained
from harness.adapters.mysql.reading import queried, tree
from harness.design.model import Schema
from harness.facts import Sought

SPANS = (exp.Interval, exp.Var, exp.Query, exp.Boolean, exp.Null, exp.Placeholder)
"""Parts whose constants are no values that rows have; a query has conditions of its own."""

CLOCK = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.CurrentDatetime)


def sought(text: str, schema: Schema) -> Sought:
    """The entities alone of a text that sqlglot does not read."""
    written = placeholders.numbered(text)
    inner = unexplained(written.text)
    found = (schema.entity(name) for name in queried(inner))
    entities = tuple(dict.fromkeys(entity.name for entity in found if entity is not None))
    root = tree(inner)
    if root is None:
        return Sought(entities)
    # A negative number begins at its sign, and the literal behind it.
    known = {at for p in parameters(text, schema) for at in range(p.start, p.end)} | {*written.booleans, *written.ends}
    return Sought(entities, tuple(dict.fromkeys(_beyond(root, known, written))))


def _beyond(root: exp.Expr, known: set[int], written: placeholders.Numbered) -> Iterator[str]:
    """The conditions that hold a constant which stands against no field; the rows that are passed over."""
    for clause in root.find_all(exp.Where, exp.Having, exp.Join):
        condition = clause.args.get("on") if isinstance(clause, exp.Join) else clause.this
        for part in _parts(condition):
            if any(_asking(part, known)):
                yield _said(part, written)
    for offset in root.find_all(exp.Offset):
        given = offset.expression
        if isinstance(given, exp.Literal) and given.name != "0" and given.meta.get("start") not in written.ends:
            yield f"OFFSET {given.name}"


def _parts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """The single conditions in one that AND, OR and NOT are made of."""
    if isinstance(condition, exp.Paren | exp.Not):
        yield from _parts(condition.this)
    elif isinstance(condition, exp.Connector):
        yield from _parts(condition.left)
        yield from _parts(condition.right)
    elif condition is not None:
        yield condition


def _asking(node: exp.Expr, known: set[int]) -> Iterator[bool]:
    """For each constant in a condition: whether it asks for something that no parameter tells."""
    if isinstance(node, exp.Literal):
        yield node.meta.get("start", -1) not in known
    elif not isinstance(node, SPANS) and not _from_now(node):
        for child in node.iter_expressions():
            yield from _asking(child, known)


def _from_now(node: exp.Expr) -> bool:
    """Whether an expression is reckoned from the present moment alone: ``CURDATE() - 30``."""
    return not isinstance(node, exp.Predicate) and node.find(*CLOCK) is not None and node.find(exp.Column) is None


def _said(part: exp.Expr, written: placeholders.Numbered) -> str:
    """The condition, with its placeholders as such."""

    def named(node: exp.Expr) -> exp.Expr:
        start: int = node.meta.get("start", -1) if isinstance(node, exp.Literal) else -1
        if start in written.ends:
            return exp.Placeholder()
        return exp.Boolean(this=written.booleans[start] == "true") if start in written.booleans else node

    return part.transform(named).sql(dialect="mysql", comments=False)
