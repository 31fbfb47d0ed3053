"""What stands before the migrations that are judged: applied once, fast and trusted, and copied from then on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from harness.counting import counted
from harness.design.model import Schema
from harness.engine import Session
from harness.facts import Refusal
from harness.plan.model import Change
from harness.run.bench import Bench
from harness.run.seen.statements import Unreached

WORD = re.compile(r"\w+")


@contextmanager
def standing(bench: Bench) -> Iterator[bool]:
    """While inside, new databases begin as copies of that state; whether it could be made."""
    changes = bench.plan.base
    if not changes:
        yield True
        return
    bench.progress.stage(f"applying the {counted(len(changes), 'migration')} before")
    with bench.database("base", bare=True) as database:
        with bench.engine.connect(database) as session:
            refused = next((pair for change in changes if (pair := _refused(bench, session, change))), None)
        if refused is not None:
            change, refusal = refused
            bench.seen.append(Unreached(change.id, refusal))
            for judged in bench.plan.changes:
                bench.skip("up", judged.id, f"migration {change.id} before it does not apply ({refusal.source})")
            yield False
            return
        bench.base = database
        try:
            yield True
        finally:
            bench.base = None


def _refused(bench: Bench, session: Session, change: Change) -> tuple[Change, Refusal] | None:
    refusal = bench.replayed(session, change.up)
    return None if refusal is None else (change, refusal)


def concerned(bench: Bench, schema: Schema) -> Schema:
    """The part of a schema that the judged migrations and the queries speak of, with what that refers to.

    The whole, where nothing stands before them: what is not spoken of need not hold rows.
    """
    if not bench.plan.base:
        return schema
    scripts = (s.told for change in bench.plan.changes for s in (*change.up, *(change.down or ())))
    words = {
        word.lower()
        for text in (*scripts, *(q.statement.text for q in bench.plan.queries))
        for word in WORD.findall(text)
    }
    names = {entity.name for entity in schema.entities if entity.name.rpartition(".")[2].lower() in words}
    waiting = list(names)
    while waiting:
        entity = schema.entity(waiting.pop())
        more = {key.target for key in entity.foreign_keys} - names if entity is not None else set()
        names |= more
        waiting += more
    parts = {entity.name for entity in schema.entities if entity.kind == "partition"} if names else set()
    return replace(schema, entities=tuple(e for e in schema.entities if e.name in names | parts))
