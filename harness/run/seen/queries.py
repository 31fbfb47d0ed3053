"""What was seen of queries: their times, what they ask, what they read as the rows grow."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from harness.asked.model import Asked
from harness.facts import Access
from harness.run.model import Observation
from harness.run.reads import Reads

SHORT, LONG = 10, 100
"""Units of the fixed work between two batches: over before anybody else has his turn; long enough to be interrupted."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One timed run: which text, in which batch, milliseconds from sending to the last row."""

    text: int
    batch: int
    ms: float


@dataclass(frozen=True, slots=True)
class Work:
    """Fixed work of the server between two batches: ``units`` of it took ``ms``; 0 units is an empty round trip."""

    batch: int
    units: int
    ms: float


@dataclass(frozen=True, slots=True)
class Timed(Observation):
    """A query run many times with values drawn from the data, warm: ``runs`` in their order.

    Attributes:
        drawn: how many different texts were run; 1 when the query has no value to draw.
        works: the fixed work beside; empty where the engine has none.
    """

    query: str
    runs: tuple[Sample, ...]
    drawn: int
    works: tuple[Work, ...] = ()

    @property
    def samples_ms(self) -> tuple[float, ...]:
        """The times alone."""
        return tuple(run.ms for run in self.runs)


@dataclass(frozen=True, slots=True)
class Chilled(Observation):
    """A query's first runs, each right after the server was killed and started again: its caches are empty."""

    query: str
    samples_ms: tuple[float, ...]


def slowdown(works: Sequence[Work]) -> float | None:
    """How many times as long as at its best the fixed work took, at least 1; None when there was none.

    The best is a short piece (over before the scheduler gives the processor to anybody else), the other a long one;
    both without the round trip, for each unit.
    """
    trips = [work.ms for work in works if work.units == 0]
    short = [work.ms for work in works if work.units == SHORT]
    long_ = [(work.ms, work.units) for work in works if work.units > SHORT]
    if not (trips and short and long_):
        return None
    trip = min(trips)
    best = max(min(short) - trip, 1e-6) / SHORT
    return max(statistics.median((ms - trip) / units for ms, units in long_) / best, 1.0)


def round_trip_ms(works: Sequence[Work]) -> float | None:
    """The median time of a statement that does nothing."""
    trips = [work.ms for work in works if work.units == 0]
    return statistics.median(trips) if trips else None


@dataclass(frozen=True, slots=True)
class Grown(Observation):
    """A query's plan at one size: ``rows`` in all tables together."""

    query: str
    rows: int
    access: Access


@dataclass(frozen=True, slots=True)
class Asks(Observation):
    """The blocks of a query; none where its text cannot be read."""

    query: str
    blocks: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Paged(Observation):
    """What a query with an offset reads when it is asked for its last page: all that comes before it.

    Attributes:
        rows: rows that it pages through.
        reads: what is read up to the last of them.
    """

    query: str
    rows: int
    reads: Reads


@dataclass(frozen=True, slots=True)
class Width(Observation):
    """How many characters the values of a field have on average, written as literals."""

    entity: str
    field: str
    characters: float
