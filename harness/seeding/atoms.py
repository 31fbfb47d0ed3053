"""What one predicate asks of the fields of a row."""

from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from harness.seeding.ticks import Constant


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
"""The operator that says the same with its sides exchanged."""
NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""The operator that says the opposite."""
