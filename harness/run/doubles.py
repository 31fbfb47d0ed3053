"""Doubles: what old code may write twice before a migration, and what must be unique after it.

The one is a row that is there; the other is a new row with its values, or another row that is given them. Only what the
database before takes is sent to the one after, and only where that takes the same statement without the double: so
what is refused there is refused because it is one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, product
from typing import Literal

from harness.design.model import Entity, Field, Index, Key, Schema, Shape
from harness.engine import Session
from harness.facts import Batch, Refusal
from harness.run.bench import Bench
from harness.run.plants import behind
from harness.run.requested import Sent, refused
from harness.run.requests import Wanted, new_rows
from harness.seeding.conditions import parsed
from harness.seeding.constants import fields_of
from harness.seeding.keys import Unique, uniques
from harness.seeding.volumes import FILLED
from harness.watching import Repeating

MOST = 48
"""Doubles that are tried until one is refused: an index may be of a part of the rows."""

THERE = 8
"""Rows that are there, and of which doubles are made."""

NEW = 3

Values = Mapping[str, str]
"""Literals by field."""


@dataclass(frozen=True, slots=True)
class Double:
    """A statement that repeats the values of ``fields``, and the same one without that."""

    sent: Sent
    plain: Sent
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """The schemas on both sides of a migration, and the texts of its up."""

    before: Schema
    after: Schema
    texts: tuple[str, ...]

    def fills(self, name: str) -> bool:
        """Whether the up gives documents a field that they have not: it sets it, and looks at it nowhere."""
        named = re.escape(name)
        looked_at = any(re.search(rf"[$.]{named}(?![\w$])", text) for text in self.texts)
        given = rf"\$(?:set|addFields)\b.*?(?<![\w$.])[\"']?{named}[\"']?\s*:"
        return not looked_at and any(re.search(given, text, re.DOTALL) for text in self.texts)


@dataclass(frozen=True, slots=True)
class Wish:
    """What must be unique from now on: ``fields`` of a table before; ``deciding``: those of an index's predicate."""

    entity: Entity
    fields: tuple[str, ...]
    deciding: tuple[str, ...]

    @property
    def subject(self) -> str:
        """What a double of it is called."""
        return f"{self.entity.name}, {' and '.join(self.fields)} as in another row"


def doubles(
    bench: Bench, session: Session, theirs: Session, wanted: Wanted, step: Step
) -> Iterator[tuple[Double, Refusal | None]]:
    """For each key that is new, one insert and one update, and what the other database says of it."""
    for wish in _wishes(step):
        rows = _there(bench, session, wish)
        ones = list(chain.from_iterable(zip(rows, _theirs(bench, theirs, wish, step), strict=False))) or rows
        for kind in (_inserts(bench, session, wish, ones, wanted), _updates(session, wish, (ones, rows))):
            fate: tuple[Double, Refusal | None] | None = None
            for double in islice(kind, MOST):
                if any(refused(at, each) is not None for at, each in _needed(session, theirs, double)):
                    continue
                fate = (double, refused(theirs, double.sent))
                if fate[1] is not None:
                    break
            if fate is not None:
                yield fate


def silent(
    bench: Bench, session: Session, theirs: Session, wanted: Wanted, step: Step
) -> Iterator[tuple[Sent, Refusal | None]]:
    """Two new rows at once, which know nothing of a field that must be unique: they may get the same there."""
    for entity in wanted.schema.entities:
        twin = step.after.entity(entity.name)
        if twin is None or twin.kind not in FILLED or entity.kind not in FILLED:
            continue
        for unique in uniques(twin):
            if not all(_is_new(entity, name, step) for name in unique.fields):
                continue
            rows = [r for r in new_rows(bench, session, entity, wanted) if theirs.attempt(entity, r) is None][:2]
            pair = _joined(rows)
            if pair is not None and session.attempt(entity, pair) is None:
                subject = f"{entity.name}, two rows without {' and '.join(unique.fields)}"
                yield Sent("insert", subject, entity=entity, row=pair), theirs.attempt(entity, pair)


def _is_new(entity: Entity, name: str, step: Step) -> bool:
    return entity.field(name) is None and (entity.kind != "collection" or step.fills(name))


def _joined(rows: Sequence[Batch]) -> Batch | None:
    if len(rows) < 2 or rows[0].fields != rows[1].fields:
        return None
    return Batch(rows[0].fields, tuple([*(row.value(n) for row in rows)] for n in rows[0].fields), 2)


def unmade(bench: Bench, session: Session, step: Step) -> Iterator[str]:
    """Doubles for which no row is there, in words."""
    for wish in _wishes(step):
        if not _there(bench, session, wish):
            yield f"a double of {wish.entity.name} ({', '.join(wish.fields)}): no row has values there"


def _needed(session: Session, theirs: Session, double: Double) -> tuple[tuple[Session, Sent], ...]:
    return (session, double.sent), (session, double.plain), (theirs, double.plain)


def _wishes(step: Step) -> Iterator[Wish]:
    for entity, unique in newly_unique(step):
        condition = parsed(unique.predicate) if unique.predicate else None
        names = fields_of(condition) if condition is not None else ()
        fields = tuple(dict.fromkeys(_written(entity, name) for name in unique.fields))
        yield Wish(entity, fields, tuple(n for n in names if n not in fields and entity.field(n) is not None))


def _written(entity: Entity, name: str) -> str:
    """What code writes: of a nested field the outermost one."""
    return name.partition(".")[0].partition("[]")[0] if entity.kind == "collection" else name


def newly_unique(step: Step) -> Iterator[tuple[Entity, Unique]]:
    """Tables before, with what must be unique afterwards in fields that they have, and need not be so yet."""
    before, after = step.before, step.after
    for entity in before.entities:
        twin = after.entity(entity.name) or entity
        if "view" in twin.kind:
            twin = after.entity(behind(after, entity.name)) or entity
        if "view" in entity.kind or twin == entity:
            continue
        old = [set(unique.fields) for unique in uniques(entity) if unique.predicate is None]
        for unique in (_plain(twin, each) for each in uniques(twin)):
            kept = any(fields <= set(unique.fields) for fields in old)
            same = any(unique.fields == each.fields and unique.predicate == each.predicate for each in uniques(entity))
            if (
                unique.fields
                and not kept
                and not same
                and all(_may_write(entity, name, step) for name in unique.fields)
            ):
                yield entity, unique


def _plain(entity: Entity, unique: Unique) -> Unique:
    """The key by what is written: in place of a generated column those that it is made of."""
    names: list[str] = []
    for name in unique.fields:
        field = entity.field(name)
        tree = parsed(field.generated) if field is not None and field.generated else None
        names += fields_of(tree) if tree is not None else (name,)
    return replace(unique, fields=tuple(dict.fromkeys(names)))


def _may_write(entity: Entity, name: str, step: Step) -> bool:
    field = entity.field(name)
    if field is None:
        return entity.kind == "collection" and not step.fills(name)  # documents have fields that no validator tells
    return field.identity is None and field.generated is None


def without_doubles(step: Step) -> Schema:
    """The schema before with the keys that are new, so that rows are made which a migration finds in order."""
    found: dict[str, Entity] = {}
    before, after = step.before, step.after
    for entity, unique in newly_unique(step):
        known = found.get(entity.name, entity)
        twin = after.entity(entity.name) or entity
        index = next((i for i in twin.indexes if i.name == unique.name and i.constraint is None), None)
        found[entity.name] = _with_key(known, unique, index)
    return replace(before, entities=tuple(found.get(entity.name, entity) for entity in before.entities))


def _with_key(entity: Entity, unique: Unique, index: Index | None) -> Entity:
    if index is not None:
        # What no validator tells of is a text: documents without it would all be alike.
        untold = (name for name in unique.fields if entity.field(name) is None and "[" not in name)
        told = tuple(Field(name, "string", nullable=False, shape=Shape("text")) for name in untold)
        return replace(entity, fields=(*entity.fields, *told), indexes=(*entity.indexes, index))
    return replace(entity, keys=(*entity.keys, Key(unique.name, unique.fields)))


@dataclass(frozen=True, slots=True)
class There:
    """A row that is there: its key, where it has one, and its values of the fields wished for."""

    key: tuple[str, ...]
    values: Values


def _there(bench: Bench, session: Session, wish: Wish) -> Sequence[There]:
    primary = wish.entity.primary_key
    keys = primary.fields if primary is not None else ()
    names = _names(wish)
    found = session.sample(wish.entity.name, names, THERE, bench.plan.scenario.seed)
    rows = (dict(zip(names, row, strict=True)) for row in found)
    return [There(tuple(r[n] for n in keys), {n: r[n] for n in wish.fields}) for r in rows]


def _theirs(bench: Bench, theirs: Session, wish: Wish, step: Step) -> Sequence[There]:
    """The same rows as the migration has left them: it may have made other values of theirs, in lower case, say."""
    twin = step.after.entity(wish.entity.name)
    if twin is None or (twin.kind != "collection" and not all(twin.field(n) for n in _names(wish))):
        return ()
    return _there(bench, theirs, wish)


def _names(wish: Wish) -> tuple[str, ...]:
    """The fields of its table's key, then its own."""
    primary = wish.entity.primary_key
    return tuple(dict.fromkeys((*(primary.fields if primary is not None else ()), *wish.fields)))


def _inserts(bench: Bench, session: Session, wish: Wish, there: Sequence[There], wanted: Wanted) -> Iterator[Double]:
    if not isinstance(session, Repeating) or not there:
        return
    rows = new_rows(bench, session, wish.entity, wanted)[:NEW]
    for row, one, beside in product(rows, there, _beside(wish)):
        texts = (session.inserted(wish.entity, row, values) for values in ({**one.values, **beside}, beside))
        yield _double("insert", wish, *texts)


def _updates(session: Session, wish: Wish, among: tuple[Sequence[There], Sequence[There]]) -> Iterator[Double]:
    """Rows of the second kind are given values of the first."""
    if not isinstance(session, Repeating) or wish.entity.primary_key is None:
        return
    for one, other, beside in product(*among, _beside(wish)):
        if one.values != other.values:
            texts = (session.assigned(wish.entity, other.key, {**row.values, **beside}) for row in (one, other))
            yield _double("update", wish, *texts)


def _beside(wish: Wish) -> Sequence[Values]:
    """What else a double is given: a partial index is mostly of rows that are not marked as gone or ended."""
    return ({}, dict.fromkeys(wish.deciding, "NULL")) if wish.deciding else ({},)


def _double(kind: Literal["insert", "update"], wish: Wish, text: str, plain: str) -> Double:
    return Double(Sent(kind, wish.subject, text), Sent(kind, wish.subject, plain), wish.fields)
