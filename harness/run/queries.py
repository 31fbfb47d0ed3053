"""The example queries: explained for real on the seeded data, then run many times with values drawn from it."""

from dataclasses import replace

from harness.design.model import Query, Schema
from harness.engine import Session
from harness.facts import Access, Refusal
from harness.run.bench import Bench
from harness.run.latency import chill, latency
from harness.run.model import Explained
from harness.run.plants import beyond
from harness.run.values import Texts, texts
from harness.run.weighing import weigh
from harness.servers.model import Address

TRIES = 10
"""Values for placeholders that are tried until a query finds something."""


def queries(bench: Bench, database: Address, schema: Schema) -> None:
    """Explain and time every query, and weigh the indexes that are claimed of it."""
    wanted = bench.plan.queries
    ran: list[tuple[str, Texts]] = []
    with bench.engine.connect(database) as session:
        for number, query in enumerate(wanted):
            bench.progress.stage(f"query {query.id}: {query.title}")
            bench.progress.advance(number, len(wanted))
            if (found := _query(bench, session, query, schema)) is not None:
                ran.append((query.id, found))
        weigh(bench, session, schema, dict(ran))
    chill(bench, database, ran)


def _query(bench: Bench, session: Session, query: Query, schema: Schema) -> Texts | None:
    """The texts of a query that runs."""
    found = texts(bench.engine, session, query, schema, bench.plan.scenario)
    if found is None:
        bench.skip("query", query.id, "its placeholders stand against fields that hold no value to fill in")
        return None
    explained = session.explain(found.document, execute=True)
    if isinstance(explained, Refusal):
        bench.seen.append(Explained(query.id, None, _placed(explained, query), 0))
        return None
    if found.open and not explained.rows_returned:
        found, explained = _finding(session, found, explained)
    forced = session.explain(found.document, execute=False, unattractive=("scan",))
    rows = int(explained.rows_returned or 0)
    if not rows:
        _unmet(bench, query, schema, found)
    bench.seen.append(Explained(query.id, explained, None, rows, forced if isinstance(forced, Access) else None))
    bench.seen.append(latency(bench, session, query.id, found))
    return found


def _finding(session: Session, found: Texts, explained: Access) -> tuple[Texts, Access]:
    """The texts led by one that finds something, where there is one among those whose values the harness chose."""
    for text in found.drawn[1:TRIES]:
        other = session.explain(text, execute=True)
        if isinstance(other, Access) and other.rows_returned:
            return replace(found, classes={**found.classes, "document": text}), other
    return found, explained


def _unmet(bench: Bench, query: Query, schema: Schema, found: Texts) -> None:
    """Why a query that finds nothing may be right all the same."""
    if found.open:
        bench.skip("plant", query.id, "the values for its placeholders were chosen by the harness, each by itself")
    for said in beyond(query, bench.engine, schema):
        bench.skip("plant", query.id, said)


def example(bench: Bench, session: Session, query: Query, schema: Schema) -> str | None:
    """The query as the document has it, its placeholders filled; None when they cannot be."""
    found = texts(bench.engine, session, query, schema, bench.plan.scenario)
    return None if found is None else found.document


def _placed(refusal: Refusal, query: Query) -> Refusal:
    """The refusal on the line of the document: an engine that explains a text knows only lines within it."""
    source = query.statement.source
    offset = min(max(refusal.source.line - 1, 0), source.end_line - source.line)
    return replace(refusal, source=source.at(offset))
