"""What an engine adds to its sessions so that rows can be put aside and compared later, on the server itself.

Only counts, sums of hashes and a few examples leave the server, so that memory here does not grow with rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

ASIDE = "harness_ledger"
"""What the names of all copies begin with."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine writes what the comparison of two tables needs.

    Attributes:
        name: a column's name, quoted.
        entity: a table's name, quoted, with its namespace.
        aside: the name of a copy that is not part of the schema.
        text: an expression's value as text, by its family (``design.model.Family``): equal texts, equal values.
        value: an expression's value in a type in which like quantities of other types are compared, by its family.
        kept: a column as it is put aside, by its type: one of the document's own as text, for else the copy would keep
            the type from being dropped.
        number: a whole number made of a text, never negative; the same text, the same number.
        copying: the beginning of a statement that makes a table of a query's rows, by its name and its key's fields.
        before: statements to be sent before the first copy is made.
        after: statements that leave nothing of them; ``{}`` stands for a list of their names.
    """

    name: Callable[[str], str]
    entity: Callable[[str], str]
    aside: Callable[[str], str]
    text: Callable[[str, str], str]
    value: Callable[[str, str], str]
    kept: Callable[[str, str], str]
    number: Callable[[str], str]
    copying: Callable[[str, Sequence[str]], str]
    before: tuple[str, ...]
    after: tuple[str, ...]


@runtime_checkable
class Keeping(Protocol):
    """A session on whose server rows can be put aside and compared."""

    @property
    def dialect(self) -> Dialect:
        """How it is spoken to."""
        ...

    def ask(self, text: str) -> Sequence[tuple[object, ...]]:
        """The rows of a query; nothing of a statement that gives none."""
        ...
