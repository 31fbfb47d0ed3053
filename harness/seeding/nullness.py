"""Conditions that ask only which fields are NULL: ``num_nonnulls(a, b) = 1``, ``COALESCE(a, b) IS NOT NULL``."""

from collections.abc import Mapping
from itertools import product

from sqlglot import exp

from harness.seeding.atoms import Absent, Branch
from harness.seeding.constants import bare, fields_of

MOST_FIELDS = 5


def nullness(tree: exp.Expr, *, negated: bool) -> tuple[Branch, ...] | None:
    """The combinations of present and absent fields that satisfy a condition which asks for nothing else.

    ``num_nonnulls(a, b) = 1``, ``(a IS NULL)::int + (b IS NULL)::int = 1``, ``COALESCE(a, b) IS NOT NULL``.
    """
    fields = fields_of(tree)
    if isinstance(tree, exp.Is) and isinstance(bare(tree.this), exp.Column):
        return None
    if not 1 <= len(fields) <= MOST_FIELDS or not all(_asksnullness(column) for column in tree.find_all(exp.Column)):
        return None
    states = [dict(zip(fields, state, strict=True)) for state in product((True, False), repeat=len(fields))]
    fitting = [state for state in states if _counted(tree, state) is (not negated)]
    return tuple(tuple(Absent(f, negated=there) for f, there in state.items()) for state in fitting) or None


def _asksnullness(column: exp.Expr) -> bool:
    node = column.parent
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.parent
    if isinstance(node, exp.Coalesce):
        return _asksnullness(node)
    return isinstance(node, exp.Is) or (
        isinstance(node, exp.Anonymous) and node.name.lower() in {"num_nonnulls", "num_nulls"}
    )


def _counted(tree: exp.Expr, present: Mapping[str, bool]) -> bool | int | None:
    """The value of a condition on nullness when it is known which fields are there; None for NULL, or not known.

    A field that is there counts as true: only whether it is there is asked.
    """
    tree = tree.unnest()
    match tree:
        case exp.Cast():
            found = _counted(tree.this, present)
        case exp.Column():
            found = present[tree.name] or None
        case exp.Coalesce() | exp.Anonymous():
            found = _called(tree, present)
        case exp.Is():
            found = bool(_counted(tree.this, present)) is bool(tree.args.get("negate"))
        case exp.Not():
            found = not _counted(tree.this, present)
        case exp.Literal():
            found = None if tree.is_string else int(float(tree.name))
        case exp.Binary():
            found = _combined(tree, _counted(tree.left, present), _counted(tree.right, present))
        case _:
            found = None
    return found


def _called(tree: exp.Coalesce | exp.Anonymous, present: Mapping[str, bool]) -> int | None:
    """The number of arguments that are there (or are not, for ``num_nulls``); NULL when COALESCE finds none."""
    parts = [*([tree.this] if isinstance(tree, exp.Coalesce) else []), *tree.expressions]
    there = sum(bool(_counted(part, present)) for part in parts)
    if isinstance(tree, exp.Coalesce):
        return there or None
    return there if tree.name.lower() == "num_nonnulls" else len(parts) - there


def _combined(tree: exp.Binary, left: int | None, right: int | None) -> bool | int | None:
    if left is None or right is None:
        return None
    results: dict[type[exp.Expr], bool | int] = {
        exp.Add: left + right, exp.Sub: left - right, exp.And: bool(left and right), exp.Or: bool(left or right),
        exp.EQ: left == right, exp.NEQ: left != right, exp.LT: left < right, exp.LTE: left <= right,
        exp.GT: left > right, exp.GTE: left >= right,
    }  # fmt: skip
    return results.get(type(tree))
