"""What the input says of a database: one vocabulary for three engines, and for designed and observed schemas alike.

A *designed* schema (read from column tables, bullets, index lists) leaves out what the document leaves out: ``None``
means "not said". An *observed* schema (read back from a live catalog) says everything, in the server's own spelling.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from harness.design.claim_types import Claim
from harness.design.drawn import Diagram
from harness.folders.model import Problem, Transaction
from harness.source import Source

Origin = Literal["written", "filled", "derived"]
Options = tuple[tuple[str, str], ...]
"""Name and value pairs, sorted by name, for what only one engine knows (storage, reloptions, charset, opclass)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Code for the server: one statement, or a script of many before an engine has split it.

    Attributes:
        text: exactly as it stands in the document (or as it was made), without a final semicolon once split.
        source: the lines where it stands; for filled or derived text, the lines it was made from.
        origin: ``written`` in the document at this place, ``filled`` in for a placeholder from another place,
            ``derived`` by the harness (from a column table, an index list, or as the inverse of an up).
        transaction: how a migration tool sends the script that it stands in.
        parts: of a script that stands in several places: its parts, in order; the text is then theirs together.
        first: of a long list of rows: the statement that puts in the first of them, which says of the whole what is to
            be known; empty for all others.
        several: how many statements the text holds; more than one for INSERTs into one table that are sent together.
    """

    text: str
    source: Source
    origin: Origin = "written"
    transaction: Transaction = "auto"
    parts: tuple["Statement", ...] = ()
    first: str = ""
    several: int = 1

    @property
    def told(self) -> str:
        """What is read of it by parsers and people: the text, of a long list of rows its first."""
        return self.first or self.text


Family = Literal[
    "integer", "decimal", "float", "text", "boolean", "date", "time", "timestamp", "interval", "uuid", "json", "bytes",
    "enum", "network", "bits", "range", "array", "geometry", "search", "xml", "objectid", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What values a field takes, in terms that seeding understands; made by an adapter from the catalog.

    Attributes:
        family: the kind of value.
        length: most characters (text), bytes (bytes) or bits; None when unbounded.
        width: bytes of an integer or float (1, 2, 3, 4, 8).
        precision: digits in all of a decimal; fractional-second digits of a time or timestamp.
        scale: digits after the point of a decimal.
        zoned: a time or timestamp that carries a zone.
        unsigned: an integer or decimal that takes no negative values.
        fixed: text or bits padded to ``length`` (CHAR).
        labels: the values of an enum, in order.
        element: the shape of an array's elements.
        detail: the server's name for a subkind (``inet``, ``macaddr``, ``int4range``, ``tsvector``, ``point``).
    """

    family: Family
    length: int | None = None
    width: int | None = None
    precision: int | None = None
    scale: int | None = None
    zoned: bool = False
    unsigned: bool = False
    fixed: bool = False
    labels: tuple[str, ...] = ()
    element: "Shape | None" = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or a (dotted) field of a collection.

    Attributes:
        name: unquoted.
        type: as written in the document, or as the server prints it.
        nullable: None when the document does not say.
        default: the default expression's text; None when there is none (or none is said).
        generated: the expression of a generated column, with ``stored``/``virtual`` in ``options``.
        identity: ``always``, ``by default`` or ``auto`` (AUTO_INCREMENT); None when it is none of them.
        collation: only when it is not the default one.
        description: the document's words, or the catalog's comment.
        options: what only this engine knows, compared exactly.
        shape: for observed fields.
        source: for designed fields, the row or bullet.
        lists_defaults: for designed fields, whether the listing has a place for them: then none said is none meant.
    """

    name: str
    type: str
    nullable: bool | None = None
    default: str | None = None
    generated: str | None = None
    identity: str | None = None
    collation: str | None = None
    description: str = ""
    options: Options = ()
    shape: Shape | None = None
    source: Source | None = None
    lists_defaults: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """A primary key or a unique constraint. ``options``: deferrable, nulls not distinct, and the like."""

    name: str | None
    fields: tuple[str, ...]
    primary: bool = False
    options: Options = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference. Actions are upper case SQL (``CASCADE``); None when the document does not say.

    ``target_fields`` is empty when the document names only the target entity (then: its primary key).
    """

    name: str | None
    fields: tuple[str, ...]
    target: str
    target_fields: tuple[str, ...] = ()
    on_delete: str | None = None
    on_update: str | None = None
    validated: bool = True
    options: Options = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint (or a Mongo validator's rule).

    Attributes:
        expression: the condition's text, without the word CHECK and its outer parentheses; None where the document
            elides it (``CHECK IN (...)``).
        fields: the fields it speaks of, as far as known.
    """

    name: str | None
    expression: str | None
    fields: tuple[str, ...] = ()
    validated: bool = True
    options: Options = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class IndexKey:
    """One key of an index.

    Attributes:
        text: the field's name, or the expression's text.
        expression: whether ``text`` is an expression and not a field.
        descending: None when the document does not say.
        nulls: ``first`` or ``last``; None for the engine's default.
        length: prefix length (MySQL).
        options: opclass, collation, Mongo's key kind (``text``, ``2dsphere``, ``hashed``).
    """

    text: str
    expression: bool = False
    descending: bool | None = None
    nulls: str | None = None
    length: int | None = None
    options: Options = ()


@dataclass(frozen=True, slots=True)
class Index:
    """An index, listed or live.

    Attributes:
        name: None when the document gives only columns.
        entity: the table or collection.
        keys: in order; empty when the document gives only a name.
        unique: None when the document does not say.
        predicate: of a partial index, without the word WHERE.
        method: ``btree``, ``gin``, …; None when not said.
        includes: covered fields that are no keys.
        constraint: the name of the key constraint that this index stands behind; None for an index of its own.
        valid: false for what a failed concurrent build leaves.
        definition: the server's own text of it.
        purpose: the document's words.
    """

    name: str | None
    entity: str
    keys: tuple[IndexKey, ...] = ()
    unique: bool | None = None
    predicate: str | None = None
    method: str | None = None
    includes: tuple[str, ...] = ()
    constraint: str | None = None
    valid: bool = True
    options: Options = ()
    definition: str = ""
    purpose: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A table, view or collection.

    Attributes:
        name: unquoted; ``namespace.name`` only when the namespace is not the engine's default one.
        kind: ``table``, ``partitioned table``, ``partition``, ``view``, ``materialized view``, ``foreign table``,
            ``collection``, ``time series``.
        options: what only this engine knows (partition key and bounds, storage, row security, privileges, comment).
        purpose: the document's words.
    """

    name: str
    kind: str = "table"
    fields: tuple[Field, ...] = ()
    keys: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    options: Options = ()
    purpose: str = ""
    source: Source | None = None

    def field(self, name: str) -> Field | None:
        """The field of that name, whatever its case."""
        return next((f for f in self.fields if f.name.lower() == name.lower()), None)

    @property
    def primary_key(self) -> Key | None:
        """The primary key, if there is one."""
        return next((k for k in self.keys if k.primary), None)


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """Anything else in a schema: ``sequence``, ``enum``, ``domain``, ``function``, ``trigger``, ``policy``, ``rule``,
    ``extension``, ``namespace``, ``statistics``, ``privilege``, … compared by its definition.
    """  # noqa: D205

    kind: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Schema:
    """All entities of a database, with everything else in it; each tuple sorted by name when observed."""

    entities: tuple[Entity, ...] = ()
    objects: tuple[SchemaObject, ...] = ()

    def entity(self, name: str) -> Entity | None:
        """The entity of that name, whatever its case."""
        return next((e for e in self.entities if e.name.lower() == name.lower()), None)

    def index(self, name: str) -> Index | None:
        """The index of that name, whatever its case and its entity."""
        return next((i for i in self.indexes() if i.name is not None and i.name.lower() == name.lower()), None)

    def indexes(self) -> Iterator[Index]:
        """Every index of every entity."""
        return (i for e in self.entities for i in e.indexes)


@dataclass(frozen=True, slots=True)
class Query:
    """An example query. ``id`` is the document's number or a slug of its title, unique in the design."""

    id: str
    title: str
    statement: Statement
    source: Source


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration as the document gives it; its scripts are not yet split or filled.

    Attributes:
        id: the document's number (``001``) or a slug of its title; unique in the design, in the order to be applied.
        up: None when the document announces a migration and gives no code.
        down: None when the document gives none.
        planned: under a heading such as "Future Migration".
        tool: the migration tool that it is a file of; then nothing in it stands for code given elsewhere.
        undoable: whether a down is to be expected of it.
        repeatable: it is run again, on what it made before, each time that its text changes.
        trusted: another package's: applied and not judged, where it stands before all that is.
    """

    id: str
    title: str
    up: Statement | None
    down: Statement | None
    planned: bool
    source: Source
    tool: str = ""
    undoable: bool = True
    repeatable: bool = False
    trusted: bool = False


ScriptKind = Literal[
    "ddl", "query", "migration", "partition", "fragment", "form", "placeholder", "maintenance", "alternative",
    "explain", "other engine", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Script:
    """A code fence and what it was taken for.

    Attributes:
        kind: see ``ScriptKind``.
        statement: the code, as written.
        entity: the entity whose section it stands in, if any.
        reason: why it was taken for this, in a few words, for ``harness show``.
    """

    kind: ScriptKind
    statement: Statement
    entity: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the document that was not understood or not used, and why."""

    text: str
    reason: str
    source: Source


@dataclass(frozen=True, slots=True)
class Design:
    """Everything that was read from one document (or migration folder).

    Attributes:
        name: the short name (``orders``).
        path: the file, as the user named it.
        lines: how many lines it has.
        engine: ``postgresql``, ``mysql``, ``mariadb``, ``mongodb``; another word where the document names another
            database; empty when it names none.
        engine_source: where it says so.
        schema: what the column tables, bullets and lists say.
        scripts: every code fence, classified; those of kind ``ddl`` are the declared schema, in order.
        sections: the parts the format asks for that were found, e.g. ``overview``, ``schema``, ``queries``,
            ``migrations``, ``integrity``, ``backup``, ``monitoring``, ``scaling``, ``diagram``.
        tool: of a migration folder: the tool whose rules it keeps; empty for a document.
        problems: what is wrong with the folder's files before any of them is run.
    """

    name: str
    path: str
    title: str
    lines: int
    engine: str
    engine_source: Source | None
    schema: Schema
    scripts: tuple[Script, ...] = ()
    queries: tuple[Query, ...] = ()
    migrations: tuple[Migration, ...] = ()
    claims: tuple[Claim, ...] = ()
    diagrams: tuple[Diagram, ...] = ()
    unread: tuple[Unread, ...] = ()
    sections: frozenset[str] = field(default_factory=frozenset)
    tool: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def folder(self) -> bool:
        """Whether it is a migration folder alone, with no document."""
        return bool(self.tool) and self.title == self.path

    def source(self, line: int = 1) -> Source:
        """A line of this document."""
        return Source(self.path, line, line)
