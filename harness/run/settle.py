"""Sections that show the schema as it is after the migrations: the state before them, found by their own downs.

Many documents describe their tables once, in the final state, and give migrations that only alter them. Applied after
the sections' SQL such a migration finds its column there already. The server is asked: where the ups are refused on
top of the sections, but are all taken once their downs have been applied to them, the sections are that final state.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.design.model import Statement
from harness.engine import Engine
from harness.plan.migrations import undone
from harness.plan.model import Change, Plan
from harness.run.bench import Bench
from harness.run.model import Progress, Silent
from harness.servers.model import Server

FIRST = "000"


def settled(plan: Plan, engine: Engine, server: Server, progress: Progress | None = None) -> Plan:
    """The plan whose first migration, where it is made of the sections, ends where the document's migrations begin."""
    first, later = plan.changes[:1], plan.changes[1:]
    if not first or not later or first[0].id != FIRST or plan.design.tool:
        return plan
    bench = Bench(plan, engine, server, progress or Silent())
    bench.progress.stage("trying the migrations on what the sections give")
    ups = [change.up for change in later]
    if all(_taken(bench, [first[0].up, *ups])):
        return plan
    downs = [change.down or () for change in reversed(later)]
    answers = list(_taken(bench, [plan.declared, *downs, *ups]))
    undone, redone = answers[1 : len(downs) + 1], answers[len(downs) + 1 :]
    if not answers[0] or not all(redone):
        return plan
    shown = [change for change, there in zip(later, reversed(undone), strict=True) if there and change.down]
    return _beginning_before(plan, engine, shown) if shown else plan


def _taken(bench: Bench, scripts: Sequence[Sequence[Statement]]) -> Iterator[bool]:
    """Which of the scripts, in turn, the server takes whole in one new database."""
    with bench.database("settle", bare=True) as database, bench.engine.connect(database) as session:
        for script in scripts:
            yield bench.replayed(session, script) is None


def _beginning_before(plan: Plan, engine: Engine, shown: Sequence[Change]) -> Plan:
    """The plan with a first migration that ends before those whose results the sections show."""
    whole = [replace(s, origin="filled") for s in plan.declared]
    gone = undone(engine, whole)
    back = [replace(s, origin="derived") for change in reversed(shown) for s in change.down or ()]
    forth = [replace(s, origin="derived") for change in shown for s in change.up]
    first = plan.changes[0]
    down = None if gone is None else (*forth, *gone)
    before = replace(first, up=(*whole, *back), down=down, down_derived=down is not None)
    ids = ", ".join(change.id for change in shown)
    message = (
        f"no migration makes these tables, and the sections show them as they are after migration {ids}; the sections' "
        "SQL, then the downs of these, are applied first, as migration 000"
    )
    notes = tuple(
        replace(note, message=message) if note.subject == "schema of the sections" else note for note in plan.notes
    )
    return replace(plan, changes=(before, *plan.changes[1:]), notes=notes)
