"""Facts in one vocabulary for all engines: what a statement did, how a query was answered, what a statement is about.

Values only. The protocols of ``engine`` take them in and give them back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.design.model import Statement
from harness.source import Source


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server said when it did not take a statement.

    Attributes:
        message: the server's primary message, in its words.
        code: SQLSTATE or the engine's error number, as text.
        source: the line of the document that the server pointed at, else the statement's lines.
        detail: the server's detail and hint, if any.
        denied: it is the right of the user who asked that is missing.
    """

    message: str
    code: str
    source: Source
    detail: str = ""
    denied: bool = False

    @property
    def told(self) -> str:
        """The message, with the detail behind it."""
        return f"{self.message} ({self.detail})" if self.detail else self.message


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock on a relation that a statement took, and how long it was held (until the end of its transaction)."""

    relation: str
    mode: str
    held_ms: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What one statement did.

    Attributes:
        elapsed_s: 0 where that was not noted, like ``started_s``.
        rewrites: tables whose storage was written anew though they existed before the statement.
        refusal: None when the server took it.
        algorithm: how an existing table was changed, in the server's words (``INSTANT``, ``INPLACE, LOCK=NONE``,
            ``COPY, LOCK=SHARED``); empty where the engine has no such choice or does not tell.
        started_s: when it was sent, in seconds of ``time.perf_counter``; 0 where that was not noted.
    """

    statement: Statement
    elapsed_s: float
    locks: tuple[Lock, ...] = ()
    rewrites: tuple[str, ...] = ()
    refusal: Refusal | None = None
    algorithm: str = ""
    started_s: float = 0.0


Operation = Literal[
    "scan", "index scan", "index only scan", "bitmap index scan", "bitmap heap scan", "function scan", "values",
    "subquery", "nested loop", "hash join", "merge join", "hash", "sort", "incremental sort", "aggregate", "window",
    "unique", "limit", "append", "merge append", "materialize", "gather", "modify", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """One node of an executed plan.

    Attributes:
        operation: what it does, in terms common to all engines.
        native: the server's own name (``Index Only Scan``).
        entity: the table or collection it reads; None for inner nodes.
        index: the index it goes through.
        condition: the condition the index answers, in the server's words.
        filter: the condition that is tested row by row.
        rows_expected: the planner's estimate, for all loops.
        rows_returned: rows it gave, for all loops; None when it was not executed.
        rows_read: rows it had to look at (returned + removed by filter), for all loops.
        pages_read: pages (or keys and documents) touched by this node and those below it.
        elapsed_ms: time in this node and those below it, for all loops.
        cost: the planner's total cost.
        detail: other facts of the node (join type, sort key, sort method, heap fetches).
    """

    operation: Operation
    native: str
    entity: str | None = None
    index: str | None = None
    condition: str | None = None
    filter: str | None = None
    loops: int = 1
    rows_expected: float | None = None
    rows_returned: float | None = None
    rows_read: float | None = None
    pages_read: int | None = None
    elapsed_ms: float | None = None
    cost: float | None = None
    detail: tuple[tuple[str, str], ...] = ()
    children: tuple["Access", ...] = ()

    def walk(self) -> Iterator["Access"]:
        """This node and all below it, outermost first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def indexes(self) -> tuple[str, ...]:
        """The names of the indexes gone through, each once, in plan order."""
        return tuple(dict.fromkeys(node.index for node in self.walk() if node.index is not None))


@dataclass(frozen=True, slots=True)
class Intent:
    """What one statement is about, by the engine's own parser.

    Attributes:
        verb: ``create``, ``drop``, ``alter``, ``rename``, ``insert``, ``update``, ``delete``, ``select``, ``comment``,
            ``set``, ``other``; ``invalid`` when it does not parse.
        kind: of the object: ``table``, ``index``, ``view``, ``type``, ``function``, ``extension``, ``partition``, ….
        name: the object's name, unquoted, namespaced as in ``Entity.name``.
        entity: the table it works on (an index's table; the table itself).
        references: other entities it needs to exist first (foreign keys, view sources, partition parent).
        undo: statements that take it back exactly, last first; None when that cannot be known from it alone.
        refusal: for ``invalid``: what the parser said and where.
        beyond: what it makes or changes outside its own database, for all databases of the server: ``role``,
            ``database``, ``tablespace``, ``settings`` …; empty when nothing.
    """

    verb: str
    kind: str = ""
    name: str = ""
    entity: str = ""
    references: tuple[str, ...] = ()
    undo: tuple[str, ...] | None = None
    refusal: Refusal | None = None
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A literal or placeholder in a query that stands against a field: ``u.email = 'user@example.com'``.

    Attributes:
        start: offset of its first character in the statement's text.
        end: offset after its last character.
        entity: the entity of the field, resolved through aliases; empty when unknown.
        field: the field's name; empty when unknown (LIMIT $1).
        operator: ``=``, ``<``, ``>=``, ``in``, ``like``, ``~`` …
        value: the literal's value as text; None for a placeholder.
        scope: number of the sub-select it stands in, so that conditions that must hold together can be grouped.
    """

    start: int
    end: int
    entity: str
    field: str
    operator: str
    value: str | None
    scope: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """What a query looks for, beside its parameters.

    Attributes:
        entities: what it reads or changes, as the schema spells it.
        beyond: what it asks of rows that values of single fields do not answer, as it is written: the words of a
            search, a value within a document, a figure of a group, rows passed over.
        inside: entity, field and JSON that its documents are to contain: ``data ->> 'status' = 'open'`` asks for
            ``{"status": "open"}``.
    """

    entities: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    inside: tuple[tuple[str, str, str], ...] = ()


def bound(text: str, values: Iterable[tuple[Parameter, str]]) -> str:
    """The query's text with each parameter replaced by the given literal (already quoted for the engine)."""
    for parameter, literal in sorted(values, key=lambda pair: -pair[0].start):
        text = text[: parameter.start] + literal + text[parameter.end :]
    return text


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to load, by columns.

    Attributes:
        fields: names of the columns; fields left out take their default.
        columns: one sequence of Python values per field, all of ``rows`` length. An array of numpy stands for its
            ``tolist()``; what is masked in it, or NaT, is NULL.
        rows: how many.
    """

    fields: tuple[str, ...]
    columns: tuple[Sequence[object], ...]
    rows: int

    def row(self, number: int) -> "Batch":
        """One of its rows, counted from 0."""
        return Batch(self.fields, tuple([self.value(name, number)] for name in self.fields), 1)

    def value(self, name: str, row: int = 0) -> object:
        """The value of a field in one row, as the column has it; None for what is masked, or NaT."""
        column = self.columns[self.fields.index(name)]
        found = column[row : row + 1]
        mask = getattr(found, "mask", None)
        item = found[0]
        moment = getattr(getattr(item, "dtype", None), "kind", "") in {"m", "M"}
        return None if (mask is not None and mask.all()) or (moment and item != item) else item  # noqa: PLR0124  (NaT)


@dataclass(frozen=True, slots=True)
class Traits:
    """What an engine (at a version) can do: None = can; text = why it cannot."""

    transactional_ddl: str | None = None
    partitions: str | None = None
    foreign_keys: str | None = None
    templates: str | None = None
    """Whether a database is copied as files are, in a time that hardly depends on its rows."""

    counts: Literal["pages", "rows", "documents"] = "pages"
    """What of a table a query reads is counted without chance."""

    words: tuple[tuple[str, str], ...] = ()
    """What is said for words of tables and SQL, each with its own; empty where those are the engine's."""

    sql: str = ""
    """The dialect of its queries, as sqlglot calls it; empty where they are no SQL."""

    zoned: str = ""
    """The type that keeps a moment for every use; empty where there is none."""

    dump: str = ""
    """The program that takes a backup of a database."""

    log: str = ""
    """What keeps the changes since the last backup, as whoever has to say how it is kept would call it."""

    lock_timeout: str = ""
    """What makes a statement give up waiting for a lock after two seconds."""

    no_action: Literal["NO ACTION", "RESTRICT"] = "NO ACTION"
    """What a reference that says NO ACTION does: where no check is put off, that is RESTRICT."""

    lenient: tuple[tuple[str, str, str, str], ...] = ()
    """Options with which an entity takes what breaks its rules: name and text, then what that does, and the remedy."""

    instead: tuple[tuple[str, str], ...] = ()
    """What to do instead of statements that stop others: an expression that finds such a text in any case, the words.
    Each part of the words between semicolons is a migration of its own."""
