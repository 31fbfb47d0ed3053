"""Keys that rows keep away from: the migrations put them in themselves, or they are in the tables already."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from harness.asked.inserts import Inserted, Inserting
from harness.design.longlists import UP_TO
from harness.design.model import Entity, Schema, Statement
from harness.engine import Session
from harness.keeping import Keeping
from harness.run.bench import Bench
from harness.seeding.keys import uniques
from harness.seeding.volumes import FILLED

MOST_TAKEN = 20_000
"""Values of keys that rows keep away from."""

LITERAL = re.compile(r"""(?:\w+\()?(['"]?)(.*)\1\)?""", re.DOTALL)
"""A text in quotes, or what a call makes of one: ``'it''s'``, ``NumberLong("5")``."""


def taken(bench: Bench, schema: Schema, session: Session | None = None) -> tuple[Inserted, ...]:
    """What the migrations put in themselves, so that their rows find their keys free.

    ``session``: of a database whose rows are there already, such as those to which the server gave the keys.
    """
    engine = bench.engine
    keyed = {(e.name, unique.fields[0]) for e in schema.entities for unique in uniques(e) if len(unique.fields) == 1}
    found = _there(session, schema, keyed) if session is not None else iter(())
    there = islice(found, MOST_TAKEN)
    if not isinstance(engine, Inserting):
        return tuple(there)
    scripts = [each for change in (*bench.plan.base, *bench.plan.changes) for each in change.up]
    return tuple(dict.fromkeys((*there, *_brought(engine, scripts, schema, keyed))))


def _brought(
    engine: Inserting, scripts: Sequence[Statement], schema: Schema, keyed: set[tuple[str, str]]
) -> Iterator[Inserted]:
    """The values of keys that stand in scripts, as many as are kept away from, and all ranges."""
    left = MOST_TAKEN
    for script in scripts:
        for each in engine.inserted(script, schema) if left or script.first else ():
            if each[:2] in keyed:
                single = not each[2].startswith(UP_TO)
                if single and not left:
                    break  # the ranges of a long list come before its values
                left -= single
                yield each


def _there(session: Session, schema: Schema, keyed: set[tuple[str, str]]) -> Iterator[Inserted]:
    """The keys of tables that hold some rows; of one that holds many only how far its whole numbers go."""
    for entity in schema.entities:
        rows = session.count(entity.name) if entity.kind in FILLED else 0
        for name in sorted(field for of, field in keyed if of == entity.name) if rows else ():
            if rows > MOST_TAKEN:
                yield from _up_to(session, entity, name)
                continue
            for (literal,) in session.sample(entity.name, (name,), MOST_TAKEN, 0):
                yield entity.name, name, _text(literal)


def _up_to(session: Session, entity: Entity, name: str) -> Iterator[Inserted]:
    field = entity.field(name)
    if not isinstance(session, Keeping) or field is None or field.shape is None or field.shape.family != "integer":
        return
    dialect = session.dialect
    ((most,),) = session.ask(f"SELECT MAX({dialect.name(name)}) FROM {dialect.entity(entity.name)}")
    if most is not None:
        yield entity.name, name, f"{UP_TO}{most}]"


def _text(literal: str) -> str:
    found = LITERAL.fullmatch(literal)
    quote, text = found.groups() if found else ("", literal)
    return str(text).replace(quote * 2, quote) if quote else str(text)
