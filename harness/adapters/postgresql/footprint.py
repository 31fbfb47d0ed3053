"""What one transaction wrote in the catalog, told by the session that ran it to one that looks on.

The server counts for each session the rows that it inserts into a relation, updates and deletes (``track_counts``), in
system catalogs too; before the end of a transaction nothing is taken off these counts. So the catalogs that were
written are those whose count, before COMMIT, is another one than after BEGIN. What is overwritten in place is not
counted; it is not inspected either (``inspect_marks.sql``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from harness.adapters.postgresql import marks

Row = Mapping[str, Any]

SWITCH = "track_counts"


@dataclass(frozen=True, slots=True)
class Footprint:
    """The catalogs in which a committed transaction made, changed or removed rows; ``transaction`` is its 64-bit id."""

    transaction: int
    catalogs: frozenset[str]


@cache
def counts() -> str:
    """The query to be asked after BEGIN and again before COMMIT."""
    text = files(__package__).joinpath("footprint.sql").read_text(encoding="utf-8").rstrip()
    return text.replace("$catalogs", "{" + ",".join(f"pg_catalog.{name}" for name in _names()) + "}")


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(frozenset[str]().union(*marks.catalogs().values())))


def footprint(before: Row, after: Row) -> Footprint | None:
    """What happened between the two answers; None where nothing was written, or nobody counted."""
    if after["transaction"] is None or not before["counted"] == after["counted"] == "on":
        return None
    found = zip(_names(), before["counts"].split(), after["counts"].split(), strict=True)
    return Footprint(int(after["transaction"]), frozenset(name for name, first, last in found if first != last))


def countable(texts: Iterable[str]) -> bool:
    """Whether none of them speaks of the switch that ends the counting."""
    return not any(SWITCH in text.lower() for text in texts)
