"""Keys that the migrations put in themselves: rows that are made keep away from them, so that these find them free."""

from itertools import islice

from harness.asked.inserts import Inserted, Inserting
from harness.design.model import Schema
from harness.run.bench import Bench
from harness.seeding.keys import uniques

MOST_TAKEN = 20_000
"""Values of keys that rows keep away from."""


def taken(bench: Bench, schema: Schema) -> tuple[Inserted, ...]:
    """What the migrations put in themselves, so that their rows find their keys free."""
    engine = bench.engine
    if not isinstance(engine, Inserting):
        return ()
    keyed = {(e.name, unique.fields[0]) for e in schema.entities for unique in uniques(e) if len(unique.fields) == 1}
    scripts = (each for change in (*bench.plan.base, *bench.plan.changes) for each in change.up)
    found = (each for script in scripts for each in engine.inserted(script, schema) if each[:2] in keyed)
    return tuple(dict.fromkeys(islice(found, MOST_TAKEN)))
