"""What a session may be able to do beyond the contract, each ability a protocol of its own.

An engine that lacks one leaves what needs it ``unverified``, with the reason.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.model import Entity, ForeignKey, Statement
from harness.facts import Effect, Refusal


@runtime_checkable
class Stepwise(Protocol):
    """A session that runs a migration step by step, so that something can happen between two statements."""

    def steps(self, statements: Sequence[Statement], *, timeout_s: float) -> Iterator[Effect]:
        """As ``Session.apply``, giving control back after each statement, before the transaction ends.

        What is left running when the iterator is closed early is given up as a lost client gives it up. The effects
        tell of no locks.
        """
        ...


@runtime_checkable
class Delaying(Protocol):
    """A session that can bring another session's statement to a stop in its midst."""

    def delaying(self, statement: Statement) -> AbstractContextManager[bool]:
        """While inside, that statement waits when it has done a part of its work: True; False where none is known."""
        ...


@runtime_checkable
class Holding(Protocol):
    """A session that can hold a table, as a long report or a forgotten transaction does."""

    def holding(self, entity: str, *, writing: bool = False) -> AbstractContextManager[None]:
        """While inside, there is an open transaction that has read the entity (or is about to write to it)."""
        ...


@dataclass(frozen=True, slots=True)
class Remain:
    """Something that a crash or a lost client left, and that the schema does not show.

    Attributes:
        kind: ``invalid index``, ``temporary table``, ``prepared transaction``, ``session``, ``waiting session``.
        name: the thing's name, or what the session runs.
    """

    kind: str
    name: str


@runtime_checkable
class Remaining(Protocol):
    """A session that finds what is left behind in its database."""

    def remains(self) -> tuple[Remain, ...]:
        """Everything of the kinds that ``Remain`` tells of, without this session itself."""
        ...


@runtime_checkable
class Digesting(Protocol):
    """A session that can tell whether rows have changed."""

    def digest(self, entity: str) -> str:
        """A text that is the same for the same rows in the same columns, whatever their order."""
        ...


@runtime_checkable
class Executing(Protocol):
    """A session that can run any single statement and take it back."""

    def tried(self, text: str) -> Refusal | None:
        """What the server says of it, with every constraint checked at once; None when it is taken. Nothing stays."""
        ...


@dataclass(frozen=True, slots=True)
class Parting:
    """What became of a row when the row that it refers to was deleted, or got another key.

    Attributes:
        outcome: ``refused`` (the parent stayed as it was), ``gone``, ``null``, ``default``, ``followed`` (it refers to
            the new key), ``kept`` (it refers to a row that is not there), ``untried``.
        detail: the server's words of a refusal, or why it was not tried.
    """

    outcome: str
    detail: str = ""


@runtime_checkable
class Parted(Protocol):
    """A session that can delete or change a row which others refer to, see what becomes of these, and take it back."""

    def part(self, child: Entity, key: ForeignKey, others: Sequence[Entity], *, update: bool) -> Parting:
        """Try it on rows that are there.

        Args:
            child: the entity with the foreign key, observed.
            key: the foreign key, observed.
            others: all entities of the schema that hold rows: those beside the two are emptied first, so that no other
                reference speaks.
            update: change the parent's key; else delete the parent.
        """
        ...
