"""Expressions without fields: what their value is, as far as it is known without a server."""

import re
from collections.abc import Callable
from fractions import Fraction

from sqlglot import exp

from harness.design.model import Shape
from harness.seeding.ticks import DAY_S, Constant, Moment, Span, duration


def fields_of(tree: exp.Expr) -> tuple[str, ...]:
    """The fields that a condition speaks of, each once."""
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


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


def affirmed(tree: exp.Expr) -> exp.Expr:
    """The same predicate without its NOT."""
    return type(tree)(**{name: value for name, value in tree.args.items() if name != "negate"})


def like_pattern(pattern: str) -> str:
    """A LIKE pattern as a regular expression."""
    parts = re.findall(r"\\.|.", pattern, flags=re.DOTALL)
    return "^" + "".join({"%": ".*", "_": "."}.get(part) or re.escape(part[-1]) for part in parts) + "$"


def constant(tree: exp.Expr) -> Constant | None:
    """The value of an expression without fields; None when it has one or is not understood."""
    tree = bare(tree)
    reader = READERS.get(type(tree))
    return None if reader is None else reader(tree)


def constant_of(text: str, shape: Shape) -> Constant:
    """A value's text as the constant that stands against a field of that shape."""
    if shape.family in {"integer", "decimal", "float"}:
        try:
            return Fraction(text)
        except (ValueError, ZeroDivisionError):
            return text
    return text == "true" if shape.family == "boolean" and text in {"true", "false"} else text


def _literal(tree: exp.Expr) -> Constant | None:
    return tree.name if tree.is_string else Fraction(tree.name)


def _negative(tree: exp.Expr) -> Constant | None:
    inner = constant(tree.this)
    return -inner if isinstance(inner, Fraction) else None


def _interval(tree: exp.Expr) -> Constant | None:
    unit = tree.args.get("unit")
    return duration(f"{tree.this.name} {unit.name if unit else ''}")


def _sided(combine: Callable[[Constant | None, Constant | None], Constant | None]) -> "Reader":
    return lambda tree: combine(constant(tree.this), constant(tree.expression))


def _cast(tree: exp.Expr) -> Constant | None:
    if tree.args["to"].is_type("interval"):
        return duration(tree.this.unnest().name)
    inner = constant(tree.this)
    return Moment(inner.offset, whole=True) if isinstance(inner, Moment) and tree.args["to"].is_type("date") else inner


def _sum(left: Constant | None, right: Constant | None) -> Constant | None:
    if isinstance(left, Moment) and isinstance(right, Fraction | Span):
        return Moment(left.offset + (right if isinstance(right, Span) else Span(right * DAY_S)), left.whole)
    return left + right if isinstance(left, Fraction) and isinstance(right, Fraction) else None


def _difference(left: Constant | None, right: Constant | None) -> Constant | None:
    return _sum(left, -right) if isinstance(right, Fraction | Span) else None


def _product(left: Constant | None, right: Constant | None) -> Constant | None:
    return left * right if isinstance(left, Fraction) and isinstance(right, Fraction) else None


def _quotient(left: Constant | None, right: Constant | None) -> Constant | None:
    return left / right if isinstance(left, Fraction) and isinstance(right, Fraction) and right else None


Reader = Callable[[exp.Expr], Constant | None]


def _of_text(operation: Callable[[str], Constant]) -> "Reader":
    def read(tree: exp.Expr) -> Constant | None:
        inner = constant(tree.this)
        return operation(inner) if isinstance(inner, str) else None

    return read


READERS: dict[type[exp.Expr], Reader] = {
    exp.Literal: _literal,
    exp.Boolean: lambda tree: bool(tree.this),
    exp.Neg: _negative,
    exp.Cast: _cast,
    exp.Interval: _interval,
    exp.CurrentTimestamp: lambda _: Moment(),
    exp.CurrentDate: lambda _: Moment(whole=True),
    exp.Introducer: lambda tree: str(tree.expression.name),
    exp.National: lambda tree: str(tree.name),
    exp.Add: _sided(_sum),
    exp.Sub: _sided(_difference),
    exp.Mul: _sided(_product),
    exp.Div: _sided(_quotient),
    exp.Length: _of_text(lambda text: Fraction(len(text))),
    exp.Lower: _of_text(str.lower),
    exp.Upper: _of_text(str.upper),
}
