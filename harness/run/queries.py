"""The example queries: explained for real on the seeded data, then run many times with values drawn from it."""

import math
import re
import time
from collections.abc import Iterator, Sequence
from itertools import groupby

from harness.design.model import Query, Schema
from harness.engine import Session
from harness.facts import Access, Parameter, Refusal, bound
from harness.plan.model import Scenario
from harness.run.bench import Bench
from harness.run.model import Explained, Timed
from harness.servers.model import Address

BUDGET_S = 15.0
"""Most time for the runs of one query; fewer runs are done when it is slow."""

CHUNK = 20
LEAST_RUNS = 5


def queries(bench: Bench, database: Address, schema: Schema) -> None:
    """Explain and time every query."""
    wanted = bench.plan.queries
    with bench.engine.connect(database) as session:
        for number, query in enumerate(wanted):
            bench.progress.stage(f"query {query.id}: {query.title}")
            bench.progress.advance(number, len(wanted))
            _query(bench, session, query, schema)


def _query(bench: Bench, session: Session, query: Query, schema: Schema) -> None:
    parameters = bench.engine.parameters(query.statement, schema)
    texts = tuple(_variants(session, query, parameters, schema, bench.plan.scenario))
    if not texts:
        bench.skip("query", query.id, "its placeholders stand against fields that hold no value to fill in")
        return
    explained = session.explain(texts[0], execute=True)
    if isinstance(explained, Refusal):
        bench.seen.append(Explained(query.id, None, _placed(explained, query), 0))
        return
    forced = session.explain(texts[0], execute=False, unattractive=("scan",))
    rows = int(explained.rows_returned or 0)
    bench.seen.append(Explained(query.id, explained, None, rows, forced if isinstance(forced, Access) else None))
    samples = tuple(_timed(session, texts, bench.plan.scenario.runs))
    bench.seen.append(Timed(query.id, samples, min(len(set(texts)), len(samples))))


def example(bench: Bench, session: Session, query: Query, schema: Schema) -> str | None:
    """The query as the document has it, its placeholders filled; None when they cannot be."""
    parameters = bench.engine.parameters(query.statement, schema)
    return next(_variants(session, query, parameters, schema, bench.plan.scenario), None)


def _placed(refusal: Refusal, query: Query) -> Refusal:
    """The refusal on the line of the document: an engine that explains a text knows only lines within it."""
    source = query.statement.source
    offset = min(max(refusal.source.line - 1, 0), source.end_line - source.line)
    return Refusal(refusal.message, refusal.code, source.at(offset), refusal.detail)


def _variants(
    session: Session, query: Query, parameters: Sequence[Parameter], schema: Schema, scenario: Scenario
) -> Iterator[str]:
    """The query as written first, then with other values; nothing when a placeholder cannot be filled."""
    text = query.statement.text
    drawable = [p for p in parameters if _drawable(p, schema)]
    drawn = {
        p: values
        for group in _groups(drawable)
        for p, values in _drawn(session, group, scenario.runs, scenario.seed).items()
    }
    open_ = [p for p in parameters if p.value is None]
    loose = [p for p in open_ if not p.field]
    if any(p not in drawn for p in open_ if p.field):
        return
    fixed = [(p, "10") for p in loose]
    if not open_:
        yield text
    most = max((len(values) for values in drawn.values()), default=0)
    for number in range(min(most, scenario.runs)):
        chosen = [(p, values[number % len(values)]) for p, values in drawn.items()]
        yield bound(text, [*chosen, *fixed])
    if open_ and not drawn:
        yield bound(text, fixed)


def _drawable(parameter: Parameter, schema: Schema) -> bool:
    """Whether other values of the field ask the same question.

    A literal of a field that takes few named values (a status, a flag), or that an index is limited to, is part of the
    question; a key or an address is only an example.
    """
    entity = schema.entity(parameter.entity)
    field = entity.field(parameter.field) if entity is not None else None
    if entity is None or field is None:
        return False
    if parameter.value is None:
        return True
    named = field.shape is not None and field.shape.family in ("enum", "boolean")
    checked = any(field.name in check.fields for check in entity.checks)
    limited = any(re.search(rf"\b{re.escape(field.name)}\b", index.predicate or "") for index in entity.indexes)
    return parameter.operator == "=" and not (named or checked or limited)


def _groups(parameters: Sequence[Parameter]) -> Iterator[list[Parameter]]:
    """Parameters whose values must come from one row: those of one entity in one scope."""
    for _, group in groupby(sorted(parameters, key=lambda p: (p.scope, p.entity)), key=lambda p: (p.scope, p.entity)):
        yield list(group)


def _drawn(session: Session, group: list[Parameter], count: int, seed: int) -> dict[Parameter, tuple[str, ...]]:
    fields = tuple(dict.fromkeys(p.field for p in group))
    rows = session.sample(group[0].entity, fields, count, seed)
    if not rows:
        return {}
    return {p: tuple(row[fields.index(p.field)] for row in rows) for p in group}


def _timed(session: Session, texts: Sequence[str], runs: int) -> Iterator[float]:
    """Warm up once over a few texts, then run in turn until there are enough runs or the time is up."""
    begun = time.perf_counter()
    session.timings(texts[:LEAST_RUNS])
    done = 0
    while done < runs and (done < LEAST_RUNS or time.perf_counter() - begun < BUDGET_S):
        chunk = [texts[(done + k) % len(texts)] for k in range(min(CHUNK if done else LEAST_RUNS, runs - done))]
        yield from (sample for sample in session.timings(chunk) if not math.isnan(sample))
        done += len(chunk)
