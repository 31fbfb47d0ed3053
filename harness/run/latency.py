"""How long queries take, and how much of it is the machine: runs in batches, with fixed work of the server between.

Noise only ever adds time. So the least time of a text over batches that lie apart is nearest to what the query takes;
the fixed work beside it says how much even that may be drawn out. Cold runs follow a restart of the server.
"""

import math
import time
from collections.abc import Iterator, Sequence

from harness.abilities import Flushing
from harness.clock import Clocked
from harness.design.claim_types import WithinTarget
from harness.engine import Session
from harness.run.bench import Bench
from harness.run.seen.queries import LONG, SHORT, Chilled, Sample, Timed, Work
from harness.run.values import Texts
from harness.servers.model import Address

BUDGET_S = 15.0
"""Most time for the runs of one query; fewer runs are done when it is slow."""

BATCHES = 10
LEAST_RUNS = 5
MOST_TEXTS = 40
TIMES = 5
"""How often each text comes round, at the least: there are no more of them than that allows."""


UNIT_MS = 0.05
MOST_UNITS = 4_000

NEAR = 0.8
"""Share of a target from which a percentile is looked at harder."""

FAR = 5
"""Times a target that no run stays under: nothing is left to look at."""

MORE_ROUNDS = 2


def latency(bench: Bench, session: Session, query: str, found: Texts) -> Timed:
    """Time one query, and look harder where its target is near."""
    scenario = bench.plan.scenario
    texts = found.drawn[: max(min(scenario.runs // TIMES, MOST_TEXTS), 1)]
    claims = [c for c in bench.plan.design.claims if isinstance(c, WithinTarget) and c.query == query]
    clock = _Clock(session, texts)
    session.timings(texts[:LEAST_RUNS])
    clock.round(scenario.runs, LONG)
    for _ in range(MORE_ROUNDS):
        if all(clock.decided(claim) for claim in claims):
            break
        clock.round(scenario.runs, round(clock.at(50) / UNIT_MS))
    return Timed(query, tuple(clock.runs), min(len(texts), len(clock.runs)), tuple(clock.works))


class _Clock:
    """The runs of one query, as they come."""

    def __init__(self, session: Session, texts: Sequence[str]) -> None:
        self._session = session
        self._texts = texts
        self._batch = 0
        self._begun = time.perf_counter()
        self.runs: list[Sample] = []
        self.works: list[Work] = []

    def at(self, percent: float) -> float:
        """That percentile so far, by nearest rank; 0 when there are no runs."""
        ordered = sorted(run.ms for run in self.runs)
        return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1] if ordered else 0.0

    def decided(self, claim: WithinTarget) -> bool:
        """Whether the target is so far away, on either side, that more runs tell nothing."""
        return self.at(claim.percentile) < NEAR * claim.limit_ms or self.at(0) > FAR * claim.limit_ms

    def round(self, runs: int, units: int) -> None:
        """So many runs in batches, with fixed work of about ``units`` between; fewer when the time is up."""
        size, done = max(runs // BATCHES, LEAST_RUNS), 0
        while done < runs and (len(self.runs) < LEAST_RUNS or time.perf_counter() - self._begun < BUDGET_S):
            chunk = [(len(self.runs) + k) % len(self._texts) for k in range(min(size, runs - done))]
            self.works.extend(self._work(min(max(units, LONG), MOST_UNITS)))
            self.runs.extend(self._timed(chunk))
            done += len(chunk)
            self._batch += 1

    def _timed(self, numbers: Sequence[int]) -> Iterator[Sample]:
        """Slow texts one at a time, so that the budget is kept."""
        times = self._session.timings([self._texts[number] for number in numbers])
        for number, ms in zip(numbers, times, strict=True):
            if not math.isnan(ms):
                yield Sample(number, self._batch, ms)

    def _work(self, units: int) -> Iterator[Work]:
        if not isinstance(self._session, Clocked):
            return
        yield Work(self._batch, 0, self._session.round_trip())
        for size in (SHORT, SHORT, *((units,) if self._batch % 2 == 0 else ())):
            yield Work(self._batch, size, self._session.work(size))


def chill(bench: Bench, database: Address, texts: Sequence[tuple[str, Texts]]) -> None:
    """Run each query as written right after a restart, as often as the scenario asks; nobody may be connected."""
    times = bench.plan.scenario.cold_runs
    if not times:
        return
    mortal = bench.server.mortal
    if mortal is None:
        bench.skip("cold", "", "the server is not ours to restart, so its caches stay warm")
        return
    with bench.engine.connect(database) as session:
        if isinstance(session, Flushing):
            session.flush()  # indexes that were hidden for a while are seen again
    for query, found in texts:
        bench.progress.stage(f"query {query}, cold")
        samples = []
        for _ in range(times):
            mortal.kill(database)
            mortal.restart(database)
            with bench.engine.connect(database) as session:
                samples += [ms for ms in session.timings((found.document,)) if not math.isnan(ms)]
        bench.seen.append(Chilled(query, tuple(samples)))
