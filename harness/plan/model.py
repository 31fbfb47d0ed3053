"""The plan: a design made executable, with the volumes of a scenario. Values only; nothing has run yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from harness.design.model import Design, Index, Query, Schema, Statement
from harness.source import Source


@dataclass(frozen=True, slots=True)
class Shares:
    """What the values of a column shall be.

    Attributes:
        of: values with their weights, which need not add up to anything; empty when they are not listed.
        low: the lowest value; None when it is not said. ``high`` the highest.
    """

    entity: str
    field: str
    of: tuple[tuple[str, float], ...] = ()
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """What production's statistics say of a column.

    Attributes:
        null: the share of NULL.
        common: the most common values, each with its share of all rows.
        bounds: the values that part the others into parts of as many rows; empty when they are not known.
        distinct: how many values there are; negative: minus their share of the rows; 0 when it is not known.
        correlation: of the order of the values with that of the rows, from -1 to 1.
    """

    entity: str
    field: str
    null: float = 0.0
    common: tuple[tuple[str, float], ...] = ()
    bounds: tuple[str, ...] = ()
    distinct: float = 0.0
    correlation: float = 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """A volume, or the values of a ``field``, that the document says.

    Attributes:
        why: its words, and what became of them.
        share: of a volume, how much of it is made.
    """

    entity: str
    field: str
    why: str
    source: Source
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """How much data, and how hard to look.

    Attributes:
        name: the scenario's name, or ``default``.
        path: its file; None for the default.
        seed: the one integer that all rows come from.
        rows: rows per entity, where given.
        default_rows: rows of an entity that has no parents and no number of its own.
        ratio: rows of a child per row of its largest parent, where neither has a number.
        ratios: the same for one child: (child, parent or empty, number).
        skew: of references: (entity, field, exponent); 0 gives each parent as many, 1 is zipf's law.
        null: the share of NULL: (entity, field, share).
        values: what columns hold.
        observed: what columns hold in production, by its statistics; the keys above win.
        locale: Faker's locale that names, addresses and sentences are of.
        runs: timed runs of each query.
        cold_runs: runs of each query right after a restart of the server; 0 for none.
        blocks_ms: the longest that a statement of a migration may keep readers or writers waiting.
        statement_s: the longest that a statement may take before it is ended: no design keeps a run for ever.
        engine_version: the version to run on; None for the default.
        said: which of the rows and values are the document's.
    """

    name: str = "default"
    path: str | None = None
    seed: int = 42
    rows: tuple[tuple[str, int], ...] = ()
    default_rows: int = 10_000
    ratio: int = 10
    ratios: tuple[tuple[str, str, float], ...] = ()
    skew: tuple[tuple[str, str, float], ...] = ()
    null: tuple[tuple[str, str, float], ...] = ()
    values: tuple[Shares, ...] = ()
    observed: tuple[Observed, ...] = ()
    locale: str = "en_US"
    runs: int = 200
    cold_runs: int = 0
    blocks_ms: int = 500
    statement_s: int = 600
    engine_version: str | None = None
    said: tuple[Said, ...] = ()

    def origin(self, entity: str) -> str:
        """Where the rows of an entity come from, when they are given."""
        found = next((each for each in self.said if each.entity == entity and not each.field), None)
        return "the scenario" if found is None else f"line {found.source.line}: {found.why}"


@dataclass(frozen=True, slots=True)
class Note:
    """What was filled, derived or found missing while the design was made executable.

    Attributes:
        kind: ``filled`` (a placeholder from another section), ``derived`` (SQL from a table, a down from its up),
            ``missing`` (nothing there and nothing to make it from), ``left out`` (said twice, or without a place),
            ``contradicts`` (said otherwise before, and left out here), ``not run`` (it is about the server as a
            whole, or too much).
        subject: ``migration 001 down``, ``table users`` …
    """

    kind: Literal["filled", "derived", "missing", "left out", "contradicts", "not run"]
    subject: str
    message: str
    source: Source


@dataclass(frozen=True, slots=True)
class Change:
    """An executable migration. ``down`` is None when the document has none and none can be derived.

    ``repeatable``: its tool runs it again on what it made before.
    """

    id: str
    title: str
    up: tuple[Statement, ...]
    down: tuple[Statement, ...] | None
    down_derived: bool
    planned: bool
    source: Source
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """An index of the document's list, to be made under ``alias`` on a clone, so that the server normalises it."""

    index: Index
    alias: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object is made: its ``kind`` and ``name``, the entity it belongs to, and the statement's lines."""

    kind: str
    name: str
    entity: str
    source: Source


Kind = Literal["edited", "deleted", "overtaken", "kept"]


@dataclass(frozen=True, slots=True)
class Edit:
    """What a change did to a migration that is on its base branch, or that it brings.

    Attributes:
        kind: ``edited``, ``deleted``; ``overtaken``: it comes before one that is on the base; ``kept``: none of these.
        base: the branch that it was compared with, as the user named it.
        detail: what differs, for people.
    """

    kind: Kind
    migration: str
    base: str
    detail: str
    source: Source


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will be sent to the server.

    Attributes:
        declared: DDL that stands in the sections of the document (the SQL of each table), parents first.
        documented: DDL generated from the column tables alone (no references, no indexes).
        listed: the indexes of the lists that give columns.
        base: migrations before those, applied and trusted; nothing is said of them.
        changes: the migrations, in order; when the document has none, one made of ``declared``.
        partitions: statements of the partitioning plan, tried on a clone of the final schema.
        places: where each object is made, sections before migrations.
        documented_schema: what ``documented`` was made from.
        history: what a change did to migrations that are on its base branch.
    """

    design: Design
    scenario: Scenario
    declared: tuple[Statement, ...]
    documented: tuple[Statement, ...]
    documented_schema: Schema
    listed: tuple[Listed, ...]
    changes: tuple[Change, ...]
    partitions: tuple[Statement, ...]
    queries: tuple[Query, ...]
    notes: tuple[Note, ...]
    places: tuple[Place, ...] = ()
    base: tuple[Change, ...] = ()
    history: tuple[Edit, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The document, and the files of the migrations that are judged."""
        scripts = (s.source.path for change in self.changes for s in (*change.up, *(change.down or ())))
        own = () if self.design.folder else (self.design.path,)
        return tuple(dict.fromkeys((*own, *(change.source.path for change in self.changes), *scripts)))

    def statements(self) -> Iterator[Statement]:
        """Everything that may be run, each as often as it is in the plan."""
        yield from self.declared
        for change in self.changes:
            yield from (*change.up, *(change.down or ()))
        yield from (query.statement for query in self.queries)

    def place(self, kind: str, name: str) -> Source | None:
        """Where that object is made first; None when no statement of the document makes it."""
        wanted = (kind, name.lower())
        return next((p.source for p in self.places if (p.kind, p.name.lower()) == wanted), None)
