"""Each metric that the document says is watched, read from the server before and after the document's queries ran."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.design.claim_types import Told
from harness.design.dialect import family
from harness.design.metrics import metrics, outside, places
from harness.design.model import Schema, Statement
from harness.facts import Refusal
from harness.metering import Gauge, Metering, Reading
from harness.run.bench import Bench
from harness.run.queries import example
from harness.run.seen.metrics import POOL, Metered
from harness.servers.model import Address

LOOKS = 8
PAUSE_S = 0.05
"""Statistics arrive after the statements that they are of: at once, or on PostgreSQL 14 within half a second."""

MOST_QUERIES = 20


READS = re.compile(r"\s*(?:SELECT|WITH|SHOW)\b", re.IGNORECASE)
ACTS = re.compile(
    r"\b(?:INSERT|UPDATE|DELETE|INTO|CALL)\b|\w*(?:terminate|cancel|reset|reload|rotate|promote|switch|sleep|advisory|"
    r"signal|dblink|import|create|drop)\w*\s*\(",
    re.IGNORECASE,
)
"""What does more than read: such a query is not run."""


def meter(bench: Bench, database: Address, schema: Schema) -> None:
    """Read what is watched, run the queries, read it again."""
    sentences, queries = _sentences(bench), _queries(bench)
    if not sentences and not queries:
        return
    bench.progress.stage("reading what is monitored")
    with bench.engine.connect(database) as session:
        if not isinstance(session, Metering):
            return
        seen = [found for claim in sentences for found in _gauges(session, claim, bench.engine.name)]
        seen += [_own(session, query, bench.engine.name) for query in queries]
        texts = _texts(bench, database, schema)
        before = {g: session.read(g) for each in seen if (g := each.gauge) is not None and g.query}
        with bench.engine.connect(database) as using:  # of its own: some servers count at its end
            using.timings(texts)
            counted = isinstance(using, Metering) and using.reported()
        after = _after(session, before, counted=counted)
    for each in seen:
        gauge = each.gauge
        known = gauge is not None and gauge in before
        bench.seen.append(replace(each, before=before[gauge], after=after[gauge]) if gauge and known else each)


def _sentences(bench: Bench) -> tuple[Told, ...]:
    """The sentences about monitoring that name something of the database."""
    said = (c for c in bench.plan.design.claims if isinstance(c, Told) and c.topic == "monitoring")
    return tuple(claim for claim in said if places(claim.text) or (metrics(claim.text) and not outside(claim.text)))


def _queries(bench: Bench) -> tuple[Statement, ...]:
    """The document's own queries of the server's views, as far as they only read."""
    upkeep = (script.statement for script in bench.plan.design.scripts if script.kind == "maintenance")
    single = (statement for script in upkeep for statement in bench.engine.split(script))
    return tuple(s for s in single if READS.match(s.text) and not ACTS.search(s.text) and places(s.text))


def _gauges(session: Metering, claim: Told, engine: str) -> Iterator[Metered]:
    """How each thing that a sentence names is read; what a gauge of a metric reads already is not said twice."""
    text = claim.text
    chosen = [(m, _chosen(session.gauges("connections" if m == POOL else m), text)) for m in metrics(text)]
    read = " ".join(f"{gauge.source} {gauge.query}".lower() for _, gauge in chosen if gauge is not None)
    named = [place for place in places(text) if place.family == family(engine) and place.name.lower() not in read]
    alone = [gauge for _, gauge in chosen if gauge is not None and gauge.alone]
    if named and not alone:  # the document says itself where it reads
        yield from (Metered(claim, place.name, session.gauge(place)) for place in named)
    else:
        yield from (Metered(claim, metric, gauge) for metric, gauge in chosen)


def _own(session: Metering, query: Statement, engine: str) -> Metered:
    """A query of the document, with what the first of its views needs."""
    here = [place for place in places(query.text) if place.family == family(engine)]
    known = session.gauge(here[0]) if here else Gauge("", "")
    text = query.text.strip().rstrip(";")
    gauge = replace(known, query="" if known.lacks else text, words=".")
    first = " ".join(text.split())
    return Metered(Told("monitoring", first, query.source), here[0].name if here else "query", gauge, own=True)


def _chosen(gauges: Sequence[Gauge], text: str) -> Gauge | None:
    """The way that the sentence asks for, else the usual one."""
    asked = (gauge for gauge in gauges if gauge.words and re.search(gauge.words, text, re.IGNORECASE))
    return next(asked, next(iter(gauges), None))


def _texts(bench: Bench, database: Address, schema: Schema) -> tuple[str, ...]:
    """The document's queries, which are found out on a connection of their own: that uses indexes too."""
    with bench.engine.connect(database) as session:
        found = (example(bench, session, query, schema) for query in bench.plan.queries[:MOST_QUERIES])
        return tuple(text for text in found if text is not None)


def _after(
    session: Metering, before: dict[Gauge, Reading | Refusal], *, counted: bool
) -> dict[Gauge, Reading | Refusal]:
    """What the gauges show now; a few moments later where they have not moved yet.

    One that moves tells of the others only where the server has counted all that was done.
    """
    moved = any if counted else all
    found = {gauge: session.read(gauge) for gauge in before}
    for _ in range(LOOKS):
        if moved(found[gauge] != before[gauge] for gauge in before):
            break
        time.sleep(PAUSE_S)
        found = {gauge: session.read(gauge) for gauge in before}
    return found
