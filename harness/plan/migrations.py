"""Migrations made executable: holes filled from the document's own sections, downs derived where they can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harness.abilities import Measuring
from harness.design.model import Design, Migration, Statement
from harness.engine import Engine
from harness.facts import Intent
from harness.plan.model import Change, Note
from harness.plan.order import known, makes, needs, ordered
from harness.plan.outside import inside
from harness.plan.placeholders import Hole, parts

Pairs = tuple[tuple[Statement, Intent], ...]


@dataclass(slots=True)
class Stock:
    """The sections' statements, and which of them some migration has made or used."""

    pairs: Pairs
    named: frozenset[str]
    """Names of indexes and other objects that a migration makes with SQL of its own."""

    def table(self, name: str) -> Pairs:
        """The statement that makes a table, with what it needs (an enum type) and what else is said of it."""
        own = [p for p in self.pairs if name.lower() in _belongs(p[1]) and p[1].kind != "index"]
        wanted = {need for _, intent in own for need in needs(intent)}
        types = [p for p in self.pairs if makes(p[1]) in wanted and p[1].kind != "table"]
        return tuple(p for p in (*types, *own) if p[1].kind == "table" or p[1].name.lower() not in self.named)

    def indexes(self, tables: Sequence[str]) -> Pairs:
        """The statements that make the indexes of those tables, unless a migration makes them itself."""
        lower = {t.lower() for t in tables}
        return tuple(
            p
            for p in self.pairs
            if p[1].kind == "index" and p[1].entity.lower() in lower and p[1].name.lower() not in self.named
        )

    def views(self) -> Pairs:
        """The statements that make views, unless a migration makes them itself."""
        return tuple(p for p in self.pairs if p[1].kind in VIEWS and p[1].name.lower() not in self.named)


VIEWS = frozenset({"view", "materialized view"})


def _belongs(intent: Intent) -> set[str]:
    """The tables that a statement is part of: its own, and the parent of a partition."""
    parents = {name.lower() for name in intent.references} if intent.kind == "partition" else set()
    return {intent.entity.lower()} | parents


def changes(design: Design, engine: Engine, declared: Pairs, notes: list[Note]) -> tuple[Change, ...]:
    """The document's migrations, executable and in order; made from the sections where there are none."""
    written = [m for m in design.migrations if m.up is not None]
    notes.extend(
        Note("missing", f"migration {m.id} up", "announced without any code", m.source)
        for m in design.migrations
        if m.up is None
    )
    intents = [i for m in written if m.up and not m.tool for _, i in known(engine, _code(engine, m.up))]
    stock = Stock(declared, frozenset(i.name.lower() for i in intents if i.verb == "create" and i.kind != "table"))
    made = [change for m in written if (change := _change(m, engine, stock, notes))]
    first = _first(engine, declared, made, notes)
    return (*first, *made)


FIRST = "000"
"""The migration that is made of the sections."""

MOST_CODE = 10_000_000
"""Characters of code in one migration: every statement is parsed, and run a dozen times over."""


def _too_much(engine: Engine, script: Statement | None) -> str | None:
    """Why a script is not run, where it is more than can be tried in reasonable time; None for all others."""
    size = 0 if script is None else len(script.text)
    if script is not None and size > MOST_CODE and isinstance(engine, Measuring):
        size = engine.code_size(script)
    if size <= MOST_CODE:
        return None
    return (
        f"{size / 1e6:.0f} MB of code in one migration, besides long lists of rows, and more than "
        f"{MOST_CODE / 1e6:.0f} MB would take too long: bring rows by INSERT … VALUES, the rows of one table in a row"
    )


def split(engine: Engine, script: Statement) -> tuple[Statement, ...]:
    """The script's single statements, of each of its parts in turn."""
    return tuple(statement for part in script.parts or (script,) for statement in engine.split(part))


def _code(engine: Engine, script: Statement) -> tuple[Statement, ...]:
    """The script's statements without its holes."""
    return tuple(s for part in parts(script) if not isinstance(part, Hole) for s in engine.split(part))


def _change(migration: Migration, engine: Engine, stock: Stock, notes: list[Note]) -> Change | None:
    """The migration; None where all that it does is about the server as a whole, and is not run."""
    assert migration.up is not None
    excess = _too_much(engine, migration.up) or _too_much(engine, migration.down)
    if excess is not None:
        notes.append(Note("not run", f"migration {migration.id}", excess, migration.source))
        return None
    if migration.tool:  # files of a migration tool are whole
        up = inside(engine, split(engine, migration.up), notes)
    else:
        up = _filled(migration, migration.up, engine, stock, notes)
        if not up and _code(engine, migration.up):
            return None
    written = () if migration.down is None else split(engine, migration.down)
    down: tuple[Statement, ...] | None = inside(engine, written, notes)
    derived = False
    if not written:
        down, derived = _derived_down(migration, engine, up, notes), True
    derived = derived and down is not None
    return Change(
        migration.id,
        migration.title,
        up,
        down,
        derived,
        migration.planned,
        migration.source,
        repeatable=migration.repeatable,
    )


def _filled(
    migration: Migration, script: Statement, engine: Engine, stock: Stock, notes: list[Note]
) -> tuple[Statement, ...]:
    result: list[Statement] = []
    tables: list[str] = []
    indexed = False
    subject = f"migration {migration.id}"
    for part in parts(script):
        if isinstance(part, Statement):
            result.extend(inside(engine, engine.split(part), notes))
            continue
        found = _standing_for(part, stock, tables)
        if part.kind == "view" and not found:
            continue  # a comment like any other
        indexed = indexed or part.kind == "index"
        tables.extend([part.table] if part.table else [])
        result.extend(_fill(part, found, subject, notes))
    if tables and not indexed:
        rest = stock.indexes(tables)
        result.extend(replace(s, origin="filled") for s, _ in rest)
        if rest:
            message = "the indexes of the tables that it elides are made here too: no migration makes them"
            notes.append(Note("filled", subject, message, script.source))
    if not result and not _code(engine, script):
        notes.append(Note("missing", f"{subject} up", "holds no statement", migration.source))
    return tuple(result)


def _standing_for(hole: Hole, stock: Stock, tables: Sequence[str]) -> Pairs:
    match hole.kind:
        case "table":
            return stock.table(hole.table)
        case "view":
            return stock.views()
        case _:
            return stock.indexes(tables)


def _fill(hole: Hole, found: Pairs, subject: str, notes: list[Note]) -> tuple[Statement, ...]:
    said = " ".join(hole.statement.text.split())
    if not found and hole.table:
        notes.append(Note("missing", subject, f"`{said}` elides a table that no section gives", hole.statement.source))
        return (hole.statement,)
    lines = sorted({s.source.line for s, _ in found})
    told = f"line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}"
    message = f"`{said}` was filled from {told}" if found else f"`{said}` stands for nothing: no section lists any"
    notes.append(Note("filled", subject, message, hole.statement.source))
    return tuple(replace(s, origin="filled") for s, _ in found)


def _derived_down(
    migration: Migration, engine: Engine, up: Sequence[Statement], notes: list[Note]
) -> tuple[Statement, ...] | None:
    undo = undone(engine, up)
    subject = f"migration {migration.id} down"
    if undo is None:
        notes.append(
            Note("missing", subject, "there is none, and its up cannot be undone from its text", migration.source)
        )
    else:
        text = "; ".join(" ".join(s.text.split()) for s in undo)
        notes.append(Note("derived", subject, f"there is none; derived from its up: {text}", migration.source))
    return undo


def undone(engine: Engine, up: Sequence[Statement]) -> tuple[Statement, ...] | None:
    """The statements that take ``up`` back, last first; None when one of them cannot be undone."""
    result: list[Statement] = []
    pairs = known(engine, up)
    creates = (i.entity.lower() for _, i in pairs if i.verb == "create" and i.kind in {"table", "collection"})
    made = {name: place for place, name in enumerate(creates)}
    for statement, intent in reversed(pairs):
        if _goes_with(intent, made):
            continue
        if intent.undo is None:
            return None
        result.extend(Statement(text, statement.source, "derived") for text in intent.undo)
    return tuple(result) or None


def _goes_with(intent: Intent, made: Mapping[str, int]) -> bool:
    """Whether what a statement does is gone with one of the tables ``made`` beside it (lower case, in their order).

    An index is: a server may even refuse to drop it on its own, while a foreign key needs it. So is a foreign key,
    where the table that it refers to is dropped after its own: it was made before it.
    """
    own = made.get(intent.entity.lower())
    if own is None:
        return False
    alone = intent.undo is None and all(made.get(name.lower(), -1) <= own for name in intent.references)
    return (intent.verb == "create" and intent.kind == "index") or (alone and intent.verb in {"alter", "insert"})


def _first(engine: Engine, declared: Pairs, made: Sequence[Change], notes: list[Note]) -> tuple[Change, ...]:
    """A migration made of the sections' tables that no migration makes; none when all are made."""
    intents = [i for change in made for _, i in known(engine, change.up)]
    present = {(i.kind, i.name.lower()) for i in intents if i.verb == "create"}
    tables = {i.entity.lower() for i in intents if i.verb == "create" and i.kind == "table"}
    rest = [(s, i) for s, i in declared if (i.kind, i.name.lower()) not in present and i.entity.lower() not in tables]
    early = ordered([pair for pair in rest if not needs(pair[1]) & tables])
    late = [pair for pair in rest if pair not in early]
    notes.extend(
        Note("left out", f"{i.kind} {i.name}", "it needs a table of a migration, and no migration makes it", s.source)
        for s, i in late
    )
    if not any(i.verb == "create" for _, i in early):
        return ()
    up = tuple(replace(s, origin="filled") for s, _ in early)
    source = early[0][0].source
    if made:
        message = "no migration makes these tables; the sections' SQL is applied first, as migration 000"
        notes.append(Note("derived", "schema of the sections", message, source))
    down = undone(engine, up)
    return (Change(FIRST, "Schema as the sections give it", up, down, down is not None, planned=False, source=source),)
