"""The ledger for documents: what is lost of them when a migration goes up, is written to, and goes down.

They have no fixed fields, so each is compared value by value, wherever it stands. What was there before must be there
after the down. What was written after the up has another shape after the down, which no rule foretells; but when the up
is applied once more, it must be as it was written: whatever is not, the down has lost, unless it stood where it was
written after the down, and the up takes such fields away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from harness.design.model import Entity, Schema
from harness.engine import Session
from harness.plan.model import Change
from harness.recalling import Recalling
from harness.run.archive import Archive, Values
from harness.run.base import concerned
from harness.run.bench import Bench
from harness.run.reckoning import EXAMPLES, short
from harness.run.seen.rows import Kind, Loss, Reckoned, Whose
from harness.run.taken import taken
from harness.run.writes import NEW_ROWS, Pen, write

KINDS = frozenset({"collection", "time series"})
ID = "_id"
NULL = "null"
OFF = ("validationLevel", '"off"')
"""Of a validator that is not asked nobody knows whether it tells what is written."""

MOST_PATHS = 200
"""Paths that are told apart in a collection; beyond them only the outermost name is: keys may be made of data."""


def recalled(bench: Bench, session: Session, change: Change, now: datetime) -> bool:
    """One migration up, writes, down, and up again, with what is lost noted; whether all of it was taken."""
    assert isinstance(session, Recalling)
    with Archive() as archive:
        before, rows = _kept(bench, session, archive, "before")
        if _refused(bench, session, change, again=False):
            return False
        after, _ = _kept(bench, session, archive, "made")
        pen = Pen(now, bench.plan.scenario.seed + 1, taken=taken(bench, after))
        told = replace(after, entities=tuple(e for e in after.entities if not _unknown(e)))
        written = write(session, told, before, pen).count + _imitated(session, after)
        _kept(bench, session, archive, "after")
        refusal = bench.replayed(session, change.down or ())
        if refusal is not None:
            bench.seen.append(Reckoned(change.id, rows, written, (), refusal.message))
            return False
        _kept(bench, session, archive, "back")
        old = tuple(_old(archive))
        if _refused(bench, session, change, again=True):
            if old:  # what was written cannot be compared then, and this much is known all the same
                bench.seen.append(Reckoned(change.id, rows, written, old))
            return False
        _kept(bench, session, archive, "again")
        bench.seen.append(Reckoned(change.id, rows, written, (*old, *_new(archive))))
    return True


def _kept(bench: Bench, session: Session, archive: Archive, state: str) -> tuple[Schema, int]:
    """Put all documents aside; the schema that they have, and how many they are."""
    assert isinstance(session, Recalling)
    schema = concerned(bench, session.inspect())
    there = [entity for entity in schema.entities if entity.kind in KINDS]
    return schema, sum(archive.keep(state, entity.name, session.recalled(entity.name)) for entity in there)


def _refused(bench: Bench, session: Session, change: Change, *, again: bool) -> bool:
    refusal = bench.replayed(session, change.up)
    if refusal is None:
        return False
    where = "after its down, on documents that were written before it" if again else "on collections with documents"
    bench.skip("ledger", change.id, f"its up is refused {where}: {refusal.message}")
    return True


def _imitated(session: Session, schema: Schema) -> int:
    """New documents for collections of which no validator says what is in them."""
    assert isinstance(session, Recalling)
    unknown = [e.name for e in schema.entities if e.kind == "collection" and _unknown(e)]
    return sum(session.imitated(name, NEW_ROWS) for name in unknown)


def _unknown(entity: Entity) -> bool:
    return OFF in entity.options or all(field.name == ID for field in entity.fields)


def _old(archive: Archive) -> Iterator[Loss]:
    """Of what was there before, and was not written to."""
    touched = {key for entity in archive.entities("made") for key, _, _ in archive.apart("made", "after", entity)}
    for entity in archive.entities("before"):
        tally = _Tally(entity, "there before")
        for key, was, now in archive.apart("before", "back", entity):
            if key not in touched:
                tally.compare(key, was, now)
        yield from tally.losses()


def _new(archive: Archive) -> Iterator[Loss]:
    """Of what was written."""
    for entity in archive.entities("after"):
        written = {key for key, _, _ in archive.apart("after", "made", entity)}
        tally = _Tally(entity, "written after")
        back = {key: now for key, _, now in archive.apart("after", "back", entity) if key in written}
        for key, was, now in archive.apart("after", "again", entity):
            if key in written:
                held, there = back.get(key, was) or {}, was if now is None else now
                lost = {path: text for path, text in was.items() if path in there or held.get(path) != text}
                tally.compare(key, lost, now)
        yield from tally.losses()


@dataclass(slots=True)
class _Tally:
    """What is lost of a collection: counts and a few examples, by path and kind. The path of a document is empty."""

    entity: str
    whose: Whose
    _counts: dict[tuple[str, Kind], int] = field(default_factory=dict)
    _examples: dict[tuple[str, Kind], list[str]] = field(default_factory=dict)

    def compare(self, key: str, was: Values, now: Values | None) -> None:
        """Note what a document has lost."""
        if now is None:
            self._note("", "rows gone", f"{ID} {short(key)}")
            return
        for path, text in was.items():
            kind = _kind(text, path, now)
            if kind is not None:
                became = "" if kind in {"value gone", "nulled"} else f" became {short(now[path])}"
                self._note(path, kind, f"{ID} {short(key)}: {short(text)}{became}")

    def losses(self) -> Iterator[Loss]:
        """Whole documents first."""
        for (path, kind), count in sorted(self._counts.items()):
            yield Loss(self.entity, path, kind, self.whose, count, tuple(self._examples[path, kind]))

    def _note(self, path: str, kind: Kind, example: str) -> None:
        if len(self._counts) >= MOST_PATHS and (path, kind) not in self._counts:
            path = path.partition(".")[0]
        place = (path, kind)
        self._counts[place] = self._counts.get(place, 0) + 1
        examples = self._examples.setdefault(place, [])
        if len(examples) < EXAMPLES:
            examples.append(example)


def _kind(text: str, path: str, now: Mapping[str, str]) -> Kind | None:
    """What has become of a value; None when it is there, or was none."""
    found = now.get(path)
    if text in {NULL, found}:
        return None
    if found is None:
        return "value gone"
    if found == NULL:
        return "nulled"
    return "truncated" if text[:1] == found[:1] == '"' and text.startswith(found[:-1]) else "changed"
