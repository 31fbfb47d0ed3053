"""Conditions opened into their alternatives: CASE, IF, COALESCE, GREATEST … said with AND, OR and NOT.

``COALESCE(a, 0) < 5`` holds where a is there and below five, and where it is not there. Each step opens one construct;
what is opened is read as any other condition. Rows are only ever made to satisfy one alternative, so it is enough that
each of them is sufficient.
"""

from collections.abc import Callable, Sequence

from sqlglot import exp

from harness.seeding.constants import bare, fields_of

Ways = list[tuple[exp.Expr | None, exp.Expr]]
"""Conditions, tried in their order, and what holds under each; None for what is left."""

COMPARED = (
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Like, exp.ILike, exp.RegexpLike, exp.RegexpILike,
)  # fmt: skip
LOWER, UPPER = (exp.LT, exp.LTE), (exp.GT, exp.GTE)


def opened(tree: exp.Expr, *, negated: bool) -> exp.Expr | None:
    """A condition (or its opposite) with one construct less; None where there is none to open."""
    simple = next((found for reader in SIMPLE if (found := reader(tree)) is not None), None)
    if simple is not None:
        return _negated(simple, negated)
    nodes = list(tree.walk())
    inside = nodes if isinstance(tree, exp.Case | exp.If) else nodes[1:] if isinstance(tree, COMPARED) else []
    node = next((each for each in inside if _opens(each)), None)
    if node is None:
        return None
    place = next(n for n, each in enumerate(nodes) if each is node)
    return _united(ways_of(node), lambda way: _negated(_with(tree, place, way), negated))


def _negated(tree: exp.Expr, negated: bool) -> exp.Expr:
    return exp.not_(tree) if negated else tree


def _opens(node: exp.Expr) -> bool:
    if isinstance(node, exp.Coalesce):
        return isinstance(bare(node.this), exp.Column)
    return (isinstance(node, exp.Case | exp.If) and not isinstance(node.parent, exp.Case)) or _counts_truth(node)


def _counts_truth(node: exp.Expr) -> bool:
    """``(a > 5)::int``: one where it is so, else nothing."""
    return (
        isinstance(node, exp.Cast)
        and node.to.is_type("int", "smallint", "bigint")
        and isinstance(node.this.unnest(), exp.Predicate | exp.Connector | exp.Not)
    )


def _with(tree: exp.Expr, place: int, way: exp.Expr) -> exp.Expr:
    """The tree with another node at that place of its walk."""
    if not place:
        return way
    copied = tree.copy()
    list(copied.walk())[place].replace(way.copy())
    return copied


def ways_of(node: exp.Expr) -> Ways:
    """The ways of a CASE, an IF or a COALESCE; the last has no condition, and is NULL where nothing is said."""
    match node:
        case exp.If():
            return [(node.this, node.args["true"]), (None, node.args.get("false") or exp.Null())]
        case exp.Coalesce():
            rest = node.expressions
            there = _is_there(node.this)
            other = rest[0] if len(rest) == 1 else exp.Coalesce(this=rest[0], expressions=rest[1:])
            return [(there, node.this), (None, other)]
        case exp.Case():
            ways: Ways = [(_when(node, each), each.args["true"]) for each in node.args["ifs"]]
            return [*ways, (None, node.args.get("default") or exp.Null())]
    return [(node.this, exp.Literal.number(1)), (None, exp.Literal.number(0))]


def _when(case: exp.Case, each: exp.If) -> exp.Expr:
    return each.this if case.this is None else exp.EQ(this=case.this, expression=each.this)


def _united(ways: Sequence[tuple[exp.Expr | None, exp.Expr]], told: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """The alternatives: each under its condition, and none of those before it."""
    found: list[exp.Expr] = []
    before: list[exp.Expr] = []
    for condition, way in ways:
        holds = exp.true() if isinstance(way, exp.Null) else told(way)
        known = [] if condition is None else [condition, *_there(condition)]
        found.append(exp.and_(*before, *known, holds))
        if condition is not None:
            before.append(exp.not_(condition))
    return exp.or_(*found)


def _either(tree: exp.Expr) -> exp.Expr | None:
    """XOR."""
    if not isinstance(tree, exp.Xor):
        return None
    left, right = tree.this, tree.expression
    return exp.or_(exp.and_(left, exp.not_(right)), exp.and_(exp.not_(left), right))


def _between(tree: exp.Expr) -> exp.Expr | None:
    if not isinstance(tree, exp.Between):
        return None
    low = exp.GTE(this=tree.this, expression=tree.args["low"])
    return exp.and_(low, exp.LTE(this=tree.this, expression=tree.args["high"]))


def _unless(tree: exp.Expr) -> exp.Expr | None:
    """``NULLIF(a, 0) IS NOT NULL``: it is there, and another value."""
    if not isinstance(tree, exp.Is) or not isinstance(inner := bare(tree.this), exp.Nullif):
        return None
    there = exp.and_(_is_there(inner.this), exp.NEQ(this=inner.this, expression=inner.expression))
    return there if tree.args.get("negate") else exp.not_(there)


def _is_there(tree: exp.Expr) -> exp.Expr:
    return exp.not_(exp.Is(this=tree, expression=exp.Null()))


def _safe(tree: exp.Expr) -> exp.Expr | None:
    """IS (NOT) DISTINCT FROM: NULL is the same as NULL, and as nothing else."""
    if not isinstance(tree, exp.NullSafeEQ | exp.NullSafeNEQ):
        return None
    left, right = tree.this, tree.expression
    both = exp.and_(_is_there(left), _is_there(right), exp.EQ(this=left, expression=right))
    apart = exp.and_(_is_there(left), _is_there(right), exp.NEQ(this=left, expression=right))
    if isinstance(tree, exp.NullSafeEQ):
        return exp.or_(both, exp.and_(exp.not_(_is_there(left)), exp.not_(_is_there(right))))
    one = exp.and_(_is_there(left), exp.not_(_is_there(right)))
    return exp.or_(apart, one, exp.and_(exp.not_(_is_there(left)), _is_there(right)))


def _there(condition: exp.Expr) -> list[exp.Expr]:
    """That the fields of a condition are there: of one that is not known the other way is taken."""
    asked = {is_.this.name for is_ in condition.find_all(exp.Is) if isinstance(bare(is_.this), exp.Column)}
    names = [name for name in fields_of(condition) if name not in asked]
    return [_is_there(exp.column(name, quoted=True)) for name in names]


def _extreme(tree: exp.Expr) -> exp.Expr | None:
    """``GREATEST(a, b) <= 9`` and ``LEAST(a, b) > 0``: all of them; the other way round: one of them."""
    side = bare(tree.this)
    if not isinstance(side, exp.Greatest | exp.Least) or not isinstance(tree, (*LOWER, *UPPER)):
        return None
    each = [type(tree)(this=part, expression=tree.expression) for part in (side.this, *side.expressions)]
    return exp.and_(*each) if isinstance(side, exp.Greatest) == isinstance(tree, LOWER) else exp.or_(*each)


def _distance(tree: exp.Expr) -> exp.Expr | None:
    """``abs(x) < 5``: both sides of nothing; ``abs(x) >= 5``: one of them."""
    side = bare(tree.this)
    if not isinstance(side, exp.Abs) or not isinstance(tree, (exp.EQ, *LOWER, *UPPER)):
        return None
    above = {exp.LT: exp.GT, exp.LTE: exp.GTE, exp.GT: exp.LT, exp.GTE: exp.LTE}.get(type(tree), exp.EQ)
    least = above(this=side.this, expression=exp.Neg(this=exp.paren(tree.expression)))
    most = type(tree)(this=side.this, expression=tree.expression)
    return exp.and_(least, most) if isinstance(tree, LOWER) else exp.or_(most, least)


TRUTHS = (exp.Predicate, exp.Connector, exp.Not)
NUMBERS = {"1": True, "0": False}


def _truth(tree: exp.Expr) -> exp.Expr | None:
    """``(a > 5) IS TRUE``, ``(a > 5) = 1``, ``0 <> (a > 5)``: what stands in the parentheses, or its opposite."""
    if not isinstance(tree, exp.Is | exp.EQ | exp.NEQ):
        return None
    told, value = tree.this.unnest(), tree.expression.unnest()
    if isinstance(told, exp.Literal | exp.Boolean):
        told, value = value, told
    if not isinstance(told, (*TRUTHS, exp.Case, exp.If) if isinstance(tree, exp.Is) else TRUTHS):
        return None
    wanted = bool(value.this) if isinstance(value, exp.Boolean) else NUMBERS.get(value.name)
    if wanted is None:
        return None
    return _negated(told, wanted == (isinstance(tree, exp.NEQ) or bool(tree.args.get("negate"))))


SIMPLE = (_truth, _either, _between, _unless, _safe, _extreme, _distance)
