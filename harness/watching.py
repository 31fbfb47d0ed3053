"""What an engine adds to its sessions so that others can work beside a migration and be watched while they do.

A small wall of its own beside ``engine``: a session that lacks one of these cannot be measured that way, which is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.model import Entity
from harness.facts import Batch, Refusal

TIME_OUTS = frozenset({"57014", "55P03", "1205", "1317", "1969", "3024", "50"})
"""Codes of a request whose time was over: PostgreSQL's, MySQL's and MariaDB's, MongoDB's."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A session that waits for a lock at this moment.

    Attributes:
        session: its number.
        relation: the table; empty for a lock on a row, of which the server does not say whose it is.
        mode: the mode that it wants, in the server's words.
        behind: the sessions that it waits for, where the server tells.
    """

    session: int
    relation: str
    mode: str
    behind: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """A lock on a table that a session holds at this moment."""

    session: int
    relation: str
    mode: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a server.

    Attributes:
        waiting: which of the sessions asked about wait.
        holding: what sessions other than those hold in this database.
        pending: which tables' locks sessions other than those wait for themselves.
        log_bytes: the position in the log that is written before the data (WAL, redo); None where it is not told.
        disk_bytes: the size of the database's files, of all databases where they share them; None when it was not asked
            for, or is not told.
    """

    waiting: tuple[Waiting, ...] = ()
    holding: tuple[Holding, ...] = ()
    pending: tuple[Waiting, ...] = ()
    log_bytes: int | None = None
    disk_bytes: int | None = None


@runtime_checkable
class Sending(Protocol):
    """A session that sends what an application sends."""

    def send(self, texts: Sequence[str]) -> Refusal | None:
        """Run them, several in one transaction, and take all that comes back; the refusal, after which none remains."""
        ...


@runtime_checkable
class Working(Sending, Protocol):
    """A session that sends, or looks on while others do."""

    @property
    def number(self) -> int:
        """The number by which the server knows this connection."""
        ...

    @property
    def idle(self) -> str:
        """A text for ``send`` that needs nothing: no entity, no lock."""
        ...

    def patient(self, timeout_s: float) -> None:
        """Give every statement from now on at most that long, waiting for locks included."""
        ...

    def look(self, sessions: Sequence[int], *, disk: bool) -> Look:
        """Who of these sessions waits, and what any other one holds. Takes about a millisecond, and no lock."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """A session that needs time for a text before it can be sent."""

    def prepare(self, texts: Sequence[str]) -> None:
        """Take that time now for all of these; they take the place of those that were prepared before."""
        ...


@runtime_checkable
class Deriving(Protocol):
    """A session that writes what an application of a table would send, as texts for ``send``.

    ``keys`` are rows of literals of the primary key's fields, in their order, as ``Session.sample`` gives them.
    """

    def inserts(self, entity: Entity, rows: Batch) -> tuple[str, ...]:
        """One for each row; columns that number themselves are left to the server."""
        ...

    def passing(self, entity: Entity, rows: Batch) -> tuple[tuple[str, ...], ...]:
        """For each row the texts of one ``send`` that writes it, and after which it is not there any more."""
        ...

    def reads(self, entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """All fields, by name, of the row of each key; without a primary key one text, of as few rows as can be."""
        ...

    def updates(self, entity: Entity, keys: Sequence[Sequence[str]], rows: Batch | None = None) -> tuple[str, ...]:
        """Each key's row gets the values of the row of the same place; without rows, the values that it has."""
        ...

    def deletes(self, entity: Entity, keys: Sequence[Sequence[str]]) -> tuple[str, ...]:
        """The row of each key, gone."""
        ...


@runtime_checkable
class Repeating(Protocol):
    """A session that writes a row with values of another one, as ``Session.sample`` gives them: literals by field."""

    def inserted(self, entity: Entity, row: Batch, values: Mapping[str, str]) -> str:
        """The text that writes a single new row with those values in place of its own."""
        ...

    def assigned(self, entity: Entity, key: Sequence[str], values: Mapping[str, str]) -> str:
        """The text that gives the row of a primary key, whose values are literals, those values."""
        ...


@runtime_checkable
class Tallying(Protocol):
    """A session that writes how a table's rows are counted."""

    def tally(self, entity: Entity) -> str:
        """The text that gives one row: how many rows there are, and how many have a value in each field."""
        ...


def settable(entity: Entity) -> tuple[str, ...]:
    """Fields that an update may change without touching who the row is or whom it refers to."""
    bound = {name for key in entity.keys for name in key.fields}
    bound |= {name for key in entity.foreign_keys for name in key.fields}
    bound |= {key.text for index in entity.indexes if index.unique for key in index.keys}
    return tuple(f.name for f in entity.fields if f.name not in bound and f.generated is None and f.identity is None)
