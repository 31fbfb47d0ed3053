"""Queries at a hundredth, a tenth and all of the rows: what is read is counted, not seconds, so no verdict flakes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from harness.design.claim_types import GrowsAs, WithinTarget
from harness.design.model import Query, Schema
from harness.engine import Session
from harness.facts import Access
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.model import Explained, Loaded, Skipped
from harness.run.queries import example
from harness.run.seen.queries import Grown
from harness.run.staircase import rebuilt
from harness.servers.model import Address

SHARES = (0.01, 0.1)
"""Shares of the scenario's rows, beside all of them."""

LEAST_ROWS = 1_000
"""Rows of the largest table under which a share tells nothing: everything fits a few pages."""

LOOKS = 4

SLOW_MS = 2_000.0
"""A query of which only a time is claimed, and that takes as long as that, is not run again for its growth."""


def grow(bench: Bench, applied: int, now: datetime, database: Address) -> None:
    """Count what each query reads that a complexity or a time is claimed of; ``database`` holds all the rows."""
    wanted = [query for query in bench.plan.queries if _asked(bench, query)]
    loaded = {o.entity: o.rows for o in bench.seen if isinstance(o, Loaded)}
    if not wanted or not loaded:
        return
    empty = [(o.subject, 0) for o in bench.seen if isinstance(o, Skipped) and o.what == "seed"]
    for share in SHARES:
        if max(loaded.values()) * share < LEAST_ROWS:
            bench.skip("growth", "", f"{max(loaded.values()):,} rows are too few to look at a part of them")
            return
        rows = (*((entity, max(round(count * share), 1)) for entity, count in loaded.items()), *empty)
        bench.progress.stage(f"the queries at {share:.0%} of the rows")
        with rebuilt(bench, applied, "growth") as part:
            _at(_smaller(bench, rows), part, wanted, now, bench)
    with bench.engine.connect(database) as session:
        _look(bench, session, bench.inspect(database), wanted, sum(loaded.values()))


def _asked(bench: Bench, query: Query) -> bool:
    claims = [c for c in bench.plan.design.claims if isinstance(c, GrowsAs | WithinTarget) and c.query == query.id]
    seen = next((o for o in bench.seen if isinstance(o, Explained) and o.query == query.id), None)
    if not claims or seen is None or seen.access is None:
        return False
    return any(isinstance(c, GrowsAs) for c in claims) or (seen.access.elapsed_ms or 0.0) < SLOW_MS


def _smaller(bench: Bench, rows: tuple[tuple[str, int], ...]) -> Bench:
    """The same bench for other volumes, with notes of its own."""
    scenario = replace(bench.plan.scenario, rows=rows)
    return replace(bench, plan=replace(bench.plan, scenario=scenario), seen=[])


def _at(smaller: Bench, database: Address, wanted: Sequence[Query], now: datetime, bench: Bench) -> None:
    schema = smaller.inspect(database)
    seed(smaller, database, schema, now)
    failed = next((o for o in smaller.seen if isinstance(o, Skipped) and o.what == "seed"), None)
    if failed is not None:
        bench.skip("growth", "", f"{failed.subject} could not be seeded with fewer rows: {failed.reason}")
        return
    with bench.engine.connect(database) as session:
        _look(bench, session, schema, wanted, sum(o.rows for o in smaller.seen if isinstance(o, Loaded)))


def _look(bench: Bench, session: Session, schema: Schema, wanted: Sequence[Query], rows: int) -> None:
    for query in wanted:
        text = example(bench, session, query, schema)
        # The first look also sets hint bits, and MySQL counts what its purge reads beside: the least is the query's.
        answers = [session.explain(text, execute=True) for _ in range(LOOKS)] if text is not None else []
        looks = [answer for answer in answers if isinstance(answer, Access)]
        if looks:
            bench.seen.append(Grown(query.id, rows, min(looks, key=lambda look: look.pages_read or 0)))
