"""The example queries: explained for real on the seeded data, then run many times with values drawn from it."""

import math
import time
from collections.abc import Iterator, Sequence

from harness.design.model import Query, Schema
from harness.engine import Session
from harness.facts import Access, Refusal
from harness.run.bench import Bench
from harness.run.model import Explained, Timed
from harness.run.values import texts
from harness.run.weighing import weigh
from harness.servers.model import Address

BUDGET_S = 15.0
"""Most time for the runs of one query; fewer runs are done when it is slow."""

CHUNK = 20
LEAST_RUNS = 5


def queries(bench: Bench, database: Address, schema: Schema) -> None:
    """Explain and time every query, and weigh the indexes that are claimed of it."""
    wanted = bench.plan.queries
    with bench.engine.connect(database) as session:
        for number, query in enumerate(wanted):
            bench.progress.stage(f"query {query.id}: {query.title}")
            bench.progress.advance(number, len(wanted))
            _query(bench, session, query, schema)
        weigh(bench, session, schema)


def _query(bench: Bench, session: Session, query: Query, schema: Schema) -> None:
    found = texts(bench.engine, session, query, schema, bench.plan.scenario)
    if found is None:
        bench.skip("query", query.id, "its placeholders stand against fields that hold no value to fill in")
        return
    explained = session.explain(found.document, execute=True)
    if isinstance(explained, Refusal):
        bench.seen.append(Explained(query.id, None, _placed(explained, query), 0))
        return
    forced = session.explain(found.document, execute=False, unattractive=("scan",))
    rows = int(explained.rows_returned or 0)
    bench.seen.append(Explained(query.id, explained, None, rows, forced if isinstance(forced, Access) else None))
    samples = tuple(_timed(session, found.drawn, bench.plan.scenario.runs))
    bench.seen.append(Timed(query.id, samples, min(len(found.drawn), len(samples))))


def example(bench: Bench, session: Session, query: Query, schema: Schema) -> str | None:
    """The query as the document has it, its placeholders filled; None when they cannot be."""
    found = texts(bench.engine, session, query, schema, bench.plan.scenario)
    return None if found is None else found.document


def _placed(refusal: Refusal, query: Query) -> Refusal:
    """The refusal on the line of the document: an engine that explains a text knows only lines within it."""
    source = query.statement.source
    offset = min(max(refusal.source.line - 1, 0), source.end_line - source.line)
    return Refusal(refusal.message, refusal.code, source.at(offset), refusal.detail)


def _timed(session: Session, texts_: Sequence[str], runs: int) -> Iterator[float]:
    """Warm up once over a few texts, then run in turn until there are enough runs or the time is up."""
    begun = time.perf_counter()
    session.timings(texts_[:LEAST_RUNS])
    done = 0
    while done < runs and (done < LEAST_RUNS or time.perf_counter() - begun < BUDGET_S):
        chunk = [texts_[(done + k) % len(texts_)] for k in range(min(CHUNK if done else LEAST_RUNS, runs - done))]
        yield from (sample for sample in session.timings(chunk) if not math.isnan(sample))
        done += len(chunk)
