"""Each claimed index weighed against the other ways, over samples of statistics and classes of values.

One plan is one throw: statistics are a sample, and so is the value in the document. Many throws, with the costs of
the ways that were not taken, tell a choice from a coin's toss.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.design.claim_types import UsesIndex
from harness.design.meant import meant
from harness.design.model import Index, Query, Schema
from harness.engine import Session
from harness.facts import Refusal
from harness.run.bench import Bench
from harness.run.model import Explained, Observation
from harness.run.values import Class, Texts
from harness.ways import Ways, Weighing


@dataclass(frozen=True, slots=True)
class Trial:
    """One throw: the ways of a query's text with values of one class, under one sample of statistics."""

    sample: str
    values: Class
    ways: Ways


@dataclass(frozen=True, slots=True)
class Weighed(Observation):
    """A claimed index of a query, weighed. ``trials`` is empty when the server refused to tell."""

    query: str
    index: Index
    trials: tuple[Trial, ...]


def weigh(bench: Bench, session: Session, schema: Schema, ran: Mapping[str, Texts]) -> None:
    """Weigh every index that is claimed of a query which runs; ``ran`` has the texts of those by their ids."""
    claims = {query.id: _claimed(bench, query, schema) for query in bench.plan.queries}
    wanted = [query for query in bench.plan.queries if query.id in ran and claims[query.id]]
    if not wanted:
        return
    if not isinstance(session, Weighing):
        bench.skip("ways", "", "this engine does not tell what the other ways would cost")
        return
    bench.progress.stage("weighing the claimed indexes against the other ways")
    trials: dict[tuple[str, Index], list[Trial]] = {}
    for number in range(session.samplings()):
        with session.sampled(_read(bench, wanted, schema), number) as sample:
            for query in wanted:
                for index in claims[query.id]:
                    seen = _trials(session, ran[query.id], index, sample, execute=number == 0)
                    trials.setdefault((query.id, index), []).extend(seen)
    bench.seen.extend(Weighed(query, index, tuple(seen)) for (query, index), seen in trials.items())


def _claimed(bench: Bench, query: Query, schema: Schema) -> tuple[Index, ...]:
    names = (c.index for c in bench.plan.design.claims if isinstance(c, UsesIndex) and c.query == query.id)
    return tuple(dict.fromkeys(index for name in names for index in meant(schema, name)))


def _read(bench: Bench, wanted: Sequence[Query], schema: Schema) -> tuple[str, ...]:
    """The tables that those queries read, so far as they keep statistics of their own."""
    ids = {query.id for query in wanted}
    plans = [seen.access for seen in bench.seen if isinstance(seen, Explained) and seen.query in ids and seen.access]
    names = dict.fromkeys(node.entity for plan in plans for node in plan.walk() if node.entity is not None)
    stored = {entity.name for entity in schema.entities if entity.kind not in {"view", "foreign table"}}
    return tuple(name for name in names if name in stored)


def _trials(session: Weighing, found: Texts, index: Index, sample: str, *, execute: bool) -> Iterator[Trial]:
    seen: set[str] = set()
    for values, text in found.classes.items():
        if text in seen:
            continue
        seen.add(text)
        ways = session.ways(text, index, execute=execute and values == "document")
        if not isinstance(ways, Refusal):
            yield Trial(sample, values, ways)
