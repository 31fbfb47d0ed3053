"""The ledger: what is lost when a migration goes up, is written to, and goes down.

Rows are there before the up; after it the tables are written to in their new shape; both states are put aside, and the
tables after the down are compared with them: what was there before, untouched by the writes, with what was there
before; what was written, in the fields that the up does not compute anew, with what was written. A value that is found
in a field which the down has made (a rename, a move to another table) is kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from harness.design.model import Entity, Field, Schema
from harness.engine import Session
from harness.keeping import ASIDE, Keeping
from harness.plan.model import Change
from harness.recalling import Recalling
from harness.run.base import concerned
from harness.run.bench import Bench, replayed
from harness.run.data import seed
from harness.run.edges import retyped, write_edges
from harness.run.model import RoundTrip, Skipped
from harness.run.recall import recalled
from harness.run.reckoning import Reckoning, Side
from harness.run.seen.rows import Loss, Reckoned, Whose
from harness.run.staircase import rebuilt
from harness.run.taken import taken
from harness.run.touching import touched
from harness.run.writes import TABLES, Keys, Pen, Written, write

ROWS = 24
"""Rows of a table without parents, in ``verify``."""

ON_UPDATE = frozenset({"on_update", "on update"})

MOMENTS = frozenset({"timestamp", "date"})

FAR = 10
"""Times the number of rows: keys beyond are no running numbers."""

COMPARED_AS_TEXT = frozenset({"text", "integer", "uuid", "boolean"})
"""Families whose values have the same text in every type of the family."""


def reckon(bench: Bench, applied: int, now: datetime) -> None:
    """Every migration that can lose something, on few rows."""
    wanted = [n for n in range(applied) if _can_lose(bench, n)]
    while wanted:
        reached = _stretch(bench, wanted, applied, now)
        wanted = [n for n in wanted if n > reached]


def _stretch(bench: Bench, wanted: Sequence[int], applied: int, now: datetime) -> int:
    """From the first that is wanted to the last, or to one after which the database is not what it should be.

    Returns:
        The number of the migration that was reached.
    """
    first = wanted[0]
    with rebuilt(bench, first, "ledger") as database, bench.engine.connect(database) as session:
        if not isinstance(session, Keeping | Recalling):
            return _unreckoned(bench, wanted, f"rows are not compared on {bench.engine.title}")
        few = _few(bench)
        seed(few, database, bench.schema_at(session, first), now)
        for skipped in (o for o in few.seen if isinstance(o, Skipped) and o.what == "seed"):
            return _unreckoned(bench, wanted, f"{skipped.subject} could not be filled: {skipped.reason}")
        for number in range(first, applied):
            change = bench.plan.changes[number]
            bench.progress.stage(f"migration {change.id}: what is lost")
            done = reckoned(bench, session, change, now) if number in wanted else _up(bench, session, change)
            if number in wanted:
                _at_edges(bench, number, now)
            if not done:
                return number
    return applied


def _at_edges(bench: Bench, number: int, now: datetime) -> None:
    """Add what is lost of values as long and as large as the schema takes them, where a field has another type."""
    change, before, after = bench.plan.changes[number], bench.known(number), bench.known(number + 1)
    fields = retyped(before, after) if before is not None and after is not None else {}
    place = next((n for n, o in enumerate(bench.seen) if isinstance(o, Reckoned) and o.migration == change.id), None)
    told = bench.seen[place] if place is not None else None
    if place is None or not isinstance(told, Reckoned) or told.refused:
        return
    known = {(x.entity, x.field) for x in told.losses}
    fields = {name: [f for f in found if (name, f.name) not in known] for name, found in fields.items()}
    if not any(fields.values()):
        return
    part = replace(_few(bench), seen=[o for o in bench.seen if isinstance(o, RoundTrip)])
    with rebuilt(part, number, "edges") as database, part.engine.connect(database) as session:
        if not isinstance(session, Keeping):
            return
        schema = part.schema_at(session, number)
        seed(part, database, schema, now)
        pen = Pen(now, part.plan.scenario.seed, taken=taken(part, schema, session))
        if write_edges(session, schema, fields, pen):
            reckoned(part, session, change, now)
    losses = (x for o in part.seen if isinstance(o, Reckoned) for x in o.losses)
    more = tuple(x for x in losses if x.field in {field.name for field in fields.get(x.entity, ())})
    bench.seen[place] = replace(told, losses=(*told.losses, *more))


def _unreckoned(bench: Bench, wanted: Sequence[int], reason: str) -> int:
    for number in wanted:
        bench.skip("ledger", bench.plan.changes[number].id, reason)
    return wanted[-1]


def _few(bench: Bench) -> Bench:
    """The same bench for few rows, with notes of its own."""
    scenario = replace(bench.plan.scenario, rows=(), default_rows=ROWS, ratio=2)
    return replace(bench, plan=replace(bench.plan, scenario=scenario), seen=[])


def _can_lose(bench: Bench, number: int) -> bool:
    """Whether there were tables before it, there is a way back, and it is about more than indexes."""
    change = bench.plan.changes[number]
    before = bench.known(number)
    if change.down is None or before is None or not any(e.kind in TABLES for e in before.entities):
        return False
    return any(bench.engine.intent(s).kind != "index" for s in (*change.up, *change.down))


def _up(bench: Bench, session: Session, change: Change) -> bool:
    refusal = replayed(session, change.up)
    if refusal is not None:
        bench.skip("ledger", change.id, f"its up is refused on tables that hold rows: {refusal.message}")
    return refusal is None


def reckoned(bench: Bench, session: Session, change: Change, now: datetime) -> bool:
    """One migration up, writes, down, the comparison noted, and up again; whether all of it was taken.

    The session is one of ``Keeping`` or ``Recalling``; its database is at the state before the migration, with rows.
    """
    if isinstance(session, Recalling):
        return recalled(bench, session, change, now)
    assert isinstance(session, Keeping)
    books = _Books(session)
    before = concerned(bench, session.inspect())
    rows = books.put_aside("before", before)
    if not _up(bench, session, change):
        return False
    after = _without_copies(concerned(bench, session.inspect()))
    books.put_aside_brought(before, after)
    pen = Pen(now, bench.plan.scenario.seed + 1, taken=taken(bench, after), numbered=books.numbered(before))
    written = write(session, after, before, pen)
    books.put_aside("after", after)
    refusal = replayed(session, change.down or ())
    if refusal is not None:
        bench.seen.append(Reckoned(change.id, rows, written.count, (), refusal.message))
        return False
    back = before if _exact(bench, change) else _without_copies(concerned(bench, session.inspect()))
    found = _Comparison(books, before, after, back, written).losses()
    losses = tuple(loss for loss in found if not _kept_by_server(session, before, loss))
    bench.seen.append(Reckoned(change.id, rows, written.count, losses))
    books.clear()
    return _up(bench, session, change)


def _kept_by_server(session: Session, schema: Schema, loss: Loss) -> bool:
    """Whether it is a moment that the database itself sets whenever a row is changed, as a down may."""
    entity = schema.entity(loss.entity)
    field = entity.field(loss.field) if entity is not None and loss.kind == "changed" else None
    if entity is None or field is None or field.shape is None or field.shape.family not in MOMENTS:
        return False
    return not ON_UPDATE.isdisjoint(dict(field.options)) or field.name in touched(session, entity)


def _exact(bench: Bench, change: Change) -> bool:
    trips = (t for t in bench.seen if isinstance(t, RoundTrip) and t.migration == change.id and t.way == "alone")
    return any(not trip.differences for trip in trips)


class _Books:
    """Copies of tables, by label and name."""

    def __init__(self, session: Session) -> None:
        assert isinstance(session, Keeping)
        self._session = session
        self._names: dict[tuple[str, str], str] = {}
        self.reckoning = Reckoning(session)
        for text in session.dialect.before:
            session.ask(text)

    def put_aside(self, label: str, schema: Schema) -> int:
        """Copy every table, and count its rows; how many there are of all."""
        dialect = self._session.dialect
        counts: dict[str, int] = {}
        for entity in _tables(schema):
            name = dialect.aside(f"{label}_{len(self._names)}")
            self._names[label, entity.name] = name
            columns = ((dialect.name(f.name), f.type) for f in _stored(entity))
            fields = ", ".join(f"{dialect.kept(column, type_)} AS {column}" for column, type_ in columns)
            self._session.ask(
                f"{dialect.copying(name, _key(entity))} SELECT {fields} FROM {dialect.entity(entity.name)}"
            )
            counts[entity.name] = self.reckoning.count(self.side(label, entity))
        return sum(counts.values())

    def put_aside_brought(self, before: Schema, after: Schema) -> None:
        """Copy the keys of the rows that the up itself put into tables that were there: its down may take them back."""
        dialect = self._session.dialect
        for entity in _tables(after):
            old = before.entity(entity.name)
            if old is None or not _key(entity) or _key(entity) != _key(old):
                continue
            name = dialect.aside(f"brought_{len(self._names)}")
            self._names["brought", entity.name] = name
            fields = ", ".join(f"o.{dialect.name(f)}" for f in _key(entity))
            self._session.ask(
                f"{dialect.copying(name, _key(entity))} SELECT {fields} FROM {dialect.entity(entity.name)} o "
                f"WHERE {self._absent('before', entity)}"
            )

    def numbered(self, before: Schema) -> dict[str, int]:
        """How far the whole numbers go that tables had as keys, where they go about as far as there are rows."""
        found: dict[str, int] = {}
        for entity in _tables(before):
            key = [entity.field(name) for name in _key(entity)]
            if len(key) == 1 and key[0] is not None and key[0].shape is not None and key[0].shape.family == "integer":
                ((rows, most),) = self._session.ask(
                    f"SELECT COUNT(*), MAX({self._session.dialect.name(key[0].name)}) "
                    f"FROM {self._names['before', entity.name]}"
                )
                found[entity.name] = int(str(most)) if rows and int(str(most)) <= FAR * int(str(rows)) else 0
        return found

    def side(self, label: str, entity: Entity, where: str = "") -> Side:
        """A copy, or with ``live`` for a label the table itself."""
        dialect = self._session.dialect
        name = dialect.entity(entity.name) if label == "live" else self._names[label, entity.name]
        return Side(entity.name, name, _stored(entity), _key(entity), where)

    def matching(self, entity: Entity, keys: Keys) -> str:
        """The condition that a row of the alias ``o`` has one of the keys; empty when there are none."""
        name = self._session.dialect.name
        one = (" AND ".join(f"o.{name(f)} = {v}" for f, v in zip(_key(entity), key, strict=True)) for key in keys)
        return " OR ".join(f"({text})" for text in one)

    def new(self, entity: Entity) -> str:
        """The condition that a row of the alias ``o`` was not there before."""
        return self._absent("before", entity)

    def not_brought(self, entity: Entity) -> str:
        """The condition that a row of the alias ``o`` was not put in by the up itself."""
        return self._absent("brought", entity)

    def _absent(self, label: str, entity: Entity) -> str:
        dialect = self._session.dialect
        key = ((dialect.name(f.name), f.type) for f in entity.fields if f.name in _key(entity))
        on = " AND ".join(f"{dialect.kept(f'b.{n}', type_)} = {dialect.kept(f'o.{n}', type_)}" for n, type_ in key)
        return f"NOT EXISTS (SELECT 1 FROM {self._names[label, entity.name]} b WHERE {on})"

    def clear(self) -> None:
        """Drop the copies."""
        names = ", ".join(self._names.values())
        for text in self._session.dialect.after if self._names else ():
            self._session.ask(text.replace("{}", names))


def _without_copies(schema: Schema) -> Schema:
    return replace(schema, entities=tuple(e for e in schema.entities if not e.name.startswith(ASIDE)))


def _tables(schema: Schema) -> tuple[Entity, ...]:
    return tuple(e for e in schema.entities if e.kind in TABLES and _stored(e))


def _stored(entity: Entity) -> tuple[Field, ...]:
    return tuple(f for f in entity.fields if f.generated is None)


def _key(entity: Entity) -> tuple[str, ...]:
    return entity.primary_key.fields if entity.primary_key is not None else ()


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Three states of the tables: before the up and after the writes, both put aside, and live after the down."""

    books: _Books
    before: Schema
    after: Schema
    back: Schema
    written: Written

    def losses(self) -> Iterator[Loss]:
        """Of what was there before, then of what was written."""
        for entity in _tables(self.before):
            yield from self._old(entity)
        for entity in _tables(self.after):
            yield from self._new(entity)

    def _old(self, entity: Entity) -> Iterator[Loss]:
        live = self.back.entity(entity.name)
        touched = (*self.written.updated.get(entity.name, ()), *self.written.deleted.get(entity.name, ()))
        condition = self.books.matching(entity, touched) if _key(entity) else ""
        old = self.books.side("before", entity, f"NOT ({condition})" if condition else "")
        if live is None:
            yield from self._all_rows(old, "there before")
            return
        shared = [f.name for f in old.fields if live.field(f.name) is not None]
        yield from self.books.reckoning.lost(old, self.books.side("live", live), "there before", shared)
        yield from self._gone(old, live, "there before")

    def _new(self, entity: Entity) -> Iterator[Loss]:
        before, live = self.before.entity(entity.name), self.back.entity(entity.name)
        side = self.books.side("after", entity, self._written_to(entity, before))
        if live is None:
            if before is None and not self.written.inserted.get(entity.name, 0):
                return  # it has what the up put in, and its down may take it back
            if not all(self._kept_elsewhere(side, f.name) for f in side.fields if f.name not in side.key):
                yield from self._all_rows(side, "written after")
            return
        if side.where:
            plain = [name for name in _comparable(entity, live) if self._untransformed(entity, before, name)]
            yield from self.books.reckoning.lost(side, self.books.side("live", live), "written after", plain)
        yield from self._gone(side, live, "written after")

    def _written_to(self, entity: Entity, before: Entity | None) -> str:
        """Rows that are new or were updated; empty when that cannot be told or is all of them."""
        if before is None or not _key(entity) or _key(entity) != _key(before):
            return ""
        updated = self.books.matching(entity, self.written.updated.get(entity.name, ()))
        written = f"({self.books.new(entity)}{f' OR {updated}' if updated else ''})"
        return f"{written} AND {self.books.not_brought(entity)}"

    def _untransformed(self, entity: Entity, before: Entity | None, name: str) -> bool:
        """Whether the up leaves the values of a field alone, so that what is written is what must come back."""
        if before is None or before.field(name) is None:
            return False
        condition = self.books.matching(entity, self.written.updated.get(entity.name, ()))
        old = self.books.side("before", before, f"NOT ({condition})" if condition else "")
        return self.books.reckoning.same(old, self.books.side("after", entity), name)

    def _gone(self, side: Side, live: Entity, whose: Whose) -> Iterator[Loss]:
        """Fields that the table does not have any more, with the values that are nowhere else."""
        for field in side.fields:
            if live.field(field.name) is None and not self._kept_elsewhere(side, field.name):
                count, examples = self.books.reckoning.present(side, field.name)
                if count:
                    yield Loss(side.entity, field.name, "value gone", whose, count, examples)

    def _all_rows(self, side: Side, whose: Whose) -> Iterator[Loss]:
        count = self.books.reckoning.count(side)
        if count:
            yield Loss(side.entity, "", "rows gone", whose, count)

    def _kept_elsewhere(self, side: Side, name: str) -> bool:
        """Whether all values of a field stand in one that the state before the down did not have."""
        return any(
            self.books.reckoning.within(side, name, self.books.side("live", entity), field.name)
            for entity in _tables(self.back)
            for field in _stored(entity)
            if not _has(self.after, entity.name, field.name)
        )


def _has(schema: Schema, entity: str, field: str) -> bool:
    found = schema.entity(entity)
    return found is not None and found.field(field) is not None


def _comparable(entity: Entity, live: Entity) -> Iterable[str]:
    """Fields of both, of the same type or of types whose texts are alike."""
    for field in _stored(entity):
        other = live.field(field.name)
        if other is not None and (other.type == field.type or _alike(field, other)):
            yield field.name


def _alike(one: Field, other: Field) -> bool:
    families: Sequence[str] = [f.shape.family for f in (one, other) if f.shape is not None]
    return len(families) == 2 and len(set(families)) == 1 and families[0] in COMPARED_AS_TEXT
