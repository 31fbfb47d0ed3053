"""One condition of a query on a column, as an atom that rows can be made for."""

from datetime import UTC, datetime

from harness.seeding.atoms import Absent, Among, Atom, Bound, Holds, Matches
from harness.seeding.constants import like_pattern
from harness.seeding.documents import document
from harness.seeding.table import Column
from harness.seeding.ticks import ORDERED, position

NOWHEN = datetime(2000, 1, 1, tzinfo=UTC)
LITERAL = frozenset({"text", "enum", "boolean", "uuid", "objectid", "network"})
FOLDING = frozenset({"ilike", "~~*", "~*"})
COMPARISONS = frozenset({"=", "<>", "!=", "<", "<=", ">", ">="})


def atom_of(column: Column, operator: str, literal: str) -> Atom | None:
    """A condition as an atom; None when it is no value of the column, or no operator that rows are made for."""
    name = column.field.name
    if operator in {"is null", "is not null"}:
        return Absent(name, negated=operator != "is null")
    if operator in {"like", "ilike", "~~", "~~*", "~", "~*"}:
        return Matches(name, literal if operator.strip("*") == "~" else like_pattern(literal), operator in FOLDING)
    if operator == "@>":
        takes = column.shape.family in {"json", "array"} and document(literal) is not None
        return Holds(name, (literal,)) if takes else None
    if not _readable(column, operator, literal):
        return None
    if operator in {"in", "any"}:
        return Among(name, (literal,))
    return Bound(name, "<>" if operator == "!=" else operator, literal) if operator in COMPARISONS else None


def _readable(column: Column, operator: str, literal: str) -> bool:
    """Whether the literal is a value of the column's type, and the operator one that values are made for."""
    shape = column.shape
    if shape.family in ORDERED:
        return position(literal, shape, NOWHEN) is not None
    if shape.family == "uuid" and not _is_uuid(literal):
        return False
    if shape.family == "array":  # MongoDB's tags: "health" is asked of one of the elements
        return operator == "=" and shape.element is not None and shape.element.family in LITERAL
    return shape.family in LITERAL and operator in {"=", "<>", "!=", "in", "any"}


def _is_uuid(text: str) -> bool:
    digits = text.replace("-", "").strip("{}")
    return len(digits) == 32 and all(c in "0123456789abcdefABCDEF" for c in digits)
