"""What one predicate asks of the fields of a row."""

from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from harness.seeding.ticks import Constant, Span

Amount = Fraction | Span


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
class Holds:
    """A document (or an array) contains one of ``documents``, which are JSON."""

    field: str
    documents: tuple[str, ...]


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
class Aligned:
    """An instant that is the first of its ``unit``: so many seconds, or ``month``, ``quarter``, ``year``."""

    field: str
    unit: int | str


@dataclass(frozen=True, slots=True)
class Relates:
    """``field operator other + offset``."""

    field: str
    operator: str
    other: str
    offset: Constant = Fraction(0)


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms, each a column or arithmetic on some with its factor, and what stands alone. A Span counts in its unit."""

    terms: tuple[tuple[exp.Expr, Amount], ...] = ()
    rest: Amount = Fraction(0)


@dataclass(frozen=True, slots=True)
class Computed:
    """``field operator of``, arithmetic on other fields."""

    field: str
    of: Sum
    others: tuple[str, ...]
    operator: str = "="


@dataclass(frozen=True, slots=True)
class Balance:
    """``of operator 0``, over several fields: the one that is made last gives way."""

    of: Sum
    operator: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A condition that is only tried."""

    tree: exp.Expr
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """A branch that no row satisfies (``false``)."""


Atom = (
    Bound
    | Among
    | Sized
    | Matches
    | Holds
    | Absent
    | Cased
    | Remainder
    | Aligned
    | Relates
    | Computed
    | Balance
    | Opaque
    | Never
)
Branch = tuple[Atom, ...]

FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The operator that says the same with its sides exchanged."""
NEGATED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""The operator that says the opposite."""
