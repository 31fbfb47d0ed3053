"""What an engine adds to its sessions so that monitoring can be tried: where a metric is read, and reading it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harness.design.metrics import Metric, Place
from harness.facts import Refusal


@dataclass(frozen=True, slots=True)
class Gauge:
    """One way of reading a metric from a server of this engine and version.

    Attributes:
        source: the view, command or setting that it is read from.
        query: what reads it, to be pasted into a client or a dashboard; empty when it cannot be read.
        needs: what has to be switched on first on a server as it comes; empty when nothing has.
        words: a pattern of words that show that a document knows of ``needs``, and asks for this way.
        setup: statements that make it readable in a database; taken back after each reading.
        lacks: why it cannot be read from this server; empty when it can.
        note: what one must know to read it right.
        alone: nothing else on this engine gives the metric, whatever a document names for it.
    """

    source: str
    query: str
    needs: str = ""
    words: str = ""
    setup: tuple[str, ...] = ()
    lacks: str = ""
    note: str = ""
    alone: bool = False


Value = float | str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a gauge shows at one moment: names of columns, and rows of numbers and texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@runtime_checkable
class Metering(Protocol):
    """A session whose server's metrics can be read. Nothing that it does lasts."""

    def gauges(self, metric: Metric) -> tuple[Gauge, ...]:
        """The ways to read a metric, the usual one first; none where none is known."""
        ...

    def gauge(self, place: Place) -> Gauge:
        """The way to read what a document names, which ``lacks`` when this server has no such thing."""
        ...

    def read(self, gauge: Gauge) -> Reading | Refusal:
        """What it shows now."""
        ...

    def reported(self) -> bool:
        """Have what this session has done counted; False where the server counts it at a time of its own."""
        ...


def plain(value: object) -> Value:
    """A value of a driver as a number where it is one, else as text."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    try:
        return float(text)
    except ValueError:
        return text


def reading(rows: Sequence[dict[str, object]]) -> Reading:
    """The rows of a query, whose columns have names."""
    columns = tuple(rows[0]) if rows else ()
    return Reading(columns, tuple(tuple(plain(row[name]) for name in columns) for row in rows))
