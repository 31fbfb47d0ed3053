"""Old code on the new schema: the queries and rows of the schema before a migration, tried after it."""

from collections.abc import Sequence
from datetime import datetime

from harness.design.claim_types import BackwardCompatible
from harness.design.model import Query
from harness.engine import Session, Unsatisfied
from harness.facts import Refusal
from harness.plan.model import Change
from harness.run.bench import STATEMENT_TIMEOUT_S, Bench
from harness.run.model import Tried
from harness.run.probes import ROWS
from harness.run.queries import example
from harness.run.staircase import rebuilt
from harness.seeding.model import Order
from harness.seeding.rows import Seeded, seeded


def compatible(bench: Bench, applied: int, now: datetime) -> None:
    """For each migration that is said to be backwards compatible: what worked before it, tried after it."""
    claimed = {c.migration for c in bench.plan.design.claims if isinstance(c, BackwardCompatible)}
    for number, change in enumerate(bench.plan.changes[:applied]):
        if change.id in claimed:
            bench.progress.stage(f"migration {change.id}: the code before it on the schema after it")
            with rebuilt(bench, number, "before") as database, bench.engine.connect(database) as session:
                found = _reads(bench, session, change, now)
            with rebuilt(bench, number + 1, "after") as database, bench.engine.connect(database) as session:
                _writes(bench, session, change, found)


def _reads(bench: Bench, session: Session, change: Change, now: datetime) -> Seeded:
    """The migration on tables that hold rows, and the queries of before after it."""
    before = session.inspect()
    found = seeded(Order(before, bench.plan.scenario.seed, now, default_rows=ROWS, ratio=2))
    for volume in found.volumes:
        try:
            session.load(found.entity(volume.entity), found.batches(volume.entity))
        except Unsatisfied as refused:
            bench.skip("compatible", change.id, f"no rows for {volume.entity}: {refused.refusal.message}")
    texts = [(q, text) for q in bench.plan.queries for text in [example(bench, session, q, before)] if text is not None]
    queries = [(q, text) for q, text in texts if not isinstance(session.explain(text, execute=False), Refusal)]
    effects = session.apply(change.up, timeout_s=STATEMENT_TIMEOUT_S)
    if effects and effects[-1].refusal is not None:
        bench.seen.append(Tried(change.id, "up", "its up, on tables with rows", effects[-1].refusal))
    else:
        _queries(bench, session, change, queries)
    return found


def _writes(bench: Bench, session: Session, change: Change, found: Seeded) -> None:
    """Rows written by the columns of before."""
    for volume in found.volumes:
        refusal = None
        try:
            session.load(found.entity(volume.entity), found.batches(volume.entity))
        except Unsatisfied as refused:
            refusal = refused.refusal
        bench.seen.append(Tried(change.id, "row", volume.entity, refusal))


def _queries(bench: Bench, session: Session, change: Change, queries: Sequence[tuple[Query, str]]) -> None:
    for query, text in queries:
        answer = session.explain(text, execute=False)
        refusal = answer if isinstance(answer, Refusal) else None
        bench.seen.append(Tried(change.id, "query", query.id, refusal))
