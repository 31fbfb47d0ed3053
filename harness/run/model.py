"""Observations: what was seen on the server, with its evidence and without an opinion."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

from harness.design.compare import Difference
from harness.design.model import Schema
from harness.facts import Access, Effect, Refusal, Traits
from harness.servers.model import ServerKind
from harness.source import Source

Stage = Literal[
    "declared", "documented", "up", "down", "reup", "repeat", "unwind", "rewind", "head", "listed", "partition"
]
"""``declared``: the sections' SQL; ``documented``: what the column tables say; ``up``, ``down``, ``reup``: one
migration alone on the state before it; ``repeat``: once more on what it made;
``unwind`` and ``rewind``: all downs from the end, then all ups again;
``head``: the ups on the database that is seeded; ``listed``: an index of the document's list, made under another name
on a clone of it; ``partition``: the partitioning plan on a clone."""

Way = Literal["up", "down"]


class Observation:
    """Something that was seen. Each stage derives its own kinds; ``Run.of`` finds them."""

    __slots__ = ()


O = TypeVar("O", bound=Observation)  # noqa: E741


@dataclass(frozen=True, slots=True)
class Applied(Observation):
    """Statements were run as one unit. ``subject`` is the migration's id, or the entity or part they belong to."""

    stage: Stage
    subject: str
    effects: tuple[Effect, ...]
    elapsed_s: float

    @property
    def refusal(self) -> Refusal | None:
        """What the server refused, if it did; then nothing after it was run."""
        return self.effects[-1].refusal if self.effects else None

    @property
    def refused(self) -> Effect | None:
        """The effect of the refused statement."""
        return self.effects[-1] if self.effects and self.effects[-1].refusal else None

    @property
    def ok(self) -> bool:
        """Whether every statement was taken."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class Inspected(Observation):
    """A schema read back. ``label``: ``declared``, ``documented``, ``listed``, ``start``, ``after 001``, ``head``."""

    label: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class RoundTrip(Observation):
    """The schema before a migration against the schema after its up and down.

    Attributes:
        way: ``alone`` (this migration only) or ``all`` (in the unwinding of the whole chain), or ``again`` (after the
            second up, against the first), or ``repeated`` (after an up on what it made);
            ``up refused`` and ``down refused``: what a script that was refused in its
            middle left done, against the schema before it.
    """

    migration: str
    way: Literal["alone", "all", "again", "repeated", "up refused", "down refused"]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Compared(Observation):
    """Whether the server holds two spellings of a default for the same; None when it cannot say."""

    entity: str
    field: str
    said: str
    live: str
    equal: bool | None


@dataclass(frozen=True, slots=True)
class Loaded(Observation):
    """Rows that were made and taken.

    Attributes:
        planted: how many carry literals of the example queries.
        why: what decided how many there are.
    """

    entity: str
    rows: int
    planted: int
    elapsed_s: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Explained(Observation):
    """A query under EXPLAIN, executed.

    Attributes:
        access: its plan; None when it was refused.
        refusal: what the server said.
        rows: rows that it gave.
        forced: the plan (not executed) with table scans made unattractive: what could serve if it had to.
    """

    query: str
    access: Access | None
    refusal: Refusal | None
    rows: int
    forced: Access | None = None


@dataclass(frozen=True, slots=True)
class Skipped(Observation):
    """Something that was to be looked at and could not be, and why. ``what``: ``up``, ``seed``, ``query``.

    Attributes:
        source: the line that it stands on, where it is none of the plan's parts that others find by their subject.
    """

    what: str
    subject: str
    reason: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Tried(Observation):
    """Something that worked on the schema before a migration, tried on the schema after it, or the other way round.

    Attributes:
        kind: ``query`` (an example query; ``subject`` is its id), ``select``, ``insert``, ``update`` or ``delete`` (as
            an application of that schema writes them; ``subject`` is the entity, and what is special in the row), or
            ``up`` (the migration itself on tables that hold rows).
        refusal: None when it still works.
        way: ``old on new`` while a release rolls out; ``new on old`` when it is rolled back.
        repeats: fields whose values another row has already: they must be unique on the other schema alone.
        lost: what it does not do any more though it is taken, in words; empty where it does all.
        merged: whether the migration, run where such a double is, takes it and makes of it what it wants; None where
            that was not tried.
    """

    migration: str
    kind: Literal["query", "select", "insert", "update", "delete", "up"]
    subject: str
    refusal: Refusal | None
    way: Literal["old on new", "new on old"] = "old on new"
    repeats: tuple[str, ...] = ()
    merged: bool | None = None
    lost: str = ""

    @property
    def fault(self) -> str:
        """Why it does not work any more; empty where it does."""
        return self.refusal.message if self.refusal is not None else self.lost


@dataclass(frozen=True, slots=True)
class Probed(Observation):
    """A row was offered that keeps every constraint but one (or every one), and taken back.

    Attributes:
        when: ``up``: after all migrations; ``again``: after they went up, down and up again.
        kind: ``valid`` for the row that keeps all, else the constraint's: ``not null``, ``primary key``, ``unique``,
            ``foreign key``, ``check``, ``enum``; of a validator ``type``, ``additionalProperties``, ``uniqueItems``.
        constraint: its name; the field's name for ``not null`` and ``enum``; empty for ``valid``.
        fields: the fields that were given another value.
        value: what they were given, for people.
        refusal: None when the server took the row.
        own: whether it was refused for this constraint's sake: the server names it, or its fields and no other one.
        sure: whether the row is known to break it; of a CHECK, whether its condition is false as it is reckoned here.
        trigger: one that may change a row before it is stored, and so before constraints are checked; empty for none.
    """

    when: Literal["up", "again"]
    entity: str
    kind: str
    constraint: str
    fields: tuple[str, ...]
    value: str
    refusal: Refusal | None
    own: bool = False
    sure: bool = True
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class Implied(Observation):
    """A CHECK that no row breaks alone: what would, breaks one of ``others`` too, or (none) the types do not have."""

    entity: str
    constraint: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that was seen on one server."""

    engine: str
    version: str
    server: ServerKind
    image: str | None
    started: str
    seconds: float
    observations: tuple[Observation, ...] = field(default=())
    traits: Traits = field(default=Traits())

    def of(self, kind: type[O]) -> Iterator[O]:
        """The observations of one kind, in order."""
        return (o for o in self.observations if isinstance(o, kind))

    def applied(self, stage: Stage, subject: str | None = None) -> Applied | None:
        """What was applied at that stage (for that subject); None when it was not."""
        return next((a for a in self.of(Applied) if a.stage == stage and subject in (None, a.subject)), None)

    def refused(self, stage: Stage) -> Iterator[Applied]:
        """What was refused at that stage, in order."""
        return (a for a in self.of(Applied) if a.stage == stage and not a.ok)

    def left_done(self, migration: str, way: Literal["up refused", "down refused"]) -> tuple[Difference, ...]:
        """What a refused script of a migration left done: nothing, where its transaction took it all back."""
        trips = (t for t in self.of(RoundTrip) if t.migration == migration and t.way == way)
        return next((trip.differences for trip in trips), ())

    def schema(self, label: str) -> Schema | None:
        """The schema read back under that label."""
        return next((i.schema for i in self.of(Inspected) if i.label == label), None)

    def explained(self, query: str) -> Explained | None:
        """How that query ran."""
        return next((e for e in self.of(Explained) if e.query == query), None)

    def skips(self, what: str) -> Iterator[Skipped]:
        """Everything of that kind that could not be looked at."""
        return (s for s in self.of(Skipped) if s.what == what)

    def skipped(self, what: str, subject: str) -> Skipped | None:
        """Why that could not be looked at."""
        return next((s for s in self.of(Skipped) if s.what == what and s.subject in (subject, "")), None)


class Progress(Protocol):
    """Who is told how far the work is; a terminal's bar, plain lines in CI, or nobody."""

    def stage(self, text: str) -> None:
        """A new stage begins (``migrating``, ``seeding users``)."""
        ...

    def advance(self, done: int, total: int) -> None:
        """So many of so many, within the stage."""
        ...


class Silent:
    """Progress that nobody looks at."""

    def stage(self, text: str) -> None:
        """Say nothing."""

    def advance(self, done: int, total: int) -> None:
        """Say nothing."""
