"""What a condition asks of the fields of one row: a CHECK, a partial index's predicate, as alternatives of atoms.

A condition becomes its disjunctive form: a few *branches*, each a conjunction of *atoms* that generation can satisfy by
construction. What is not understood stays as ``Opaque``: rows are then made, tried, and made again (see ``trial``).
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import product

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from harness.seeding.atoms import (
    FLIPPED,
    NEGATED,
    Absent,
    Among,
    Atom,
    Bound,
    Branch,
    Cased,
    Computed,
    Matches,
    Never,
    Opaque,
    Relates,
    Remainder,
    Sized,
)
from harness.seeding.constants import affirmed, bare, constant, fields_of, like_pattern
from harness.seeding.nullness import nullness
from harness.seeding.ticks import Constant, Span

MOST_BRANCHES = 64
JSON_STARTS = {"array": r"^\[", "object": r"^\{"}


OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
    exp.NullSafeNEQ: "<>", exp.NullSafeEQ: "=",
}  # fmt: skip


@lru_cache(maxsize=1000)
def parsed(text: str) -> exp.Expr | None:
    """The tree of a condition as PostgreSQL or MySQL prints it; None when neither reading works."""
    for dialect in ("mysql", "postgres") if "`" in text or "_utf8" in text else ("postgres", "mysql"):
        try:
            tree = sqlglot.parse_one(f"SELECT 1 WHERE {text}", read=dialect)
        except (SqlglotError, RecursionError):
            continue
        where = tree.find(exp.Where)
        if where is not None:
            condition: exp.Expr = where.this
            return condition
    return None


def branches(tree: exp.Expr, *, negated: bool = False) -> tuple[Branch, ...]:
    """The alternatives; one ``Opaque`` branch when there would be too many."""
    try:
        found = _branches(tree, negated)
    except OverflowError:
        found = ((Opaque(exp.Not(this=tree) if negated else tree, fields_of(tree)),),)
    return tuple(b for b in found if not any(isinstance(a, Never) for a in b)) or ((Never(),),)


def _branches(tree: exp.Expr, negated: bool) -> tuple[Branch, ...]:
    tree = _both_sides(bare(tree))
    if isinstance(tree, exp.Not):
        return _branches(tree.this, not negated)
    if tree.args.get("negate") and not isinstance(tree, exp.Is):  # how sqlglot reads NOT LIKE
        return _branches(affirmed(tree), not negated)
    if isinstance(tree, exp.And | exp.Or):
        parts = [_branches(part, negated) for part in (tree.left, tree.right)]
        return _both(parts) if isinstance(tree, exp.And) != negated else (*parts[0], *parts[1])
    if isinstance(tree, exp.EQ | exp.NEQ) and _are_truths(tree.left, tree.right):
        return _agreement(tree, negated)
    return nullness(tree, negated=negated) or ((atom(tree, negated=negated),),)


def _both_sides(tree: exp.Expr) -> exp.Expr:
    """BETWEEN, and ``abs(x) < 5``, as two comparisons."""
    if isinstance(tree, exp.Between):
        low = exp.GTE(this=tree.this, expression=tree.args["low"])
        return exp.And(this=low, expression=exp.LTE(this=tree.this, expression=tree.args["high"]))
    if isinstance(tree, exp.LT | exp.LTE) and isinstance(inner := bare(tree.left), exp.Abs):
        above = exp.GT if isinstance(tree, exp.LT) else exp.GTE
        least = above(this=inner.this, expression=exp.Neg(this=tree.right))
        return exp.And(this=least, expression=type(tree)(this=inner.this, expression=tree.right))
    return tree


def _both(parts: Iterable[tuple[Branch, ...]]) -> tuple[Branch, ...]:
    joined = tuple(tuple(atom for branch in pair for atom in branch) for pair in product(*parts))
    if len(joined) > MOST_BRANCHES:
        raise OverflowError
    return joined


def _are_truths(left: exp.Expr, right: exp.Expr) -> bool:
    """Whether both are conditions or flags, one at least a condition: ``=`` then means "both or neither"."""
    kinds = (exp.Predicate, exp.Connector, exp.Not)
    told = [isinstance(bare(side), kinds) and not isinstance(bare(side), exp.Any) for side in (left, right)]
    return any(told) and all(
        t or isinstance(bare(side), exp.Column) for t, side in zip(told, (left, right), strict=True)
    )


def _agreement(tree: exp.EQ | exp.NEQ, negated: bool) -> tuple[Branch, ...]:
    same = isinstance(tree, exp.EQ) != negated
    return tuple(
        branch
        for left in (False, True)
        for branch in _both((_branches(tree.left, left), _branches(tree.right, left if same else not left)))
    )


def atom(tree: exp.Expr, *, negated: bool) -> Atom:
    """What one predicate asks; ``Opaque`` when it is not understood."""
    readers: tuple[Callable[[exp.Expr, bool], Atom | None], ...] = (_truth, _is, _member, _match, _comparison)
    for reader in readers:
        found = reader(tree, negated)
        if found is not None:
            return found
    return Opaque(exp.Not(this=tree.copy()) if negated else tree, fields_of(tree))


def _truth(tree: exp.Expr, negated: bool) -> Atom | None:
    if isinstance(tree, exp.Column):
        return Bound(tree.name, "=", not negated)
    if isinstance(tree, exp.Boolean):
        return Never() if bool(tree.this) is negated else Opaque(tree, ())
    return None


def _is(tree: exp.Expr, negated: bool) -> Atom | None:
    if not isinstance(tree, exp.Is):
        return None
    column, value = bare(tree.this), tree.expression
    negative = negated != bool(tree.args.get("negate"))
    if isinstance(column, exp.Column) and isinstance(value, exp.Null):
        return Absent(column.name, negated=negative)
    if isinstance(column, exp.Column) and isinstance(value, exp.Boolean):
        return Bound(column.name, "=", bool(value.this) != negative)
    return None


def _member(tree: exp.Expr, negated: bool) -> Atom | None:
    """IN, ``= ANY (ARRAY[…])``, ``<> ALL (ARRAY[…])``: the ways PostgreSQL prints IN and NOT IN."""
    if isinstance(tree, exp.In):
        column, values = bare(tree.this), list(tree.expressions)
    elif isinstance(tree, exp.EQ | exp.NEQ) and (array := quantified(tree.right)) is not None:
        column, values, negated = bare(tree.left), array, negated != isinstance(tree, exp.NEQ)
    else:
        return None
    constants = [constant(value) for value in values]
    if not isinstance(column, exp.Column) or not constants or any(c is None for c in constants):
        return None
    return Among(column.name, tuple(c for c in constants if c is not None), negated)


def quantified(tree: exp.Expr) -> list[exp.Expr] | None:
    """The elements of ``ANY (ARRAY[…])`` or ``ALL (ARRAY[…])``; None for anything else."""
    tree = bare(tree)
    if not isinstance(tree, exp.Any | exp.All) and not (isinstance(tree, exp.Anonymous) and tree.name.upper() == "ALL"):
        return None
    inner = bare(tree.expressions[0] if isinstance(tree, exp.Anonymous) else tree.this)
    return list(inner.expressions) if isinstance(inner, exp.Array) else None


def _match(tree: exp.Expr, negated: bool) -> Atom | None:
    if not isinstance(tree, exp.Like | exp.ILike | exp.RegexpLike | exp.RegexpILike):
        return None
    column, pattern = bare(tree.this), constant(tree.expression)
    if not isinstance(column, exp.Column) or not isinstance(pattern, str):
        return None
    if isinstance(tree, exp.Like | exp.ILike):
        pattern = like_pattern(pattern, wide=negated)
    return Matches(column.name, pattern, isinstance(tree, exp.ILike | exp.RegexpILike), negated)


def _comparison(tree: exp.Expr, negated: bool) -> Atom | None:
    operator = OPERATORS.get(type(tree))
    if operator is None or not isinstance(tree, exp.Binary):
        return None
    if negated:
        operator = NEGATED[operator]
    return _compared(tree.left, operator, tree.right) or _compared(tree.right, FLIPPED[operator], tree.left)


def _compared(left: exp.Expr, operator: str, right: exp.Expr) -> Atom | None:
    left, right = bare(left), bare(right)
    value = constant(right)
    if isinstance(left, exp.Column):
        return Bound(left.name, operator, value) if value is not None else _related(left.name, operator, right)
    return _function(left, operator, value, right)


def _related(name: str, operator: str, right: exp.Expr) -> Atom | None:
    if isinstance(right, exp.Column):
        return Relates(name, operator, right.name) if right.name != name else None
    if isinstance(right, exp.Lower | exp.Upper) and fields_of(right) == (name,) and operator == "=":
        return Cased(name, upper=isinstance(right, exp.Upper))
    if isinstance(right, exp.Add | exp.Sub):
        column, offset = bare(right.left), constant(right.right)
        if isinstance(column, exp.Column) and isinstance(offset, Fraction | Span) and column.name != name:
            return Relates(name, operator, column.name, offset if isinstance(right, exp.Add) else -offset)
    if operator == "=" and name not in fields_of(right) and _is_arithmetic(right):
        return Computed(name, right, fields_of(right))
    return None


def _is_arithmetic(tree: exp.Expr) -> bool:
    tree = bare(tree)
    if isinstance(tree, exp.Add | exp.Sub | exp.Mul):
        return _is_arithmetic(tree.left) and _is_arithmetic(tree.right)
    return isinstance(tree, exp.Column) or isinstance(constant(tree), Fraction)


def _function(left: exp.Expr, operator: str, value: Constant | None, right: exp.Expr) -> Atom | None:
    """A comparison of a function of one field with a constant, or with the field itself."""
    names = fields_of(left)
    if len(names) != 1:
        return None
    if value == "" and operator == "<>" and isinstance(left, exp.Trim):
        return Sized(names[0], ">=", 1)
    if isinstance(left, exp.Lower | exp.Upper):
        itself = operator == "=" and isinstance(right, exp.Column) and right.name == names[0]
        return Cased(names[0], upper=isinstance(left, exp.Upper)) if itself else None
    if _named(left, {"jsonb_typeof", "json_typeof"}) and operator == "=" and value in JSON_STARTS:
        return Matches(names[0], JSON_STARTS[str(value)])
    return _counted(left, names[0], operator, value) if isinstance(value, Fraction) else None


def _counted(left: exp.Expr, name: str, operator: str, value: Fraction) -> Atom | None:
    """The length, the remainder or the year of a field against a number."""
    if isinstance(left, exp.Length | exp.ArraySize) or _named(left, {"octet_length", "cardinality", "char_length"}):
        return Sized(name, operator, int(value))
    if isinstance(left, exp.Mod) and operator == "=" and isinstance(modulus := constant(left.expression), Fraction):
        return Remainder(name, int(modulus), int(value))
    return _year(name, operator, int(value)) if isinstance(left, exp.Extract) and left.name.upper() == "YEAR" else None


def _year(name: str, operator: str, year: int) -> Atom | None:
    edges = {">=": (">=", year), ">": (">=", year + 1), "<": ("<", year), "<=": ("<", year + 1)}
    if operator not in edges:
        return None
    edge, first = edges[operator]
    return Bound(name, edge, f"{first:04d}-01-01")


def _named(tree: exp.Expr, names: set[str]) -> bool:
    return isinstance(tree, exp.Anonymous) and tree.name.lower() in names
