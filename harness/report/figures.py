"""The figures of a report, gathered once, so that every rendering prints the same ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from harness.checks.percentile import percentile
from harness.design.claim_types import UsesIndex, WithinTarget
from harness.design.compare import Difference
from harness.design.model import Query
from harness.facts import Access
from harness.plan.model import Change, Plan
from harness.report.model import Report
from harness.run.model import Applied, Explained, Loaded, RoundTrip, Run
from harness.run.seen.queries import Chilled, Timed, round_trip_ms, slowdown
from harness.run.seen.rows import Loss, Reckoned
from harness.run.seen.statements import Measured

MANY = 4
"""So many migrations in a row that were not reached are told once."""

Outcome = Literal["exact", "order", "differs", "not-run"]
"""Of a round trip: nothing differs, only the position of columns does, something else does, or it was not made."""


@dataclass(frozen=True, slots=True)
class MigrationFigures:
    """One migration: what was applied alone, and what its round trip left.

    Attributes:
        up: None when it was not reached.
        down: None when there is none, or it was not reached.
        differences: of the round trip alone, else of the unwinding of all.
        losses: what was there or was written and is not after up, writes and down.
        measured: its statements at the scenario's size, up and down, where they touch tables that hold rows.
    """

    change: Change
    up: Applied | None
    down: Applied | None
    round_trip: Outcome
    differences: tuple[Difference, ...]
    losses: tuple[Loss, ...] = ()
    measured: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryFigures:
    """One example query: what was claimed of it, and what was seen.

    Attributes:
        target: the time that was claimed; None when none is.
        skipped: why it could not be looked at; empty when it was.
    """

    query: Query
    target: WithinTarget | None
    claimed: tuple[str, ...]
    explained: Explained | None
    timed: Timed | None
    skipped: str
    cold: Chilled | None = None

    @property
    def access(self) -> Access | None:
        """The plan that the server took."""
        return self.explained.access if self.explained else None

    @property
    def used(self) -> tuple[str, ...]:
        """The indexes that the server went through."""
        return self.access.indexes() if self.access else ()

    @property
    def rows_read(self) -> float | None:
        """Rows that were looked at in tables and collections, before any filter."""
        return rows_read(self.access) if self.access else None

    def percentile_ms(self, percent: float) -> float | None:
        """That percentile (nearest rank) of the timed runs; None when there are none."""
        return percentile(self.timed.samples_ms, percent) if self.timed and self.timed.samples_ms else None

    @property
    def noise(self) -> float | None:
        """How many times its best the server's fixed work took beside the runs."""
        return slowdown(self.timed.works) if self.timed else None

    @property
    def trip_ms(self) -> float | None:
        """An empty round trip."""
        return round_trip_ms(self.timed.works) if self.timed else None

    @property
    def cold_ms(self) -> float | None:
        """The longest first run after a restart of the server; None where there was none."""
        return max(self.cold.samples_ms) if self.cold and self.cold.samples_ms else None


@dataclass(frozen=True, slots=True)
class DataFigures:
    """The rows that were loaded, and what decided how many; in the order of loading."""

    rows: tuple[tuple[str, int], ...]
    seconds: float
    why: tuple[tuple[str, str], ...] = ()

    @property
    def total(self) -> int:
        """Rows of all entities."""
        return sum(count for _, count in self.rows)

    @property
    def rows_per_second(self) -> int | None:
        """None when nothing was loaded."""
        return round(self.total / self.seconds) if self.seconds > 0 and self.rows else None


def rows_read(access: Access) -> float | None:
    """Rows looked at by the nodes that read an entity; None when nothing was counted."""
    counted = [node.rows_read for node in access.walk() if node.entity is not None and node.rows_read is not None]
    return sum(counted) if counted else None


def migrations(report: Report) -> tuple[MigrationFigures, ...]:
    """Every migration of the plan, in order."""
    return tuple(_migration(report, change) for change in report.plan.changes)


def reached(
    found: Sequence[MigrationFigures], *, whole: bool = False
) -> tuple[Sequence[MigrationFigures], Sequence[MigrationFigures]]:
    """Those to be told one by one, and those at the end that were not reached: few of these stand with the others.

    ``whole``: all are told one by one.
    """
    last = next((number for number, m in reversed(tuple(enumerate(found, 1))) if m.up is not None), 0)
    return (found, ()) if whole or not last or len(found) - last < MANY else (found[:last], found[last:])


def _migration(report: Report, change: Change) -> MigrationFigures:
    trips = [t for t in report.run.of(RoundTrip) if t.migration == change.id and t.way in {"alone", "all"}]
    differing = next((t.differences for t in trips if t.differences), ())
    return MigrationFigures(
        change=change,
        up=report.run.applied("up", change.id),
        down=report.run.applied("down", change.id),
        round_trip=_outcome(trips),
        differences=differing,
        losses=tuple(x for r in report.run.of(Reckoned) if r.migration == change.id for x in r.losses),
        measured=tuple(m for m in report.run.of(Measured) if m.migration == change.id),
    )


def _outcome(trips: Sequence[RoundTrip]) -> Outcome:
    if not trips:
        return "not-run"
    kinds = {difference.kind for trip in trips for difference in trip.differences}
    if not kinds:
        return "exact"
    return "order" if kinds == {"order"} else "differs"


def queries(report: Report) -> tuple[QueryFigures, ...]:
    """Every example query of the plan, in order."""
    return tuple(query_figures(report.plan, report.run, query) for query in report.plan.queries)


def query_figures(plan: Plan, run: Run, query: Query) -> QueryFigures:
    """What was claimed of one query, and what was seen."""
    claims = plan.design.claims
    skipped = run.skipped("query", query.id)
    return QueryFigures(
        query=query,
        target=next((c for c in claims if isinstance(c, WithinTarget) and c.query == query.id), None),
        claimed=_each_once(c.index for c in claims if isinstance(c, UsesIndex) and c.query == query.id),
        explained=run.explained(query.id),
        timed=next((t for t in run.of(Timed) if t.query == query.id), None),
        cold=next((c for c in run.of(Chilled) if c.query == query.id), None),
        skipped=skipped.reason if skipped else "",
    )


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def data(report: Report) -> DataFigures:
    """What was seeded."""
    loaded = tuple(report.run.of(Loaded))
    return DataFigures(
        tuple((one.entity, one.rows) for one in loaded),
        sum(one.elapsed_s for one in loaded),
        tuple((one.entity, one.why) for one in loaded),
    )
