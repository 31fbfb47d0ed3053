"""after-writes: rows are written under the new schema, then the migration is taken back: what is lost?

What becomes of each value, on every column, is told by ``rollback-keeps-data``; here it is what whoever decides on a
rollback must know: how many rows and values written since the migration does it cost.
"""

from collections.abc import Iterator, Sequence

from harness.counting import counted, form
from harness.design.model import Entity, Schema
from harness.engine import Session, Unsatisfied
from harness.run.drills.model import Drill, Step
from harness.run.drills.rig import Rig
from harness.run.requests import Wanted, new_rows
from harness.run.seen.drills import Result, Trial, places, unknown

NAME = "after-writes"


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """Write new rows into every table, take the migration back, count."""
    change = step.change
    if change.down is None or step.down is None:
        reason = "there is no down that the server takes"
        yield Trial(NAME, change.id, "down", "rows written since", "untried", reason, change.source)
        return
    rig.bench.progress.stage(f"migration {change.id} down: after rows were written")
    with rig.clone(step.after) as database:
        with rig.bench.engine.connect(database) as session:
            written = _written(rig, session, step.end.schema)
            before = {name: session.count(name) for name in written}
        refusal = rig.run(database, change.down)
        if refusal is not None:
            message = f"refused on rows that the new schema takes: {refusal.message}"
            yield Trial(NAME, change.id, "down", "rows written since", "failed", message, change.source)
            return
        schema = rig.bench.inspect(database)
        with rig.bench.engine.connect(database) as session:
            lost = (*_lost(session, schema, step, written, before), *_rows_lost(session, step, before))
    result: Result = "told" if lost else "passed"
    since = sum(written.values())
    message = "; ".join(lost) if lost else f"{counted(since, 'row')} written since {form(since, 'is', 'are all')} there"
    evidence = {"written": written, "lost": lost}
    yield Trial(NAME, change.id, "down", "rows written since", result, message, change.source, evidence)


def _written(rig: Rig, session: Session, schema: Schema) -> dict[str, int]:
    """How many new rows each table took."""
    tables = [e for e in schema.entities if "view" not in e.kind]
    wanted = Wanted(schema, [e.name for e in tables], rig.now)
    return {entity.name: _taken(rig, session, entity, wanted) for entity in tables}


def _taken(rig: Rig, session: Session, entity: Entity, wanted: Wanted) -> int:
    taken = 0
    for row in new_rows(rig.bench, session, entity, wanted):
        try:
            taken += session.load(entity, [row])
        except Unsatisfied:
            continue  # its values may be there already
    return taken


def _lost(
    session: Session, schema: Schema, step: Step, written: dict[str, int], before: dict[str, int]
) -> Iterator[str]:
    """Tables and columns that go with the migration, and what they held."""
    for entity in step.end.schema.entities:
        if entity.name not in before or entity.kind == "partition":
            continue  # a partition's rows are those of its table
        there = schema.entity(entity.name)
        if there is None and _renamed(session, schema, step, entity, before[entity.name]):
            continue
        if there is None:
            yield f"table {entity.name} goes with all its rows: {before[entity.name]:,}"
            continue
        for field in entity.fields:
            if there.field(field.name) is None:
                rows = counted(written[entity.name], "new row")
                yield f"column {entity.name}.{field.name} goes, with its values in {rows}"


def _renamed(session: Session, schema: Schema, step: Step, entity: Entity, rows: int) -> bool:
    """Whether the down made a table with all its fields and rows: it gave it the name of before."""
    tables = {each.name for each in step.end.schema.entities if "view" not in each.kind}
    made = (each for each in schema.entities if "view" not in each.kind and each.name not in tables)
    names = [field.name for field in entity.fields]
    return any(all(each.field(name) for name in names) and session.count(each.name) >= rows for each in made)


def _rows_lost(session: Session, step: Step, before: dict[str, int]) -> Iterator[str]:
    for entity in step.start.schema.entities:
        if entity.name in before and "view" not in entity.kind:
            missing = before[entity.name] - session.count(entity.name)
            if missing > 0:
                yield f"{counted(missing, 'row')} of {entity.name} {form(missing, 'is', 'are')} gone"


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    failed = [t for t in trials if t.result == "failed"]
    if failed:
        return f"{places(failed)} cannot be taken back once the new code has written: plan to go forward only"
    told = [t for t in trials if t.result == "told"]
    if told:
        return f"before {places(told)}, copy what goes with it (a table beside, a dump): the rollback does not keep it"
    untried = unknown(trials)
    if untried:
        return f"there is no way back from {places(untried)}: take a backup before, and plan to go forward"
    return "a rollback keeps what was written since"


DRILL = Drill(NAME, "What is lost when a migration is taken back after rows were written?", (), run, advice)
