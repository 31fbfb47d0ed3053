"""Queries at a hundredth, a tenth and all of the rows: pages are counted, not seconds, so that no verdict flakes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from harness.design.claim_types import GrowsAs
from harness.design.model import Query, Schema
from harness.engine import Session
from harness.facts import Access
from harness.run.bench import Bench
from harness.run.data import seed
from harness.run.model import Grown, Loaded, Skipped
from harness.run.queries import example
from harness.run.staircase import rebuilt
from harness.servers.model import Address

SHARES = (0.01, 0.1)
"""Shares of the scenario's rows, beside all of them."""

LEAST_ROWS = 1_000
"""Rows of the largest table under which a share tells nothing: everything fits a few pages."""

LOOKS = 4


def grow(bench: Bench, applied: int, now: datetime, database: Address) -> None:
    """Count the pages of each query that a complexity is claimed of; ``database`` holds all the rows."""
    claimed = {claim.query for claim in bench.plan.design.claims if isinstance(claim, GrowsAs)}
    wanted = [query for query in bench.plan.queries if query.id in claimed]
    loaded = {o.entity: o.rows for o in bench.seen if isinstance(o, Loaded)}
    if not wanted or not loaded:
        return
    for share in SHARES:
        if max(loaded.values()) * share < LEAST_ROWS:
            bench.skip("growth", "", f"{max(loaded.values()):,} rows are too few to look at a part of them")
            return
        rows = tuple((entity, max(round(count * share), 1)) for entity, count in loaded.items())
        bench.progress.stage(f"the queries at {share:.0%} of the rows")
        with rebuilt(bench, applied, "growth") as part:
            _at(_smaller(bench, rows), part, wanted, now, bench)
    with bench.engine.connect(database) as session:
        _look(bench, session, bench.inspect(database), wanted, sum(loaded.values()))


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
