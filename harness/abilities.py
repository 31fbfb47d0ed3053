"""What a session may be able to do beyond the contract, each ability a protocol of its own.

An engine that lacks one leaves what needs it ``unverified``, with the reason.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from harness.design.model import Entity, Statement
from harness.facts import Batch, Effect, Refusal
from harness.servers.model import Address, Binaries, Missing, Server


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
class Offence:
    """A row that breaks one rule of an entity and, as far as can be, no other.

    Attributes:
        kind: the rule's: ``type``, ``check``, ``additionalProperties``, ``uniqueItems``.
        constraint: its name: the field's, and for ``check`` the keyword (``price minimum``).
        fields: the fields that were given another value.
        value: what they were given, for people.
        rows: the row.
    """

    kind: str
    constraint: str
    fields: tuple[str, ...]
    value: str
    rows: Batch


@runtime_checkable
class Offending(Protocol):
    """A session that knows rules of an entity which fields and keys do not tell, and what breaks them."""

    def offences(self, entity: Entity, row: Batch) -> Iterator[Offence]:
        """Rows made from a single one that keeps all rules, each breaking one of them."""
        ...


class Asking(Protocol):
    """What can be done inside a transaction that is taken back at its end."""

    def ask(self, text: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """The rows of a query; ``%s`` stands for each value. Raises the driver's error when it is refused."""
        ...

    def change(self, text: str, values: Sequence[object] = ()) -> Refusal | None:
        """Change rows; what the server refuses, of deferred constraints too. After a refusal nothing more is asked."""
        ...

    def lax(self, *, on: bool, within: Sequence[str]) -> str | None:
        """Whether foreign keys are looked away from, from now on; why that cannot be, where it cannot.

        Where a server can only do so for good, it does it for all keys but those within the tables named.
        """
        ...

    def name(self, name: str) -> str:
        """An entity's or a field's name as SQL."""
        ...


@runtime_checkable
class Transacting(Protocol):
    """A session that tries changes of rows which have no lasting effect."""

    def undone(self) -> AbstractContextManager[Asking]:
        """A transaction that is taken back at the end."""
        ...


@runtime_checkable
class Supplying(Protocol):
    """A session that knows what type of value a placeholder stands for, where it stands against no field."""

    def supplied(self, text: str) -> tuple[str, ...]:
        """A literal for each placeholder of a query, in the order of the text; none where that cannot be known."""
        ...


@runtime_checkable
class Flushing(Protocol):
    """A session whose server answers before what was done would survive its kill."""

    def flush(self) -> None:
        """Return when all that was done survives."""
        ...


@runtime_checkable
class Backing(Protocol):
    """An engine that makes a backup of a database, and another database from it, in a way that its makers describe."""

    def programs(self) -> Binaries | Missing:
        """What makes backups on this machine; else where was looked, and what to install."""
        ...

    def backup(self, server: Server, database: Address, path: Path) -> str | None:
        """Write a backup to a file or a directory; why it cannot be, when it cannot. ServerError when it fails."""
        ...

    def restored(self, server: Server, database: Address, path: Path) -> AbstractContextManager[Address]:
        """A database made from the backup of another one, dropped at the end. ServerError when that fails."""
        ...


@runtime_checkable
class Measuring(Protocol):
    """An engine whose scripts may hold rows, which are sent as they are, however many."""

    def code_size(self, script: Statement) -> int:
        """Characters of a script without its rows."""
        ...
