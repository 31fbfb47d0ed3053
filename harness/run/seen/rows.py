"""What was seen of rows: what migrations lose of them, what references do to them, arrays that grow."""

from dataclasses import dataclass
from typing import Literal

from harness.design.model import ForeignKey
from harness.pushing import Push
from harness.run.model import Observation

Kind = Literal["rows gone", "value gone", "nulled", "truncated", "changed"]


Whose = Literal["there before", "written after"]


@dataclass(frozen=True, slots=True)
class Loss:
    """What is not as it was: ``count`` rows or values of a table, with examples for people.

    Attributes:
        field: empty for whole rows.
        whose: rows that were there before the up, or that were written after it.
        examples: ``id 17: 'EUR'`` and the like.
    """

    entity: str
    field: str
    kind: Kind
    whose: Whose
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoned(Observation):
    """What a migration loses. ``rows``: how many were there before it; ``written``: how many were written after it.

    ``refused``: what the server said to the down, when it does not take it once rows were written; nothing is compared
    then.
    """

    migration: str
    rows: int
    written: int
    losses: tuple[Loss, ...]
    refused: str = ""


Outcome = Literal["refused", "gone", "null", "default", "followed", "kept", "untried"]


@dataclass(frozen=True, slots=True)
class Parting:
    """What became of the rows that referred to a row.

    Attributes:
        outcome: ``refused`` (the row stayed as it was), ``gone``, ``null``, ``default``, ``followed`` (they refer to
            its new key), ``kept`` (they refer to what is not there), ``untried``.
        detail: the server's words of a refusal, or why it was not tried.
    """

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Parted(Observation):
    """A foreign key, observed, and what became of referring rows when the row was deleted, and when its key changed."""

    entity: str
    key: ForeignKey
    deleted: Parting
    updated: Parting


@dataclass(frozen=True, slots=True)
class Pushed(Observation):
    """A query makes an array longer each time that it is run."""

    query: str
    push: Push
