"""Each claimed index weighed against the other ways, over samples of statistics and classes of values.

One plan is one throw: statistics are a sample, and so is the value in the document. Many throws, with the costs of
the ways that were not taken, tell a choice from a coin's toss.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from harness.design.claim_types import UsesIndex
from harness.design.meant import meant
from harness.design.model import Index, Query, Schema
from harness.engine import Session
from harness.facts import Refusal
from harness.run.bench import Bench
from harness.run.model import Explained
from harness.run.seen.indexes import Trial, Weighed
from harness.run.values import Texts
from harness.ways import Ways, Weighing

DECISIVE = 10.0
"""How many times the cost of the other way settles a choice with the first sample: the estimates of one plan differ by
some percent between samples, seldom by some times, and never by as much without the rows having changed."""


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
        unsure = [(query, index) for query in wanted for index in claims[query.id] if _open(trials, query, index)]
        if not unsure:
            break
        tables = _read(bench, {query.id for query, _ in unsure}, schema)
        with session.sampled(tables, number) as sample:
            for query, index in unsure:
                seen = _trials(session, ran[query.id], index, sample, execute=number == 0)
                trials.setdefault((query.id, index), []).extend(seen)
    bench.seen.extend(Weighed(query, index, tuple(seen)) for (query, index), seen in trials.items())


def _open(trials: Mapping[tuple[str, Index], Sequence[Trial]], query: Query, index: Index) -> bool:
    """Whether other statistics may decide otherwise: not where the costs lie far apart, nor where it cannot serve."""
    seen = trials.get((query.id, index))
    if not seen:
        return seen is None
    return any(_near(trial.ways) for trial in seen) or len({trial.ways.chosen for trial in seen}) > 1


def _near(ways: Ways) -> bool:
    if not ways.chosen and ways.through is None:
        return False
    return ways.margin is None or 1 / DECISIVE < ways.margin < DECISIVE


def _claimed(bench: Bench, query: Query, schema: Schema) -> tuple[Index, ...]:
    names = (c.index for c in bench.plan.design.claims if isinstance(c, UsesIndex) and c.query == query.id)
    return tuple(dict.fromkeys(index for name in names for index in meant(schema, name)))


def _read(bench: Bench, ids: Collection[str], schema: Schema) -> tuple[str, ...]:
    """The tables that those queries read, so far as they keep statistics of their own."""
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
