"""The ledger: what is lost when a migration goes up, is written to, and goes down.

Rows are there before the up; after it the tables are written to in their new shape; both states are put aside, and the
tables after the down are compared with them: what was there before, untouched by the writes, with what was there
before; what was written, in the fields that the up does not compute anew, with what was written. A value that is found
in a field which the down has made (a rename, a move to another table) is kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from harness.design.model import Entity, Field, Schema
from harness.engine import Session
from harness.keeping import ASIDE, Keeping
from harness.plan.model import Change
from harness.recalling import Recalling
from harness.run.base import concerned
from harness.run.bench import Bench
from harness.run.books import Books, key_of, stored, tables, told_apart
from harness.run.data import seed
from harness.run.edges import retyped, write_edges
from harness.run.finer import by_value
from harness.run.loosened import loosens, outgrows
from harness.run.model import RoundTrip, Skipped
from harness.run.recall import recalled
from harness.run.reckoning import Side, comparable
from harness.run.seen.rows import Loss, Reckoned, Whose
from harness.run.staircase import rebuilt
from harness.run.taken import taken
from harness.run.touching import touched
from harness.run.writes import TABLES, Pen, Written, write

ROWS = 24
"""Rows of a table without parents, in ``verify``."""

ON_UPDATE = frozenset({"on_update", "on update"})

MOMENTS = frozenset({"timestamp", "date"})

COMPARED_AS_TEXT = frozenset({"text", "integer", "uuid", "boolean", "enum"})
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
        empty = {o.subject: o.reason for o in few.seen if isinstance(o, Skipped) and o.what == "seed"}
        for number in range(first, applied):
            change = bench.plan.changes[number]
            bench.progress.stage(f"migration {change.id}: what is lost")
            without = next((e for e in empty if _may_touch(bench, number, e)), None) if number in wanted else None
            if without is not None:
                bench.skip("ledger", change.id, f"{without} could not be filled: {empty[without]}")
            judged = number in wanted and without is None
            done = reckoned(bench, session, change, now) if judged else _up(bench, session, change)
            if judged:
                _at_edges(bench, number, now)
            if not done:
                return number
    return applied


def _may_touch(bench: Bench, number: int, name: str) -> bool:
    """Whether a migration may be about a table's rows: it names it, or one that references lead to from it or to it.

    What cannot be told by its statements may be about any: a call, a block of code, a trigger.
    """
    change, schemas = bench.plan.changes[number], (bench.known(number), bench.known(number + 1))
    intents = [bench.engine.intent(s) for s in (*change.up, *(change.down or ()))]
    intents = [i for i in intents if i.kind != "index"]
    known = [schema for schema in schemas if schema is not None]
    if any(i.kind != "table" or not i.entity for i in intents) or any(
        o.kind == "trigger" for schema in known for o in schema.objects
    ):
        return True
    near, more = set[str](), {name}
    pairs = [(e.name, key.target) for schema in known for e in schema.entities for key in e.foreign_keys]
    while more:
        near |= more
        more = {b for pair in pairs for a, b in (pair, pair[::-1]) if a in near} - near
    return bool(near & {named for i in intents for named in (i.entity, *i.references)})


def _at_edges(bench: Bench, number: int, now: datetime) -> None:
    """Add what is lost of the longest and largest values, where a field has another type.

    Of those that the schema before takes; then of longer and larger ones that are written under the schema after: that
    a down is refused for these is not told, since nothing is lost then.
    """
    before, after = bench.known(number), bench.known(number + 1)
    if before is None or after is None:
        return
    fields = retyped(before, after)
    _add(bench, number, fields, now, beyond=False)
    pairs = ((name, before.entity(name), after.entity(name)) for name in fields)
    more = [name for name, old, new in pairs if old is not None and new is not None and outgrows(old, new)]
    _add(bench, number, {name: fields[name] for name in more}, now, beyond=True)


def _add(bench: Bench, number: int, fields: Mapping[str, Sequence[Field]], now: datetime, *, beyond: bool) -> None:
    """Add what is lost of some fields that nothing is known to be lost of yet."""
    change = bench.plan.changes[number]
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
        if beyond or write_edges(session, schema, fields, pen):
            reckoned(part, session, change, now, beyond=beyond)
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
    """Whether there were tables before it, there is a way back, and it is about more than indexes.

    An index that kept rows from being alike is more: once some are, it cannot be made again.
    """
    change = bench.plan.changes[number]
    before = bench.known(number)
    if change.down is None or before is None or not any(e.kind in TABLES for e in before.entities):
        return False
    if any(bench.engine.intent(s).kind != "index" for s in (*change.up, *change.down)):
        return True
    after = bench.known(number + 1)
    twins = [(e, after.entity(e.name)) for e in before.entities] if after is not None else []
    return any(twin is not None and twin.kind in TABLES and loosens(e, twin) for e, twin in twins)


def _up(bench: Bench, session: Session, change: Change) -> bool:
    refusal = bench.replayed(session, change.up)
    if refusal is not None:
        bench.skip("ledger", change.id, f"its up is refused on tables that hold rows: {refusal.message}")
    return refusal is None


def reckoned(bench: Bench, session: Session, change: Change, now: datetime, *, beyond: bool = False) -> bool:
    """One migration up, writes (see ``Pen``), down, the comparison noted, and up again; whether all of it was taken.

    The session is one of ``Keeping`` or ``Recalling``; its database is at the state before the migration, with rows.
    """
    if isinstance(session, Recalling):
        return recalled(bench, session, change, now)
    assert isinstance(session, Keeping)
    books = Books(session)
    before = concerned(bench, session.inspect())
    rows = books.put_aside("before", before)
    if not _up(bench, session, change):
        return False
    after = _without_copies(concerned(bench, session.inspect()))
    books.put_aside_brought(before, after)
    seed_, numbered = bench.plan.scenario.seed + 1, books.numbered(before)
    pen = Pen(now, seed_, taken=taken(bench, after), numbered=numbered, beyond=beyond)
    written = write(session, after, before, pen)
    books.put_aside("after", after)
    refusal = bench.replayed(session, change.down or ())
    if refusal is not None:
        bench.seen.append(Reckoned(change.id, rows, written.count, (), refusal.message))
        return False
    back = before if _exact(bench, change) else _without_copies(concerned(bench, session.inspect()))
    comparison = _Comparison(books, before, after, back, written)
    losses = [loss for loss in comparison.losses() if not _kept_by_server(session, before, loss)]
    again = _up(bench, session, change)
    lost = tuple(loss for loss in losses if not (again and comparison.regained(loss)))
    bench.seen.append(Reckoned(change.id, rows, written.count, lost))
    books.clear()
    return again


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


def _without_copies(schema: Schema) -> Schema:
    return replace(schema, entities=tuple(e for e in schema.entities if not e.name.startswith(ASIDE)))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Three states of the tables: before the up and after the writes, both put aside, and live after the down."""

    books: Books
    before: Schema
    after: Schema
    back: Schema
    written: Written

    def losses(self) -> Iterator[Loss]:
        """Of what was there before, then of what was written."""
        for entity in tables(self.before):
            yield from self._old(entity)
        for entity in tables(self.after):
            yield from self._new(entity)

    def _old(self, entity: Entity) -> Iterator[Loss]:
        live = self.back.entity(entity.name)
        touched = (*self.written.updated.get(entity.name, ()), *self.written.deleted.get(entity.name, ()))
        condition = self.books.matching(self.written.by.get(entity.name, ()), touched)
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
            kept = all(self._kept_elsewhere(side, f.name) for f in side.fields if f.name not in side.key)
            if not kept and not self._moved(side):
                yield from self._all_rows(side, "written after")
            return
        if side.where:
            plain = [name for name in _comparable(entity, live) if self._untransformed(entity, before, name)]
            yield from self.books.reckoning.lost(side, self.books.side("live", live), "written after", plain)
        yield from self._gone(side, live, "written after")

    def _written_to(self, entity: Entity, before: Entity | None) -> str:
        """Rows that are new or were updated; empty when that cannot be told or is all of them."""
        if before is None:
            return self.books.not_brought(entity) if key_of(entity) else ""
        if not told_apart(entity, before):
            return ""
        updated = self._updated(entity)
        written = f"({self.books.new(entity)}{f' OR {updated}' if updated else ''})"
        return f"{written} AND {self.books.not_brought(entity)}"

    def _updated(self, entity: Entity) -> str:
        return self.books.matching(self.written.by.get(entity.name, ()), self.written.updated.get(entity.name, ()))

    def regained(self, loss: Loss) -> bool:
        """Whether the up has made all of a field's values again, which differ: they follow from what is kept."""
        entity = self.after.entity(loss.entity)
        if entity is None or loss.kind != "value gone" or loss.whose != "written after" or not key_of(entity):
            return False
        side = self.books.side("after", entity, self._written_to(entity, self.before.entity(entity.name)))
        reckoning = self.books.reckoning
        lost = reckoning.lost(side, self.books.side("live", entity), loss.whose, [loss.field])
        return reckoning.several(side, loss.field) and not any(lost)

    def _untransformed(self, entity: Entity, before: Entity | None, name: str) -> bool:
        """Whether the up leaves the values of a field alone, so that what is written is what must come back."""
        if before is None or before.field(name) is None:
            return False
        condition = self._updated(entity)
        old = self.books.side("before", before, f"NOT ({condition})" if condition else "")
        return self.books.reckoning.same(old, self.books.side("after", entity), name)

    def _gone(self, side: Side, live: Entity, whose: Whose) -> Iterator[Loss]:
        """Fields that the table does not have any more, with the values that are nowhere else."""
        for field in side.fields:
            kept = self._kept_elsewhere(side, field.name) or (side.where and self._follows(side, field, live))
            if live.field(field.name) is None and not kept:
                count, examples = self.books.reckoning.present(side, field.name)
                if count:
                    yield Loss(side.entity, field.name, "value gone", whose, count, examples)

    def _follows(self, side: Side, field: Field, live: Entity) -> bool:
        """Whether a field had in each row that was written what another one has that stays: a trigger's copy.

        Writes give each field values of its own: with several that are alike, one was made from the other.
        """
        others = [f for f in side.fields if f.name != field.name and _alike_enough(f, field) and live.field(f.name)]
        reckoning = self.books.reckoning
        return reckoning.several(side, field.name) and any(reckoning.equal(side, field.name, f.name) for f in others)

    def _all_rows(self, side: Side, whose: Whose) -> Iterator[Loss]:
        count = self.books.reckoning.count(side)
        if count:
            yield Loss(side.entity, "", "rows gone", whose, count)

    def _moved(self, side: Side) -> bool:
        """Whether a table of another name has the rows, such as one that the down has given its old name back."""
        names = [f.name for f in side.fields]
        return bool(side.key) and any(
            all(comparable(f, entity.field(f.name)) for f in side.fields)
            and not any(self.books.reckoning.lost(side, self.books.side("live", entity), "written after", names))
            for entity in tables(self.back)
        )

    def _kept_elsewhere(self, side: Side, name: str) -> bool:
        """Whether all values of a field stand in one that was not there before the down, or was of another type."""
        return any(
            self.books.reckoning.within(side, name, self.books.side("live", entity), field.name)
            for entity in tables(self.back)
            for field in stored(entity)
            if not _has(self.after, entity.name, field)
        )


def _has(schema: Schema, entity: str, field: Field) -> bool:
    found = schema.entity(entity)
    return found is not None and found.kind in TABLES and comparable(found.field(field.name), field)


def _comparable(entity: Entity, live: Entity) -> Iterable[str]:
    """Fields of both, of the same type or of types whose texts, or whose quantities, can be compared."""
    for field in stored(entity):
        other = live.field(field.name)
        if other is not None and (other.type == field.type or _alike(field, other) or by_value(field, other)):
            yield field.name


def _alike_enough(one: Field, other: Field) -> bool:
    return one.type == other.type or _alike(one, other) or by_value(one, other)


def _alike(one: Field, other: Field) -> bool:
    families: Sequence[str] = [f.shape.family for f in (one, other) if f.shape is not None]
    return len(families) == 2 and len(set(families)) == 1 and families[0] in COMPARED_AS_TEXT
