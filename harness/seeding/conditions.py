"""What a condition asks of the fields of one row: a CHECK, a partial index's predicate, as alternatives of atoms.

A condition becomes its disjunctive form: a few *branches*, each a conjunction of *atoms* that generation can satisfy by
construction. What is not understood stays as ``Opaque``: rows are then made, tried, and made again (see ``trial``).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from operator import eq, ge, gt, le, lt, ne

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from harness.seeding import documents, linear
from harness.seeding.atoms import (
    FLIPPED,
    NEGATED,
    Absent,
    Aligned,
    Among,
    Atom,
    Bound,
    Branch,
    Cased,
    Matches,
    Never,
    Opaque,
    Relates,
    Remainder,
    Sized,
)
from harness.seeding.constants import affirmed, bare, constant, fields_of, like_pattern
from harness.seeding.nullness import nullness
from harness.seeding.opened import opened
from harness.seeding.ticks import DAY_S, Constant, Moment, Span

MOST_BRANCHES = 64
JSON_STARTS = {"array": r"^\[", "object": r"^\{"}


OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
ORDERS: dict[str, Callable[[Fraction, Fraction], bool]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


DAYS = re.compile(r"to_days\((`[^`]+`)\) - to_days\((`[^`]+`)\)")
"""How MySQL prints DATEDIFF."""


@lru_cache(maxsize=1000)
def parsed(text: str) -> exp.Expr | None:
    """The tree of a condition as PostgreSQL or MySQL prints it; None when neither reading works."""
    text = DAYS.sub(r"datediff(\1,\2)", text)
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
    tree = bare(tree)
    if isinstance(tree, exp.Not) or (tree.args.get("negate") and not isinstance(tree, exp.Is)):  # how NOT LIKE is read
        return _branches(tree.this if isinstance(tree, exp.Not) else affirmed(tree), not negated)
    if isinstance(tree, exp.And | exp.Or):
        parts = [_branches(part, negated) for part in (tree.left, tree.right)]
        return _both(parts) if isinstance(tree, exp.And) != negated else (*parts[0], *parts[1])
    if (known := _settled(tree)) is not None:
        return ((),) if known is not negated else ((Never(),),)
    if isinstance(tree, exp.EQ | exp.NEQ) and _are_truths(tree.left, tree.right):
        return _agreement(tree, negated)
    if (absences := nullness(tree, negated=negated)) is not None:
        return absences
    more = opened(tree, negated=negated)
    return ((atom(tree, negated=negated),),) if more is None else _branches(more, negated=False)


def _settled(tree: exp.Expr) -> bool | None:
    """Whether a condition without fields holds; None where it has some, or is not known."""
    operator = OPERATORS.get(type(tree))
    found: bool | None = None
    if isinstance(tree, exp.Boolean):
        found = bool(tree.this)
    elif isinstance(tree, exp.Literal) and not tree.is_string:
        found = constant(tree) != 0
    elif isinstance(tree, exp.Is) and isinstance(tree.expression, exp.Null) and constant(tree.this) is not None:
        found = bool(tree.args.get("negate"))
    elif operator is not None and isinstance(tree, exp.Binary):
        left, right = constant(tree.left), constant(tree.right)
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            found = ORDERS[operator](left, right)
        elif isinstance(left, str) and isinstance(right, str) and operator in {"=", "<>"}:
            found = (left == right) == (operator == "=")
    return found


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
    if (inside := documents.held(tree, negated=negated)) is not None:
        return inside
    readers: tuple[Callable[[exp.Expr, bool], Atom | None], ...] = (_truth, _is, _member, _match, _comparison)
    for reader in readers:
        found = reader(tree, negated)
        if found is not None:
            return found
    return Opaque(exp.Not(this=tree.copy()) if negated else tree, fields_of(tree))


def _truth(tree: exp.Expr, negated: bool) -> Atom | None:
    if isinstance(tree, exp.Column):
        return Bound(tree.name, "=", not negated)
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
    constants = [c for c in map(constant, values) if c is not None]
    if not constants or len(constants) < len(values):
        return None
    if isinstance(column, exp.Column):
        return Among(column.name, tuple(constants), negated)
    return None if negated else _listed(column, constants)


def _listed(left: exp.Expr, constants: Sequence[Constant]) -> Atom | None:
    """A function of a field that must be one of a list: any case of a word, minutes of an hour."""
    names = fields_of(left)
    if len(names) == 1 and isinstance(left, exp.Lower | exp.Upper) and isinstance(bare(left.this), exp.Column):
        return Among(names[0], tuple(constants))
    if len(names) == 1 and isinstance(left, exp.Extract) and left.name.upper() == "MINUTE":
        minutes = {int(c) for c in constants if isinstance(c, Fraction)}
        step = next((n for n in range(1, 61) if 60 % n == 0 and set(range(0, 60, n)) <= minutes), 60)
        return Aligned(names[0], step * 60) if 0 in minutes else None
    return None


def quantified(tree: exp.Expr) -> list[exp.Expr] | None:
    """The elements of ``ANY (ARRAY[…])`` or ``ALL (ARRAY[…])``; None for anything else."""
    tree = bare(tree)
    if not isinstance(tree, exp.Any | exp.All) and not (isinstance(tree, exp.Anonymous) and tree.name.upper() == "ALL"):
        return None
    inner = bare(tree.expressions[0] if isinstance(tree, exp.Anonymous) else tree.this)
    return list(inner.expressions) if isinstance(inner, exp.Array) else None


def _match(tree: exp.Expr, negated: bool) -> Atom | None:
    if isinstance(tree, exp.StartsWith):
        column, start = bare(tree.this), constant(tree.expression)
        plain = isinstance(column, exp.Column) and isinstance(start, str)
        return Matches(column.name, f"^{re.escape(str(start))}", negated=negated) if plain else None
    if not isinstance(tree, exp.Like | exp.ILike | exp.RegexpLike | exp.RegexpILike | exp.SimilarTo):
        return None
    column, pattern = bare(tree.this), _pattern(bare(tree.expression))
    if not isinstance(column, exp.Column) or pattern is None:
        return None
    if isinstance(tree, exp.Like | exp.ILike):
        pattern = like_pattern(pattern)
    elif isinstance(tree, exp.SimilarTo):
        pattern = similar(pattern)
    return Matches(column.name, pattern, isinstance(tree, exp.ILike | exp.RegexpILike), negated)


def _pattern(tree: exp.Expr) -> str | None:
    """A constant pattern; PostgreSQL prints that of SIMILAR TO within a function."""
    if isinstance(tree, exp.Anonymous) and tree.name.lower() in {"similar_to_escape", "similar_escape"}:
        inner = constant(tree.expressions[0])
        return similar(inner) if isinstance(inner, str) else None
    found = constant(tree)
    return found if isinstance(found, str) else None


def similar(pattern: str) -> str:
    """A pattern of SIMILAR TO as a regular expression."""
    return f"^(?:{pattern.replace('%', '.*').replace('_', '.')})$"


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
    return _function(left, operator, value, right) or linear.compared(left, operator, right)


def _related(name: str, operator: str, right: exp.Expr) -> Atom | None:
    if isinstance(right, exp.Column):
        return Relates(name, operator, right.name) if right.name != name else None
    if fields_of(right) == (name,):
        return _itself(name, operator, right)
    if isinstance(right, exp.Add | exp.Sub):
        column, offset = bare(right.left), constant(right.right)
        if isinstance(column, exp.Column) and isinstance(offset, Fraction | Span) and column.name != name:
            return Relates(name, operator, column.name, offset if isinstance(right, exp.Add) else -offset)
    found = linear.computed(name, right) if operator == "=" else None
    return found or linear.compared(exp.column(name), operator, right)


def _itself(name: str, operator: str, right: exp.Expr) -> Atom | None:
    """A field that a function leaves as it is: ``lower(code) = code``, ``date_trunc('month', month) = month``."""
    if isinstance(right, exp.Lower | exp.Upper) and operator in {"=", "<>"}:
        return Cased(name, upper=isinstance(right, exp.Upper) == (operator == "="))
    if operator != "=":
        return None
    while isinstance(right, exp.Cast):
        right = right.this.unnest()
    if isinstance(right, exp.TimestampTrunc | exp.DateTrunc):
        unit = str(right.args["unit"].name).lower()
        return Aligned(name, UNITS[unit]) if unit in UNITS else None
    return None


UNITS: dict[str, int | str] = {
    "minute": 60, "hour": 3600, "day": DAY_S, "week": 7 * DAY_S, "month": "month", "quarter": "quarter", "year": "year",
}  # fmt: skip
"""What an instant can be cut to: seconds, or a part of the calendar."""


def _function(left: exp.Expr, operator: str, value: Constant | None, right: exp.Expr) -> Atom | None:
    """A comparison of a function of one field with a constant, or with the field itself."""
    names = fields_of(left)
    if len(names) != 1:
        return _apart(left, operator, value)
    if isinstance(right, exp.Column):
        return _itself(names[0], operator, left) if right.name == names[0] else None
    if isinstance(value, str):
        return _of_text(left, names[0], operator, value)
    if isinstance(value, Span) and _named(left, {"age"}) and len(left.expressions) == 1:
        return Bound(names[0], FLIPPED[operator], Moment(-value, whole=True))
    return _counted(left, names[0], operator, value) if isinstance(value, Fraction) else None


def _of_text(left: exp.Expr, name: str, operator: str, value: str) -> Atom | None:
    """A function of a text against a text."""
    if value == "" and operator == "<>" and isinstance(left, exp.Trim):
        return Sized(name, ">=", 1)
    if operator != "=":
        return None
    if isinstance(left, exp.Lower | exp.Upper) and isinstance(bare(left.this), exp.Column):
        return Bound(name, "=", value)
    begins = isinstance(left, exp.Left) or (isinstance(left, exp.Substring) and constant(left.args["start"]) == 1)
    if begins and isinstance(bare(left.this), exp.Column):
        return Matches(name, f"^{re.escape(value)}")
    inner = left.this if isinstance(left, exp.JSONType) else None
    if _named(left, {"jsonb_typeof", "json_typeof"}):
        inner = left.expressions[0]
    if isinstance(inner, exp.Expr) and isinstance(bare(inner), exp.Column) and value.lower() in JSON_STARTS:
        return Matches(name, JSON_STARTS[value.lower()])
    return None


def _counted(left: exp.Expr, name: str, operator: str, value: Fraction) -> Atom | None:
    """The length, the remainder or a part of a field against a number."""
    if isinstance(left, exp.Length | exp.ArraySize | exp.ByteLength) or _named(
        left, {"octet_length", "cardinality", "char_length"}
    ):
        return Sized(name, operator, int(value))
    if isinstance(left, exp.Mod) and operator == "=" and isinstance(modulus := constant(left.expression), Fraction):
        return Remainder(name, int(modulus), int(value))
    if isinstance(left, exp.BitwiseAnd) and operator == "=" and isinstance(mask := constant(left.expression), Fraction):
        return Remainder(name, int(mask) + 1, int(value)) if int(mask) & (int(mask) + 1) == 0 else None
    if isinstance(left, exp.StrPosition) and operator in {">", ">=", "<>"}:
        sought, before = constant(left.args["substr"]), value + (operator == ">") - 1
        return Matches(name, f"^{'[a-z0-9]' * max(int(before), 0)}[a-z0-9]*{re.escape(str(sought))}[a-z0-9]*")
    return _part(left, name, operator, int(value)) if isinstance(left, exp.Extract) else None


FIRSTS: dict[tuple[str, int], int | str] = {
    ("DAY", 1): "month", ("SECOND", 0): 60, ("SECONDS", 0): 60, ("MINUTE", 0): 3600, ("ISODOW", 1): 7 * DAY_S,
    ("DOW", 1): 7 * DAY_S,
}  # fmt: skip
"""Parts of an instant that are so at its beginning, and of what."""


def _part(left: exp.Extract, name: str, operator: str, value: int) -> Atom | None:
    """A part of an instant."""
    part = left.name.upper()
    if not isinstance(bare(left.expression), exp.Column):
        return None
    if part == "YEAR":
        return _year(name, operator, value)
    return Aligned(name, FIRSTS[part, value]) if operator == "=" and (part, value) in FIRSTS else None


APART = {"DAY": DAY_S, "HOUR": 3600, "MINUTE": 60, "SECOND": 1, "WEEK": 7 * DAY_S}


def _apart(left: exp.Expr, operator: str, value: Constant | None) -> Atom | None:
    """How far two instants are apart: ``DATEDIFF(a, b) <= 30``, ``TIMESTAMPDIFF(HOUR, b, a) < 8``, ``age(a, b)``.

    Whole units count, so that what must be less than the next one is held to be no more than this one.
    """
    if _named(left, {"age"}) and len(left.expressions) == 2 and isinstance(value, Span):
        later, earlier, distance = *map(bare, left.expressions), value
    elif isinstance(left, exp.DateDiff | exp.TimestampDiff) and isinstance(value, Fraction):
        unit = left.args.get("unit")
        seconds = APART.get("DAY" if unit is None else str(unit.name).upper())
        later, earlier, distance = bare(left.this), bare(left.expression), Span(value * (seconds or 0))
        if seconds is None:
            return None
    else:
        return None
    if not isinstance(later, exp.Column) or not isinstance(earlier, exp.Column):
        return None
    return Relates(later.name, operator, earlier.name, distance)


def _year(name: str, operator: str, year: int) -> Atom | None:
    edges = {">=": (">=", year), ">": (">=", year + 1), "<": ("<", year), "<=": ("<", year + 1)}
    if operator not in edges:
        return None
    edge, first = edges[operator]
    return Bound(name, edge, f"{first:04d}-01-01")


def _named(tree: exp.Expr, names: set[str]) -> bool:
    return isinstance(tree, exp.Anonymous) and tree.name.lower() in names
