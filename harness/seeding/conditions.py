"""What a condition asks of the fields of one row: a CHECK, a partial index's predicate, as alternatives of atoms.

A condition becomes its disjunctive form: a few *branches*, each a conjunction of *atoms* that generation can satisfy by
construction. What is not understood stays as ``Opaque``: rows are then made, tried, and made again (see ``trial``).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from harness.seeding.ticks import DAY_S, Constant, Moment, Span, duration

MOST_BRANCHES = 64


@dataclass(frozen=True, slots=True)
class Bound:
    """``field operator constant``; operator one of ``= <> < <= > >=``."""

    field: str
    operator: str
    value: Constant


@dataclass(frozen=True, slots=True)
class Among:
    """``field IN (values)``, or NOT IN."""

    field: str
    values: tuple[Constant, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Sized:
    """The length of a text (or the number of elements of an array) against a whole number."""

    field: str
    operator: str
    value: int


@dataclass(frozen=True, slots=True)
class Matches:
    """``field`` matches a regular expression; ``fold`` for any case."""

    field: str
    pattern: str
    fold: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """``field IS NULL``, or IS NOT NULL when ``negated``."""

    field: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Cased:
    """``lower(field) = field`` or ``upper(field) = field``."""

    field: str
    upper: bool


@dataclass(frozen=True, slots=True)
class Remainder:
    """``field % modulus = value``."""

    field: str
    modulus: int
    value: int


@dataclass(frozen=True, slots=True)
class Relates:
    """``field operator other + offset``."""

    field: str
    operator: str
    other: str
    offset: Constant = Fraction(0)


@dataclass(frozen=True, slots=True)
class Computed:
    """``field = tree``, arithmetic on other fields."""

    field: str
    tree: exp.Expr
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A condition that is only tried."""

    tree: exp.Expr
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """A branch that no row satisfies (``false``)."""


Atom = Bound | Among | Sized | Matches | Absent | Cased | Remainder | Relates | Computed | Opaque | Never
Branch = tuple[Atom, ...]

FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
    exp.NullSafeNEQ: "<>", exp.NullSafeEQ: "=",
}  # fmt: skip


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


def fields_of(tree: exp.Expr) -> tuple[str, ...]:
    """The fields that a condition speaks of, each once."""
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


def branches(tree: exp.Expr, *, negated: bool = False) -> tuple[Branch, ...]:
    """The alternatives; one ``Opaque`` branch when there would be too many."""
    try:
        found = _branches(tree, negated)
    except OverflowError:
        found = ((Opaque(exp.Not(this=tree) if negated else tree, fields_of(tree)),),)
    return tuple(b for b in found if not any(isinstance(a, Never) for a in b)) or ((Never(),),)


def _branches(tree: exp.Expr, negated: bool) -> tuple[Branch, ...]:
    tree = bare(tree)
    if isinstance(tree, exp.Not):
        return _branches(tree.this, not negated)
    if isinstance(tree, exp.And | exp.Or):
        parts = [_branches(part, negated) for part in (tree.left, tree.right)]
        return _both(parts) if isinstance(tree, exp.And) != negated else (*parts[0], *parts[1])
    if isinstance(tree, exp.Between):
        low = exp.GTE(this=tree.this, expression=tree.args["low"])
        high = exp.LTE(this=tree.this, expression=tree.args["high"])
        return _branches(exp.And(this=low, expression=high), negated)
    if isinstance(tree, exp.EQ | exp.NEQ) and _is_truth(tree.left) and _is_truth(tree.right):
        return _agreement(tree, negated)
    nullness = _nullness(tree, negated)
    return nullness if nullness is not None else ((atom(tree, negated),),)


def _both(parts: Iterable[tuple[Branch, ...]]) -> tuple[Branch, ...]:
    joined = tuple(tuple(atom for branch in pair for atom in branch) for pair in product(*parts))
    if len(joined) > MOST_BRANCHES:
        raise OverflowError
    return joined


def _is_truth(tree: exp.Expr) -> bool:
    """Whether it is a condition (so that ``=`` between two means "both or neither")."""
    return isinstance(bare(tree), (exp.Predicate, exp.Connector, exp.Not))


def _agreement(tree: exp.EQ | exp.NEQ, negated: bool) -> tuple[Branch, ...]:
    same = isinstance(tree, exp.EQ) != negated
    return tuple(
        branch
        for left in (False, True)
        for branch in _both((_branches(tree.left, left), _branches(tree.right, left if same else not left)))
    )


def bare(tree: exp.Expr) -> exp.Expr:
    """The tree without parentheses and casts around it: they do not change which values satisfy a condition."""
    while isinstance(tree, exp.Paren | exp.Cast):
        if isinstance(tree, exp.Cast) and _typed(tree):
            return tree
        tree = tree.this
    return tree


def _typed(cast: exp.Cast) -> bool:
    """A cast that gives a literal its meaning (an interval, now cut to a date), or makes a number of a condition."""
    inner = cast.this.unnest()
    if isinstance(inner, exp.Literal):
        return bool(cast.to.is_type("interval"))
    return isinstance(inner, exp.CurrentTimestamp | exp.CurrentDate | exp.Is) or (
        cast.to.is_type("date") and isinstance(inner, exp.Column)
    )


def _nullness(tree: exp.Expr, negated: bool) -> tuple[Branch, ...] | None:
    """The combinations of present and absent fields that satisfy a condition which asks for nothing else.

    ``num_nonnulls(a, b) = 1``, ``(a IS NULL)::int + (b IS NULL)::int = 1``, ``COALESCE(a, b) IS NOT NULL``.
    """
    fields = fields_of(tree)
    if isinstance(tree, exp.Is) and isinstance(bare(tree.this), exp.Column):
        return None
    if not 1 <= len(fields) <= 5 or not all(_asks_nullness(column) for column in tree.find_all(exp.Column)):
        return None
    found = []
    for present in product((True, False), repeat=len(fields)):
        if _counted(tree, dict(zip(fields, present, strict=True))) is (not negated):
            found.append(tuple(Absent(f, negated=p) for f, p in zip(fields, present, strict=True)))
    return tuple(found) or None


def _asks_nullness(column: exp.Expr) -> bool:
    node = column.parent
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.parent
    if isinstance(node, exp.Coalesce):
        return _asks_nullness(node)
    return isinstance(node, exp.Is) or (
        isinstance(node, exp.Anonymous) and node.name.lower() in {"num_nonnulls", "num_nulls"}
    )


def _counted(tree: exp.Expr, present: dict[str, bool]) -> bool | int | None:
    """The value of a condition on nullness when it is known which fields are there; None when it is something else."""
    tree = tree.unnest()
    match tree:
        case exp.Cast():
            return _counted(tree.this, present)
        case exp.Column():
            return present[tree.name] or None
        case exp.Coalesce():
            return any(_counted(part, present) for part in (tree.this, *tree.expressions)) or None
        case exp.Is():
            return bool(_counted(tree.this, present)) is bool(tree.args.get("negate"))
        case exp.Not():
            return not _counted(tree.this, present)
        case exp.Anonymous():
            there = sum(bool(_counted(part, present)) for part in tree.expressions)
            return there if tree.name.lower() == "num_nonnulls" else len(tree.expressions) - there
        case exp.Literal():
            return None if tree.is_string else int(float(tree.name))
    if not isinstance(tree, exp.Binary):
        return None
    left, right = _counted(tree.left, present), _counted(tree.right, present)
    return None if left is None or right is None else _combined(tree, left, right)


def _combined(tree: exp.Binary, left: int, right: int) -> bool | int | None:
    results: dict[type[exp.Expr], bool | int] = {
        exp.Add: left + right, exp.Sub: left - right, exp.And: bool(left and right), exp.Or: bool(left or right),
        exp.EQ: left == right, exp.NEQ: left != right, exp.LT: left < right, exp.LTE: left <= right,
        exp.GT: left > right, exp.GTE: left >= right,
    }  # fmt: skip
    return results.get(type(tree))


def atom(tree: exp.Expr, negated: bool) -> Atom:
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
    elif isinstance(tree, exp.EQ | exp.NEQ) and (array := _array(tree.right)) is not None:
        column, values, negated = bare(tree.left), array, negated != isinstance(tree, exp.NEQ)
    else:
        return None
    constants = [constant(value) for value in values]
    if not isinstance(column, exp.Column) or not constants or any(c is None for c in constants):
        return None
    return Among(column.name, tuple(c for c in constants if c is not None), negated)


def _array(tree: exp.Expr) -> list[exp.Expr] | None:
    tree = bare(tree)
    quantified = isinstance(tree, exp.Any | exp.All) or (isinstance(tree, exp.Anonymous) and tree.name.upper() == "ALL")
    if not quantified:
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
        pattern = like_pattern(pattern)
    return Matches(column.name, pattern, isinstance(tree, exp.ILike | exp.RegexpILike), negated)


def like_pattern(pattern: str) -> str:
    """A LIKE pattern as a regular expression."""
    parts = re.findall(r"\\.|.", pattern, flags=re.DOTALL)
    signs = {"%": "[a-z0-9 ]*", "_": "[a-z0-9]"}
    return "^" + "".join(signs.get(part) or re.escape(part[-1]) for part in parts) + "$"


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
    """A comparison of a function of one field with a constant: its length, its trimmed text, its remainder."""
    names = fields_of(left)
    if len(names) != 1:
        return None
    if value == "" and operator == "<>" and isinstance(left, exp.Trim):
        return Sized(names[0], ">=", 1)
    if isinstance(left, exp.Lower | exp.Upper) and isinstance(right, exp.Column) and right.name == names[0]:
        return Cased(names[0], upper=isinstance(left, exp.Upper)) if operator == "=" else None
    if not isinstance(value, Fraction):
        return None
    if isinstance(left, exp.Length | exp.ArraySize) or _named(left, {"octet_length", "cardinality", "char_length"}):
        return Sized(names[0], operator, int(value))
    if isinstance(left, exp.Mod) and operator == "=" and isinstance(modulus := constant(left.expression), Fraction):
        return Remainder(names[0], int(modulus), int(value))
    if isinstance(left, exp.Extract) and left.name.upper() == "YEAR":
        return _year(names[0], operator, int(value))
    return None


def _year(name: str, operator: str, year: int) -> Atom | None:
    edges = {">=": (">=", year), ">": (">=", year + 1), "<": ("<", year), "<=": ("<", year + 1)}
    if operator not in edges:
        return None
    edge, first = edges[operator]
    return Bound(name, edge, f"{first:04d}-01-01")


def _named(tree: exp.Expr, names: set[str]) -> bool:
    return isinstance(tree, exp.Anonymous) and tree.name.lower() in names


def constant(tree: exp.Expr) -> Constant | None:  # noqa: C901  (one case a node)
    """The value of an expression without fields; None when it has one or is not understood."""
    tree = bare(tree)
    match tree:
        case exp.Literal():
            return tree.name if tree.is_string else Fraction(tree.name)
        case exp.Boolean():
            return bool(tree.this)
        case exp.Neg():
            inner = constant(tree.this)
            return -inner if isinstance(inner, Fraction) else None
        case exp.Cast():
            return _cast(tree)
        case exp.Interval():
            return duration(f"{tree.this.name} {tree.args['unit'].name if tree.args.get('unit') else ''}")
        case exp.CurrentTimestamp():
            return Moment()
        case exp.CurrentDate():
            return Moment(whole=True)
        case exp.Introducer() | exp.National():
            return str(tree.expression.name if isinstance(tree, exp.Introducer) else tree.name)
        case exp.Add() | exp.Sub():
            return _sum(constant(tree.left), constant(tree.right), -1 if isinstance(tree, exp.Sub) else 1)
        case exp.Mul() | exp.Div():
            return _product(constant(tree.left), constant(tree.right), divided=isinstance(tree, exp.Div))
    return None


def _cast(tree: exp.Cast) -> Constant | None:
    if tree.to.is_type("interval"):
        return duration(tree.this.unnest().name)
    inner = constant(tree.this)
    return Moment(inner.offset, whole=True) if isinstance(inner, Moment) and tree.to.is_type("date") else inner


def _sum(left: Constant | None, right: Constant | None, sign: int) -> Constant | None:
    if isinstance(left, Moment) and isinstance(right, Fraction | Span):
        step = right if isinstance(right, Span) else Span(right * DAY_S)
        return Moment(left.offset + (step if sign > 0 else -step), left.whole)
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + sign * right
    return None


def _product(left: Constant | None, right: Constant | None, *, divided: bool) -> Constant | None:
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return None
    return (left / right if right else None) if divided else left * right
