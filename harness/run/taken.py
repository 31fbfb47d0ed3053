"""Keys that rows keep away from: the migrations put them in themselves, or they are in the tables already."""

import re
from collections.abc import Iterator
from itertools import islice

from harness.asked.inserts import Inserted, Inserting
from harness.design.model import Schema
from harness.engine import Session
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
    if isinstance(engine, Inserting):
        scripts = (each for change in (*bench.plan.base, *bench.plan.changes) for each in change.up)
        brought = (each for script in scripts for each in engine.inserted(script, schema) if each[:2] in keyed)
        return tuple(dict.fromkeys((*islice(found, MOST_TAKEN), *islice(brought, MOST_TAKEN))))
    return tuple(islice(found, MOST_TAKEN))


def _there(session: Session, schema: Schema, keyed: set[tuple[str, str]]) -> Iterator[Inserted]:
    """The keys of tables that hold some rows; one that holds many is not read."""
    for entity in schema.entities:
        if entity.kind in FILLED and 0 < session.count(entity.name) <= MOST_TAKEN:
            for name in sorted(field for of, field in keyed if of == entity.name):
                for (literal,) in session.sample(entity.name, (name,), MOST_TAKEN, 0):
                    yield entity.name, name, _text(literal)


def _text(literal: str) -> str:
    found = LITERAL.fullmatch(literal)
    quote, text = found.groups() if found else ("", literal)
    return str(text).replace(quote * 2, quote) if quote else str(text)
