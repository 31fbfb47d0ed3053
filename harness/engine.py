"""The wall between the harness and a database: what an engine must do, and what it gives back.

An engine is a folder under ``adapters/`` whose package has a function ``engine() -> Engine``. Facts that come back
(``facts``: ``Access``, ``Effect`` …; ``Schema``) speak one vocabulary for all engines.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.model import Entity, Schema, SchemaObject, Statement
from harness.facts import Access, Batch, Effect, Intent, Parameter, Refusal, Sought, Traits
from harness.servers.model import Address, Recipe, Server


class Session(Protocol):
    """One connection to one database. Raises ServerGone when the server goes away, never for a refused statement."""

    version: str

    def apply(self, statements: Sequence[Statement], *, timeout_s: float) -> tuple[Effect, ...]:
        """Run them as one migration: in one transaction where the engine and the statements allow it.

        Stops at the first refusal, which is the last effect; then everything is rolled back where that can be.
        """
        ...

    def inspect(self) -> Schema:
        """The whole schema, read from the catalog, without what the engine itself brings."""
        ...

    def equal(self, left: str, right: str, type_: str) -> bool | None:
        """Whether two default expressions mean the same for a column of that type; None when it cannot be known."""
        ...

    def filling(self, schema: Schema) -> AbstractContextManager[None]:
        """While inside, what slows loading (indexes, foreign keys) is set aside; at the end exactly as before.

        The end also brings the planner's statistics and sequences up to date. A rebuild that the rows do not satisfy
        raises ``Unsatisfied``.
        """
        ...

    def load(self, entity: Entity, batches: Iterable[Batch]) -> int:
        """Rows written by the engine's bulk way. Rows that the server refuses raise ``Unsatisfied``."""
        ...

    def attempt(self, entity: Entity, rows: Batch) -> Refusal | None:
        """Write rows with every constraint checked at once, and take them back: what the server said, None if taken.

        The refusal's detail names the constraint where the engine does.
        """
        ...

    def explain(self, text: str, *, execute: bool, unattractive: Sequence[str] = ()) -> Access | Refusal:
        """The plan of a query; executed for real when asked, with no lasting effect.

        Args:
            text: the query.
            execute: run it, so that rows and pages are counted.
            unattractive: operations (``scan``, ``sort``) that the planner shall avoid, to see what can serve.
        """
        ...

    def timings(self, texts: Sequence[str]) -> tuple[float, ...]:
        """Milliseconds from sending to last row received, for each text in order; no lasting effect."""
        ...

    def sample(self, entity: str, fields: Sequence[str], count: int, seed: int) -> tuple[tuple[str, ...], ...]:
        """Literals, quoted for the engine, of ``fields`` in up to ``count`` rows; same seed, same rows."""
        ...

    def count(self, entity: str) -> int:
        """Rows of an entity."""
        ...


@runtime_checkable
class Telling(Protocol):
    """A session that also tells what is stored, where migrations change that as much as the schema."""

    def content(self) -> tuple[SchemaObject, ...]:
        """The documents themselves, to be compared like a schema's objects."""
        ...


class Unsatisfied(Exception):  # noqa: N818  (the word says what is so)
    """The server refused generated rows: ``entity`` and the refusal. Never reaches a user as such."""

    def __init__(self, entity: str, refusal: Refusal) -> None:
        super().__init__(f"{entity}: {refusal.message}")
        self.entity = entity
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Lasting:
    """A database of ours that stays between commands. ``memo`` is a short text kept with it, outside its schema."""

    address: Address
    memo: str


class Engine(Protocol):
    """One database engine. Stateless; importing it does not import its driver."""

    name: str
    title: str

    def recipe(self, version: str | None, image: str | None) -> Recipe:
        """How to get a server; None takes the defaults."""
        ...

    def traits(self, version: str) -> Traits:
        """What that version can do."""
        ...

    def split(self, script: Statement) -> tuple[Statement, ...]:
        """Single statements with their own lines, comments and empty ones dropped; never fails (see ``intent``)."""
        ...

    def intent(self, statement: Statement) -> Intent:
        """What a single statement is about."""
        ...

    def define(self, schema: Schema) -> tuple[Statement, ...]:
        """DDL that makes a designed schema, parents first; ``derived``, with the sources of what it was made from."""
        ...

    def parameters(self, statement: Statement, schema: Schema) -> tuple[Parameter, ...]:
        """The literals and placeholders of a query, resolved against an observed schema."""
        ...

    def sought(self, statement: Statement, schema: Schema) -> Sought:
        """The entities that a query reads, and what it looks for beside its parameters; nothing of unreadable text."""
        ...

    def fresh(self, server: Server, name: str, *, template: Address | None = None) -> AbstractContextManager[Address]:
        """A new database on the server (a copy of ``template``, with its rows, when given), dropped at the end."""
        ...

    def connect(self, database: Address) -> AbstractContextManager[Session]:
        """A session; raises ServerError when there is none to be had."""
        ...

    def lasting(self, server: Server, name: str) -> Lasting:
        """The database of that name that stays; made when it is not there. InputError when it is not ours."""
        ...

    def remember(self, server: Server, database: Lasting) -> None:
        """Keep the memo with the database."""
        ...
