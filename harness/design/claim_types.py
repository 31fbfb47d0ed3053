"""What a document claims, one small record for each kind of claim, each with its own words and its line."""

from dataclasses import dataclass

from harness.source import Source


@dataclass(frozen=True, slots=True)
class Relates:
    """A relationship that the document states: in a column's constraints, in a list, as an arrow."""

    entity: str
    fields: tuple[str, ...]
    target: str
    target_fields: tuple[str, ...]
    on_delete: str | None
    on_update: str | None
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class UsesIndex:
    """Query ``query`` is said to use ``index`` (a name, or ``table.column`` where the document says it so)."""

    query: str
    index: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class WithinTarget:
    """Query ``query`` is said to end under ``limit_ms``, at ``percentile`` (95 unless said)."""

    query: str
    limit_ms: float
    percentile: float
    volume: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class GrowsAs:
    """A complexity that is claimed of a query; ``index`` names the access that it was said of.

    ``order``: ``1``, ``log n``, ``n``; ``index only``: that the table itself is not read.
    """

    query: str
    index: str | None
    order: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class BackwardCompatible:
    """Migration ``migration`` is said to be backwards compatible; ``asked``: by who calls, and not by the document."""

    migration: str
    text: str
    source: Source
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Loses:
    """Words of migration ``migration`` that announce what going back loses."""

    migration: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence under "Data Integrity Rules"."""

    title: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Told:
    """Any other sentence that reads as a claim. ``topic``: scaling, backup, monitoring, note and so on."""

    topic: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class HasRows:
    """A table is said to have so many rows."""

    entity: str
    rows: int
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class HasRatio:
    """A table is said to have ``number`` rows for each row of ``parent``, on average."""

    entity: str
    parent: str
    number: float
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class HasShare:
    """A column is said to hold ``value``, one ``among`` those that it may, in a ``share`` (0 to 1) of the rows."""

    entity: str
    field: str
    value: str
    share: float
    among: tuple[str, ...]
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class GainsRows:
    """A table is said to grow by ``rows`` in ``days``."""

    entity: str
    rows: float
    days: float
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class KeepsRows:
    """Rows of a table are said to be kept for ``days``."""

    entity: str
    days: float
    text: str
    source: Source


Quantity = HasRows | HasRatio | HasShare | GainsRows | KeepsRows
"""What a document says of volumes."""

Claim = Relates | UsesIndex | WithinTarget | GrowsAs | BackwardCompatible | Loses | Rule | Told | Quantity
